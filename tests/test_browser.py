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


def test_blank_question_is_not_asked(visit, standin):
    address, bot = standin
    before = len(bot.asked)
    seen = visit(address)
    seen.page.fill("#wj-box textarea", "   ")
    seen.page.press("#wj-box textarea", "Enter")
    seen.page.wait_for_timeout(1500)
    assert len(bot.asked) == before
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
