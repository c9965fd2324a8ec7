"""HTML of answers: everything escaped, the evidence marked where it stands."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import Citation
from tests.standin import QUOTE, TEXT, TITLE, an_answer, citation
from ui import render

HOSTILE = '<script>alert(1)</script><img src=x onerror="x()">\n\n# & \'"`$x$'


def visible(fragment: str) -> str:
    """Text that a reader sees in a fragment of HTML."""
    return html.unescape(re.sub(r"<[^>]*>", "", fragment.replace("<br>", "\n")))


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
    assert render.marked("abcdef", [(10, 16)], spans) == expected


def test_marked_joins_across_a_cut_in_the_file():
    # the passage stands in two places of the file; the evidence runs over the cut
    assert render.marked("甲乙丙丁", [(3, 5), (9, 11)], [(4, 5), (9, 10)]) == (
        "甲<mark>乙丙</mark>丁"
    )


def test_marked_escapes_inside_and_outside_of_evidence():
    assert render.marked("<a>&<b>", [(0, 7)], [(3, 5)]) == ("&lt;a&gt;<mark>&amp;&lt;</mark>b&gt;")


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
    fragment = render.marked(passage, passage_spans, spans, also)
    assert visible(fragment) == passage
    assert kinds(fragment) == slow_marked(passage, passage_spans, spans, also)


def test_answer_shows_text_headline_file_and_marked_passage():
    page = render.answer_html(an_answer(citations=(citation(passage=TEXT[16:50]),)))
    assert "<bdi>3万册</bdi>&NoBreak;<sup>1</sup>" in page
    assert f"<mark>{QUOTE}</mark>" in page
    assert html.escape(TITLE) in page
    assert "page_1.txt" in page
    assert "很有把握" in page and "0.25 秒" in page
    assert 'class="wj-turn wj-answered"' in page


def test_nothing_hostile_survives():
    bad = Citation(
        source=HOSTILE,
        title=HOSTILE,
        quote=HOSTILE,
        spans=((0, 10),),
        score=0.5,
        passage=HOSTILE,
        passage_spans=((0, len(HOSTILE)),),
    )
    for page in (
        render.answer_html(an_answer(HOSTILE, citations=(bad,))),
        render.answer_html(an_answer(HOSTILE, refused=True, citations=(bad,))),
        render.question_html(HOSTILE),
        render.error_html(HOSTILE),
    ):
        assert "<script" not in page and "<img" not in page and 'onerror="' not in page
        assert "\n" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_right_to_left_text_does_not_turn_the_number_after_it():
    page = render.answer_html(an_answer("\u202eabc"))
    assert "<bdi>\u202eabc</bdi>&NoBreak;<sup>1</sup>" in page


def test_refusal_is_distinct_and_claims_no_source():
    page = render.answer_html(an_answer("没有提到。", refused=True, citations=()))
    assert 'class="wj-turn wj-refused"' in page
    assert "未作答" in page and "把握" not in page
    assert "<sup>" not in page and "<ol" not in page


def test_answer_without_citations_has_no_list():
    assert "<ol" not in render.answer_html(an_answer(citations=()))


@pytest.mark.parametrize(
    ("confidence", "zh", "en"),
    [
        (1.0, "很有把握", "confident"),
        (0.85, "很有把握", "confident"),
        (0.7, "比较有把握", "fairly confident"),
        (0.1, "把握不大\uff0c请核对原文", "unsure: check the text"),
        (0.0, "把握不大\uff0c请核对原文", "unsure: check the text"),
    ],
)
def test_confidence_in_words(confidence, zh, en):
    assert render.confidence_words(confidence, "zh") == zh
    assert render.confidence_words(confidence, "en") == en


def test_full_dots_follow_the_words():
    def dots(confidence):
        return render.answer_html(an_answer(confidence=confidence)).count("wj-on")

    assert (dots(0.95), dots(0.7), dots(0.5)) == (3, 2, 1)


def test_evidence_outside_the_passage_is_shown_by_itself():
    elsewhere = Citation("a.txt", "", "乙", ((90, 91),), 0.5, "甲", ((0, 1),))
    page = render.answer_html(an_answer(citations=(elsewhere,)))
    assert "<mark>乙</mark>" in page
    assert 'class="wj-title" lang="en">a.txt<' in page  # no headline: the file's name


def test_citations_of_one_passage_share_a_card():
    page = render.answer_html(an_answer(citations=(citation(), citation("每天开放12小时"))))
    assert page.count("<li") == 1
    assert '<span class="wj-number">1 2</span>' in page
    assert f'<mark>{QUOTE}</mark>,<mark class="wj-also">每天开放12小时</mark>' in page


def test_later_cards_are_folded():
    passages = [TEXT[:end] for end in (40, 45, 50, 55)]
    page = render.answer_html(an_answer(citations=tuple(citation(passage=p) for p in passages)))
    assert page.count("<details open>") == 2 and page.count("<details>") == 2
    assert re.findall(r'wj-number">([^<]*)<', page) == ["1", "2", "3", "4"]


def test_long_answers_are_set_smaller():
    assert 'class="wj-text"' in render.answer_html(an_answer("字" * 24))
    assert 'class="wj-text wj-long"' in render.answer_html(an_answer("字" * 25))


def test_time_is_the_sum_of_the_stages():
    timings = {"retrieve": 0.1, "read": 0.25}
    assert "0.35 s<" in render.answer_html(an_answer(timings=timings, language="en"))
    assert "0.35 秒<" in render.answer_html(an_answer(timings=timings))


def test_enormous_question_is_shown_shortened():
    shown = visible(render.question_html("问" * 10_000))
    assert shown == "问" * 600 + " …"


@pytest.mark.parametrize(
    ("text", "lang"),
    [("图书馆", "zh-CN"), ("the 图书馆", "zh-CN"), ("the library", "en"), ("3 %", "en")],
)
def test_text_is_marked_with_its_language(text, lang):
    page = render.answer_html(an_answer(text, citations=()))
    assert f'<div class="wj-answer" lang="{lang}">' in page
