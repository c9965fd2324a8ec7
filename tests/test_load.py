"""The load test's visitors are answered by the page as a browser is."""

from __future__ import annotations

import asyncio
import os

import httpx
import pytest

from benchmarks.load import Log, chatting, report
from benchmarks.serving import Served
from benchmarks.visitor import Chat, PageError
from tests.standin import StandIn
from ui.app import build_app, launch_app


@pytest.fixture(scope="module")
def server():
    app = build_app(StandIn())  # type: ignore[arg-type]
    server = Served(launch_app(app, "127.0.0.1", None, block=False), os.getpid())
    asyncio.run(ask(server, "how many?"))  # dictionaries are loaded on first use
    yield server
    app.close()


async def ask(server: Served, question: str, pace: int = 0) -> float:
    async with httpx.AsyncClient(timeout=60) as http:
        return await (await Chat.begin(http, server.address)).ask(question, pace)


def test_visitors_chat_and_a_slow_one_reads(server):
    log = asyncio.run(chatting(server, clients=3, seconds=3.0, think=0.2))
    assert log.errors == []
    assert len(log.answers) >= 3 and len(log.shown) == len(log.answers)
    assert all(0 < shown <= took for shown, (_, took) in zip(log.shown, log.answers, strict=True))
    assert log.memory[0][1] > 2**24
    assert "errors: 0" in report(log, 3.0) and "| all |" in report(log, 3.0)


def test_state_of_pages_that_nobody_uses_any_more_is_forgotten(monkeypatch):
    monkeypatch.setattr("ui.app.SESSIONS", 2)
    app = build_app(StandIn())  # type: ignore[arg-type]
    server = Served(launch_app(app, "127.0.0.1", None, block=False), os.getpid())
    for _ in range(4):
        asyncio.run(ask(server, "how many?"))
    assert len(app.state_holder.session_data) == 2
    app.close()


def test_reply_that_is_an_error_counts_as_one(server):
    assert asyncio.run(ask(server, "图书馆藏书多少?", pace=100_000)) > 0
    with pytest.raises(PageError, match="reader &lt;broke&gt;"):
        asyncio.run(ask(server, "fail"))


def test_report_tells_errors_and_growing_memory():
    log = Log(answers=[(n, 1.0 + n % 2) for n in range(10)], errors=["3 s: PageError: none"])
    log.memory = [(12.0 * n, (100 + n) * 2**20) for n in range(10)]
    told = report(log, 10.0)
    assert "| without the slow reader | 5 | 1.00 |" in told
    assert "1.00 answers a second; errors: 1\n3 s: PageError: none" in told
    assert "memory, later half: 105 → 109 MiB, +5.00 a minute" in told
