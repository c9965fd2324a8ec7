"""A click on a citation opens its article: whole, at the evidence, on wide and narrow screens."""

from __future__ import annotations

import pytest

from tests.browser.visit import PHONE, WIDE
from tests.standin import FILE, QUOTE, TITLE, whole

SIZES = {"wide": WIDE, "phone": PHONE}


@pytest.mark.parametrize("name", SIZES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_citation_opens_its_article_at_the_evidence(visit, standin, name, theme):
    seen = visit(standin[0] + f"?__theme={theme}", SIZES[name])
    seen.ask("图书馆藏书多少?")
    card = seen.replies(1)[0].query_selector(".wj-source")
    card.query_selector("button.wj-opens").click()
    article = seen.opened()
    assert article.query_selector("h2").inner_text() == TITLE  # its <b> is text
    assert article.query_selector(".wj-kicker").inner_text() == "文化<u>惠民</u>"
    assert article.query_selector(".wj-byline").inner_text() == "记者 张三"
    assert article.query_selector(".wj-file").inner_text() == FILE
    shown = [p.text_content() for p in article.query_selector_all(".wj-body p")]
    assert [p.replace("〔62%〕", "") for p in shown] == whole().text.split()[:41] + shown[41:]
    assert "〔62%〕对外开放。" in shown[40]
    (mark,) = article.query_selector_all("mark")
    assert mark.text_content() == QUOTE
    seen.shot(f"article_{name}_{theme}")
    assert seen.in_view(mark)
    assert seen.page.evaluate("document.documentElement.scrollWidth") == SIZES[name][0]
    assert seen.outside() == []


@pytest.mark.parametrize("opens", ["sup button.wj-opens", "blockquote mark"])
def test_number_and_passage_open_it_too(visit, standin, opens):
    seen = visit(standin[0])
    seen.ask("图书馆藏书多少?")
    seen.replies(1)[0].query_selector(opens).click()
    assert seen.in_view(seen.opened().query_selector("mark"))


@pytest.mark.parametrize("closes", ["Escape", "#wj-article .wj-close", "beside"])
def test_article_is_closed_and_opened_again(visit, standin, closes):
    seen = visit(standin[0])
    seen.ask("图书馆藏书多少?")
    button = seen.replies(1)[0].query_selector(".wj-foot button")
    for _ in range(2):
        button.click()
        seen.opened().query_selector(".wj-body p").scroll_into_view_if_needed()
        if closes == "Escape":
            seen.page.keyboard.press(closes)
        elif closes == "beside":
            seen.page.mouse.click(20, 400)
        else:
            seen.page.click(closes)
        seen.page.wait_for_selector("#wj-article", state="hidden")
        assert button.evaluate("it => it === document.activeElement")
    button.click()
    assert seen.in_view(seen.opened().query_selector("mark"))


def test_words_selected_in_a_passage_can_be_copied(visit, standin):
    seen = visit(standin[0])
    seen.ask("图书馆藏书多少?")
    box = seen.replies(1)[0].query_selector("blockquote").bounding_box()
    seen.page.mouse.move(box["x"] + 4, box["y"] + 12)
    seen.page.mouse.down()
    seen.page.mouse.move(box["x"] + 120, box["y"] + 12)
    seen.page.mouse.up()
    seen.page.wait_for_timeout(1000)
    assert seen.page.evaluate("getSelection().toString()")
    assert not seen.page.is_visible("#wj-article")


def test_article_opens_while_an_answer_is_pending(visit, standin):
    address, bot = standin
    bot.gate.clear()
    seen = visit(address)
    seen.ask("图书馆藏书多少?")
    seen.replies(1)
    seen.ask("slow: how many books?")
    seen.pending()
    seen.page.click(".wj-foot button")
    assert seen.opened().query_selector("mark").text_content() == QUOTE
    bot.gate.set()
    seen.replies(2)
    assert seen.page.is_visible("#wj-article mark")


@pytest.mark.parametrize("name", SIZES)
def test_unsure_join_is_told_beside_the_citation(visit, standin, name):
    seen = visit(standin[0], SIZES[name])
    seen.ask("which sentence is broken?")
    card = seen.replies(1)[0].query_selector(".wj-source")
    seen.shot(f"doubt_{name}")
    doubt = card.query_selector(".wj-doubt")
    assert doubt.inner_text().endswith("rejoined by the program (62 % sure): check the page")
    assert seen.in_view(doubt)
