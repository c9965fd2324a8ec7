"""Wiring: a question goes through understanding, retrieval, reading and evidence to an Answer."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from embeddings import Config, Encoder, Index, rebuild
from embeddings.articles import Article
from embeddings.chunks import chunk_articles
from embeddings.config import default_corpus, default_index
from embeddings.errors import IndexMismatch, IndexMissing, QuestionError

from . import evidence, retrieve
from .answers import Answer, Hit
from .question import Question, Turn, understand
from .reader import Passage, Reader

_log = logging.getLogger(__name__)


class Chatbot:
    """Answers questions from one index."""

    def __init__(self, index: Index, reader: Reader) -> None:
        self.index = index
        self.reader = reader

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
        return cls(
            Index.open(index_dir, encoder=encoder, config=config), Reader.load(config.reader)
        )

    @classmethod
    def ready(
        cls,
        corpus_dir: Path | str | None = None,
        index_dir: Path | str | None = None,
        config: Config | None = None,
    ) -> Chatbot:
        """The chatbot over a corpus (None: the default one); a missing or outdated index is built.

        Raises CorpusError, IndexBusy, IndexDamaged, IndexNotWritten, ModelError.
        """
        config = config or Config()
        corpus = Path(corpus_dir or default_corpus())
        folder = Path(index_dir or default_index())
        try:
            index = Index.open(folder, config=config, corpus=corpus)
        except (IndexMissing, IndexMismatch) as why:
            _log.warning("Building the index in %s: %s", folder, why)
            return cls.build(corpus, folder, config)
        return cls(index, Reader.load(config.reader))

    def search(self, question: str, k: int = 20) -> list[Hit]:
        """Retrieval only: the k best chunks, best first. Raises QuestionError."""
        if k < 1:
            raise QuestionError(f"k is {k}; ask for at least one hit.")
        asked = understand(question, (), self.index.config.max_question_chars)
        return retrieve.search(self.index, asked.text, k)

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
            return read_passages(self.reader, question, passages, history, self.index.config)
        config = self.index.config
        clock = _Clock()
        asked = understand(question, history, config.max_question_chars)
        hits = _retrieve(self.index, asked)
        clock.stop("retrieve")
        return _read(self.reader, asked, hits, config, clock)


def read_passages(
    reader: Reader,
    question: str,
    passages: Sequence[str],
    history: Sequence[Turn] = (),
    config: Config | None = None,
) -> Answer:
    """Answer from the given passages alone; a citation of passage i has source str(i).

    Raises QuestionError for an empty question.
    """
    config = config or Config()
    clock = _Clock()
    asked = understand(question, history, config.max_question_chars)
    hits = _hits_of(passages, config.chunk_chars)
    clock.stop("retrieve")
    return _read(reader, asked, hits, config, clock)


class _Clock:
    """Seconds between stops, by the stage that ended."""

    def __init__(self) -> None:
        self.timings: dict[str, float] = {}
        self._last = time.perf_counter()

    def stop(self, stage: str) -> None:
        now = time.perf_counter()
        self.timings[stage] = now - self._last
        self._last = now


def _retrieve(index: Index, asked: Question) -> list[Hit]:
    """The hits for the whole question, and half as many for each part where it has two."""
    n = index.config.read_passages
    hits = retrieve.search(index, asked.text, n)
    if len(asked.parts) > 1:
        for part in asked.parts:
            known = {h.chunk.id for h in hits}
            found = retrieve.search(index, part, n // 2)
            hits += [h for h in found if h.chunk.id not in known]
    return hits


def _read(
    reader: Reader, asked: Question, hits: list[Hit], config: Config, clock: _Clock
) -> Answer:
    """Read the hits for each part of the question, and put the answer together or refuse."""
    to_read = [Passage(h.chunk.text, h.chunk.title) for h in hits]
    ranked = [evidence.rank(asked, part, hits, reader.read(part, to_read)) for part in asked.parts]
    clock.stop("read")
    sure = min((evidence.confidence(r[0]) if r else 0.0 for r in ranked), default=0.0)
    refused = sure < config.refuse_below
    text = evidence.refusal(asked.language) if refused else evidence.say(asked, ranked)
    cited = () if refused else evidence.citations(ranked)
    clock.stop("cite")
    return Answer(text, refused, sure, cited, asked.language, asked.text, clock.timings)


def _hits_of(passages: Sequence[str], chunk_chars: int) -> list[Hit]:
    """The given passages, cut to chunks that the reader can take in."""
    hits: list[Hit] = []
    for i, text in enumerate(passages):
        article = Article(title="", text=text, spans=((0, len(text)),))
        chunks = chunk_articles(str(i), [article], chunk_chars=chunk_chars, first_chunk=len(hits))
        hits += [Hit(chunk, score=0.0, coverage=0.5) for chunk in chunks]
    return hits


@lru_cache(maxsize=1)
def _default() -> Chatbot:
    return Chatbot.ready()


@lru_cache(maxsize=1)
def _default_reader() -> Reader:
    return Reader.load()


def answer(
    question: str, history: Sequence[Turn] = (), passages: Sequence[str] | None = None
) -> Answer:
    """Answer from the default index (opened, and on first use built, over the default corpus).

    See Chatbot.answer. Raises WenjuError with what is wrong and what to do.
    """
    if passages is not None:
        return read_passages(_default_reader(), question, passages, history)
    return _default().answer(question, history)
