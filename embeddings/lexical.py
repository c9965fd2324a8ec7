"""Search terms of each chunk in, chunks by BM25 score out; mapped from the disk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from .errors import IndexDamaged
from .postings import Collector, Table, idf, term_hash

_HEADER = 128  # bytes of an .npy file of no values, which cannot be mapped


class LexicalIndex:
    """BM25 as in Lucene (Kamphuis et al. 2020): idf = ln(1 + (N - df + .5) / (df + .5))."""

    def __init__(
        self,
        *,
        terms: npt.NDArray[np.uint64],
        starts: npt.NDArray[np.int64],
        lengths: npt.NDArray[np.int32],
        chunks: npt.NDArray[np.int32],
        weights: npt.NDArray[np.float32],
    ) -> None:
        """Postings as `postings.Table` describes them. Raises ValueError where they do not fit."""
        if len(starts) != len(terms) + 1 or not len(chunks) == len(weights) == starts[-1]:
            raise ValueError("terms and postings do not belong together")
        self._terms, self._starts, self._lengths = terms, starts, lengths
        self._chunks, self._weights = chunks, weights

    def __len__(self) -> int:
        return len(self._lengths)

    @classmethod
    def build(cls, terms: Iterable[Sequence[str]], k1: float = 1.2, b: float = 0.5) -> LexicalIndex:
        """Index each chunk's terms, in memory; a term that stands twice counts twice."""
        collector = Collector()
        for one in terms:
            collector.add(one)
        table = collector.finish()
        found = list(table.merged(k1, b))
        return cls(
            terms=table.terms,
            starts=table.starts,
            lengths=table.lengths,
            chunks=np.concatenate([np.zeros(0, np.int32), *(p.chunks for p in found)]),
            weights=np.concatenate([np.zeros(0, np.float32), *(p.weights for p in found)]),
        )

    @staticmethod
    def write(table: Table, folder: Path, k1: float, b: float) -> None:
        """Write what `load` reads, a block at a time. Raises OSError."""
        folder.mkdir()
        for name in ("terms", "starts", "lengths"):
            np.save(folder / f"{name}.npy", getattr(table, name))
        size = int(table.starts[-1])
        with (folder / "chunks.npy").open("wb") as chunks, (folder / "weights.npy").open("wb") as w:
            _head(chunks, np.dtype(np.int32), size)
            _head(w, np.dtype(np.float32), size)
            for found in table.merged(k1, b):
                chunks.write(found.chunks.tobytes())
                w.write(found.weights.tobytes())

    @classmethod
    def load(cls, folder: Path) -> LexicalIndex:
        """Map what `write` wrote into memory. Raises IndexDamaged."""
        try:
            return cls(**{
                name: _mapped(folder / f"{name}.npy")
                for name in ("terms", "starts", "lengths", "chunks", "weights")
            })  # fmt: skip
        except (OSError, ValueError, TypeError, IndexError) as error:
            raise IndexDamaged(f"The word index {folder} cannot be read: {error}.") from error

    def _slots(self, terms: Iterable[str]) -> list[int]:
        """The places of the terms that are known, in order."""
        hashes = np.array([term_hash(term) for term in terms if term], np.uint64)
        places = np.searchsorted(self._terms, hashes)
        known = places < len(self._terms)
        known[known] = self._terms[places[known]] == hashes[known]
        found: list[int] = places[known].tolist()
        return found

    def search(self, terms: Sequence[str], k: int) -> list[tuple[int, float]]:
        """The k best (chunk, score > 0), best first, ties by id. A repeated term weighs twice."""
        return best(self.scores(terms), k)

    def scores(self, terms: Sequence[str]) -> npt.NDArray[np.float32]:
        """(n,) float32 BM25 score of every chunk, >= 0. A repeated term weighs twice."""
        scores = np.zeros(len(self), dtype=np.float32)
        for slot in self._slots(terms):
            start, stop = self._starts[slot], self._starts[slot + 1]
            scores[self._chunks[start:stop]] += self._weights[start:stop]  # no chunk stands twice
        return scores

    def idf(self, term: str) -> float:
        """ln(1 + (N - df + .5) / (df + .5)); the highest value there is for an unknown term."""
        df = sum(int(self._starts[i + 1] - self._starts[i]) for i in self._slots([term]))
        return float(idf(np.array(df), len(self)))


def best(scores: npt.NDArray[np.float32], k: int) -> list[tuple[int, float]]:
    """The k best (position, score > 0) of (n,) scores, best first, ties by position."""
    if k <= 0:
        return []
    found = np.flatnonzero(scores > 0)
    if len(found) > k:
        least = np.partition(scores[found], len(found) - k)[len(found) - k]
        found = found[scores[found] >= least]
    order = np.lexsort((found, -scores[found]))[:k]
    return [(int(i), float(scores[i])) for i in found[order]]


def _head(file: Any, dtype: np.dtype[Any], size: int) -> None:
    """The beginning of an .npy file of so many values."""
    described = np.lib.format.dtype_to_descr(dtype)
    head = {"descr": described, "fortran_order": False, "shape": (size,)}
    np.lib.format.write_array_header_1_0(file, head)


def _mapped(path: Path) -> npt.NDArray[Any]:
    whole = path.stat().st_size <= _HEADER
    found: npt.NDArray[Any] = np.load(path, mmap_mode=None if whole else "r", allow_pickle=False)
    return found
