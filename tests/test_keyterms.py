"""Glosses of evidence: what the dictionary says, none that is not founded, marks left whole."""

from __future__ import annotations

import re

import pytest

from rag import Citation
from rag.keyterms import KeyTerm, gloss, keyterms
from tests.fragments import visible
from tests.standin import an_answer
from ui import render

TEXT = "桃花山社区组织志愿者清理楼道杂物,热线投诉减少50%以上。"


@pytest.mark.parametrize(
    ("word", "english"),
    [
        ("志愿者", "volunteer"),
        ("楼道", "corridor; passageway (in storied building)"),
        ("引领", "to lead; to crane one's neck"),  # as translators render it, first
        ("党支部", "party, branch"),  # not in the dictionary; its parts and translators agree
        ("成效显著", "effect + outstanding"),
        ("河口区", "Hekou District"),
        ("明水", "Mingshui"),  # the dictionary's is elsewhere
        ("已达", ""),  # translators' "number" is no sense of its parts
        ("余件", ""),  # no name
    ],
)
def test_gloss(word, english):
    assert gloss(word) == english


def test_sense_that_the_question_asks_by_comes_first():
    assert gloss("减少").split("; ")[0] == "to reduce"
    assert gloss("减少", ["decreas"]).split("; ")[0] == "to decrease"


def test_terms_have_their_place_and_stay_within_the_evidence():
    terms = keyterms(TEXT, "how did complaints fall?", range(len(TEXT)))
    assert all(TEXT[term.start : term.end] == term.word for term in terms)
    assert KeyTerm(TEXT.index("楼道"), "楼道", "lóu dào", gloss("楼道")) in terms
    assert "组织" not in [term.word for term in terms]  # too common to tell anything
    first = TEXT.index(",")
    assert all(term.end <= first for term in keyterms(TEXT, "", range(first)))
    assert [term.word for term in keyterms(TEXT, "complaints?", range(len(TEXT)), 1)] == ["投诉"]


def cited(quote: str) -> Citation:
    at = TEXT.index(quote)
    span = ((at, at + len(quote)),)
    return Citation("a.txt", "", quote, span, 0.9, TEXT, ((0, len(TEXT)),), 0)


def test_glosses_stand_in_the_marked_evidence_and_leave_answer_and_marks_whole():
    answer = an_answer("志愿者清理", citations=(cited(TEXT[:17]),), language="en")
    page = render.answer_html(answer, 0.8)
    (mark,) = re.findall(r"<mark>(.*?)</mark>", page)
    assert visible(mark) == TEXT[:17]
    assert visible(re.findall(r"<b>(.*?)</b>", mark)[0]) == "志愿者清理"
    assert 'data-gloss="zhì yuàn zhě · volunteer">志愿者</span>' in mark
    assert 'aria-label="志愿者: zhì yuàn zhě · volunteer"' in mark
    assert page.count("wj-term") == mark.count("wj-term")
    across = an_answer("愿者清", citations=(cited(TEXT[:17]),), language="en")
    assert ">志愿者</span>" not in render.answer_html(across, 0.8)  # its edge is the answer's
    assert "wj-term" not in render.answer_html(an_answer(citations=(cited(TEXT[:17]),)), 0.8)
