"""A question and a passage → the tokens that the bundled reader reads, and where they stand.

Training and product share this module, so that both see the same pairs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from embeddings.chunks import Span

from .overlap import NONE, marks

MAX_TOKENS = 288  # of question and passage together
MAX_QUESTION_TOKENS = 72


@dataclass(frozen=True, slots=True)
class Pair:
    """[CLS] question [SEP] 【title】passage [SEP] as token ids."""

    ids: tuple[int, ...]
    first: int  # position of the first token behind the question
    spans: tuple[Span, ...]  # of each token from `first` on, into the passage; (0, 0): not in it
    marks: tuple[int, ...]  # of each token of `ids`: what it shares with the other side, overlap.py

    @property
    def answerable(self) -> list[bool]:
        """Per token of `ids`: may an answer stand there?"""
        inside = [e > s for s, e in self.spans]
        return [False] * self.first + inside + [False] * (len(self.ids) - self.first - len(inside))

    def tokens_of(self, spans: Sequence[Span]) -> Iterator[Span]:
        """First and last token (inclusive) of each span of the passage that is in the pair."""
        for start, end in spans:
            touched = [
                i for i, (s, e) in enumerate(self.spans, self.first) if s < end and e > start
            ]
            if touched and self.spans[touched[-1] - self.first][1] >= end:
                yield touched[0], touched[-1]


def encode_pair(tokenizer: Any, question: str, passage: str, title: str = "") -> Pair:
    """The pair, its question cut at MAX_QUESTION_TOKENS and the whole at MAX_TOKENS.

    It is cut here and not by the tokenizer, whose settings are shared between threads.
    """
    asked = tokenizer(question, return_offsets_mapping=True)
    words = asked["input_ids"]
    if len(words) > MAX_QUESTION_TOKENS:
        words = words[: MAX_QUESTION_TOKENS - 1] + [tokenizer.sep_token_id]
    prefix = f"【{title}】" if title else ""
    text = prefix + passage
    read = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
    room = MAX_TOKENS - len(words) - 1
    offsets = clip_offsets(read["offset_mapping"], text)[:room]
    skip = len(prefix)
    spans = tuple((s - skip, e - skip) if s >= skip else (0, 0) for s, e in offsets)
    ids = (*words, *read["input_ids"][:room], tokenizer.sep_token_id)
    ours, theirs = marks(question, text)
    places = clip_offsets(asked["offset_mapping"], question)[: len(words)]
    said = [max(ours[s:e], default=NONE) for s, e in places]
    printed = [max(theirs[s:e], default=NONE) for s, e in offsets]
    return Pair(ids, len(words), spans, (*said, *printed, NONE))


def clip_offsets(offsets: Sequence[Span], text: str) -> list[Span]:
    """Token offsets without the space or the character that a start mark "▁" borrowed."""
    out, end = [], 0
    for s, e in offsets:
        s = max(s, min(end, e))
        while s < e and text[s].isspace():
            s += 1
        out.append((s, e))
        end = max(end, e)
    return out
