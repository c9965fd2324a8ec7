"""What stands around answers: follow-ups, refusals, reasons, links, tabs, language, theme, stop."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.browser.visit import PHONE, WIDE
from tests.standin import FILE, QUOTE, TITLE

SIZES = {"wide": WIDE, "phone": PHONE}


@pytest.mark.parametrize("name", SIZES)
def test_refusal_shows_what_is_near_and_says_why(visit, standin, name):
    seen = visit(standin[0] + "?__theme=dark", SIZES[name])
    seen.ask("is there <b>tea</b>?")
    reply = seen.replies(1)[0]
    sought = reply.query_selector_all(".wj-sought li")
    assert [word.inner_text() for word in sought] == ["b", "tea"]
    assert "Perhaps of use" in reply.query_selector(".wj-near .wj-label").inner_text()
    assert reply.query_selector(".wj-near .wj-title").inner_text() == TITLE
    seen.shot(f"refused_{name}_dark")
    reply.query_selector(".wj-why").click()
    told = seen.opened()
    assert "Refused: the reader proposed no answer." in told.inner_text()
    assert "1. (7.25)" in told.inner_text() and "2. (0.50)" in told.inner_text()
    seen.shot(f"why_{name}_dark")
    with seen.page.expect_download() as download:
        told.query_selector(".wj-export").click()
    saved = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert (saved["reason"], saved["passages"][0]["source"]) == ("nothing proposed", FILE)
    assert seen.page.evaluate("document.documentElement.scrollWidth") == SIZES[name][0]
    assert seen.outside() == []


def test_follow_up_is_put_right_with_a_click_and_asked_on_its_own(visit, standin):
    address, bot = standin
    seen = visit(address)
    seen.ask("图书馆藏书多少?")
    seen.replies(1)
    seen.ask("那几点开门?")
    understood = seen.replies(2)[1].query_selector(".wj-understood")
    assert understood.query_selector("q").inner_text() == "图书馆藏书多少 那几点开门?"
    assert not seen.page.is_visible("#wj-alone")
    understood.query_selector(".wj-correct").click()
    seen.page.wait_for_selector("#wj-alone", state="visible")
    box = "#wj-box textarea"
    assert seen.page.input_value(box) == "图书馆藏书多少 那几点开门?"
    assert seen.page.evaluate(
        "document.activeElement === document.querySelector('#wj-box textarea')"
    )
    seen.ask("那图书馆几点开门?")
    assert seen.replies(3)[2].query_selector(".wj-understood") is None
    assert bot.asked[-1] == ("那图书馆几点开门?", [])
    seen.page.wait_for_selector("#wj-alone", state="hidden")


def test_pending_answer_shows_its_stage_and_is_stopped(visit, standin):
    address, bot = standin
    bot.gate.clear()
    seen = visit(address)
    seen.ask("slow: how many books?")
    seen.page.wait_for_selector("text=Found 1 passages, reading", timeout=20_000)
    seen.page.click("#wj-stop")
    stopped = seen.replies(1)[0]
    assert "已停止" in stopped.inner_text()
    seen.page.wait_for_selector("#wj-send", state="visible")
    bot.gate.set()
    seen.ask("几点开门?")
    assert seen.replies(2)[1].query_selector(".wj-text").inner_text().startswith("3万册")
    assert seen.page.query_selector(".wj-pending") is None
    assert bot.asked[-1] == ("几点开门?", [])


def test_link_of_a_citation_opens_it_again_after_a_reload(visit, standin):
    seen = visit(standin[0])
    seen.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    seen.ask("图书馆藏书多少?")
    seen.replies(1)[0].query_selector(".wj-foot button").click()
    seen.opened().query_selector(".wj-link").click()
    seen.page.wait_for_selector("#wj-article .wj-link.wj-done")
    link = seen.page.evaluate("navigator.clipboard.readText()")
    seen.page.click("#wj-article .wj-copy")
    seen.page.wait_for_function(
        "quote => navigator.clipboard.readText().then(t => t === quote)", arg=QUOTE
    )
    seen.page.click("#wj-article .wj-close")
    seen.page.wait_for_function("!location.hash")  # the sheet tells of its end a moment later
    again = visit(link)
    article = again.opened()
    assert article.query_selector("h2").inner_text() == TITLE
    assert again.in_view(article.query_selector("mark"))
    assert article.query_selector("mark").text_content() == QUOTE
    assert not article.query_selector(".wj-break").is_visible()
    article.query_selector(".wj-lines").click()
    assert again.page.eval_on_selector(".wj-break", "it => getComputedStyle(it).display") != "none"


@pytest.mark.parametrize("name", SIZES)
def test_question_box_is_at_the_foot_of_the_window(visit, standin, name):
    seen = visit(standin[0], SIZES[name])
    foot = "SIZE - document.querySelector('#wj-ask').getBoundingClientRect().bottom <= 24"
    foot = foot.replace("SIZE", str(SIZES[name][1]))
    seen.page.wait_for_function(foot)
    seen.ask("图书馆藏书多少?")
    seen.replies(1)
    seen.page.wait_for_function(foot)


@pytest.mark.parametrize("name", SIZES)
def test_search_articles_and_statistics(visit, standin, name):
    address, bot = standin
    seen = visit(address, SIZES[name])
    asked = len(bot.asked)
    tabs = seen.page.query_selector_all("button[role=tab]")
    tabs[1].click()
    seen.page.fill("#wj-seek :is(textarea, input)", "library")
    seen.page.press("#wj-seek :is(textarea, input)", "Enter")
    hit = seen.page.wait_for_selector("#wj-found .wj-source")
    assert hit.query_selector("h3 bdi").inner_text() == TITLE  # its <b> is text
    assert "library" in hit.query_selector(".wj-match").inner_text()
    seen.shot(f"search_{name}")
    hit.query_selector("h3 button").click()
    assert seen.opened().query_selector("mark")
    seen.page.keyboard.press("Escape")
    tabs[2].click()
    seen.page.click("#wj-archive .wj-opens")
    assert seen.opened().query_selector("h2").inner_text() == TITLE
    seen.page.keyboard.press("Escape")
    seen.page.fill("#wj-filter :is(textarea, input)", "planet")
    seen.page.wait_for_selector("#wj-archive .wj-opens", state="detached")
    tabs[3].click()
    seen.page.wait_for_selector("#wj-figures canvas, #wj-figures svg.marks", timeout=20_000)
    seen.shot(f"figures_{name}")
    first, second = (
        plot.bounding_box() for plot in seen.page.query_selector_all("#wj-figures .column")
    )
    assert (first["y"] < second["y"]) == (name == "phone") and first["width"] >= 300
    assert seen.page.evaluate("document.documentElement.scrollWidth") == SIZES[name][0]
    assert len(bot.asked) == asked
    assert seen.outside() == []


def test_language_and_theme_are_kept(visit, standin):
    seen = visit(standin[0])
    page = seen.page
    page.wait_for_selector("#wj-send:has-text('Ask')")
    page.click("#wj-language label:has-text('中文')")
    page.wait_for_selector("#wj-send:has-text('提问')")
    assert page.get_attribute("#wj-box textarea", "placeholder") == "你的问题"
    assert page.inner_text("button[role=tab] >> nth=1") == "检索"
    page.click("#wj-theme")
    page.wait_for_selector("body.dark")
    page.reload()
    page.wait_for_selector("body.dark", timeout=20_000)
    page.wait_for_selector("#wj-send:has-text('提问')")
    page.wait_for_function("document.documentElement.lang === 'zh-CN'")
    seen.shot("chinese_dark")
