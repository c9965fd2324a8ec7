"""Chinese words → words that mean about the same, as the bundled sentence encoder hears them.

Whoever asks a newspaper uses other words than it prints: 投诉 becomes 抱怨, 成立 建立. The QA sets'
questions mostly repeat their passage.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from embeddings import Encoder
from embeddings.words import segment
from rag.kinds import INTERROGATIVE

NEAREST = 3  # of a word, at most
LEAST_COSINE = 0.8
ROWS = 1_000  # words compared with all others at once
_WORD = re.compile(r"[\u4e00-\u9fff]{2,4}")


@dataclass(frozen=True, slots=True)
class Thesaurus:
    """Up to NEAREST others for each word that has any, nearest first."""

    others: Mapping[str, tuple[str, ...]]

    @classmethod
    def learn(cls, words: Iterable[str]) -> Thesaurus:
        """Of the Chinese words of two to four characters among `words`; interrogatives stay."""
        known = sorted(w for w in words if _WORD.fullmatch(w) and not INTERROGATIVE.search(w))
        vectors = Encoder.load().encode_queries(known)  # (words, d)
        others = {}
        for at in range(0, len(known), ROWS):
            cosines = vectors[at : at + ROWS] @ vectors.T  # (rows, words)
            for word, row in zip(known[at : at + ROWS], cosines, strict=True):
                near = np.argsort(-row)[: NEAREST + 1]
                close = (known[i] for i in near if row[i] >= LEAST_COSINE)
                others[word] = tuple(w for w in close if w != word)[:NEAREST]
        return cls({word: found for word, found in others.items() if found})

    def reworded(self, text: str, rng: random.Random, rate: float) -> str:
        """The text with about `rate` of the words that have others put into one of them."""
        out = []
        for word in segment(text):
            others = self.others.get(word)
            out.append(rng.choice(others) if others and rng.random() < rate else word)
        return "".join(out)
