"""BM25 against its formula, written out."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from embeddings.errors import IndexDamaged
from embeddings.lexical import LexicalIndex

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


def test_save_and_load(tmp_path: Path) -> None:
    index = LexicalIndex.build(TERMS)
    index.save(tmp_path / "x")
    again = LexicalIndex.load(tmp_path / "x")
    assert again.search(["a", "c"], 9) == index.search(["a", "c"], 9)
    assert len(again) == len(TERMS)


def test_no_terms_at_all(tmp_path: Path) -> None:
    index = LexicalIndex.build([[], []])
    index.save(tmp_path / "x")
    assert LexicalIndex.load(tmp_path / "x").search(["a"], 3) == []


def test_damage_is_named(tmp_path: Path) -> None:
    index = LexicalIndex.build(TERMS)
    index.save(tmp_path / "x")
    (tmp_path / "x" / "params.index.json").write_text("{", encoding="utf-8")
    with pytest.raises(IndexDamaged, match="cannot be read"):
        LexicalIndex.load(tmp_path / "x")
