"""The measures against hand-made cases."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from benchmarks.backends import makers
from benchmarks.encoding import ndcg
from benchmarks.million import percentiles
from benchmarks.passages import Ranks, measure, place
from benchmarks.reading import Asked, cmrc_f1, squad_f1
from benchmarks.scale import questions, tables
from embeddings import Config, Encoder


@pytest.mark.parametrize(("name", "number"), [("questions", 120), ("unseen", 160)])
def test_the_questions_evidence_is_printed_on_the_pages(name: str, number: int) -> None:
    root = Path(__file__).parent.parent
    asked = [
        json.loads(line)
        for line in (root / f"benchmarks/{name}.jsonl").read_text("utf-8").splitlines()
    ]
    assert len(asked) == number
    for question in asked:
        assert bool(question["answers"]) == bool(question["evidence"]) == bool(question["seed"])
        page = (root / "seeds" / question["seed"]).read_bytes().decode() if question["seed"] else ""
        assert all(quote in page for quote in question["evidence"]), question["id"]


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


def test_questions_are_asked_of_all_passages(config: Config, encoder: Encoder) -> None:
    passages = (
        "牡丹区的村民都说好。",
        "明水街道的投诉减少了。",
        "The council approved a new park.",
    )
    rows = [
        Asked("谁说好?", passages[0], ("村民",)),
        Asked("哪里的投诉减少?", passages[1], ("明水街道",)),
        Asked("Who approved the park?", passages[2], ("The council",)),
    ]
    found = measure(rows, 1, encoder, config)
    assert found["lexical"].values == [0, 0, 0] and found["reranked"].recall == 1.0
    assert sorted(found) == ["dense", "fused", "lexical", "reranked", "whole passages"]
    assert [r for leg in found.values() for r in leg.values if r > 2] == []  # three passages
    assert measure(rows, 2, encoder, config)["fused"].values == [
        found["fused"].values[0],
        found["fused"].values[2],
    ]


def test_back_ends_give_the_rows_of_the_first(model_dir: Path) -> None:
    made = makers(str(model_dir))  # those whose library is installed
    texts = ["村民", "the council voted 7 to 2", "工业产值投诉减少"]
    want = made["sentence-transformers"]()(texts)
    for name in made.keys() - {"torch-int8"}:  # which is as far off as its row in the table says
        assert (want * made[name]()(texts)).sum(axis=1).min() > 0.98, name


def test_percentiles_are_milliseconds() -> None:
    assert percentiles([i / 1000 for i in range(101)]) == {"p50": 50.0, "p95": 95.0}


def test_questions_of_articles_are_the_same_each_time() -> None:
    texts = [f"第{n}座工厂昨日开工，投资约{n}50万元，招收工人{n}00名。" * 3 for n in range(1, 9)]
    asked = questions(texts, 6)
    assert asked == questions(texts, 6) and len(asked) == 6 and len(set(asked)) > 3
    assert questions(["无。"], 2) == []


def test_scale_is_told_as_tables() -> None:
    times = {"p50": 1.0, "p95": 2.0}
    names = ("chunks", "files", "seconds", "passages_per_s", "peak_mb", "index_mb")
    one = {
        "build": {name: i for i, name in enumerate(names)},
        "answer": {
            "open_s": 6,
            "answer_ms": times,
            "stages_ms": {"retrieve": times, "read": times, "cite": times},
        },
    }
    both = "1.0 / 2.0"
    assert tables({"1000": one}).splitlines()[-1] == (
        f"| 0 | 1 | 2 | 3 | 4 | 5 | 6 | {both} | {both} | {both} | {both} |"
    )
    found = {"rows": 9, "recall@10": 0.97, "search_ms": times, "flat_ms": times, "built_s": 5}
    last = tables({"vectors": {**found, "mb": 7}}).splitlines()[-1]
    assert last == f"| 9 | 0.97 | {both} | {both} | 5 | 7 |"
