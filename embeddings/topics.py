"""Texts in, how much one has in common with another out: rare words, and pairs of characters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import fsum  # exact, so that the order of a set does not show

from .words import rarity, segment

_RUN = re.compile(r"[\u4e00-\u9fff]+|[a-z]+")


def pairs(text: str) -> set[str]:
    """Pairs of neighbouring Han characters, and Latin words."""
    runs = _RUN.findall(text.lower())
    return {w if w.isascii() else w[i : i + 2] for w in runs for i in range(max(len(w) - 1, 1))}


@dataclass(frozen=True, slots=True)
class Topic:
    """What a text is about: its words with their rarity in the language, and its pairs."""

    words: Mapping[str, float] = field(default_factory=dict)
    pairs: frozenset[str] = frozenset()
    weight: float = 0.0  # rarity, in nats, of all words together

    @classmethod
    def of(cls, text: str) -> Topic:
        """The topic of one text."""
        found = {w for w in segment(text, guess=False) if len(w) > 1 and not w.isdigit()}
        words = {word: rarity(word) for word in found}
        return cls(words, frozenset(pairs(text)), fsum(words.values()))

    @classmethod
    def union(cls, topics: Iterable[Topic]) -> Topic:
        """The topic of several texts together."""
        words: dict[str, float] = {}
        both: set[str] = set()
        for topic in topics:
            words |= topic.words
            both |= topic.pairs
        return cls(words, frozenset(both), fsum(words.values()))

    def shared(self, other: Topic) -> float:
        """Rarity, in nats, of the words that both hold, all of them together."""
        return fsum(map(self.words.__getitem__, self.words.keys() & other.words.keys()))

    def share(self, other: Topic) -> float:
        """The part, in [0, 1], of this one's words (by rarity) that the other holds as well."""
        return self.shared(other) / self.weight if self.weight else 0.0

    def pair_share(self, other: Topic) -> float:
        """The part, in [0, 1], of this one's pairs that the other holds as well."""
        return len(self.pairs & other.pairs) / len(self.pairs) if self.pairs else 0.0
