"""A conversation in the browser: what is asked, what appears, and that nothing leaves the host."""

from __future__ import annotations

import pytest

from tests.browser.visit import PHONE
from tests.standin import FILE, QUOTE, TITLE


def test_conversation(visit, standin):
    address, bot = standin
    seen = visit(address)
    seen.ask("图书馆藏书多少?")
    first = seen.replies(1)[0]
    assert first.query_selector(".wj-text").inner_text().startswith("3万册")
    assert [mark.inner_text() for mark in first.query_selector_all("mark")] == [QUOTE]
    assert first.query_selector(".wj-title").inner_text() == TITLE  # its <b> is text
    assert first.query_selector(".wj-file").inner_text() == FILE

    seen.ask("is there <b>tea</b>?")
    refused = seen.replies(2)[1]
    assert "wj-refused" in refused.get_attribute("class")
    assert refused.query_selector(".wj-sources:not(.wj-near)") is None
    assert refused.query_selector("sup") is None
    questions = [q.inner_text() for q in seen.page.query_selector_all(".wj-question")]
    assert questions == ["图书馆藏书多少?", "is there <b>tea</b>?"]
    assert bot.asked[-1][1] == [
        {"role": "user", "content": "图书馆藏书多少?"},
        {"role": "assistant", "content": "3万册"},
    ]

    seen.ask("fail")
    assert "reader <broke>" in seen.replies(3)[2].inner_text()
    assert seen.outside() == []


def test_new_conversation_forgets_the_old_one(visit, standin):
    address, bot = standin
    seen = visit(address)
    seen.ask("图书馆藏书多少?")
    seen.replies(1)
    assert not seen.page.is_visible("#wj-examples")
    seen.page.click("#wj-new")
    seen.page.wait_for_selector(".wj-turn", state="detached")
    seen.page.wait_for_selector("#wj-examples", state="visible")
    seen.ask("几点开门?")
    seen.replies(1)
    assert bot.asked[-1] == ("几点开门?", [])


@pytest.mark.parametrize("question", ["half \\ud800 of it", "\\u0007 \\u0000 bell", "\\u202eabc"])
def test_hostile_questions_are_answered_in_the_page(visit, standin, question):
    address, bot = standin
    seen = visit(address)
    seen.page.evaluate(
        """question => {
          const box = document.querySelector("#wj-box textarea");
          box.value = JSON.parse('"' + question + '"');
          box.dispatchEvent(new Event("input", {bubbles: true}));
        }""",
        question,
    )
    seen.page.press("#wj-box textarea", "Enter")
    assert seen.replies(1)[0].query_selector(".wj-text").inner_text().startswith("3万册")
    seen.ask("几点开门?")
    seen.replies(2)
    assert len(bot.asked[-1][1]) == 2
    assert all(turn["content"].encode("utf-8") for turn in bot.asked[-1][1])


def test_box_takes_no_more_of_a_question_than_is_read(visit, standin):
    address, bot = standin
    seen = visit(address)
    seen.ask("问" * 100_000)
    seen.replies(1)
    most = bot.config.max_question_chars
    assert len(bot.asked[-1][0]) == most
    assert len(seen.page.inner_text(".wj-question")) == most


def test_blank_question_is_not_asked(visit, standin):
    address, bot = standin
    before = len(bot.asked)
    seen = visit(address)
    seen.page.fill("#wj-box textarea", "   ")
    seen.page.press("#wj-box textarea", "Enter")
    seen.page.wait_for_timeout(1500)
    assert len(bot.asked) == before
    assert seen.page.input_value("#wj-box textarea") == "   "
    assert seen.page.query_selector(".wj-question") is None
    assert seen.page.is_visible("#wj-examples")


def test_phone_has_no_sideways_scroll_and_keeps_the_question_box(visit, standin):
    seen = visit(standin[0], PHONE)
    seen.ask("图书馆藏书多少? " * 30)
    seen.replies(1)
    seen.shot("phone")
    assert seen.page.evaluate("document.documentElement.scrollWidth") == PHONE[0]
    seal, language = (
        seen.page.query_selector(part).bounding_box() for part in (".wj-seal", "#wj-language")
    )
    assert seal["x"] + seal["width"] <= language["x"]  # the masthead's parts do not overlap
    box = seen.page.query_selector("#wj-box textarea").bounding_box()
    assert box["y"] >= 0 and box["y"] + box["height"] <= PHONE[1]
