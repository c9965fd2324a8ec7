"""The recipes' names: what articles print in both languages."""

from __future__ import annotations

import pytest

from training.names import find_mentions, in_pinyin, named_words

# foreign names with a dot, from which the characters that spell their sounds are learnt
NAMES = (
    "演员布莱恩·库克利（Brian Cookley）到场。布莱恩·克莱恩（Brian Klein）"
    "和库莱·布克利（Cooley Buckley）没有来。"
    "莱恩·布克莱（Ryan Buckley）说，库恩·莱克利（Kuhn Leckley）会来。"
) * 3


@pytest.mark.parametrize(
    ("text", "chinese", "english"),
    [
        ("小说《长河谣》（The Long River）出版了。", "长河谣", "The Long River"),
        ("厂家灵犀仪（英语：Lingxi Devices）开业。人们说灵犀仪很好。", "灵犀仪", "Lingxi Devices"),
        ("出席的还有教练布克·莱恩（Booker Lane）等人。", "布克·莱恩", "Booker Lane"),
    ],
)
def test_name_begins_where_it_should(text: str, chinese: str, english: str) -> None:
    found = [(m.chinese, m.english) for m in find_mentions([NAMES, text]) if m.text == text]
    assert found == [(chinese, english)]


def test_words_before_a_bracket_that_come_but_once_are_left() -> None:
    assert find_mentions(["这是我们说过的办法（method）。", "协会（UNESCO）很大，协会好。"]) == []


def test_persons_and_places_are_spelt() -> None:
    words = named_words("彭埠街道的陈丽娟来了。")
    assert "彭埠街道" in words
    assert dict(in_pinyin(["彭埠街道的陈丽娟来了。"])) == {
        "彭埠街道": "Pengbu Subdistrict",
        "陈丽娟": "Chen Lijuan",
    }
