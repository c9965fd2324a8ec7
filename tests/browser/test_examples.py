"""Questions to try are drawn from the articles while the page is already there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from embeddings.records import IndexedArticle
from rag import Answer
from rag.question import Turn
from tests.standin import StandIn, an_answer, whole
from ui.app import build_app, launch_app

TEXT = "明水街道成立75个院落党支部。\n桃花山社区组织75名志愿者，很好。"
DRAWN = ["明水街道成立多少个院落党支部？", "How many volunteers in 桃花山社区?"]


class Counting(StandIn):
    """Has one article that counts things; answers nothing that is drawn until the gate is open."""

    def articles(self, generation: str | None = None) -> Sequence[IndexedArticle]:
        return (replace(whole(), text=TEXT, spans=((0, len(TEXT)),), joins=()),)

    def answer(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        if question in DRAWN:
            assert self.gate.wait(30), "nobody opened the gate"
        return an_answer("75个")


@pytest.fixture
def counting() -> Iterator[tuple[str, Counting]]:
    bot = Counting()
    app = build_app(bot, None)  # type: ignore[arg-type]
    yield launch_app(app, "127.0.0.1", None, block=False), bot
    app.close()


def test_page_is_there_before_the_examples_are(visit, counting):
    address, bot = counting
    seen = visit(address)
    seen.page.wait_for_selector("#wj-send:has-text('Ask')")
    assert not seen.page.is_visible("#wj-examples")
    bot.gate.set()
    seen.page.wait_for_selector("#wj-examples", state="visible")
    shown = [it.inner_text().strip() for it in seen.page.query_selector_all(".gallery-item")]
    assert shown == DRAWN
    seen.page.click(f"text={DRAWN[1]}")
    assert seen.replies(1)[0].query_selector(".wj-text").inner_text().startswith("75个")
    assert seen.page.inner_text(".wj-question") == DRAWN[1]
    again = visit(address)  # drawn by now
    again.page.wait_for_selector("#wj-examples", state="visible")


def test_examples_that_come_late_stay_away_from_a_conversation(visit, counting):
    address, bot = counting
    seen = visit(address)
    seen.page.fill("#wj-box textarea", "how many?")
    seen.page.press("#wj-box textarea", "Enter")
    seen.pending()
    bot.gate.set()
    seen.replies(1)
    seen.page.wait_for_timeout(1500)
    assert not seen.page.is_visible("#wj-examples")
    seen.page.click("#wj-new")
    seen.page.wait_for_selector("#wj-examples", state="visible")
