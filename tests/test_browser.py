"""The page in headless Chromium: asks, reads what appears, and sees that nothing leaves the host.

Screenshots go to $WENJU_SCREENSHOTS, else to pytest's temporary folder.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.standin import FILE, QUOTE, TITLE, StandIn
from ui.app import EXAMPLES, build_app, launch_app

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
]
WIDE, PHONE = (1280, 900), (390, 844)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the PATH (Debian: chromium)"),
]


@dataclass
class Visit:
    """One browser window on the page, with the addresses of all that it asked for."""

    page: Any
    requests: list[str]
    shots: Path

    def ask(self, question: str) -> None:
        """Types a question and sends it; the page takes it once the reply before is complete."""
        self.page.fill("#wj-box textarea", question)
        for _ in range(60):
            self.page.press("#wj-box textarea", "Enter")
            self.page.wait_for_timeout(300)
            if self.page.input_value("#wj-box textarea") == "":
                return
        raise AssertionError(f"the page did not take {question!r}")

    def replies(self, count: int) -> list:
        """The first count replies, once they are there."""
        self.page.wait_for_function(
            "n => document.querySelectorAll('.wj-turn').length >= n", arg=count, timeout=60_000
        )
        return self.page.query_selector_all(".wj-turn")

    def shot(self, name: str) -> None:
        self.page.wait_for_timeout(600)  # scrolling has come to rest
        self.page.screenshot(path=self.shots / f"{name}.png")

    def outside(self) -> list[str]:
        """Addresses asked for on any other host than the page's."""
        hosts = {"127.0.0.1", None}  # None: data: and blob:
        return [url for url in self.requests if urlsplit(url).hostname not in hosts]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, tmp_path):
    shots = Path(os.environ.get("WENJU_SCREENSHOTS", tmp_path))
    shots.mkdir(parents=True, exist_ok=True)
    contexts = []

    def open_page(address: str, size: tuple[int, int] = WIDE) -> Visit:
        context = chromium.new_context(viewport={"width": size[0], "height": size[1]})
        contexts.append(context)
        page = context.new_page()
        seen = Visit(page, [], shots)
        page.on("request", lambda request: seen.requests.append(request.url))
        page.goto(address)
        page.wait_for_selector("#wj-box textarea", timeout=60_000)
        return seen

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def standin() -> Iterator[tuple[str, StandIn]]:
    bot = StandIn()
    app = build_app(bot)
    yield launch_app(app, "127.0.0.1", None, block=False), bot
    app.close()


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
    assert refused.query_selector_all("mark") == []
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
    seen.page.click("#wj-top button")
    seen.page.wait_for_selector(".wj-turn", state="detached")
    seen.page.wait_for_selector("#wj-examples", state="visible")
    seen.ask("几点开门?")
    seen.replies(1)
    assert bot.asked[-1] == ("几点开门?", [])


def pending(seen: Visit) -> None:
    """Waits until the page shows a question that is not answered yet."""
    seen.page.wait_for_selector(".wj-pending", timeout=20_000)


def test_new_conversation_stays_empty_when_a_pending_answer_comes(visit, standin):
    address, bot = standin
    bot.gate.clear()
    seen = visit(address)
    seen.ask("slow: how many books?")
    pending(seen)
    seen.page.click("#wj-top button")
    seen.page.wait_for_selector(".wj-question", state="detached")
    bot.gate.set()
    seen.page.wait_for_timeout(1500)
    assert seen.page.query_selector(".wj-turn") is None
    assert seen.page.is_visible("#wj-examples")
    seen.ask("几点开门?")
    assert len(seen.replies(1)) == 1
    assert bot.asked[-1] == ("几点开门?", [])


