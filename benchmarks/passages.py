"""Question sets with their passages → recall@1 and nDCG@10 of retrieval, leg by leg.

    python -m benchmarks.passages --data DIR [--xquad FILE] [--every N] [--model FOLDER]

Every passage of a set becomes a file of a corpus, indexed as the product does it; each question is
asked of all of them, and its own passage alone is right. A passage ranks where its first chunk
does. "whole passages" is the encoder without the product: a vector a passage, cut at its window.
"""

from __future__ import annotations

import argparse
import math
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.encoding import LANGUAGES
from benchmarks.reading import SETS, Asked, qa_set, xquad
from embeddings import Config, Encoder, Index, rebuild
from rag import retrieve

DEEP = 40  # chunks of each ranking, so that ten passages are among them


@dataclass(frozen=True, slots=True)
class Ranks:
    """The rank of each question's own passage, from 0; beyond the end where it is not found."""

    values: Sequence[int]

    @property
    def recall(self) -> float:
        """Share of the questions whose passage comes first."""
        return sum(r == 0 for r in self.values) / len(self.values)

    @property
    def ndcg(self) -> float:
        """nDCG@10 of one right passage: 1 / log2(rank + 2) to rank 9, else 0."""
        return sum(1 / math.log2(r + 2) for r in self.values if r < 10) / len(self.values)


def place(sources: Iterable[str], own: str) -> int:
    """How many other passages come before a question's own; a large number where it does not."""
    before: set[str] = set()
    for source in sources:
        if source == own:
            return len(before)
        before.add(source)
    return 10**6


def indexed(passages: Sequence[str], folder: Path, encoder: Encoder, config: Config) -> Index:
    """The product's index of a corpus in which passage i is the file named `_name(i)`."""
    corpus = folder / "corpus"
    corpus.mkdir()
    for i, passage in enumerate(passages):
        (corpus / _name(i)).write_text(passage + "\n", encoding="utf-8")
    rebuild(corpus, folder / "index", config, encoder)
    return Index.open(folder / "index", encoder, config)


def _name(number: int) -> str:
    return f"{number:05d}.txt"


def measure(
    rows: Sequence[Asked], every: int, encoder: Encoder, config: Config
) -> dict[str, Ranks]:
    """Each leg's ranks for every so many questions, over all passages of the set."""
    numbers = {p: i for i, p in enumerate(dict.fromkeys(r.passage for r in rows))}
    asked = rows[::every]
    own = [numbers[r.passage] for r in asked]
    found: dict[str, list[int]] = {}
    with tempfile.TemporaryDirectory() as folder:
        index = indexed(list(numbers), Path(folder), encoder, config)
        for row, number in zip(asked, own, strict=True):
            for leg, chunks in rankings(index, row.question).items():
                sources = (index.chunks[i].source for i in chunks)
                found.setdefault(leg, []).append(place(sources, _name(number)))
    scores = encoder.encode_queries([r.question for r in asked]) @ (
        encoder.encode_passages(list(numbers)).T
    )  # (questions, passages)
    right = scores[np.arange(len(asked)), own]
    found["whole passages"] = (scores > right[:, None]).sum(axis=1).tolist()
    return {leg: Ranks(values) for leg, values in found.items()}


def rankings(index: Index, question: str) -> dict[str, list[int]]:
    """Chunk ids, best first, by the leg that ranked them."""
    vector = index.encoder.encode_queries([question])[0]
    return {
        "lexical": [i for i, _ in index.search_lexical(question, DEEP)],
        "dense": [i for i, _ in index.search_vector(vector, DEEP)],
        "fused": [h.chunk.id for h in retrieve.fused(index, question, vector, DEEP)],
        "reranked": [h.chunk.id for h in retrieve.search(index, question, DEEP)],
    }


def sets(data: Path, held_out: Path | None) -> dict[str, list[Asked]]:
    """Questions with their passages by name: CMRC 2018 dev, DRCD test and XQuAD."""
    found = {name: qa_set(data / f"qa_{name}.jsonl.xz") for name in SETS}
    if held_out:
        for asked in LANGUAGES:
            for read_in in LANGUAGES:
                found[f"xquad {asked} on {read_in}"] = xquad(held_out, asked, read_in)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--xquad", type=Path)
    parser.add_argument("--every", type=int, default=1, help="ask every so many questions")
    parser.add_argument("--model", help="sentence-transformers folder or name")
    args = parser.parse_args()
    config = Config(encoder=args.model)
    encoder = Encoder.load(args.model)
    print("| | questions | leg | recall@1 | nDCG@10 |\n|---|---|---|---|---|")
    for name, rows in sets(args.data, args.xquad).items():
        for leg, ranks in measure(rows, args.every, encoder, config).items():
            cells = f"{ranks.recall:.3f} | {ranks.ndcg:.3f}"
            print(f"| {name} | {len(ranks.values)} | {leg} | {cells} |", flush=True)


if __name__ == "__main__":
    main()
