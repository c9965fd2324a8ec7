"""BM25 against its formula, written out."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from embeddings.errors import IndexDamaged
from embeddings.lexical import LexicalIndex, best
from embeddings.postings import Collector

TERMS = [["a", "b", "a"], ["b", "c"], ["c"], [], ["d", "a", "b", "c"], ["c"]]


def slow_bm25(query: list[str], k1: float, b: float) -> list[tuple[int, float]]:
    """Lucene's BM25, term by term."""
    average = sum(map(len, TERMS)) / len(TERMS)
    scores = []
    for number, terms in enumerate(TERMS):
        score = 0.0
        for term in query:
            df = sum(term in other for other in TERMS)
            idf = math.log(1 + (len(TERMS) - df + 0.5) / (df + 0.5))
            tf = terms.count(term)
            score += idf * tf / (tf + k1 * (1 - b + b * len(terms) / average))
        scores.append((number, score))
    return sorted((s for s in scores if s[1] > 0), key=lambda s: (-s[1], s[0]))


@pytest.mark.parametrize(
    "query", [["a"], ["c"], ["a", "c", "c"], ["d", "unknown"], ["unknown"], []]
)
def test_scores(query: list[str]) -> None:
    got = LexicalIndex.build(TERMS, 1.2, 0.5).search(query, 10)
    want = slow_bm25(query, 1.2, 0.5)
    assert [i for i, _ in got] == [i for i, _ in want]
    assert [s for _, s in got] == pytest.approx([s for _, s in want], rel=1e-5)


def test_ties_go_by_id_and_k_cuts() -> None:
    index = LexicalIndex.build(TERMS)
    assert [i for i, _ in index.search(["c"], 2)] == [2, 5]
    assert index.search(["c"], 0) == []


def test_idf() -> None:
    index = LexicalIndex.build(TERMS)
    assert index.idf("c") == pytest.approx(math.log(1 + 2.5 / 4.5))
    assert index.idf("unknown") == pytest.approx(math.log(1 + 6.5 / 0.5))


def write(terms: list[list[str]], folder: Path, block: int = 99) -> Path:
    """What LexicalIndex.load reads, made in blocks of so many postings."""
    (folder / "spill").mkdir()
    collector = Collector(folder / "spill", block)
    for one in terms:
        collector.add(one)
    LexicalIndex.write(collector.finish(), folder / "x", 1.2, 0.5)
    return folder / "x"


def test_write_and_load(tmp_path: Path) -> None:
    again = LexicalIndex.load(write(TERMS, tmp_path))
    assert again.search(["a", "c"], 9) == LexicalIndex.build(TERMS).search(["a", "c"], 9)
    assert len(again) == len(TERMS)


@pytest.mark.parametrize("block", [1, 2, 5])
def test_blocks_of_any_size_give_the_same(tmp_path: Path, block: int) -> None:
    chance = np.random.default_rng(0)
    terms = [[f"t{i}" for i in chance.zipf(1.5, 9) % 50] for _ in range(40)] + TERMS
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder, size in zip(folders, (block, 10**6), strict=True):
        folder.mkdir()
        write(terms, folder, size)
    names = {path.name for path in (folders[0] / "x").iterdir()}
    assert len(list((folders[0] / "spill").iterdir())) >= 3 * 9
    for name in names:
        one, two = ((folder / "x" / name).read_bytes() for folder in folders)
        assert one == two, name


def test_no_terms_at_all(tmp_path: Path) -> None:
    assert LexicalIndex.load(write([[], []], tmp_path)).search(["a"], 3) == []
    assert LexicalIndex.build([]).search(["a"], 3) == []


@pytest.mark.parametrize("k", [0, 1, 3, 8, 99])
def test_the_best_are_the_first_of_all_sorted(k: int) -> None:
    scores = np.random.default_rng(0).integers(-2, 4, 30).astype(np.float32)
    want = sorted((i for i in range(30) if scores[i] > 0), key=lambda i: (-scores[i], i))[:k]
    assert best(scores, k) == [(i, float(scores[i])) for i in want]


def test_damage_is_named(tmp_path: Path) -> None:
    for name in ("terms", "starts", "lengths", "chunks", "weights"):
        (tmp_path / name).mkdir()
        write(TERMS, tmp_path / name)
        whole = np.load(tmp_path / name / "x" / f"{name}.npy")
        (tmp_path / name / "x" / f"{name}.npy").write_text("{", encoding="utf-8")
        with pytest.raises(IndexDamaged, match="cannot be read"):
            LexicalIndex.load(tmp_path / name / "x")
        np.save(tmp_path / name / "x" / f"{name}.npy", whole[:-1])
        if name != "lengths":
            with pytest.raises(IndexDamaged, match="do not belong together"):
                LexicalIndex.load(tmp_path / name / "x")
