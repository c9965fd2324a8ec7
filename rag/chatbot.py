"""A Chatbot: an index, which is kept up to date, and a reader; questions in, Answers out."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from embeddings import Config, Encoder, Index, rebuild
from embeddings.config import default_corpus, default_index
from embeddings.errors import (
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    QuestionError,
    WenjuError,
)
from embeddings.generations import corpus_of, current_generation, generations
from embeddings.records import IndexedArticle, read_articles

from . import retrieve
from .answering import chunks_to_read, read, read_passages
from .answers import Answer, Hit
from .explanation import Explanation, explain
from .question import Turn, understand
from .reader import Reader
from .steps import Clock, Reading, Retrieved

_log = logging.getLogger(__name__)
_opening = threading.Lock()


class Chatbot:
    """Answers questions from one index. Its methods may be called from several threads."""

    def __init__(self, index: Index, reader: Reader) -> None:
        self.index = index
        self.reader = reader
        self._passed_over: Path | None = None  # a generation that cannot be taken up
        self._taking_up = threading.Lock()

    @classmethod
    def open(cls, index_dir: Path | str, config: Config | None = None) -> Chatbot:
        """A chatbot over the index in a folder.

        Raises IndexMissing, IndexDamaged, IndexMismatch, ModelError.
        """
        config = config or Config()
        return cls(Index.open(index_dir, config=config), Reader.load(config.reader))

    @classmethod
    def build(
        cls, corpus_dir: Path | str, index_dir: Path | str, config: Config | None = None
    ) -> Chatbot:
        """Build the index of a corpus folder, then open it.

        Raises CorpusError, IndexBusy, IndexNotWritten, ModelError.
        """
        config = config or Config()
        encoder = Encoder.load(config.encoder)
        rebuild(Path(corpus_dir), Path(index_dir), config, encoder=encoder)
        index = Index.open(index_dir, encoder=encoder, config=config)
        return cls(index, Reader.load(config.reader))

    @classmethod
    def ready(
        cls,
        corpus_dir: Path | str | None = None,
        index_dir: Path | str | None = None,
        config: Config | None = None,
    ) -> Chatbot:
        """The chatbot over a corpus folder; its index is built where it is missing or outdated.

        Without a corpus it is the one that the index was built from, without either the default.
        Raises CorpusError, IndexBusy, IndexDamaged, IndexMissing, IndexNotWritten, ModelError.
        """
        config = config or Config()
        folder = Path(index_dir or default_index())
        known = corpus_of(folder) if index_dir else default_corpus()
        if corpus_dir is None and known is None:
            return cls.open(folder, config)
        corpus = Path(corpus_dir or known or "")
        try:
            index = Index.open(folder, config=config, corpus=corpus)
        except (IndexMissing, IndexMismatch) as why:
            _log.warning("Building the index in %s: %s", folder, why)
            return cls.build(corpus, folder, config)
        return cls(index, Reader.load(config.reader))

    @property
    def config(self) -> Config:
        """The settings that its answers are made under."""
        return self.index.config

    @property
    def generation(self) -> str:
        """Name of the index's generation that is open; "" for an index that is only in memory."""
        return self.index.generation

    def newest(self) -> Index:
        """The index's current generation: a rebuild or a rollback is taken up between questions.

        One that cannot be is told of in the log, and the index that is open answers on.
        """
        if self.index.folder is None:
            return self.index
        with self._taking_up:
            index_dir, folder = self.index.folder.parent, None
            try:
                folder = current_generation(index_dir)
                if folder not in (self.index.folder, self._passed_over):
                    config, encoder = self.index.config, self.index.encoder
                    found = Index.open(index_dir, encoder, config)
                    found.check_encoder()
                    self.index = found
            except WenjuError as why:
                if folder is None or folder != self._passed_over:
                    _log.warning("Answering on from %s: %s", self.index.folder, why)
                self._passed_over = folder
            return self.index

    def articles(self, generation: str | None = None) -> Sequence[IndexedArticle]:
        """All articles as they read; Citation.article is a position among them.

        `generation` as in article(), and the same error.
        """
        index = self.index
        if generation in (None, index.generation) or index.folder is None:
            return index.articles
        folders = {path.name: path for path in generations(index.folder.parent)}
        try:
            return _articles_of(folders[generation or ""])
        except (KeyError, IndexDamaged):
            raise QuestionError(
                "The index was rebuilt since this answer, and what it was read from is gone. "
                "Ask again."
            ) from None

    def article(self, number: int, generation: str | None = None) -> IndexedArticle:
        """An article as it reads, by its position in the index, as Citation.article gives it.

        `generation` is the Answer's: after a rebuild, other articles have the same numbers. Raises
        QuestionError for a number that no article has, or a generation that is not kept any more.
        """
        articles = self.articles(generation)
        if not 0 <= number < len(articles):
            raise QuestionError(
                f"There is no article {number}; this index has those from 0 to {len(articles) - 1}."
            )
        return articles[number]

    def search(self, question: str, k: int = 20) -> list[Hit]:
        """Retrieval only: the k best chunks, best first. Raises QuestionError."""
        if k < 1:
            raise QuestionError(f"k is {k}; ask for at least one hit.")
        asked = understand(question, (), self.config.max_question_chars)
        return retrieve.search(self.newest(), asked.text, k)

    def answer(
        self,
        question: str,
        history: Sequence[Turn] = (),
        passages: Sequence[str] | None = None,
    ) -> Answer:
        """Answer a question from the index, or from `passages` alone where they are given.

        `history` holds the turns before, oldest first. A citation of passage i has source str(i)
        and spans into that passage. Raises QuestionError for an empty question.
        """
        if passages is not None:
            return read_passages(self.reader, question, passages, history, self.config)
        return self._reading(question, history).answer

    def explain(self, question: str, history: Sequence[Turn] = ()) -> Explanation:
        """Why a question gets the answer, or the refusal, that it gets. Raises as answer."""
        return explain(self._reading(question, history), self.config)

    def steps(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Retrieved | Reading]:
        """As answer, stage by stage: what is read as soon as it is found, then all of it."""
        index = self.newest()  # for the whole of this answer
        config, clock = index.config, Clock()
        asked = understand(question, history, config.max_question_chars)
        hits = tuple(retrieve.search(index, asked.text, chunks_to_read(asked, config)))
        clock.stop("retrieve")
        yield Retrieved(asked, hits)
        clock.resume()
        reading = read(self.reader, asked, hits, config, clock)
        yield replace(reading, answer=replace(reading.answer, generation=index.generation))

    def _reading(self, question: str, history: Sequence[Turn]) -> Reading:
        *_, last = self.steps(question, history)
        assert isinstance(last, Reading)
        return last


@lru_cache(maxsize=2)
def _articles_of(generation: Path) -> Sequence[IndexedArticle]:
    return read_articles(generation)


@lru_cache(maxsize=1)
def _default() -> Chatbot:
    return Chatbot.ready()


def answer(
    question: str, history: Sequence[Turn] = (), passages: Sequence[str] | None = None
) -> Answer:
    """Answer from the default index (opened, and on first use built, over the default corpus).

    See Chatbot.answer. Raises WenjuError with what is wrong and what to do.
    """
    if passages is not None:
        return read_passages(_bundled_reader(), question, passages, history)
    with _opening:
        bot = _default()
    return bot.answer(question, history)


@lru_cache(maxsize=1)
def _bundled_reader() -> Reader:
    return Reader.load()
