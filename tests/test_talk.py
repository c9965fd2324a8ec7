"""A conversation without its page: what is kept, what the Chatbot sees, what others may send."""

from __future__ import annotations

import threading

import pytest

from embeddings.errors import QuestionError
from tests.fragments import visible
from tests.standin import StandIn
from ui.exchange import Exchange
from ui.talk import Desk, Talk, converse, history_of, plain, turns_of


def say(bot: StandIn, *questions: str) -> Talk:
    """The conversation after these questions."""
    talk, desk = Talk(), Desk(bot)  # type: ignore[arg-type]
    for question in questions:
        list(converse(desk, question, talk))
    return talk


def test_history_holds_plain_text_without_refusals_and_failures():
    exchanges = (
        Exchange("甲?", "<p>a</p>", "乙"),
        Exchange("fail?", "<p>b</p>", failed=True),
        Exchange("谁?", "<p>refused</p>"),
        Exchange("丙?", "<p>c</p>", "丁"),
    )
    assert history_of(exchanges) == [
        {"role": "user", "content": "甲?"},
        {"role": "assistant", "content": "乙"},
        {"role": "user", "content": "谁?"},
        {"role": "user", "content": "丙?"},
        {"role": "assistant", "content": "丁"},
    ]


def test_follow_up_reaches_the_bot_with_its_history():
    bot = StandIn()
    say(bot, "图书馆藏书多少?", "每天开放多久?")
    assert bot.asked[1] == (
        "每天开放多久?",
        [
            {"role": "user", "content": "图书馆藏书多少?"},
            {"role": "assistant", "content": "3万册"},
        ],
    )


def test_refused_question_is_context_but_the_refusal_no_fact():
    bot = StandIn()
    talk = say(bot, "who grows tea?", "and where does he live?")
    assert talk.exchanges[0].text is None
    assert bot.asked[1] == (
        "and where does he live?",
        [{"role": "user", "content": "who grows tea?"}],
    )


def test_failed_question_is_not_asked_again_as_context():
    bot = StandIn()
    say(bot, "fail", "每天开放多久?")
    assert bot.asked[1] == ("每天开放多久?", [])


@pytest.mark.parametrize(
    ("question", "shown"),
    [("fail", "RuntimeError: reader &lt;broke&gt;")],
)
def test_errors_become_text_in_the_chat(question, shown):
    exchange = say(StandIn(), question).exchanges[0]
    assert shown in exchange.html and "Traceback" not in exchange.html
    assert (exchange.text, exchange.failed) == (None, True)


def test_blank_question_shows_nothing():
    talk = Talk()
    assert list(converse(Desk(StandIn()), " \n\x00", talk)) == []  # type: ignore[arg-type]
    assert talk.exchanges == []


def test_reply_to_a_closed_conversation_is_not_shown():
    bot, talk = StandIn(), Talk()
    steps = converse(Desk(bot), "图书馆藏书多少?", talk)  # type: ignore[arg-type]
    assert "Searching" in next(steps)[0].html
    talk.closed = True
    assert list(steps) == []
    assert bot.asked == []  # nobody waits for it any more


def test_second_question_is_not_taken_while_one_is_pending():
    bot, talk = StandIn(), Talk()
    desk = Desk(bot)  # type: ignore[arg-type]
    first, second = converse(desk, "甲?", talk), converse(desk, "乙?", talk)
    assert [e.question for e in next(first)] == ["甲?"]
    assert list(second) == []
    assert "找到 1 段" in next(first)[0].html
    assert [(e.question, e.text) for e in next(first)] == [("甲?", "3万册")]
    assert list(converse(desk, "乙?", talk))[-1][0].question == "甲?"
    assert [(e.question, e.text) for e in talk.exchanges] == [("甲?", "3万册"), ("乙?", "3万册")]


def test_visitor_who_leaves_while_waiting_may_ask_again():
    bot, talk = StandIn(), Talk()
    steps = converse(Desk(bot), "甲?", talk)  # type: ignore[arg-type]
    next(steps)
    steps.close()  # type: ignore[attr-defined]
    assert (talk.waiting, talk.exchanges) == (None, [])


