"""Vectors of an index and synthetic neighbours of them in, time and recall of a search out.

benchmarks.scale runs it, with a million of them.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from embeddings import Encoder, Index
from embeddings.vectors import VectorIndex

Figures = dict[str, Any]
_NOISE = 0.5  # length of what moves a vector to where its neighbour is
_NEAREST = 10  # that recall is measured with
_WARM = 5  # searches before time is taken


def percentiles(seconds: list[float]) -> Figures:
    """Median and 95th percentile in milliseconds."""
    p50, p95 = np.percentile(seconds, [50, 95]) * 1000
    return {"p50": round(float(p50), 2), "p95": round(float(p95), 2)}


def search(work: Path, index_dir: Path, asked: list[str], size: int) -> Figures:
    """The vector store over `size` rows: build (kept in `work`), time and recall of a search."""
    path, kept = work / f"vectors-{size}.faiss", work / f"vectors-{size}.npy"
    began = time.perf_counter()
    rows = _neighbours(kept, index_dir, size)
    made, began = time.perf_counter() - began, time.perf_counter()
    if not path.is_file():
        VectorIndex.build(rows).save(path.with_suffix(".tmp"))
        path.with_suffix(".tmp").replace(path)
    built = time.perf_counter() - began
    vectors = Encoder.load().encode_queries(asked)  # (q, d)
    store, exact = VectorIndex.load(path), VectorIndex.build(rows, flat_below=size + 1)
    ours = [_timed(store, vector) for vector in [*vectors[:_WARM], *vectors]][_WARM:]
    flat = [_timed(exact, vector) for vector in vectors]
    hits = sum(len(one & other) for (_, one), (_, other) in zip(ours, flat, strict=True))
    return {
        "rows": size,
        "questions": len(asked),
        "recall@10": round(hits / (_NEAREST * len(asked)), 4),
        "search_ms": percentiles([seconds for seconds, _ in ours]),
        "flat_ms": percentiles([seconds for seconds, _ in flat]),
        "rows_made_s": round(made, 1),
        "built_s": round(built, 1),
        "mb": round(path.stat().st_size / 1e6, 1),
    }


def _timed(store: VectorIndex, vector: npt.NDArray[np.float32]) -> tuple[float, set[int]]:
    began = time.perf_counter()
    found = store.search(vector, _NEAREST)
    return time.perf_counter() - began, {i for i, _ in found}


def _neighbours(path: Path, index_dir: Path, size: int) -> npt.NDArray[np.float32]:
    """(size, d) rows, mapped: an index's own, then neighbours of rows drawn from them."""
    if not path.is_file():
        real = _rows(index_dir, size)
        d = real.shape[1]
        chance, new = np.random.default_rng(0), path.with_suffix(".tmp")
        rows = np.lib.format.open_memmap(new, "w+", np.float32, (size, d))
        rows[: len(real)] = real
        for start in range(len(real), size, 1 << 16):
            stop = min(start + (1 << 16), size)
            some = real[chance.integers(0, len(real), stop - start)]
            noise = chance.standard_normal((stop - start, d), dtype=np.float32)
            some = some + noise * np.float32(_NOISE / d**0.5)
            rows[start:stop] = some / np.linalg.norm(some, axis=1, keepdims=True)
        rows.flush()
        new.replace(path)
    found: npt.NDArray[np.float32] = np.load(path, mmap_mode="r")
    return found


def _rows(index_dir: Path, most: int) -> npt.NDArray[np.float32]:
    index = Index.open(index_dir)
    return index.rows(0, min(index.sentences, most))
