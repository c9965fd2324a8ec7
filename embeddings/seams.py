"""The end of one piece of text and the beginnings of others in, which of them goes on from it out.

Two small networks turn the characters before a cut and those after it into vectors whose dot
product estimates pointwise mutual information: ln P(tail | head) - ln P(tail). They read single
characters and hashed pairs of them; training/seams.py made them from news text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from .terms import HAN_CHARACTER, fold

PAD, UNKNOWN = 0, 1  # ids of no character and of a character that the networks do not know
_BLANK = 3  # a side reads this many times its width, since blanks fall out
_FILE = Path(__file__).with_name("seams.npz")
_BLANKS = re.compile(r"(?<![a-z0-9])\s+|\s+(?![a-z0-9])")

Ids = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]


def plain(text: str) -> str:
    """Folded text without blanks, but those between Latin words or numbers."""
    return _BLANKS.sub("", " ".join(fold(text).split()))


def pair_buckets(ids: Ids, buckets: int) -> Ids:
    """Character ids (n, w) → which of 2^k buckets neighbours are in (n, w - 1).

    Multiplicative hashing (Knuth, The Art of Computer Programming 3, section 6.4).
    """
    mixed = (ids[:, :-1] * 4099 + ids[:, 1:]) * 0x9E3779B1
    return np.asarray((mixed >> 7) & (buckets - 1), dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Tower:
    """The network of one side: two layers, and one layer past them."""

    hidden: Floats  # (features, h)
    hidden_bias: Floats  # (h,)
    out: Floats  # (h, d)
    out_bias: Floats  # (d,)
    past: Floats  # (features, d)

    def vectors(self, features: Floats) -> Floats:
        """Features (n, features) → vectors (n, d)."""
        hidden = np.maximum(features @ self.hidden + self.hidden_bias, 0)  # (n, h)
        return np.asarray(hidden @ self.out + self.out_bias + features @ self.past)


@dataclass(frozen=True, slots=True)
class Seams:
    """How likely pieces of Chinese text go on from others; a few characters a side decide."""

    width: int  # characters on either side of a cut that count
    ids: dict[str, int]  # of the characters that the networks know
    characters: Floats  # (ids, c)
    pairs: Floats  # (buckets, p)
    head: Tower
    tail: Tower
    bias: float

    @classmethod
    @lru_cache(maxsize=1)
    def load(cls) -> Seams:
        """The networks that come with the package; read once."""
        return cls.read(_FILE)

    @classmethod
    def read(cls, path: Path) -> Seams:
        """Networks as training/seams.py stores them."""
        with np.load(path, allow_pickle=False) as stored:
            known = "".join(map(chr, stored["known"].tolist()))

            def array(name: str) -> Floats:
                return np.asarray(stored[name] * stored[name + ".step"], dtype=np.float32)

            def tower(side: str) -> Tower:
                names = ("hidden", "hidden_bias", "out", "out_bias", "past")
                return Tower(*(array(f"{side}.{name}") for name in names))

            return cls(
                int(stored["width"]),
                {char: i + UNKNOWN + 1 for i, char in enumerate(known)},
                array("characters"),
                array("pairs"),
                tower("head"),
                tower("tail"),
                float(array("bias")[0]),
            )

    def scores(self, head: str, tails: Sequence[str]) -> list[float]:
        """ln P(tail | head) - ln P(tail), in order of the tails.

        0 says nothing either way, and stands where neither side has a Han character. Full and half
        width, Traditional and Simplified read the same.
        """
        found: list[float] = self.matrix([head], tails)[0].tolist()
        return found

    def matrix(self, heads: Sequence[str], tails: Sequence[str]) -> Floats:
        """The scores of each head with each tail: (heads, tails)."""
        width, read = self.width, _BLANK * self.width
        lefts = [text[-width:] for text in _plain_all([head[-read:] for head in heads])]
        rights = [text[:width] for text in _plain_all([tail[:read] for tail in tails])]
        left = self.head.vectors(self._features(self._read(lefts, after=False)))  # (heads, d)
        right = self.tail.vectors(self._features(self._read(rights, after=True)))  # (tails, d)
        tells = np.logical_or.outer(_has_han(lefts), _has_han(rights))
        return np.where(tells, left @ right.T + self.bias, 0).astype(np.float32)

    def _read(self, texts: Sequence[str], after: bool) -> Ids:
        """At most `width` characters each → ids (n, width), padded on the far side of the cut."""
        ids = np.full((len(texts), self.width), PAD, dtype=np.int64)
        for row, text in zip(ids, texts, strict=True):
            if text:
                known = [self.ids.get(char, UNKNOWN) for char in text]
                row[slice(len(text)) if after else slice(-len(text), None)] = known
        return ids

    def _features(self, ids: Ids) -> Floats:
        """Ids (n, width) → vectors of characters and pairs side by side (n, features)."""
        singles = self.characters[ids]  # (n, width, c)
        doubles = self.pairs[pair_buckets(ids, len(self.pairs))]  # (n, width - 1, p)
        sides = [part.reshape(len(ids), math.prod(part.shape[1:])) for part in (singles, doubles)]
        return np.concatenate(sides, axis=1)


def _plain_all(texts: Sequence[str]) -> list[str]:
    """Each text plain; they are folded together, which is faster."""
    folded = fold("\n".join(" ".join(text.split()) for text in texts)).split("\n")
    return [_BLANKS.sub("", text) for text in folded] if texts else []


def _has_han(texts: Sequence[str]) -> npt.NDArray[np.bool_]:
    return np.array([bool(HAN_CHARACTER.search(text)) for text in texts], dtype=bool)
