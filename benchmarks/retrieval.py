"""Questions and their corpus → how often each leg, their fusion and the rerank find the evidence.

    python -m benchmarks.retrieval QUESTIONS.jsonl [--corpus seeds]

Evidence is found where one of the first k chunks covers at least half of a gold quote. A
follow-up is asked as the chatbot understands it.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from benchmarks.passages import rankings
from benchmarks.terms import found_at
from embeddings import Config, Index, rebuild
from rag.question import understand

CUTS = (1, 5, 8, 10)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--corpus", type=Path, default=Path("seeds"))
    args = parser.parse_args()
    rows = [json.loads(x) for x in args.questions.read_text(encoding="utf-8").splitlines()]
    rows = [q for q in rows if q["evidence"]]
    files = {p.name: p.read_text(encoding="utf-8") for p in args.corpus.glob("*.txt")}
    with tempfile.TemporaryDirectory() as folder:
        rebuild(args.corpus, Path(folder), Config())
        index = Index.open(folder)
        ranks: dict[str, dict[str, list[int]]] = {}
        for q in rows:
            text = understand(q["question"], q["context_turns"]).text
            for leg, ids in rankings(index, text).items():
                found = found_at([index.chunks[i] for i in ids], q, files)
                ranks.setdefault(leg, {}).setdefault(q["lang"], []).append(found)
    print(
        "| evidence in the top "
        + "/".join(map(str, CUTS))
        + " | zh | mixed | en |\n|---|---|---|---|"
    )
    for leg, by_language in ranks.items():
        cells = [
            " / ".join(
                f"{sum(r <= k for r in by_language[x]) / len(by_language[x]):.2f}" for k in CUTS
            )
            for x in ("zh", "mixed", "en")
        ]
        print(f"| {leg} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
