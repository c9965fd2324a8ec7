"""Places of a file marked in a passage cut out of it: nothing lost, nothing unescaped."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fragments import HOSTILE, visible
from ui.markup import escaped, lang_of, marked


def slow_marked(passage, passage_spans, spans, also) -> list[str]:
    """Oracle: the kind of mark on each character, painted over the file place by place."""
    file = ["" for _ in range(50)]
    for kind, painted in (("also", also), ("mark", spans)):
        for start, end in painted:
            file[start:end] = [kind] * (end - start)
    return [kind for start, end in passage_spans for kind in file[start:end]]


def kinds(fragment: str) -> list[str]:
    """The kind of mark that each visible character of a fragment lies in."""
    out: list[str] = []
    kind = ""
    for piece in re.split(r"(</?mark[^>]*>)", fragment):
        if piece.startswith(("<mark", "</mark")):
            kind = {"<mark>": "mark", "</mark>": ""}.get(piece, "also")
        else:
            out += [kind] * len(html.unescape(piece))
    return out


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([(12, 14)], "ab<mark>cd</mark>ef"),
        ([(10, 16)], "<mark>abcdef</mark>"),
        ([(0, 12), (15, 99)], "<mark>ab</mark>cde<mark>f</mark>"),
        ([(11, 13), (12, 14)], "a<mark>bcd</mark>ef"),
        ([(16, 20)], "abcdef"),
        ([], "abcdef"),
    ],
)
def test_marked_values(spans, expected):
    assert marked("abcdef", [(10, 16)], spans) == expected


def test_marked_joins_across_a_cut_in_the_file():
    # the passage stands in two places of the file; the evidence runs over the cut
    assert marked("甲乙丙丁", [(3, 5), (9, 11)], [(4, 5), (9, 10)]) == ("甲<mark>乙丙</mark>丁")


def test_marked_escapes_inside_and_outside_of_evidence():
    assert marked("<a>&<b>", [(0, 7)], [(3, 5)]) == ("&lt;a&gt;<mark>&amp;&lt;</mark>b&gt;")


@given(st.data())
def test_marked_agrees_with_the_oracle(data):
    cuts = sorted(data.draw(st.sets(st.integers(0, 40), min_size=2, max_size=6)))
    if len(cuts) % 2:
        cuts.pop()
    passage_spans = list(zip(cuts[::2], cuts[1::2], strict=True))
    size = sum(end - start for start, end in passage_spans)
    passage = data.draw(st.text("甲乙ab<>&\"'", min_size=size, max_size=size))
    ends = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(sorted).map(tuple)
    spans = data.draw(st.lists(ends, max_size=4))
    also = data.draw(st.lists(ends, max_size=3))
    fragment = marked(passage, passage_spans, spans, also)
    assert visible(fragment) == passage
    assert kinds(fragment) == slow_marked(passage, passage_spans, spans, also)


def test_line_ends_become_breaks_and_nothing_hostile_stays():
    assert escaped("甲\r\n\n 乙") == "甲<br>乙"
    assert "<s" not in escaped(HOSTILE) and '"' not in escaped(HOSTILE)
    assert visible(escaped("a<b>&'\"")) == "a<b>&'\""


@pytest.mark.parametrize(
    ("text", "lang"),
    [("图书馆", "zh-CN"), ("the 图书馆", "zh-CN"), ("the library", "en"), ("3 %", "en")],
)
def test_language_of_a_text(text, lang):
    assert lang_of(text) == lang


@pytest.mark.parametrize(
    ("passage", "spans", "said", "expected"),
    [
        ("共5名。藏书5名", [(4, 8)], "5名", "共5名。<mark>藏书<b>5名</b></mark>"),
        ("it has 5 <i>", [(3, 12)], "5 <i", "it <mark>has <b>5 &lt;i</b>&gt;</mark>"),
        ("75个,有5个", [(0, 8)], "5个", "<mark>75个,有<b>5个</b></mark>"),
        ("it has 5", [(3, 7)], "5", "it <mark>has </mark>5"),
        ("甲乙丙", [(0, 2)], "", "<mark>甲乙</mark>丙"),
    ],
)
def test_answer_is_set_apart_inside_its_evidence(passage, spans, said, expected):
    assert marked(passage, [(0, len(passage))], spans, (), said) == expected
