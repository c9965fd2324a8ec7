"""Search terms: spellings that must meet, numbers, pinyin, glosses."""

from __future__ import annotations

import time

import pytest

from embeddings import terms
from embeddings.glosses import english_terms, gloss_terms, pinyin_terms
from embeddings.numerals import chinese_value, numbers
from embeddings.terms import passage_terms, query_terms
from embeddings.words import rarity, segment


def shared(question: str, passage: str) -> set[str]:
    """The terms by which the question finds the passage."""
    return set(query_terms(question)) & set(passage_terms(passage))


@pytest.mark.parametrize(
    ("question", "passage", "through"),
    [
        ("Kenli District", "垦利区视频监控全覆盖", "ken"),  # the stem of kenli, on both sides
        ("Mingshui Subdistrict", "明水街道城市社区", "mingshui"),
        ("the Mingshui subdistrict", "明水街道城市社区", "subdistrict"),
        ("Daokoupu", "道口铺街道党工委", "daokoupu"),
        ("what did Yuan Ling say", "组织委员袁灵介绍说", "yuanl"),
        ("Dong'e County", "东阿县红帮办", "dong"),
        ("complaints", "热线投诉减少", "complaint"),
        ("how many volunteers", "41名志愿者主动", "volunt"),
        ("垦利區視頻監控", "垦利区视频监控", "监控"),
        ("２１００个", "高清视频监控2100余个", "2100"),
        ("2,100 cameras", "高清视频监控2100余个", "2100"),
        ("三万五千人", "35000人", "35000"),
        ("35000人", "三万五千人", "35000"),
        ("二〇一九年", "2019年", "2019"),
        ("316000000 yuan", "贷款3.16亿元", "316000000"),
        ("LED lamps", "LED外露灯", "led"),
        ("residents", "The resident said so.", "resid"),
    ],
)
def test_a_question_finds_its_passage(question: str, passage: str, through: str) -> None:
    assert through in shared(question, passage)


@pytest.mark.parametrize("question", ["what is the", "How did they do it?", "、。!? …", ""])
def test_stop_words_find_nothing(question: str) -> None:
    assert query_terms(question) == []


def test_query_terms_of_a_mixed_question() -> None:
    assert query_terms("how did 明水街道 reduce complaints?") == [
        *segment("明水街道"), "明水", "水街", "街道", "reduc", "complaint",
    ]  # fmt: skip


def test_fold() -> None:
    assert terms.fold("ＡＢＣ　１２,３４５　漢語") == "abc 12345 汉语"


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("十", 10), ("十五", 15), ("三百二十", 320), ("一千零一", 1001), ("二〇一九", 2019),
        ("三万五千", 35000), ("两亿", 200_000_000), ("一百二十万", 1_200_000),
        ("万", None), ("百", None),
    ],
)  # fmt: skip
def test_chinese_value(numeral: str, value: int | None) -> None:
    assert chinese_value(numeral) == value


def test_numbers() -> None:
    assert numbers("1,500余件降至700余件,减少50%") == ["1500", "700", "50"]
    assert numbers("3.16亿") == ["3.16", "316000000"]
    assert numbers("五名党员一直在") == ["5"]


def test_pinyin_terms() -> None:
    assert pinyin_terms("明水") == ("mingshui",)
    assert pinyin_terms("桃花山") == ("taohuashan", "taohua", "huashan")
    assert pinyin_terms("水") == () and pinyin_terms("") == ()


def test_gloss_terms() -> None:
    assert "volunt" in gloss_terms("志愿者", 4)
    assert gloss_terms("魑囧", 4) == ()
    assert gloss_terms("保险", 1) == ("insur",)  # insurance, to insure, safe, secure, …
    assert gloss_terms("保险", 4) == ("insur", "safe", "secur")
    assert "grid" in gloss_terms("网格员", 4)  # by its part 网格


def test_english_terms() -> None:
    assert english_terms("The residents' 12 complaints weren't heard") == [
        "resid", "complaint", "werent", "heard",
    ]  # fmt: skip


def test_words() -> None:
    assert segment("村民投诉 reduce 垃圾", guess=False) == [
        "村民",
        "投诉",
        " ",
        "reduce",
        " ",
        "垃圾",
    ]
    assert rarity("的") < rarity("投诉") < rarity("力最")


@pytest.mark.parametrize(
    ("text", "terms_of_it"),
    [
        ("\x00\ud7ff🙂", set()),
        ("万" * 300, {"万万"}),
        ("a" * 5000, {"a" * 5000}),
        ("1" * 400, {"1" * 400}),
        ("1,2,3,,4", {"1", "2", "3", "4"}),
        ("\u3000\u2028", set()),
    ],
)
def test_terms_of_anything(text: str, terms_of_it: set[str]) -> None:
    began = time.perf_counter()
    assert set(query_terms(text)) == terms_of_it
    assert terms_of_it <= set(passage_terms(text))
    assert time.perf_counter() - began < 2
