"""(n, d) unit rows in, nearest rows by inner product out (FAISS)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from .errors import IndexDamaged

if TYPE_CHECKING:
    import faiss

FLAT_BELOW = 50_000  # rows; an exact search over fewer takes under 10 ms
_LINKS = 32  # HNSW neighbours of a node
_SEARCH_WIDTH = 128  # HNSW nodes that are kept open
_NEAREST, _QUESTIONS = 10, 200  # that recall is measured with
_NOISE = 0.3  # length of what moves a row away from itself, to be a question


class VectorIndex:
    """Exact search over few rows, HNSW (Malkov and Yashunin 2016) over many."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """d, the length of a row."""
        return int(self._index.d)

    @classmethod
    def build(cls, rows: npt.NDArray[np.float32], flat_below: int = FLAT_BELOW) -> VectorIndex:
        """Index (n, d) float32 unit rows; row i is found under id i."""
        import faiss

        n, d = rows.shape
        index: Any
        if n < flat_below:
            index = faiss.IndexFlatIP(d)
        else:
            index = faiss.IndexHNSWFlat(d, _LINKS, faiss.METRIC_INNER_PRODUCT)
            index.hnsw.efSearch = _SEARCH_WIDTH
        index.add(np.ascontiguousarray(rows, dtype=np.float32))
        return cls(index)

    def save(self, path: Path) -> None:
        """Write one file. Python writes it, so that a full disk is an OSError."""
        import faiss

        path.write_bytes(faiss.serialize_index(self._index).tobytes())

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

    def rows(self, start: int = 0, stop: int | None = None) -> npt.NDArray[np.float32]:
        """Rows start to stop (all, where nothing is said) as they were given, (n, d) float32."""
        count = (len(self) if stop is None else stop) - start
        rows: npt.NDArray[np.float32] = self._index.reconstruct_n(start, count)
        return rows

    def recall(self, k: int = _NEAREST, questions: int = _QUESTIONS) -> float:
        """Share of the truly nearest k rows that a search finds, in [0, 1]; 1 where it is exact.

        Measured with rows as questions, spread over the index, each jolted by a fixed noise.
        """
        if not len(self) or not hasattr(self._index, "hnsw"):
            return 1.0
        rows = self.rows()  # (n, d)
        asked = rows[np.linspace(0, len(rows) - 1, min(questions, len(rows))).astype(int)]
        noise = np.random.default_rng(0).normal(scale=_NOISE, size=asked.shape)
        found = total = 0
        for vector in (asked + noise / np.sqrt(self.dimension)).astype(np.float32):
            scores = rows @ vector  # (n,)
            least = np.sort(scores)[-min(k, len(rows))]
            found += sum(scores[i] >= least for i, _ in self.search(vector, k))
            total += min(k, len(rows))
        return found / total

    def search(self, vector: npt.NDArray[np.float32], k: int) -> list[tuple[int, float]]:
        """The k best (row, inner product) for a (d,) vector, best first, ties by id."""
        k = min(k, len(self))
        if k <= 0:
            return []
        scores, ids = self._index.search(vector.reshape(1, -1).astype(np.float32), k)  # (1, k)
        found = [(int(i), float(s)) for i, s in zip(ids[0], scores[0], strict=True) if i >= 0]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))
