"""Questions taken apart: language, kind, parts, follow-ups."""

from __future__ import annotations

from typing import Any

import pytest

from embeddings.errors import QuestionError
from rag.answers import REFUSAL
from rag.kinds import Kind, kind_of
from rag.question import Part, Turn, language_of, split_parts, understand


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
        ("馆长叫什么?", Kind.PERSON),
        ("馆名叫什么?", Kind.WORDS),
        ("Who leads it?", Kind.PERSON),
        ("How do readers learn when the library opens?", Kind.HOW),
        ("What was built when the library moved?", Kind.WORDS),
        ("怎样才能知道有没有这本书?", Kind.HOW),
        ("馆长今年怎么不来了?", Kind.WHY),
        ("馆里有没有几乎没人借的书?", Kind.YES_NO),
        ("几方是怎么凑钱的?", Kind.HOW),
        ("办过几期读书班?", Kind.NUMBER),
        ("馆里一般星期几盘点?", Kind.DATE),
        ("Which library ranks first?", Kind.WORDS),
        ("Which new libraries have opened?", Kind.LIST),
        ("Which village Party secretary spoke?", Kind.PERSON),
        ("What did the man say?", Kind.WORDS),
        ("What was the reason for the move?", Kind.WHY),
        ("为提高借阅比例,采取了哪些措施?", Kind.LIST),
        ("许多大学生为什么来借书?", Kind.WHY),
        ("这几年有没有新建图书馆?", Kind.YES_NO),
        ("任何人都可以借书吗?", Kind.YES_NO),
        ("你知道馆长是谁吗?", Kind.PERSON),
        ("When it rained, how many readers came?", Kind.NUMBER),
        ("Could you tell me when it opens?", Kind.DATE),
        ("不管怎样,什么时候复馆?", Kind.DATE),
        ("馆长why辞职?", Kind.WHY),
        ("為什麼閉館?", Kind.WHY),
        ("What books can a farmer borrow?", Kind.WORDS),
        ("How wide is the hall?", Kind.NUMBER),
        ("哪两家图书馆合并?", Kind.LIST),
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
        ("东村和西村2020年各收了多少粮?", ("东村2020年各收了多少粮?", "西村2020年各收了多少粮?")),
        ("谁和谁开的会?", ("谁和谁开的会?",)),
        ("村干部和群众在各项工作中怎么配合?", ("村干部和群众在各项工作中怎么配合?",)),
        ("参与治理的各单位有多少?", ("参与治理的各单位有多少?",)),
        ("和谐小区各有多少户?", ("和谐小区各有多少户?",)),
        ("Where and when was it held?", ("Where and when was it held?",)),
        ("要想知道谁中标,上哪里查?", ("要想知道谁中标,上哪里查?",)),
        ("Who planted the trees and the flowers?", ("Who planted the trees and the flowers?",)),
    ],
)
def test_two_questions_in_one_are_split(text: str, parts: tuple[str, ...]) -> None:
    assert split_parts(text) == parts


def talk(*turns: str) -> list[Turn]:
    """A conversation that the user begins."""
    roles = ("user", "assistant")
    return [{"role": roles[i % 2], "content": text} for i, text in enumerate(turns)]


HISTORY = talk("图书馆2018年买了多少本书?", "300本")


def test_a_follow_up_takes_the_matter_from_the_question_before_it() -> None:
    asked = understand("那读者呢?", HISTORY)
    assert asked.text == "图书馆2018年买了多少本书 那读者呢?"
    assert (asked.asked, asked.told) == ("那读者呢?", "300本")
    assert asked.parts[0] == Part("读者 买了多少本书?", Kind.NUMBER)


