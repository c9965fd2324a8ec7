"""Visitors who chat for minutes: errors, how long answers take, the server's memory.

    python -m benchmarks.load [--clients 32] [--minutes 10] [--think 8] [-- --index INDEX]

Each visitor speaks to the page as a browser does: joins Gradio's queue with a question, reads the
stream until its reply is complete, thinks, asks again; every few questions a new conversation. In
the second half one visitor more reads its stream at a crawl, which must delay nobody. Only against
a server that it starts itself on 127.0.0.1. What follows -- goes to python -m ui.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import random
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import httpx

from benchmarks.serving import HOST, Served, served
from benchmarks.visitor import Chat, PageError

CONVERSATION = 6  # questions until a new one is begun
QUESTIONS = (
    "明水街道有多少个院落党支部?",
    "那投诉减少了多少?",
    "how did 明水街道 reduce complaints?",
    "东营高新区选配了多少名党建指导员?",
    "How many volunteers were there?",
    "谁发现了新的行星?",
    "Which community has 桃花山 in its name?",
    "志愿者做了什么?",
)
_SAMPLE = 5.0  # seconds between two looks at the memory


@dataclass(slots=True)
class Log:
    """What came of it; times in seconds since the start."""

    start: float = field(default_factory=time.monotonic)
    answers: list[tuple[float, float]] = field(default_factory=list)  # (when, how long)
    shown: list[float] = field(default_factory=list)  # until the question stood on the page
    slow: list[float] = field(default_factory=list)  # how long, of the slow reader
    errors: list[str] = field(default_factory=list)
    memory: list[tuple[float, int]] = field(default_factory=list)  # (when, bytes)

    def now(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.start


async def visit(server: Served, log: Log, until: float, think: float, seed: int) -> None:
    """One visitor's conversations, until that many seconds are over."""
    chance = random.Random(seed)
    questions = itertools.islice(itertools.cycle(QUESTIONS), seed % len(QUESTIONS), None)
    await asyncio.sleep(chance.uniform(0, think))
    while log.now() < until:
        async with httpx.AsyncClient(timeout=300) as http:
            try:
                chat = await Chat.begin(http, server.address)
                for question in itertools.islice(questions, CONVERSATION):
                    if log.now() >= until:
                        return
                    asked = log.now()
                    shown = await chat.ask(question)
                    log.answers.append((asked, log.now() - asked))
                    log.shown.append(shown)
                    await asyncio.sleep(chance.uniform(0.5 * think, 1.5 * think))
            except (PageError, httpx.HTTPError) as error:
                log.errors.append(f"{log.now():.0f} s: {type(error).__name__}: {error}")
                await asyncio.sleep(think)


async def crawl(server: Served, log: Log, until: float) -> None:
    """A visitor whose line takes 200 bytes a second."""
    await asyncio.sleep(until / 2)
    async with httpx.AsyncClient(timeout=300) as http:
        chat = await Chat.begin(http, server.address)
        for question in itertools.cycle(QUESTIONS):
            left = until - log.now()
            if left <= 0:
                return
            asked = log.now()
            try:
                await asyncio.wait_for(chat.ask(question, pace=200), left)
            except asyncio.TimeoutError:
                return
            except (PageError, httpx.HTTPError, OSError) as error:
                log.errors.append(f"slow reader: {type(error).__name__}: {error}")
                return
            log.slow.append(log.now() - asked)


async def watch(server: Served, log: Log, until: float) -> None:
    """The server's memory, every few seconds."""
    while log.now() < until:
        log.memory.append((log.now(), server.memory()))
        await asyncio.sleep(_SAMPLE)


async def chatting(server: Served, clients: int, seconds: float, think: float) -> Log:
    """All of them at once."""
    log = Log()
    visitors = [visit(server, log, seconds, think, seed) for seed in range(clients)]
    await asyncio.gather(*visitors, crawl(server, log, seconds), watch(server, log, seconds))
    return log


def report(log: Log, seconds: float) -> str:
    """The table."""
    halves = [
        [took for when, took in log.answers if (when < seconds / 2) is first]
        for first in (True, False)
    ]
    rows = [
        ("all", [took for _, took in log.answers]),
        ("without the slow reader", halves[0]),
        ("beside the slow reader", halves[1]),
        ("until the question is on the page", log.shown),
    ]
    told = ["| seconds | answers | p50 | p95 | most |", "|---|---|---|---|---|"]
    for name, values in rows:
        if len(values) > 1:
            p50, p95 = statistics.median(values), statistics.quantiles(values, n=20)[-1]
            told.append(f"| {name} | {len(values)} | {p50:.2f} | {p95:.2f} | {max(values):.2f} |")
    told.append(f"\n{len(log.answers) / seconds:.2f} answers a second; errors: {len(log.errors)}")
    told += log.errors[:20]
    told.append(f"answers that the slow reader got: {len(log.slow)}")
    if len(log.memory) > 3:
        settled = log.memory[len(log.memory) // 2 :]  # until then caches fill
        slope = statistics.linear_regression(*zip(*settled, strict=True)).slope * 60 / 2**20
        first, last = settled[0][1] / 2**20, settled[-1][1] / 2**20
        told.append(f"memory, later half: {first:.0f} → {last:.0f} MiB, {slope:+.2f} a minute")
    return "\n".join(told)


def main(argv: Sequence[str] | None = None) -> int:
    """Prints the table; status 1 where there was an error."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--think", type=float, default=8.0, help="mean seconds between questions")
    parser.add_argument("--port", type=int, default=7871)
    parser.add_argument("ui", nargs="*", help="arguments of python -m ui, after --")
    args = parser.parse_args(argv)
    seconds = 60 * args.minutes
    with served(args.port, args.ui) as server:
        print(f"{args.clients} visitors on {HOST} for {args.minutes:g} minutes …", flush=True)
        log = asyncio.run(chatting(server, args.clients, seconds, args.think))
    print(report(log, seconds))
    return 1 if log.errors else 0


if __name__ == "__main__":
    sys.exit(main())
