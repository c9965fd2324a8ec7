"""HTML of answers: everything escaped, the evidence marked where it stands."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace

import pytest

from rag import Answer, Citation
from tests.fragments import HOSTILE, visible
from tests.standin import QUOTE, TEXT, TITLE, an_answer, citation
from ui import render

SURE = 0.8


def reply(answer: Answer) -> str:
    return render.answer_html(answer, SURE)


def test_answer_shows_text_headline_file_and_marked_passage():
    page = reply(an_answer(citations=(citation(passage=TEXT[16:50], article=None),)))
    assert "<bdi>3万册</bdi>&NoBreak;<sup>1</sup>" in page
    assert "<mark>藏书<b>3万册</b></mark>" in page
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
        article=0,
        join_confidence=0.1,
    )
    for page in (
        reply(an_answer(HOSTILE, citations=(bad,))),
        reply(an_answer(HOSTILE, refused=True, citations=(bad,))),
        render.question_html(HOSTILE),
        render.error_html(HOSTILE),
    ):
        assert "<script" not in page and "<img" not in page and 'onerror="' not in page
        assert "\n" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_right_to_left_text_does_not_turn_the_number_after_it():
    page = reply(an_answer("\u202eabc", citations=(citation(article=None),)))
    assert "<bdi>\u202eabc</bdi>&NoBreak;<sup>1</sup>" in page


def test_refusal_is_distinct_and_claims_no_source():
    page = reply(an_answer("没有提到。", refused=True, citations=()))
    assert 'class="wj-turn wj-refused"' in page
    assert "未作答" in page and "把握" not in page
    assert "<sup>" not in page and "<ol" not in page


def test_answer_without_citations_has_no_list():
    assert "<ol" not in reply(an_answer(citations=()))


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
        return reply(an_answer(confidence=confidence)).count("wj-on")

    assert (dots(0.95), dots(0.7), dots(0.5)) == (3, 2, 1)


def test_evidence_outside_the_passage_is_shown_by_itself():
    elsewhere = Citation("a.txt", "", "乙", ((90, 91),), 0.5, "甲", ((0, 1),))
    page = reply(an_answer(citations=(elsewhere,)))
    assert "<mark>乙</mark>" in page
    assert 'class="wj-title" lang="en">a.txt<' in page  # no headline: the file's name


def test_citations_of_one_passage_share_a_card():
    page = reply(an_answer(citations=(citation(), citation("每天开放12小时"))))
    assert page.count("<li") == 1
    assert '<span class="wj-number">1 2</span>' in page
    assert '<mark>藏书<b>3万册</b></mark>,<mark class="wj-also">每天开放12小时</mark>' in page


def test_later_cards_are_folded():
    passages = [TEXT[:end] for end in (40, 45, 50, 55)]
    page = reply(an_answer(citations=tuple(citation(passage=p) for p in passages)))
    assert page.count("<details open>") == 2 and page.count("<details>") == 2
    assert re.findall(r'wj-number">([^<]*)<', page) == ["1", "2", "3", "4"]


def test_long_answers_are_set_smaller():
    assert 'class="wj-text"' in reply(an_answer("字" * 24))
    assert 'class="wj-text wj-long"' in reply(an_answer("字" * 25))


def test_time_is_the_sum_of_the_stages():
    timings = {"retrieve": 0.1, "read": 0.25}
    assert "0.35 s<" in reply(an_answer(timings=timings, language="en"))
    assert "0.35 秒<" in reply(an_answer(timings=timings))


def test_enormous_question_is_shown_shortened():
    shown = visible(render.question_html("问" * 10_000))
    assert shown == "问" * 600 + " …"


@pytest.mark.parametrize(
    ("text", "lang"),
    [("图书馆", "zh-CN"), ("the 图书馆", "zh-CN"), ("the library", "en"), ("3 %", "en")],
)
def test_text_is_marked_with_its_language(text, lang):
    page = reply(an_answer(text, citations=()))
    assert f'<div class="wj-answer" lang="{lang}">' in page


def places(page: str) -> list[dict]:
    """What the page sends back on a click: on a number, then on a card's passage and words."""
    return [json.loads(html.unescape(sent)) for sent in re.findall(r'data-cited="([^"]*)"', page)]


def test_citation_leads_to_its_article_and_evidence():
    one, two = citation(), citation("每天开放12小时")
    at, then = TEXT.index(QUOTE), TEXT.index("每天")
    first = {"article": 0, "spans": [[at, at + 5]], "also": [], "language": "zh"}
    first["generation"] = ""
    second = {**first, "spans": [[then, then + 8]]}
    card = {**first, "also": second["spans"]}
    page = reply(an_answer(citations=(one, two)))
    assert places(page) == [first, second, card, card]
    assert '<blockquote lang="zh-CN" class="wj-opens" data-cited=' in page
    assert ">读全文</button>" in page
    english = reply(an_answer(citations=(one,), language="en"))
    assert ">Read the whole article</button>" in english
    assert [place["language"] for place in places(english)] == ["en"] * 3


def test_citation_of_a_given_passage_leads_nowhere():
    page = reply(an_answer(citations=(citation(article=None),)))
    assert places(page) == []
    assert "wj-opens" not in page and "wj-link" not in page


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", "原文在此处断栏\uff0c接续由程序判断\uff08把握62%\uff09\uff0c请核对"),
        (
            "en",
            "The sentence was broken by a column end and rejoined by the program (62 % sure): "
            "check the page",
        ),
    ],
)
def test_unsure_join_is_told_beside_the_citation(language, words):
    def notes(*sure):
        cited = tuple(citation(join_confidence=confidence) for confidence in sure)
        page = reply(an_answer(citations=cited, language=language))
        return [visible(note) for note in re.findall(r'<p class="wj-doubt".*?</p>', page)]

    assert notes(0.62) == [words]
    assert notes(0.9, 0.62) == [words]  # of one card: the least sure
    assert notes(0.8) == notes(None) == []


def test_english_question_gets_english_forms_beside_the_printed_words():
    asked = an_answer("6月10日降至700余件", language="en")
    page = reply(asked)
    assert re.findall(r"<dt[^>]*>(.*?)</dt><dd>(.*?)</dd>", page) == [
        ("6月10日", "10 June"),
        ("700余", "more than 700"),
    ]
    assert "6月10日降至700余件" in page  # the words as printed
    named = reply(an_answer("河口区", language="en"))
    assert "<dd>Hekou District</dd>" in named
    assert "wj-english" not in reply(replace(asked, language="zh"))
    assert "wj-english" not in reply(an_answer("Rivers", language="en"))


def test_answer_is_copied_and_judged_where_it_is_still_known():
    answer = an_answer('3"万\n册')
    page = render.answer_html(answer, SURE, trace="name<")
    assert (
        '<button type="button" class="wj-copy" data-text="3&quot;万&#10;册">复制回答</button>'
        in page
    )
    assert re.findall(r'data-verdict="(\w+)" data-trace="([^"]*)"', page) == [
        ("up", "name&lt;"),
        ("down", "name&lt;"),
    ]
    assert 'aria-label="答得好"' in page and '<form class="wj-reason"' in page
    assert "wj-thumb" not in reply(answer) and "wj-reason" not in reply(answer)
    assert "wj-copy" not in reply(an_answer("没有提到。", refused=True, citations=()))


def test_address_of_the_evidence_stands_in_its_card():
    at = TEXT.index(QUOTE)
    assert f'data-link="#cite=page_1.txt@{at}-{at + 5}">复制链接</button>' in reply(an_answer())
