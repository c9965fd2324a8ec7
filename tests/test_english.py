"""What a reader of English gets beside Chinese words."""

from __future__ import annotations

import pytest

from rag.english import Gloss, forms, glosses, name, pinyin


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023年1月2日", ["2 January 2023"]),
        ("二〇一九年十二月", ["December 2019"]),
        ("6月10日上午", ["10 June"]),
        ("2021年", ["2021"]),
        ("21日,2日,13日", ["the 21st", "the 2nd", "the 13th"]),
        ("1500余件降至700余件,减少50%以上", ["more than 1,500", "more than 700", "50% or more"]),
        ("3.16亿元", ["316 million yuan"]),
        ("投资2000万元,增收950元", ["20 million yuan", "950 yuan"]),
        ("约三百二十亩", ["about 320 mu"]),
        ("近5万人", ["nearly 50,000"]),
        ("12亿", ["1.2 billion"]),
        ("百分之三十", ["30%"]),
        ("36公里", ["36 km"]),
        ("共两千吨", ["2,000 tonnes"]),
        ("三年来", ["3 years"]),
        ("75个,一直,第二", []),  # reads the same, and no numbers
        ("council of 7", []),
        ("12345热线,共12,余下1,500个", []),
        ("", []),
    ],
)
def test_numbers_and_dates(text, expected):
    assert [form.english for form in forms(text)] == expected


def test_a_form_keeps_its_printed_words():
    (form,) = forms("由原来的每月1500余件")
    assert (form.printed, form.kind) == ("1500余", "number")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("桃花山社区", "Taohuashan Community"),
        ("明水街道", "Mingshui Subdistrict"),
        ("垦利区", "Kenli District"),
        ("孙志田", "Sun Zhitian"),
        ("王建", "Wang Jian"),
        ("投诉", None),
        ("75个", None),
        ("council", None),
        ("", None),
    ],
)
def test_names(text, expected):
    found = name(text)
    assert (found and found.english) == expected


def test_glosses_give_back_the_text_with_its_words_explained():
    parts = list(glosses("志愿者来了,5名。"))
    assert "".join(p.word if isinstance(p, Gloss) else p for p in parts) == "志愿者来了,5名。"
    first = parts[0]
    assert isinstance(first, Gloss)
    assert (first.pinyin, first.senses[0]) == ("zhì yuàn zhě", "volunteer")
    assert list(glosses("plain English")) == ["plain", " ", "English"]


def test_pinyin():
    assert pinyin("绿色") == "lǜ sè" and pinyin("绿色", tones=False) == "lü se"
