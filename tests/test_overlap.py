"""What a question and a passage share, character by character, within and across the languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.overlap import MARKS, RENDERED, SAME, marks

_SHOWN = {SAME: "=", RENDERED: "~"}


def drawn(text: str, found: list[int]) -> str:
    """Each character, or the sign of its mark in its place."""
    assert len(found) == len(text)
    return "".join(_SHOWN.get(mark, c) for c, mark in zip(text, found, strict=True))


@pytest.mark.parametrize(
    ("question", "passage", "asked", "read"),
    [
        ("投诉多少件?", "热线投诉700件", "==多少件?", "热线==700件"),
        ("減少多少?", "减少700件", "==多少?", "==700件"),
        ("2100个?", "共2100余个", "====个?", "共====余个"),
        ("Were LED lamps lit?", "LED外露灯", "Were === lamps lit?", "===外露灯"),
        ("how many complaints?", "投诉减少", "how many ~~~~~~~~~~?", "~~减少"),
        ("What did Yuan Ling say?", "委员袁灵", "What did Yuan Ling say?", "委员~~"),
        ("Is it Mingshui?", "明水街道", "Is it ~~~~~~~~?", "~~街道"),
        ("Mingxing company", "明星公司", "~~~~~~~~ ~~~~~~~", "~~~~"),
        ("the complaints", "Complaints fell", "the ==========", "========== fell"),
        ("投诉?", "complaints", "投诉?", "complaints"),
        ("", "投诉", "", "投诉"),
    ],
)
def test_marks(question: str, passage: str, asked: str, read: str) -> None:
    ours, theirs = marks(question, passage)
    assert (drawn(question, ours), drawn(passage, theirs)) == (asked, read)


@given(st.text(max_size=40), st.text(max_size=80))
def test_each_character_has_a_mark(question: str, passage: str) -> None:
    ours, theirs = marks(question, passage)
    assert (len(ours), len(theirs)) == (len(question), len(passage))
    assert set(ours + theirs) <= set(range(MARKS))
