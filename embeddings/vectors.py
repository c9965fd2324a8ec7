"""(n, d) unit rows in, nearest rows by inner product out (FAISS)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from .errors import IndexDamaged

if TYPE_CHECKING:
    import faiss

FLAT_BELOW = 50_000  # rows; an exact search over fewer takes 25 ms at most
_LISTS = 4.0  # times the square root of the number of rows: into how many lists these are parted
_SEARCHED = 480  # lists; all of 14,000 rows, an eighth of a million
_TAUGHT = 32  # rows a list that its centre is found from
_ROUNDS = 10  # of k-means
_NEAREST, _QUESTIONS = 10, 200  # that recall is measured with
_NOISE = 2.0  # length of what moves a row away from itself, so that it is as hard as a question
_BLOCK = 8192  # rows that are looked at together

Rows = npt.NDArray[np.float32]


class Table(Protocol):
    """(n, d) float32 rows that are read some at a time: an array, or a RowFile."""

    @property
    def shape(self) -> tuple[int, ...]: ...

    def __getitem__(self, some: slice) -> Rows: ...


class VectorIndex:
    """Exact search over few rows; over many an inverted file (Jégou et al. 2011) of half floats.

    The centres of its lists are found by k-means from rows spread over the index, so that the same
    rows give the same bytes; a graph that several threads build at once would not.
    """

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """d, the length of a row."""
        return int(self._index.d)

    @classmethod
    def build(cls, rows: Table, flat_below: int = FLAT_BELOW) -> VectorIndex:
        """Index (n, d) float32 unit rows; row i is found under id i."""
        import faiss

        n, d = rows.shape
        index: Any = faiss.IndexFlatIP(d) if n < flat_below else _inverted(rows)
        for block in _blocks(n):
            index.add(np.ascontiguousarray(rows[block], dtype=np.float32))
        return cls(index)

    def save(self, path: Path) -> None:
        """Write one file. Python writes it, so that a full disk is an OSError."""
        import faiss

        with path.open("wb") as file:
            faiss.write_index(self._index, faiss.PyCallbackIOWriter(file.write, 1 << 20))  # type: ignore[attr-defined]

    @classmethod
    def load(cls, path: Path) -> VectorIndex:
        """Map what `save` wrote into memory; rows are read when needed. Raises IndexDamaged."""
        import faiss

        try:
            if os.name == "nt":  # faiss maps no files there
                index = faiss.deserialize_index(np.fromfile(path, dtype=np.uint8))
            else:
                name = os.fsencode(path).decode("utf-8")  # faiss takes UTF-8 whatever the locale
                index = faiss.read_index(name, faiss.IO_FLAG_MMAP_IFC)
        except (OSError, RuntimeError, UnicodeError) as error:
            raise IndexDamaged(f"The vectors {path} cannot be read: {error}.") from error
        return cls(index)

    @property
    def _exact(self) -> bool:
        return not hasattr(self._index, "nprobe")

    def rows(self, start: int = 0, stop: int | None = None) -> Rows:
        """Rows start to stop (all, where nothing is said), (n, d) float32.

        Of a flat index as they were given, of an inverted file rounded to 11 bits.
        """
        return self.at(np.arange(start, len(self) if stop is None else stop))

    def at(self, ids: npt.NDArray[np.int64]) -> Rows:
        """The (n, d) rows of (n,) ids, as `rows` gives them."""
        rows: Rows = self._index.reconstruct_batch(ids)
        return rows

    def recall(self, k: int = _NEAREST, questions: int = _QUESTIONS) -> float:
        """Share of the truly nearest k rows that a search finds, in [0, 1]; 1 where it is exact.

        Measured with rows as questions, spread over the index, each jolted by a fixed noise.
        """
        n = len(self)
        if not n or self._exact:
            return 1.0
        k = min(k, n)
        places = np.linspace(0, n - 1, min(questions, n)).astype(int).tolist()
        asked = np.concatenate([self.rows(i, i + 1) for i in places])  # (q, d)
        noise = np.random.default_rng(0).normal(scale=_NOISE, size=asked.shape)
        asked = (asked + noise / np.sqrt(self.dimension)).astype(np.float32)
        nearest = np.full((len(asked), k), -np.inf, dtype=np.float32)
        for block in _blocks(n):
            scores = asked @ self.rows(block.start, block.stop).T  # (q, rows of the block)
            both = np.concatenate([nearest, scores], axis=1)
            nearest = np.partition(both, both.shape[1] - k, axis=1)[:, -k:]
        least = nearest.min(axis=1) - 1e-5  # (q,); two ways to multiply differ in the last bits
        hits = sum(
            float(self.rows(i, i + 1)[0] @ vector) >= floor
            for vector, floor in zip(asked, least, strict=True)
            for i, _ in self.search(vector, k)
        )
        return float(hits) / (len(asked) * k)

    def search(self, vector: Rows, k: int) -> list[tuple[int, float]]:
        """The k best (row, inner product) for a (d,) vector, best first, ties by id."""
        k = min(k, len(self))
        if k <= 0:
            return []
        scores, ids = self._index.search(vector.reshape(1, -1).astype(np.float32), k)  # (1, k)
        found = [(int(i), float(s)) for i, s in zip(ids[0], scores[0], strict=True) if i >= 0]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))


def _blocks(n: int) -> Iterator[slice]:
    """0 to n, some at a time."""
    return (slice(start, min(start + _BLOCK, n)) for start in range(0, n, _BLOCK))


def _inverted(rows: Table) -> Any:
    """An empty inverted file whose lists are made for these rows."""
    import faiss

    n, d = rows.shape
    lists = max(1, min(int(_LISTS * n**0.5), n // _TAUGHT))
    kind = (faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT, False)
    index: Any = faiss.IndexIVFScalarQuantizer(faiss.IndexFlatIP(d), d, lists, *kind)
    index.cp.spherical = True
    index.cp.niter = _ROUNDS
    index.cp.min_points_per_centroid = 1  # or it prints a warning
    places = np.linspace(0, n - 1, min(n, lists * _TAUGHT)).astype(np.int64)
    taught = [
        rows[block][places[(places >= block.start) & (places < block.stop)] - block.start]
        for block in _blocks(n)
    ]
    index.train(np.ascontiguousarray(np.concatenate(taught), dtype=np.float32))
    index.set_direct_map_type(1)  # an array, from a row to its place in a list
    index.nprobe = _SEARCHED
    return index
