"""Texts in, how much one has in common with another out: rare words, pairs of characters, meaning.

What words mean is in topics.npz, which training/topics.py writes: a vector for each, such that the
texts of one article point the same way.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import fsum, log, sqrt  # fsum is exact, so that the order of a set does not show
from pathlib import Path

import numpy as np
import numpy.typing as npt

from .words import rarity, segment

FILE = Path(__file__).resolve().parent / "topics.npz"
Floats = npt.NDArray[np.float32]

_FEW = 8  # lines of a page; what more of them hold tells none of its stories from the others
_RUN = re.compile(r"[\u4e00-\u9fff]+|[a-z]+")


def pairs(text: str) -> set[str]:
    """Pairs of neighbouring Han characters, and Latin words."""
    runs = _RUN.findall(text.lower())
    return {w if w.isascii() else w[i : i + 2] for w in runs for i in range(max(len(w) - 1, 1))}


def topic_words(text: str) -> set[str]:
    """The words by which a text's topic is told."""
    return {w for w in segment(text, guess=False) if len(w) > 1 and not w.isdigit()}


@lru_cache(maxsize=1)
def _meanings() -> tuple[Mapping[str, int], Floats]:
    """The row of each word, and (words, d)."""
    with np.load(FILE, allow_pickle=False) as kept:
        rows = {word: i for i, word in enumerate(str(kept["words"]).split("\n"))}
        return rows, kept["vectors"] * kept["scale"].astype(np.float32)


def _meaning(words: Iterable[str]) -> Floats:
    """(d,) the sum of the words' vectors."""
    rows, table = _meanings()
    total: Floats = table[sorted(rows[word] for word in words if word in rows)].sum(axis=0)
    return total


@dataclass(frozen=True, slots=True, eq=False)
class Topic:
    """What a text is about: its words with their rarity in the language, pairs, meaning.

    Two of them are the same where they are one object.
    """

    words: Mapping[str, float] = field(default_factory=dict)
    pairs: frozenset[str] = frozenset()
    weight: float = 0.0  # rarity, in nats, of all words together
    meaning: Floats | None = None  # (d,); None for no word
    length: float = 0.0  # of that vector

    @classmethod
    def of(cls, text: str) -> Topic:
        """The topic of one text."""
        found = topic_words(text)
        words = {word: rarity(word) for word in found}
        return cls._about(words, pairs(text), _meaning(found))

    @classmethod
    def _about(cls, words: Mapping[str, float], both: set[str], meaning: Floats | None) -> Topic:
        length = 0.0 if meaning is None else sqrt(float(meaning @ meaning))
        return cls(words, frozenset(both), fsum(words.values()), meaning, length)

    @classmethod
    def union(cls, topics: Iterable[Topic]) -> Topic:
        """The topic of several texts together."""
        words: dict[str, float] = {}
        both: set[str] = set()
        meaning: Floats | None = None
        for topic in topics:
            words |= topic.words
            both |= topic.pairs
            if topic.meaning is not None:
                meaning = topic.meaning if meaning is None else meaning + topic.meaning
        return cls._about(words, both, meaning)

    def shared(self, other: Topic) -> float:
        """Rarity, in nats, of the words that both hold, all of them together."""
        return fsum(map(self.words.__getitem__, self.words.keys() & other.words.keys()))

    def share(self, other: Topic) -> float:
        """The part, in [0, 1], of this one's words (by rarity) that the other holds as well."""
        return self.overlap(other)[1]

    def overlap(self, other: Topic) -> tuple[float, float]:
        """`shared` and `share`, for the price of one."""
        shared = self.shared(other)
        return shared, shared / self.weight if self.weight else 0.0

    def pair_share(self, other: Topic) -> float:
        """The part, in [0, 1], of this one's pairs that the other holds as well."""
        return len(self.pairs & other.pairs) / len(self.pairs) if self.pairs else 0.0

    def alike(self, other: Topic) -> float:
        """The cosine of the two texts' vectors, in [-1, 1]; 0 where one has no known word."""
        lengths = self.length * other.length
        if self.meaning is None or other.meaning is None or not lengths:
            return 0.0
        return round(float(self.meaning @ other.meaning) / lengths, 4)  # alike on any processor


class Telling:
    """The pairs of characters that tell a page's stories apart: those that few of its lines share.

    Each weighs ln(lines / lines with it), in nats.
    """

    def __init__(self, lines: Sequence[Topic]) -> None:
        found = Counter(pair for topic in lines for pair in topic.pairs)
        self.weights = {p: log(len(lines) / n) for p, n in found.items() if 1 < n <= _FEW}
        self._kept: dict[Topic, tuple[frozenset[str], float]] = {}

    def shared(self, topic: Topic, other: Topic) -> tuple[float, float]:
        """What those that both hold weigh, and their part, in [0, 1], of the first one's."""
        own, weight = self._of(topic)
        shared = fsum(map(self.weights.__getitem__, own & other.pairs))
        return shared, shared / weight if weight else 0.0

    def _of(self, topic: Topic) -> tuple[frozenset[str], float]:
        """Those of a topic, and what they weigh together."""
        found = self._kept.get(topic)
        if found is None:
            own = topic.pairs & self.weights.keys()
            found = self._kept[topic] = own, fsum(map(self.weights.__getitem__, own))
        return found
