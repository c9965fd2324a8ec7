"""A chatbot takes up a new generation between two questions, and mixes none."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import httpx
import pytest
from gradio_client import Client

from benchmarks.visitor import Chat
from embeddings import Config, Encoder, Index, rebuild
from embeddings.errors import QuestionError
from embeddings.generations import current_generation
from embeddings.rebuild import rollback
from rag import Chatbot
from rag.reader import Reader
from rag.steps import Reading
from tests.tiny_reader import tiny_reader
from ui.app import build_app, launch_app
from ui.article import place_of
from ui.feedback import Feedback
from ui.sheet import Sheet
from ui.talk import Desk

PAGES = {
    "zh": "第{n}座工厂开工\n\n本报讯 第{n}座工厂昨日开工,工人{n}00名,造价{n}亿元。\n",
    "en": "Factory {n} Opens\n\nFactory {n} opened on Tuesday with {n}00 workers on site.\n",
}


@pytest.fixture(scope="module")
def reader(model_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """A tiny random reader: what it answers does not matter here, what it cites does."""
    return Reader.load(str(tiny_reader(tmp_path_factory.mktemp("reader") / "tiny", model_dir)))


@pytest.fixture
def config(model_dir: Path) -> Config:
    """Settings under which nothing is refused."""
    return Config(encoder=str(model_dir), refuse_below=0.0)


def write(corpus: Path, n: int) -> None:
    """The corpus of the n-th generation: two files, each of which names n."""
    corpus.mkdir(exist_ok=True)
    for name, page in PAGES.items():
        (corpus / f"{name}.txt").write_text(page.format(n=n), encoding="utf-8")


def first_build(
    corpus: Path, index_dir: Path, config: Config, encoder: Encoder, reader: Reader
) -> Chatbot:
    """A chatbot over the index of the first generation."""
    write(corpus, 1)
    rebuild(corpus, index_dir, config, encoder)
    return Chatbot(Index.open(index_dir, encoder, config), reader)


def test_a_new_generation_is_taken_up(
    tmp_path: Path, config: Config, encoder: Encoder, reader: Reader
) -> None:
    corpus, index_dir = tmp_path / "pages", tmp_path / "i"
    bot = first_build(corpus, index_dir, config, encoder, reader)
    first = bot.answer("第1座工厂有多少工人?")
    assert first.generation == current_generation(index_dir).name
    write(corpus, 2)
    rebuild(corpus, index_dir, config, encoder)
    assert "第2座" in bot.search("工厂")[0].chunk.text + bot.search("工厂")[1].chunk.text
    second = bot.answer("How many workers has factory 2?")
    assert second.generation == current_generation(index_dir).name != first.generation
    assert all("2" in c.passage for c in second.citations)
    number = next(c.article for c in first.citations if c.article is not None)
    assert "1" in bot.article(number, first.generation).text
    assert "2" in bot.article(number, second.generation).text
    with pytest.raises(QuestionError, match="rebuilt since.*Ask again"):
        bot.article(number, "gen-gone")
    rollback(index_dir)
    assert bot.answer("第1座工厂有多少工人?").generation == first.generation


def test_one_that_does_not_fit_is_passed_over(
    tmp_path: Path,
    config: Config,
    encoder: Encoder,
    reader: Reader,
    caplog: pytest.LogCaptureFixture,
) -> None:
    corpus, index_dir = tmp_path / "pages", tmp_path / "i"
    bot = first_build(corpus, index_dir, config, encoder, reader)
    old = current_generation(index_dir).name
    rebuild(corpus, index_dir, Config(encoder=config.encoder, chunk_chars=99), encoder)
    with caplog.at_level(logging.WARNING):
        assert {bot.answer("工厂?").generation, bot.answer("Factory?").generation} == {old}
    told = [r.getMessage() for r in caplog.records if r.name == "rag.chatbot"]
    assert [text.count("chunk_chars was 99") for text in told] == [1]
    (index_dir / "CURRENT").unlink()
    assert bot.answer("工厂?").generation == old


def test_a_page_and_ten_threads_ask_while_five_rebuilds_go_by(
    tmp_path: Path, config: Config, encoder: Encoder, reader: Reader
) -> None:
    corpus, index_dir = tmp_path / "pages", tmp_path / "i"
    bot = first_build(corpus, index_dir, config, encoder, reader)
    number = {bot.index.generation: 1}
    asked: list[tuple[str, set[str]]] = []
    on_the_page: list[float] = []
    failed: list[BaseException] = []
    done = threading.Event()
    app = build_app(bot)
    address = launch_app(app, "127.0.0.1", None, block=False)

    def ask(question: str) -> None:
        while not done.is_set():
            found = bot.answer(question)
            asked.append((found.generation, {c.passage for c in found.citations}))

    def call(question: str) -> None:
        page = Client(address, verbose=False)
        while not done.is_set():
            found = page.predict(question, None, api_name="/ask")
            asked.append((found["generation"], {c["passage"] for c in found["citations"]}))

    async def chat(question: str) -> None:
        async with httpx.AsyncClient(timeout=60) as http:
            visitor = await Chat.begin(http, address)
            while not done.is_set():
                on_the_page.append(await visitor.ask(question))  # raises where it is no answer

    def begin(work: Callable[[str], object], question: str) -> threading.Thread:
        def worked() -> None:
            try:
                work(question)
            except BaseException as error:
                failed.append(error)

        return threading.Thread(target=worked)

    questions = ["工厂有多少工人?", "How many workers has the factory?"] * 5
    threads = [begin(ask, question) for question in questions]
    threads += [begin(call, questions[0]), begin(lambda q: asyncio.run(chat(q)), questions[1])]
    for thread in threads:
        thread.start()
    for n in range(2, 7):
        write(corpus, n)
        rebuild(corpus, index_dir, config, encoder)
        number[current_generation(index_dir).name] = n
    taken_up = bot.answer("工厂?").generation
    done.set()
    for thread in threads:
        thread.join()
    app.close()
    assert not failed and on_the_page
    assert taken_up == current_generation(index_dir).name and number[taken_up] == 6
    assert len(asked) >= 10 and any(passages for _, passages in asked)
    for generation, passages in asked:
        assert all(f"{number[generation]}00" in passage for passage in passages)


def test_stages_of_one_answer_come_from_one_generation(
    tmp_path: Path, config: Config, encoder: Encoder, reader: Reader
) -> None:
    corpus, index_dir = tmp_path / "pages", tmp_path / "i"
    bot = first_build(corpus, index_dir, config, encoder, reader)
    first = bot.generation
    steps = bot.steps("How many workers has the factory?")
    retrieved = next(steps)
    write(corpus, 2)
    rebuild(corpus, index_dir, config, encoder)
    desk = Desk(bot)
    hits, second = desk.search("工厂", 2)
    assert {"第2座" in hit.chunk.text or "Factory 2" in hit.chunk.text for hit in hits} == {True}
    assert second == bot.generation == current_generation(index_dir).name != first
    reading = next(steps)
    assert isinstance(reading, Reading) and reading.hits == retrieved.hits
    assert reading.answer.generation == first
    (cited, *_) = reading.answer.citations
    assert "Factory 1" in cited.passage or "第1座" in cited.passage
    place = place_of([cited], "en", first)
    assert place is not None and (sheet := Sheet(desk, Feedback()).article(asdict(place)))
    assert f"<mark>{cited.quote.split()[0]}" in sheet and "rebuilt" not in sheet
    assert [a.source for a in bot.articles(first)] == [a.source for a in bot.articles(second)]
    assert bot.articles(first) != bot.articles(second)
