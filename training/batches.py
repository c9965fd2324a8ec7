"""Reading examples → padded batches of tensors, for ever."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from torch.utils.data import IterableDataset

from rag.heads import MAX_SPAN_TOKENS
from rag.pairs import encode_pair
from rag.reader import MAX_WORDING_TOKENS
from training.reading import Example, Supply

NUMBERS = ("first", "last", "has", "polarity", "given")  # one for each example of a batch


def encode(example: Example, tokenizer: Any) -> dict[str, Any]:
    """Token ids, the answer's first and last token (0, 0 without one) and its ids to decode."""
    pair = encode_pair(tokenizer, example.question, example.passage, example.title)
    first = last = 0
    if example.start >= 0:
        first, last = next(pair.tokens_of([(example.start, example.end)]), (0, 0))
        last = min(last, first + MAX_SPAN_TOKENS - 1)
        while first and not pair.answerable[last]:  # a long answer was cut at white space
            last -= 1
    answer = list(pair.ids[first : last + 1][:MAX_WORDING_TOKENS]) if first else []
    return {
        "ids": pair.ids,
        "marks": pair.marks,
        "answerable": pair.answerable,
        "first": first,
        "last": last,
        "answer": [*answer, tokenizer.sep_token_id],
        "has": int(first > 0),
        "polarity": example.polarity if first else -1,
        "given": int(example.given and first > 0),
    }


class Batches(IterableDataset[dict[str, torch.Tensor]]):
    """Length-sorted batches of about so many tokens, for ever."""

    def __init__(self, data: Path, seed: int, tokenizer: Any, tokens: int) -> None:
        self.data, self.seed, self.tokenizer, self.tokens = data, seed, tokenizer, tokens

    def __iter__(self) -> Iterator[dict[str, torch.Tensor]]:
        supply = Supply(self.data, self.seed, self.tokenizer.get_vocab())
        while True:
            made = (encode(supply.example(), self.tokenizer) for _ in range(320))
            groups: list[list[dict[str, Any]]] = [[]]
            for row in sorted(made, key=lambda r: len(r["ids"])):
                if (len(groups[-1]) + 1) * len(row["ids"]) > self.tokens:
                    groups.append([])
                groups[-1].append(row)
            supply.rng.shuffle(groups)
            yield from (collate(group) for group in groups if len(group) > 3)


def collate(rows: list[dict[str, Any]]) -> dict[str, torch.Tensor]:
    """Padded tensors; labels are padded with -100."""
    longest, answer = max(len(r["ids"]) for r in rows), max(len(r["answer"]) for r in rows)
    ids = torch.zeros(len(rows), longest, dtype=torch.long)
    mask = torch.zeros(len(rows), longest, dtype=torch.long)
    marks = torch.zeros(len(rows), longest, dtype=torch.long)
    answerable = torch.zeros(len(rows), longest, dtype=torch.bool)
    labels = torch.full((len(rows), answer), -100)
    for i, r in enumerate(rows):
        n = len(r["ids"])
        ids[i, :n], mask[i, :n] = torch.tensor(r["ids"]), 1
        marks[i, :n] = torch.tensor(r["marks"])
        answerable[i, :n] = torch.tensor(r["answerable"])
        labels[i, : len(r["answer"])] = torch.tensor(r["answer"])
    column = {k: torch.tensor([r[k] for r in rows]) for k in NUMBERS}
    given = {"ids": ids, "mask": mask, "marks": marks, "answerable": answerable}
    return {**given, "labels": labels, **column}
