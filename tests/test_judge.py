"""The judge: log-odds as by hand, kept beside the reader."""

from __future__ import annotations

from pathlib import Path

import pytest

from embeddings.chunks import Chunk
from embeddings.errors import ModelError
from rag.answers import Hit
from rag.judge import FILE, Judge, probability
from rag.reader import Candidate

CANDIDATE = Candidate(0, 0, 1, span=2.0, wording=-3.0, relevance=0.5, yes=None)
HIT = Hit(Chunk(0, "a", 0, "", "x", ((0, 1),), ((0, 1),)), score=1.5, coverage=0.25)


def test_log_odds_are_the_weighted_sum() -> None:
    judge = Judge(bias=1, span=10, wording=100, relevance=1000, retrieval=0.5, coverage=8)
    assert judge.log_odds(CANDIDATE, HIT, top=2.0) == 1 + 20 - 300 + 500 - 0.25 + 2


def test_it_is_kept_beside_the_reader(tmp_path: Path) -> None:
    assert Judge.beside(tmp_path) == Judge()
    judge = Judge(bias=1.25, coverage=-2)
    judge.save(tmp_path)
    assert Judge.beside(tmp_path) == judge


@pytest.mark.parametrize("text", ["", "[]", '{"bias": "x"}', '{"unknown": 1}'])
def test_a_broken_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(ModelError, match=FILE):
        Judge.beside(tmp_path)


def test_probabilities_grow_with_the_log_odds_and_stay_in_their_range() -> None:
    values = [probability(x) for x in (-1e9, -5.0, 0.0, 5.0, 1e9)]
    assert values == sorted(values)
    assert values[2] == 0.5
    assert all(0.0 <= v <= 1.0 for v in values)
