"""What the browser keeps of a conversation comes back as it was, and nothing damaged does."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.fragments import HOSTILE
from tests.standin import FILE, QUOTE, StandIn
from ui.export import markdown, text
from ui.kept import VERSION, latest, restored, whole
from ui.talk import Desk, Talk, converse


def conversation(desk: Desk, *questions: str) -> tuple[Talk, dict[str, Any]]:
    """The conversation after these questions, and what a browser has of it by then."""
    talk = Talk()
    kept: list[Any] = []
    for question in questions:
        list(converse(desk, question, talk))
        kept.append(latest(talk))
    assert {each["version"] for each in kept} == {VERSION}
    sent = [each["exchange"] for each in kept]
    page = {"version": VERSION, "key": kept[0]["talk"], "exchanges": sent}
    return talk, json.loads(json.dumps(page))


@pytest.fixture
def desk() -> Desk:
    return Desk(StandIn())  # type: ignore[arg-type]


def test_conversation_comes_back_as_it_was(desk):
    talk, sent = conversation(desk, "图书馆藏书多少?", "is there tea?", "fail", "那几点开门?")
    desk.take(talk, "slow?")
    desk.stop(talk)
    sent["exchanges"].append(json.loads(json.dumps(latest(talk)["exchange"])))
    back = restored(sent, desk)
    assert back is not None
    assert back.exchanges == talk.exchanges
    assert (back.key, back.waiting, back.closed) == (talk.key, None, False)


def test_why_is_offered_only_while_it_is_known(desk):
    talk, sent = conversation(desk, "图书馆藏书多少?")
    assert "wj-why" in talk.exchanges[0].html
    later = restored(sent, Desk(StandIn()))  # type: ignore[arg-type]
    assert later is not None and "wj-why" not in later.exchanges[0].html


def test_conversations_have_names_of_their_own(desk):
    assert len({conversation(desk, "?")[0].key for _ in range(20)}) == 20


def changed(sent: dict[str, Any], *path: Any, to: Any) -> dict[str, Any]:
    copy = json.loads(json.dumps(sent))
    at = copy
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = to
    return copy


CITED = ("exchanges", 0, "reply", "answer", "citations", 0)


@pytest.mark.parametrize(
    ("path", "to"),
    [
        (("version",), 0),
        (("version",), VERSION + 1),
        (("key",), None),
        (("key",), "k" * 41),
        (("exchanges",), {"0": "?"}),
        (("exchanges", 0), None),
        (("exchanges", 0, "question"), 7),
        (("exchanges", 0, "question"), "\ud800"),
        (("exchanges", 0, "reply", "answer", "language"), "fr"),
        (("exchanges", 0, "reply", "answer", "confidence"), "high"),
        ((*CITED, "passage"), "shorter"),
        ((*CITED, "passage_spans"), [[0, 10**12]]),
        ((*CITED, "passage_spans"), [[9, 0]]),
        ((*CITED, "spans"), [[1, 2, 3]]),
        ((*CITED, "spans"), [[0, 10**12]]),
    ],
)
def test_damaged_is_dropped_without_an_error(desk, path, to):
    _, sent = conversation(desk, "图书馆藏书多少?")
    assert restored(sent, desk) is not None
    assert restored(changed(sent, *path, to=to), desk) is None


@pytest.mark.parametrize("sent", [None, 7, "", [], {}, {"version": VERSION, "exchanges": [[]]}])
def test_anything_else_is_no_conversation(desk, sent):
    assert restored(sent, desk) is None


def test_what_fits_of_a_damaged_conversation_is_kept(desk):
    _, sent = conversation(desk, "甲?", "乙?")
    back = restored(changed(sent, "exchanges", 0, "reply", to=[]), desk)
    assert back is not None and [e.question for e in back.exchanges] == ["乙?"]


def test_nothing_hostile_comes_back(desk):
    _, sent = conversation(desk, "图书馆藏书多少?")
    for path in (
        ("exchanges", 0, "question"),
        ("exchanges", 0, "reply", "trace"),
        ("exchanges", 0, "reply", "answer", "text"),
        (*CITED, "source"),
        (*CITED, "title"),
    ):
        sent = changed(sent, *path, to=HOSTILE)
    back = restored(sent, desk)
    assert back is not None
    assert "<script" not in back.exchanges[0].html and "<img" not in back.exchanges[0].html


def test_export_numbers_the_citations_and_quotes_the_evidence(desk):
    _, sent = conversation(desk, "图书馆藏书多少?", "is there tea?", "fail")
    told = markdown("我的对话", list(whole(sent["exchanges"])), "en")
    start = sent["exchanges"][0]["reply"]["answer"]["citations"][0]["spans"][0][0]
    assert told.startswith("# 我的对话\n\nA conversation with Wenju, exported ")
    assert "## 1\\. 图书馆藏书多少?\n\n**3万册** \\[1\\]\n\nconfident (0.90)\n\n" in told
    place = f"{text(FILE)}, characters {start}–{start + len(QUOTE)}"
    assert f"1. **河边新开\\<b\\>图书馆\\</b\\>** — {place}\n\n   > {QUOTE}\n" in told
    assert "No answer\n\nPerhaps of use:\n\n- **" in told
    assert "RuntimeError\\: reader \\<broke\\>" in told


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("# not a heading", "\\# not a heading"),
        ("1. no list", "1\\. no list"),
        ("a\n\n- b\n===", "a \\- b \\=\\=\\="),
        ("[x](javascript:alert(1))", "\\[x\\]\\(javascript\\:alert\\(1\\)\\)"),
        ("<script>&lt;", "\\<script\\>\\&lt;"),
        ("`$x$` **b** \\*", "\\`\\$x\\$\\` \\*\\*b\\*\\* \\\\\\*"),
        ("https://a.example", "https\\://a\\.example"),
        ("\u202eabc\u2066", "abc"),
    ],
)
def test_exported_text_is_text(words, shown):
    assert text(words) == shown