@pytest.mark.parametrize(
    ("question", "before", "part"),
    [
        ("那东馆的呢?", "县图书馆里,一共有多少册书?", "东馆的 一共有多少册书?"),
        ("东馆呢?", "哪个馆藏书最多?", "哪个馆藏书最多 东馆呢?"),
        ("那青禾区呢?", "武侯区有几家图书馆?", "青禾区 有几家图书馆?"),
        ("那周日呢?", "图书馆周一开门吗?", "周日 图书馆开门吗?"),
        ("那东馆今年呢?", "西馆去年买书多少册?", "东馆今年 买书多少册?"),
        ("那呢?", "一共有多少册书?", "一共有多少册书 那呢?"),
        ("What about the hall?", "In May, how many came?", "the hall how many came?"),
        ("What about the east wing?", "How many books are there?", "How many books are there What "
         "about the east wing?"),
    ],
)  # fmt: skip
def test_an_ellipsis_is_read_with_what_was_asked_before(
    question: str, before: str, part: str
) -> None:
    assert understand(question, talk(before, "三百")).parts[0].text == part


def test_another_year_takes_the_years_place_however_often() -> None:
    assert understand("那2019年呢?", HISTORY).text == "图书馆2019年买了多少本书?"
    longer = [*HISTORY, *talk("那2019年呢?", "310本")]
    asked = understand("那2020年呢?", longer)
    assert asked.text == "图书馆2020年买了多少本书?"
    assert asked.parts[0].kind is Kind.NUMBER


def test_an_english_follow_up_does_too() -> None:
    asked = understand("And how many books do they lend?", talk("Who runs it?", "The county."))
    assert asked.text == "Who runs it And how many books do they The county lend?"
    assert asked.parts[0].text == "And how many books do they The county lend?"


@pytest.mark.parametrize(
    ("question", "reply", "beside"),
    [
        ("它获了什么奖?", "叫《读书三问》。", "它 《读书三问》 获了什么奖?"),
        ("它获了什么奖?", "向阳图书馆", "它 向阳图书馆 获了什么奖?"),
        (
            "When was it built?",
            "It is the Sunny Library (向阳图书馆).",
            "When was it 向阳图书馆 built?",
        ),
        ("它获了什么奖?", "《读书三问》和《读书四问》", "它获了什么奖?"),  # which of the two?
        ("他们买了多少本?", "300本", "他们买了多少本?"),
        ("图书馆几点关门?", "向阳图书馆", "图书馆几点关门?"),
        ("它获了什么奖?", REFUSAL["zh"], "它获了什么奖?"),
    ],
)
def test_the_name_in_the_reply_stands_beside_the_pronoun(
    question: str, reply: str, beside: str
) -> None:
    asked = understand(question, talk("哪个图书馆?", reply))
    assert " ".join(asked.parts[0].text.split()) == beside


def test_a_long_question_before_does_not_crowd_out_the_follow_up() -> None:
    asked = understand("那2019年办了几场?", talk("图书馆" * 100 + "办了几场?", "三场"))
    assert asked.text.endswith("那2019年办了几场?")
    assert len(asked.text) < 100


def test_a_new_question_takes_nothing_from_before() -> None:
    asked = understand("新公园在哪里开工?", HISTORY)
    assert (asked.text, asked.told) == ("新公园在哪里开工?", "")


@pytest.mark.parametrize("empty", ["", "  \n\t ", "\x00\x01", "\u202e"])
def test_an_empty_question_is_refused(empty: str) -> None:
    with pytest.raises(QuestionError, match="empty"):
        understand(empty)


@pytest.mark.parametrize("question", [7, None, b"?"])
def test_what_is_no_text_is_refused_by_its_type(question: Any) -> None:
    with pytest.raises(QuestionError, match=f"not {type(question).__name__}"):
        understand(question)


@pytest.mark.parametrize("history", [["hello"], [{"role": "user", "content": [{"text": "a"}]}]])
def test_what_is_no_conversation_is_refused(history: Any) -> None:
    with pytest.raises(QuestionError, match="role and content"):
        understand("谁?", history)


def test_an_enormous_question_is_cut_and_a_broken_one_mended() -> None:
    assert len(understand("问" * 100_000, max_chars=500).asked) == 500
    assert understand("图书馆\ud800在\x00哪?").asked == "图书馆?在 哪?"
