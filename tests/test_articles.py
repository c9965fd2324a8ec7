"""Pages to articles: small cases in both languages, and what always holds."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.invariants import check_invariants
from tests.newsprint import LINES, NEWLINES


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(LINES), max_size=14),
    st.sampled_from([*NEWLINES, "\n\n", "\n\n\n\n"]),
)
def test_invariants_on_shuffled_lines(lines: list[str], newline: str) -> None:
    check_invariants(newline.join(lines))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_invariants_on_any_text(page: str) -> None:
    check_invariants(page)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_noise_comes_out_whole_and_in_order(data: bytes) -> None:
    for text in (data.decode("latin-1"), data.decode("utf-8", "replace")):
        for article in check_invariants(text).articles:
            if not article.joins:
                assert list(article.spans) == sorted(article.spans)


@pytest.mark.parametrize(
    ("page", "titles", "texts", "furniture"),
    [
        ("", [], [], []),
        ("\n \r\n\t", [], [], []),
        ("梨园流转土地60亩。", [""], ["梨园流转土地60亩。"], []),
        ("It rained.", [""], ["It rained."], []),
        ("梨园流转土地", ["梨园流转土地"], ["梨园流转土地"], []),
        ("New Park", ["New Park"], ["New Park"], []),
        ("▲工人在忙碌。\n王五 摄\n", [""], ["工人在忙碌。\n"], ["▲"]),
        ("▲Workers are busy.\nPhoto by Li\n", [""], ["Workers are busy.\n"], ["▲"]),
        ("编辑:李四\n公益广告\n\n3版\n", [], [], ["编辑:李四", "公益广告", "3版"]),
        ("Editor: Li\nAdvertisement\n\nPage 3", [], [], ["Editor: Li", "Advertisement", "Page 3"]),
    ],
)
def test_small_pages(page: str, titles: list[str], texts: list[str], furniture: list[str]) -> None:
    found = check_invariants(page)
    assert [a.title for a in found.articles] == titles
    assert [a.text for a in found.articles] == texts
    assert [page[s:e] for s, e in found.furniture] == furniture


@pytest.mark.parametrize(
    "page",
    [
        "村里种了梨树。\n\n▲工人在忙碌。\n\n◆今天下雨。",
        "Pears were planted.\n\n▲Workers are busy.\n\n◆It rained today.",
    ],
)
def test_captions_and_paragraphs_without_a_headline_are_kept_once(page: str) -> None:
    text = "\n".join(article.text for article in check_invariants(page).articles)
    lines = [line for line in text.split("\n") if line]
    assert sorted(lines) == sorted(re.sub("[▲◆]", "", page).split("\n\n"))


def test_chinese_page() -> None:
    first = "本报讯 近日,山坡村的村民在荒山上种下了三千棵梨树,合作社免费提供了树苗和技术。"
    second = "合作社还请来农科院的专家,给村民讲梨树怎么剪枝、怎么浇水,村民说梨树长得比去年好。"
    page = (
        "山绿了 水清了 人笑了\n\n山坡村村民种梨树忙增收\n\n□记者 张三 报道\n\n"
        f"{first}\n\n专家上门 技术到户\n\n{second}\n\n▲村民给梨树浇水。\n\n王五 摄\n\n编辑:李四\n"
    )
    found = check_invariants(page)
    (article,) = found.articles
    assert (article.title, article.kicker) == ("山坡村村民种梨树忙增收", "山绿了 水清了 人笑了")
    assert article.byline == "□记者 张三 报道"
    assert article.text == f"{first}\n专家上门 技术到户\n{second}\n村民给梨树浇水。\n"
    heads = ["山绿了 水清了 人笑了", "山坡村村民种梨树忙增收", "□记者 张三 报道", "王五 摄"]
    assert [page[s:e] for s, e in article.headings] == heads
    assert [page[s:e] for s, e in found.furniture] == ["▲", "编辑:李四"]


def test_english_page() -> None:
    page = (
        "City Council Approves Park\n\nBy Jane Doe\n\nThe council voted 7 to 2.\n\n"
        "What comes next\n\nWork starts in May.\n\nPage 4\n"
    )
    found = check_invariants(page)
    (article,) = found.articles
    assert (article.title, article.kicker) == ("City Council Approves Park", "")
    assert article.byline == "By Jane Doe"
    assert article.text == "The council voted 7 to 2.\nWhat comes next\nWork starts in May.\n"
    assert [page[s:e] for s, e in article.headings] == ["City Council Approves Park", "By Jane Doe"]
    assert [page[s:e] for s, e in found.furniture] == ["Page 4"]


@pytest.mark.parametrize("newline", NEWLINES)
def test_any_newline_parts_paragraphs(newline: str) -> None:
    lines = [
        "某县种树造林扮靓乡村",
        "春天以来,某县的村民在荒山上种了树,一共种下梨树和松树三千多棵。",
        "为了把树苗运上山,村里通了路,村民",
        "都说好。种树造林以后,山坡上的泥土也留住了。",
        "今年雨水多,新种的树苗长得很好,梨树明年就能结果。\xa0",
        "下一步,某县还要发动村民种树两千棵,把乡村扮靓。",
    ]
    page = (newline * 2).join(lines) + newline
    (article,) = check_invariants(page).articles
    assert article.text.split(newline) == [
        lines[1],
        lines[2] + lines[3],
        *lines[4:],
        "",
    ]
    (join,) = article.joins
    assert (page[: join.head].split(newline)[-1], page[join.tail :].split(newline)[0]) == (
        lines[2],
        lines[3],
    )


def test_wrapped_english_lines_are_one_paragraph() -> None:
    page = "The council voted Tuesday to\nbuild a park by the river\nthat residents asked for.\n"
    assert [a.text for a in check_invariants(page).articles] == [page]


def test_wrapped_chinese_lines_are_one_paragraph() -> None:
    page = (
        "村民们在春天里种下了很多很多梨树\n秋天的时候每家每户都收获了不少的\n梨子，大家都很高兴。\n"
    )
    (article,) = check_invariants(page).articles
    assert article.text == page.replace("\n", "") + "\n" and article.joins == ()
