"""Which words of a question found which of a passage, and by what."""

from __future__ import annotations

import pytest

from rag.matches import Match, matches, sought


@pytest.mark.parametrize(
    ("question", "passage", "found"),
    [
        (
            "投诉减少了多少?",
            "投诉由1500件减少",
            [("投诉", "投诉", "word"), ("减少", "减少", "word")],
        ),
        ("Did complaints fall?", "投诉减少", [("complaints", "投诉", "gloss")]),
        ("Who lives in Kenli District?", "垦利区的居民", [("kenli", "垦利", "pinyin")]),
        ("yuan ling", "园岭", [("yuan ling", "园岭", "pinyin")]),
        ("1,500 of them", "共1500件", [("1500", "1500", "number")]),
        ("the council voted", "The councils met.", [("council", "councils", "word")]),
        ("投訴", "投诉", [("投诉", "投诉", "word")]),
        ("谁的?", "谁的书", []),
        ("", "", []),
    ],
)
def test_matches(question, passage, found):
    got = [(m.asked, m.printed, m.by) for m in matches(question, passage)]
    assert [match for match in got if match in found] == found
    assert found or got == []


def test_each_match_comes_once():
    assert matches("投诉投诉", "投诉投诉").count(Match("投诉", "投诉", "word")) == 1


def test_words_that_the_search_went_by():
    assert sought("明水街道的投诉减少了多少?") == ("明水", "街道", "投诉", "减少")
    assert sought("How many complaints were there in Mingshui?") == ("complaints", "mingshui")
