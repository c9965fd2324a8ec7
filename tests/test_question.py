"""Questions taken apart: language, kind, parts, follow-ups."""

from __future__ import annotations

import pytest

from embeddings.errors import QuestionError
from rag.question import Kind, kind_of, language_of, split_parts, understand


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("图书馆为什么搬走?", Kind.WHY),
        ("Why did the library move?", Kind.WHY),
        ("图书馆是不是搬走了?", Kind.YES_NO),
        ("Did the library move?", Kind.YES_NO),
        ("先后引进了哪些企业?", Kind.LIST),
        ("Which three rivers meet here?", Kind.LIST),
        ("馆里有多少本书?", Kind.NUMBER),
        ("How many books are there?", Kind.NUMBER),
        ("什么时候开馆?", Kind.DATE),
        ("When does it open?", Kind.DATE),
        ("村里是怎么凑钱的?", Kind.HOW),
        ("How did the village raise money?", Kind.HOW),
        ("馆长叫什么?", Kind.WORDS),
        ("Who leads it?", Kind.WORDS),
    ],
)
def test_the_interrogative_decides_the_kind(text: str, kind: Kind) -> None:
    assert kind_of(text) is kind


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("图书馆藏书多少?", "zh"),
        ("How many books?", "en"),
        ("how did 某某街道 reduce complaints?", "en"),
        ("图书馆的 budget 去年花了 how much?", "zh"),
        ("😀?", "zh"),
    ],
)
def test_language_is_that_of_most_words(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("印了多少本书,又办了几场讲座?", ("印了多少本书", "办了几场讲座?")),
        ("How many books, and how many readers?", ("How many books", "how many readers?")),
        ("东村和西村,各种了多少棵树?", ("东村,各种了多少棵树?", "西村,各种了多少棵树?")),
        ("村里种了几千棵树,为什么?", ("村里种了几千棵树,为什么?",)),
        ("谁和谁开的会?", ("谁和谁开的会?",)),
        ("Who planted the trees and the flowers?", ("Who planted the trees and the flowers?",)),
    ],
)
def test_two_questions_in_one_are_split(text: str, parts: tuple[str, ...]) -> None:
    assert split_parts(text) == parts


HISTORY = [
    {"role": "user", "content": "图书馆2018年买了多少本书?"},
    {"role": "assistant", "content": "300本"},
]


def test_a_follow_up_takes_the_matter_from_the_question_before_it() -> None:
    asked = understand("那2019年呢?", HISTORY)  # type: ignore[arg-type]
    assert asked.text == "图书馆2019年买了多少本书 那2019年呢?"
    assert asked.asked == "那2019年呢?"
    assert asked.told == "300本"


def test_an_english_follow_up_does_too() -> None:
    history = [
        {"role": "user", "content": "Who runs the library?"},
        {"role": "assistant", "content": "The county."},
    ]
    asked = understand("And how many books do they lend?", history)  # type: ignore[arg-type]
    assert asked.text == "Who runs the library And how many books do they lend?"


def test_a_new_question_takes_nothing_from_before() -> None:
    asked = understand("新公园在哪里开工?", HISTORY)  # type: ignore[arg-type]
    assert (asked.text, asked.told) == ("新公园在哪里开工?", "")


@pytest.mark.parametrize("empty", ["", "  \n\t "])
def test_an_empty_question_is_refused(empty: str) -> None:
    with pytest.raises(QuestionError, match="empty"):
        understand(empty)


def test_what_is_no_text_is_refused_by_its_type() -> None:
    with pytest.raises(QuestionError, match="not int"):
        understand(7)  # type: ignore[arg-type]


def test_an_enormous_question_is_cut() -> None:
    assert len(understand("问" * 100_000, max_chars=500).asked) == 500
