"""The measures against hand-made cases."""

from __future__ import annotations

import math

import numpy as np
import pytest

from benchmarks.encoding import ndcg
from benchmarks.passages import Ranks, place
from benchmarks.reading import cmrc_f1, squad_f1


def test_ndcg_discounts_by_rank() -> None:
    scores = np.array([[0.9, 0.1, 0.2], [0.3, 0.2, 0.1], [0.1, 0.2, 0.3]])
    gold = np.array([0, 1, 0])  # ranks 1, 2, 3
    assert ndcg(scores, gold) == pytest.approx((1 + 1 / math.log2(3) + 1 / math.log2(4)) / 3)
    beyond = np.arange(12.0)[None, :]
    assert ndcg(beyond, np.array([0])) == 0.0


@pytest.mark.parametrize(
    ("said", "gold", "f1"),
    [
        ("1963年", "1963年", 1.0),
        ("在1963年", "1963年", 4 / 5),  # 1963 is one token
        ("年1963", "1963年", 1 / 2),  # in common, but no run of two
        ("", "1963年", 0.0),
        ("Held in Paris", "paris", 1 / 2),
    ],
)
def test_cmrc_f1_counts_the_longest_common_run(said: str, gold: str, f1: float) -> None:
    assert cmrc_f1(said, gold) == pytest.approx(f1)


@pytest.mark.parametrize(
    ("said", "gold", "f1"),
    [("the Eiffel Tower", "Eiffel Tower", 1.0), ("年1963", "1963年", 1.0), ("b c", "a b", 2 / 3)],
)
def test_squad_f1_counts_tokens_in_common(said: str, gold: str, f1: float) -> None:
    assert squad_f1(said, gold) == pytest.approx(f1)


def test_a_passage_ranks_where_its_first_chunk_does() -> None:
    assert place(["b", "b", "a", "c", "a"], "a") == 1
    assert place(["a", "b"], "a") == 0
    assert place(["b"], "a") > 10


def test_recall_and_ndcg_of_ranks() -> None:
    ranks = Ranks([0, 0, 2, 10])
    assert ranks.recall == 0.5
    assert ranks.ndcg == pytest.approx((1 + 1 + 1 / 2) / 4)
