"""Search terms of each chunk in, chunks by BM25 score out (bm25s)."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from .errors import IndexDamaged


class LexicalIndex:
    """BM25 as in Lucene (Kamphuis et al. 2020): idf = ln(1 + (N - df + .5) / (df + .5))."""

    def __init__(self, bm25: Any, size: int) -> None:
        self._bm25 = bm25
        self._size = size

    def __len__(self) -> int:
        return self._size

    @classmethod
    def build(cls, terms: list[list[str]], k1: float = 1.2, b: float = 0.5) -> LexicalIndex:
        """Index each chunk's terms; a term that stands twice counts twice."""
        import bm25s

        bm25 = bm25s.BM25(method="lucene", k1=k1, b=b)
        if not any(terms):
            terms = [[""] for _ in terms] or [[""]]  # no words at all: nothing will be found
        vocabulary = {t: i for i, t in enumerate(sorted({t for one in terms for t in one} | {""}))}
        ids = [[vocabulary[term] for term in one] for one in terms]
        bm25.index((ids, vocabulary), show_progress=False)
        return cls(bm25, len(terms))

    def save(self, folder: Path) -> None:
        """Write the index as .npy and .json files."""
        self._bm25.save(folder, show_progress=False)

    @classmethod
    def load(cls, folder: Path, mmap: bool = True) -> LexicalIndex:
        """Read what `save` wrote. Raises IndexDamaged."""
        import bm25s

        try:
            bm25 = bm25s.BM25.load(folder, mmap=mmap, show_progress=False)
            return cls(bm25, int(bm25.scores["num_docs"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexDamaged(f"The word index {folder} cannot be read: {error}.") from error

    def _ids(self, terms: list[str]) -> list[int]:
        vocabulary = self._bm25.vocab_dict
        return [vocabulary[term] for term in terms if term and term in vocabulary]

    def search(self, terms: list[str], k: int) -> list[tuple[int, float]]:
        """The k best (chunk, score > 0), best first, ties by id. A repeated term weighs twice."""
        return best(self.scores(terms), k)

    def scores(self, terms: list[str]) -> npt.NDArray[np.float32]:
        """(n,) float32 BM25 score of every chunk, >= 0. A repeated term weighs twice."""
        ids = self._ids(terms)
        if not ids:
            return np.zeros(self._size, dtype=np.float32)
        return np.asarray(self._bm25.get_scores_from_ids(ids), dtype=np.float32)

    def idf(self, term: str) -> float:
        """ln(1 + (N - df + .5) / (df + .5)); the highest value there is for an unknown term."""
        found = self._ids([term])
        indptr = self._bm25.scores["indptr"]
        df = int(indptr[found[0] + 1] - indptr[found[0]]) if found else 0
        return math.log(1 + (self._size - df + 0.5) / (df + 0.5))


def best(scores: npt.NDArray[np.float32], k: int) -> list[tuple[int, float]]:
    """The k best (position, score > 0) of (n,) scores, best first, ties by position."""
    order = np.lexsort((np.arange(len(scores)), -scores))[: max(k, 0)]
    return [(int(i), float(scores[i])) for i in order if scores[i] > 0]
