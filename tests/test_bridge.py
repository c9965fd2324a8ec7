"""English questions with the words that Chinese passages print."""

from __future__ import annotations

import pytest

from rag.bridge import as_printed

TEXTS = ["垦利区明水街道社区党委书记陈小龙说", "东阿县,袁灵", "大学开了图书馆"]


@pytest.mark.parametrize(
    ("question", "printed"),
    [
        ("Who is Mingshui?", "Who is 明水?"),
        ("What did Chen Xiaolong do?", "What did 陈小龙 do?"),
        ("Is Yuan Ling from Dong'e?", "Is 袁灵 from 东阿县?"),
        ("Where is Kenli?", "Where is 垦利?"),
        ("Where is mingshui?", "Where is mingshui 明水?"),
        (
            "Which library did the university open?",
            "Which library 图书馆 did the university 大学 open?",
        ),
        ("明水街道怎么样?", "明水街道怎么样?"),
        ("", ""),
    ],
)
def test_printed_words_stand_where_the_question_means_them(question: str, printed: str) -> None:
    assert as_printed(question, TEXTS) == printed


def test_the_first_texts_word_is_taken() -> None:
    assert as_printed("Which school?", ["学校来人", "中学", "中学"]).startswith("Which school 学校")


def test_without_passages_nothing_changes() -> None:
    assert as_printed("Who leads Mingshui?", []) == "Who leads Mingshui?"
