"""The places that a question names, and articles that tell of others."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag import Chatbot
from rag.places import Place, elsewhere, places


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("武侯区有几家图书馆?", (Place("武侯", "区"),)),
        ("武侯區有幾家圖書館?", (Place("武侯", "区"),)),
        ("丰南县和昌盛街道各有几家?", (Place("丰南", "县"),)),  # 昌盛 is a word besides
        ("老旧小区和开发区怎么办?", ()),
        ("沿海地区和浦东新区呢?", ()),
        ("在哪个社区?哪个村?", ()),
        ("为社区服务的小区居民", ()),
        ("How many libraries are there?", ()),
    ],
)
def test_places_with_a_name(question: str, found: tuple[Place, ...]) -> None:
    assert places(question) == found


def test_articles_about_other_places() -> None:
    asked = [Place("武侯", "区")]
    articles = ["武侯区开了一家图书馆。", "闵行区开了两家图书馆。", "全区已有三家图书馆。"]
    assert elsewhere(asked, articles) == [False, True, False]
    assert elsewhere(asked, ["武侯區開了圖書館。", *articles[1:]]) == [False, True, False]
    assert elsewhere(asked, articles[1:]) == [False, False]  # nobody names it: no evidence
    assert elsewhere([], articles) == [False, False, False]


def test_what_is_true_of_one_county_is_no_answer_about_another(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    texts = {
        "a": "丰南县整治河道\n\n丰南县今年整治河道12条,种树3万棵。沿河村民说,水清了,岸绿了。\n",
        "b": "青禾县设立读书日\n\n青禾县把每月第一个周六定为读书日。全县的书屋这一天都开门。\n",
    }
    for name, text in texts.items():
        (corpus / f"{name}.txt").write_text(text, encoding="utf-8")
    bot = Chatbot.build(corpus, tmp_path / "index")
    assert bot.answer("丰南县今年整治了多少条河道?").text == "12条"
    assert bot.answer("青禾县今年整治了多少条河道?").refused
