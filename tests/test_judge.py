"""The judge: log-odds as by hand, kept beside the reader."""

from __future__ import annotations

from pathlib import Path

import pytest

from embeddings.chunks import Chunk
from embeddings.errors import ModelError
from rag.answers import Hit
from rag.judge import FILE, Features, Judge, features, probability
from rag.reader import Candidate

CHUNK = Chunk(0, "a", 0, "", "一句。二句。", ((0, 6),), ((0, 3), (3, 6)))
HITS = [
    Hit(CHUNK, score=2.0, coverage=0.5, sentence_scores=(0.5, 0.75)),
    Hit(CHUNK, score=1.5, coverage=0.25, sentence_scores=(0.25, 1.0)),
]


def test_features_compare_a_candidate_with_the_best_hit_and_sentence() -> None:
    first = Candidate(0, 0, 2, span=2.0, wording=-3.0, relevance=0.5, yes=None)
    second = Candidate(1, 3, 5, span=1.0, wording=-1.0, relevance=0.0, yes=None)
    assert features([first, second], HITS) == [
        Features(2.0, -3.0, 0.5, 0.0, 0.5, -0.5),
        Features(1.0, -1.0, 0.0, -0.5, 0.25, 0.0),
    ]


def test_log_odds_are_the_weighted_sum() -> None:
    judge = Judge(trust=Features(10, 100, 1000, 0.5, 8, 2), bias=1)
    assert judge.log_odds(Features(2, -3, 0.5, -0.5, 0.25, -1)) == 1 + 20 - 300 + 500 - 0.25 + 2 - 2


def test_it_is_kept_beside_the_reader(tmp_path: Path) -> None:
    assert Judge.beside(tmp_path) == Judge()
    judge = Judge(order=Features(span=9), trust=Features(coverage=-2), bias=1.25)
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