def test_answers_are_given_one_at_a_time():
    bot = StandIn()
    desk = Desk(bot)  # type: ignore[arg-type]
    talks = [Talk() for _ in range(4)]
    threads = [
        threading.Thread(target=lambda talk=talk: list(converse(desk, "slow?", talk)))
        for talk in talks
    ]
    for thread in threads:
        thread.start()
    while not bot.asked:
        pass
    bot.gate.set()
    for thread in threads:
        thread.join(30)
    assert bot.most_at_once == 1
    assert [talk.exchanges[0].text for talk in talks] == ["3万册"] * 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("半\ud800个", "半\ufffd个"),
        ("\udc00", "\ufffd"),
        ("\ud83d\ude00", "😀"),
        ("a\x00b\x1bc\x85d", "a b c d"),
        ("a\tb\nc", "a\tb\nc"),
        ("\ufeff\u202eabc", "\ufeff\u202eabc"),
    ],
)
def test_text_that_cannot_be_encoded_is_mended(text, expected):
    assert plain(text) == expected
    assert plain(text).encode("utf-8")


def test_history_in_parts_is_taken_as_text():
    assert turns_of(
        [
            {"role": "system", "content": "be brief"},
            {"role": "user", "content": [{"type": "text", "text": "甲\ud800?"}]},
            {"role": "assistant", "content": None},
            {"role": "assistant", "content": ["乙", {"text": "丙"}], "metadata": None},
        ]
    ) == [
        {"role": "user", "content": "甲\ufffd?"},
        {"role": "assistant", "content": "乙\n丙"},
    ]
    assert turns_of(None) == []


@pytest.mark.parametrize(
    ("history", "message"),
    [
        ("甲?", "history is a list of turns, not str"),
        ({"role": "user", "content": "甲?"}, "history is a list of turns, not dict"),
        ([{"role": "user", "content": "甲?"}, "乙"], r"history\[1\] is no turn"),
        ([["甲?", "乙"]], r"history\[0\] is no turn"),
        ([{"content": "甲?"}], r"history\[0\] is no turn"),
        ([{"role": "user", "content": 7}], r"content of history\[0\] is no text"),
        ([{"role": "user", "content": [{"type": "image"}]}], r"history\[0\] is no text"),
    ],
)
def test_history_of_another_form_is_named(history, message):
    with pytest.raises(QuestionError, match=message):
        turns_of(history)


def test_stopped_question_stands_there_and_its_reply_is_dropped():
    bot, talk = StandIn(), Talk()
    desk = Desk(bot)  # type: ignore[arg-type]
    steps = converse(desk, "甲?", talk)
    next(steps)
    desk.stop(talk)
    assert list(steps) == [] and bot.asked == []
    assert [(e.question, e.text, e.failed) for e in talk.exchanges] == [("甲?", None, True)]
    assert "已停止" in talk.exchanges[0].html
    list(converse(desk, "乙?", talk))
    assert bot.asked == [("乙?", [])]
    desk.stop(talk)  # nothing is waited for
    assert [e.question for e in talk.exchanges] == ["甲?", "乙?"]


@pytest.mark.parametrize(
    ("first", "then", "understood"),
    [
        ("图书馆藏书多少?", "那几点开门?", "理解为: <q>图书馆藏书多少 那几点开门?</q>"),
        (
            "How many books are there?",
            "and when does it open?",
            "Understood as: <q>How many books are there and when does it open?</q>",
        ),
    ],
)
def test_follow_up_is_shown_as_it_was_understood(first, then, understood):
    talk, desk = Talk(), Desk(StandIn())  # type: ignore[arg-type]
    list(converse(desk, first, talk))
    list(converse(desk, then, talk))
    assert "wj-understood" not in talk.exchanges[0].html
    words = understood.split(": ")[1]
    assert words in talk.exchanges[1].html
    list(converse(desk, then, talk, alone=True))
    assert "wj-understood" not in talk.exchanges[2].html
    assert desk.bot.asked[2] == (then, [])  # type: ignore[attr-defined]


def test_refusal_shows_what_was_sought_and_the_nearest_passage():
    html = say(StandIn(), "is there tea?").exchanges[0].html
    assert "Looked for<ul><li><bdi>tea</bdi></li></ul>" in html
    assert "Perhaps of use" in html and "昨天,图书馆在河边开馆" in visible(html)
    assert '<span class="wj-number">?</span>' in html and "<sup>" not in html