def test_example_clicked_while_an_answer_is_pending_loses_nothing(visit, standin):
    address, bot = standin
    bot.gate.clear()
    seen = visit(address)
    seen.page.fill("#wj-box textarea", "slow: how many books?")
    seen.page.evaluate(  # both within one turn of the page's event loop; either may be first
        """example => {
          document.querySelector("#wj-ask button").click();
          [...document.querySelectorAll("#wj-examples .gallery-item")]
            .find(item => item.innerText.includes(example)).click();
        }""",
        EXAMPLES[0],
    )
    seen.page.wait_for_selector(".wj-question", timeout=20_000)
    bot.gate.set()
    seen.replies(1)
    seen.page.wait_for_timeout(1000)
    assert seen.page.query_selector(".wj-pending") is None
    shown = [q.inner_text() for q in seen.page.query_selector_all(".wj-question")]
    assert len(seen.replies(1)) == len(shown)
    in_the_box = seen.page.input_value("#wj-box textarea")
    assert "slow: how many books?" in [*shown, in_the_box]
    seen.ask("几点开门?")
    seen.replies(len(shown) + 1)
    history = [turn["content"] for turn in bot.asked[-1][1] if turn["role"] == "user"]
    assert history == shown


def test_pending_question_is_in_view_below_a_long_conversation(visit, standin):
    address, bot = standin
    bot.gate.clear()
    seen = visit(address, PHONE)
    for count in range(1, 4):
        seen.ask("图书馆藏书多少?")
        seen.replies(count)
    seen.ask("slow: how many books?")
    pending(seen)
    seen.page.wait_for_function(
        """() => document.querySelector(".wj-pending").getBoundingClientRect().bottom
                 <= document.querySelector("#wj-ask").getBoundingClientRect().top""",
        timeout=5_000,
    )
    bot.gate.set()
    seen.replies(4)


def test_question_is_shown_at_once_while_another_visitor_is_served(visit, standin):
    address, bot = standin
    bot.gate.clear()
    first, second = visit(address), visit(address)
    first.ask("slow: how many books?")
    pending(first)
    second.ask("几点开门?")
    pending(second)
    assert second.page.inner_text(".wj-question") == "几点开门?"
    second.page.fill("#wj-box textarea", "typed meanwhile")
    bot.gate.set()
    for seen in (first, second):
        assert seen.replies(1)[0].query_selector(".wj-text").inner_text().startswith("3万册")
        assert len(seen.page.query_selector_all(".wj-question")) == 1
    assert second.page.input_value("#wj-box textarea") == "typed meanwhile"
    assert bot.most_at_once == 1


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


def test_enormous_question_is_answered_and_shown_short(visit, standin):
    address, bot = standin
    seen = visit(address)
    seen.ask("问" * 100_000)
    seen.replies(1)
    assert len(bot.asked[-1][0]) == 100_000
    assert len(seen.page.inner_text(".wj-question")) == 602


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
    box = seen.page.query_selector("#wj-box textarea").bounding_box()
    assert box["y"] >= 0 and box["y"] + box["height"] <= PHONE[1]


@pytest.mark.weights
def test_bundled_system_answers_the_first_example_in_the_page(visit, tmp_path_factory, monkeypatch):
    from rag import Chatbot

    monkeypatch.setenv("WENJU_HOME", str(tmp_path_factory.mktemp("home")))
    app = build_app(Chatbot.ready())
    try:
        address = launch_app(app, "127.0.0.1", None, block=False)
        for name, size in (("wide", WIDE), ("phone", PHONE)):
            seen = visit(address, size)
            seen.shot(f"bundled_{name}_empty")
            seen.page.click(f'text="{EXAMPLES[0]}"')
            reply = seen.replies(1)[0]
            seen.shot(f"bundled_{name}")
            assert "wj-answered" in reply.get_attribute("class")
            sources = reply.query_selector_all(".wj-source")
            proof = [
                source
                for source in sources
                if any("12345热线" in m.text_content() for m in source.query_selector_all("mark"))
            ]
            assert proof, [source.text_content() for source in sources]
            assert proof[0].query_selector(".wj-file").text_content() == "004_32eacd7bfa546bd8.txt"
            seen.ask("那投诉减少了多少?")
            seen.replies(2)
            seen.shot(f"bundled_{name}_follow_up")
            assert seen.outside() == []
    finally:
        app.close()
