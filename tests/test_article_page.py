"""A cited article as HTML: whole, in reading order, the evidence and the unsure joins marked."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from embeddings.errors import QuestionError
from tests.fragments import HOSTILE, visible
from tests.standin import FILE, HEAD, PAGE, QUOTE, TAIL, TEXT, TITLE, StandIn, whole
from ui.article import Place, article_html, missing_html
from ui.feedback import Feedback
from ui.sheet import Sheet
from ui.talk import Desk

AT = PAGE.index(QUOTE)
PLACE = Place(0, ((AT, AT + len(QUOTE)),), (), "zh")
SENT = {"article": 0, "spans": [[AT, AT + len(QUOTE)]], "also": [], "language": "zh"}


def paragraphs(page: str) -> list[str]:
    """The text's paragraphs, as HTML."""
    return re.findall(r"<p>(.*?)</p>", page.split('<div class="wj-body">')[1])


def test_article_is_shown_whole_in_reading_order():
    page = article_html(whole(), PLACE, sure=0.0)
    assert [visible(p) for p in paragraphs(page)] == whole().text.split("\n")[:41] + [
        line for line in TEXT.split("\n")[2:] if line
    ]
    header = page.split("</header>")[0]
    assert [visible(line) for line in re.findall(r"<(?:p|h2).*?</(?:p|h2)>", header)] == [
        "文化<u>惠民</u>",
        TITLE,
        "记者 张三",
        FILE,
    ]


def test_evidence_is_marked_where_it_stands():
    page = article_html(whole(), PLACE, sure=0.8)
    assert re.findall(r"<mark.*?</mark>", page) == [f"<mark>{QUOTE}</mark>"]
    assert paragraphs(page)[41] == f"昨天,图书馆在河边开馆,<mark>{QUOTE}</mark>,每天开放12小时。"
    also = PAGE.index("A second")
    page = article_html(whole(), replace(PLACE, also=((also, also + 8),)), sure=0.8)
    assert '<mark class="wj-also">A second</mark> library' in page


@pytest.mark.parametrize(
    ("language", "seam", "meaning", "title"),
    [
        ("zh", "〔62%〕", "接续由程序判断", "把握62%"),
        ("en", "〔62 %〕", "rejoined by the program", "62 % sure"),
    ],
)
def test_unsure_joins_are_marked_and_explained(language, seam, meaning, title):
    start = PAGE.index(HEAD)  # evidence on both sides of the seam
    spans = ((start, start + len(HEAD)), (len(TEXT), len(TEXT + TAIL) - 1))
    place = Place(0, spans, (), language)
    page = article_html(whole(), place, sure=0.8)
    head, tail = re.split(
        r'<br class="wj-break"><span class="wj-seam".*?</span>', paragraphs(page)[40]
    )
    assert head == "<mark>一楼的&lt;i&gt;阅览室&lt;/i&gt;下月</mark>"
    assert tail == "<mark>对外开放。</mark>"
    assert visible(paragraphs(page)[40]) == HEAD + seam + TAIL.strip()
    assert meaning in visible(page.split("</header>")[0])
    assert title in re.findall(r'wj-seam" title="([^"]*)"', page)[0]
    sure = article_html(whole(), place, sure=0.62)
    assert "wj-seam" not in sure and "wj-doubt" not in sure


def test_evidence_of_another_index_is_not_passed_over():
    page = article_html(whole(), replace(PLACE, spans=((0, 2),)), sure=0.0)
    assert "引文不在这篇文章里" in page
    page = article_html(whole(), replace(PLACE, spans=((0, 2),), language="en"), sure=0.0)
    assert "The quote is not in this article" in page


def test_article_without_headline_goes_by_its_file():
    bare = replace(whole(), title="", kicker="", byline="")
    page = article_html(bare, PLACE, sure=0.0)
    assert f'<header><h2>{FILE}</h2><p class="wj-file">' in page


def test_nothing_hostile_survives():
    bad = replace(
        whole(),
        **dict.fromkeys(("source", "title", "kicker", "byline", "text"), HOSTILE),
        spans=((0, len(HOSTILE)),),
        joins=(),
    )
    for page in (article_html(bad, replace(PLACE, spans=((3, 60),)), 0.8), missing_html(HOSTILE)):
        assert "<script" not in page and "<img" not in page and 'onerror="' not in page


def test_place_comes_back_as_it_was_sent():
    assert Place.of(SENT) == PLACE
    assert 'data-cited="{&quot;article&quot;: 0, ' in PLACE.attribute()


@pytest.mark.parametrize(
    "sent",
    [
        None,
        7,
        "0",
        [SENT],
        {},
        {**SENT, "article": "0"},
        {**SENT, "article": True},
        {**SENT, "language": "fr"},
        {**SENT, "language": ["zh"]},
        {**SENT, "spans": [[1]]},
        {**SENT, "spans": [["a", "b"]]},
        {**SENT, "also": [[0, 1]] * 201},
    ],
)
def test_what_is_no_place_is_named(sent):
    with pytest.raises(QuestionError, match="leads to no article"):
        Place.of(sent)
    assert "leads to no article" in Sheet(Desk(StandIn()), Feedback()).article(sent)  # type: ignore[arg-type]


def test_desk_gives_the_article_or_says_why_not():
    sheet = Sheet(Desk(StandIn()), Feedback())  # type: ignore[arg-type]
    assert sheet.article(SENT) == article_html(whole(), PLACE, 0.8)
    assert "There is no article 3; this index has &lt;one&gt;." in sheet.article(
        {**SENT, "article": 3}
    )


def test_link_of_an_article_leads_back_to_it():
    page = article_html(whole(), PLACE, 0.8)
    assert f'data-link="#cite={FILE}@{AT}-{AT + len(QUOTE)}"' in page
    linked = {"source": FILE, "spans": SENT["spans"], "also": [], "language": "zh"}
    assert Place.of(linked, [whole()]) == PLACE
    with pytest.raises(QuestionError, match="no file b.txt"):
        Place.of({**linked, "source": "b.txt"}, [whole()])


def test_printed_line_ends_and_the_quote_are_there_to_be_asked_for():
    page = article_html(whole(), PLACE, 0.0)
    assert paragraphs(page)[40].replace("&lt;i&gt;", "").replace("&lt;/i&gt;", "") == (
        '一楼的阅览室下月<br class="wj-break">对外开放。'
    )
    assert page.count("wj-break") == 1
    assert f'data-text="{QUOTE}"' in page
    assert f"第 {AT}–{AT + len(QUOTE)} 字" in page


def test_article_opened_from_the_list_misses_no_quote():
    page = article_html(whole(), replace(PLACE, spans=()), 0.0)
    assert "引文不在" not in page and "wj-copy" not in page and "<mark" not in page


def test_passages_of_an_article_with_their_sentences_and_places():
    sheet = Sheet(Desk(StandIn()), Feedback())  # type: ignore[arg-type]
    page = sheet.passages(SENT)
    assert "检索用的段落：1 个" in page and f"第 0–{len(TEXT)} 字 · 1 句" in page
    passage = re.findall(r'<p class="wj-passage"[^>]*>(.*?)</p>', page)[0]
    assert visible(passage) == re.sub(r"\n+", "\n", TEXT)
    (sentence,) = re.findall(r'<span class="wj-sentence">(.*?)</span>', passage)
    assert visible(sentence).startswith("昨天,图书馆在河边开馆") and "<b>" not in passage
    assert "rebuilt" in sheet.passages({**SENT, "generation": "gen-gone"})
    assert "leads to no article" in sheet.passages({"article": "x"})
