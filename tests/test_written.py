"""The questions written for the recipes: whole, and none of the tested articles is trained on."""

import re

import pytest

from training import written

HAN = re.compile(r"[\u4e00-\u9fff]")
FACTS = {"who", "where", "when", "number", "what", "list"}
KINDS = {"how", "why", "result", "yes", "no", "none"} | FACTS


@pytest.mark.parametrize("name", ["news", "news_test"])
def test_every_news_question_is_whole(name: str) -> None:
    """Answers lie within their passages, and just those of kind "none" have none."""
    rows = written.lines(name)
    assert len(rows) > 500
    for r in rows:
        start, end = r["answer"]
        if r["kind"] == "none":
            assert (start, end) == (-1, -1), r
        else:
            assert 0 <= start < end <= r["to"] - r["from"], r
        assert r["kind"] in KINDS, r
        assert r["question"].strip(), r
        assert r["language"] != "en" or not HAN.search(r["question"]), r


def test_no_tested_article_is_trained_on() -> None:
    trained = {r["article"] for r in written.lines("news")}
    assert not trained & {r["article"] for r in written.lines("news_test")}


def test_wordings_are_of_different_questions_and_in_both_languages() -> None:
    rows = written.lines("wordings")
    assert len({r["id"] for r in rows}) == len(rows) > 500
    for r in rows:
        assert not HAN.search(r["en"]), r
        assert HAN.search(r["zh"]), r
