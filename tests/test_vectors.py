"""Nearest rows against all inner products, sorted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from embeddings.errors import IndexDamaged
from embeddings.vectors import VectorIndex


def unit_rows(n: int, d: int = 16, seed: int = 0) -> np.ndarray:
    """(n, d) float32 random unit rows."""
    rows = np.random.default_rng(seed).normal(size=(n, d)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_flat_search_is_exact() -> None:
    rows = unit_rows(50)
    index = VectorIndex.build(rows)
    for row in unit_rows(5, seed=1):
        scores = rows @ row
        want = sorted(range(50), key=lambda i: (-scores[i], i))[:7]
        got = index.search(row, 7)
        assert [i for i, _ in got] == want
        assert [s for _, s in got] == pytest.approx(scores[want].tolist(), abs=1e-6)


def test_an_inverted_file_finds_nearly_all() -> None:
    rows = unit_rows(2000)
    index = VectorIndex.build(rows, flat_below=100)
    exact = VectorIndex.build(rows)
    questions = unit_rows(20, seed=1)
    found = [
        len({i for i, _ in index.search(q, 10)} & {i for i, _ in exact.search(q, 10)})
        for q in questions
    ]
    assert sum(found) >= 0.95 * 200


def test_recall_is_what_is_found_of_the_nearest() -> None:
    rows = unit_rows(2000)
    assert VectorIndex.build(rows).recall() == 1.0
    index = VectorIndex.build(rows, flat_below=100)
    assert index.recall() > 0.95
    index._index.nprobe = 1  # one list of 62
    assert index.recall() < 0.7
    exact = VectorIndex.build(unit_rows(2000, seed=2), flat_below=100)
    index.search = exact.search  # type: ignore[method-assign]  # finds other rows
    assert index.recall() < 0.1


def test_the_same_rows_give_the_same_bytes_whatever_the_threads(tmp_path: Path) -> None:
    import faiss

    rows, before = unit_rows(3000), faiss.omp_get_max_threads()
    try:
        for threads in (1, 2, 3):
            faiss.omp_set_num_threads(threads)
            VectorIndex.build(rows, flat_below=100).save(tmp_path / f"{threads}")
    finally:
        faiss.omp_set_num_threads(before)
    assert len({(tmp_path / f"{threads}").read_bytes() for threads in (1, 2, 3)}) == 1


@pytest.mark.parametrize("flat_below", [100, 1])
def test_save_and_load(tmp_path: Path, flat_below: int) -> None:
    rows = unit_rows(30)
    index = VectorIndex.build(rows, flat_below=flat_below)
    index.save(tmp_path / "v")
    again = VectorIndex.load(tmp_path / "v")
    assert again.search(rows[3], 5) == index.search(rows[3], 5)
    assert (len(again), again.dimension) == (30, 16)
    assert np.allclose(again.rows(), rows, atol=0 if flat_below > 30 else 2**-12)
    (tmp_path / "v").unlink()  # what is mapped stays, as a swept generation does
    assert np.array_equal(again.rows(3, 7), again.rows()[3:7])
    assert again.rows(5, 5).shape == (0, 16)


def test_ties_go_by_id_and_k_is_cut() -> None:
    rows = np.repeat(unit_rows(1), 4, axis=0)
    index = VectorIndex.build(rows)
    assert [i for i, _ in index.search(rows[0], 99)] == [0, 1, 2, 3]
    assert index.search(rows[0], 0) == []


def test_damage_is_named(tmp_path: Path) -> None:
    (tmp_path / "v").write_bytes(b"no index")
    with pytest.raises(IndexDamaged, match="cannot be read"):
        VectorIndex.load(tmp_path / "v")
