"""A question and the chunks found for it in; read, ranked, answered or refused: an Answer out."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from embeddings import Config
from embeddings.articles import Article
from embeddings.chunks import Chunk, chunk_articles
from embeddings.errors import QuestionError

from . import evidence, retrieve
from .answers import REFUSAL, Answer, Hit
from .bridge import as_printed
from .judge import Judge, probability
from .question import Part, Question, Turn, understand
from .reader import Candidate, Passage, Reader
from .shapes import proposals
from .steps import Clock, Reading


def read_passages(
    reader: Reader,
    question: str,
    passages: Sequence[str],
    history: Sequence[Turn] = (),
    config: Config | None = None,
) -> Answer:
    """Answer from the given passages alone; a citation of passage i has source str(i).

    Raises QuestionError for an empty question or passages that are no texts.
    """
    if isinstance(passages, str) or not all(isinstance(p, str) for p in passages):
        raise QuestionError("passages is a sequence of str; give each passage as one of them.")
    passages = [p.encode("utf-8", "replace").decode("utf-8") for p in passages]  # lone surrogates
    config = config or Config()
    clock = Clock()
    asked = understand(question, history, config.max_question_chars)
    chunks: list[Chunk] = []
    for i, text in enumerate(passages):
        chunks += chunk_articles(
            str(i),
            [Article(title="", text=text, spans=((0, len(text)),))],
            chunk_chars=config.chunk_chars,
            overlap_sentences=config.overlap_sentences,
            first_chunk=len(chunks),
        )
    hits = retrieve.among(chunks, asked.text, config)
    clock.stop("retrieve")
    found = read(reader, asked, hits, config, clock).answer
    cited = tuple(replace(citation, article=None) for citation in found.citations)
    return replace(found, citations=cited)


def candidates(reader: Reader, part: Part, hits: Sequence[Hit]) -> list[Candidate]:
    """What the reader finds in the hits, asked with the words that they print."""
    named = as_printed(part.text, [f"{h.chunk.title}\n{h.chunk.text}" for h in hits])
    passages = [Passage(h.chunk.text, h.chunk.title) for h in hits]
    return reader.read(named, passages, [proposals(part.kind, part.text, p.text) for p in passages])


def chunks_to_read(asked: Question, config: Config) -> int:
    """How many chunks are read: half as many more where there are two questions in one."""
    return config.read_passages * (len(asked.parts) + 1) // 2


def read(
    reader: Reader, asked: Question, hits: Sequence[Hit], config: Config, clock: Clock
) -> Reading:
    """Read the hits for each part of the question, and put the answer together or refuse."""
    judge = _judge_of(reader)
    ranked = evidence.apart(
        [
            evidence.rank(p, hits, candidates(reader, p, hits), judge, config, asked.told)
            for p in asked.parts
        ]
    )
    clock.stop("read")
    sure = statistics.fmean(probability(r[0].log_odds) if r else 0.0 for r in ranked)
    refused = sure < config.refuse_below or not all(ranked)
    text = REFUSAL[asked.language] if refused else evidence.say(asked, ranked, config)
    cited = () if refused else evidence.citations(ranked, config)
    clock.stop("cite")
    answer = Answer(text, refused, sure, cited, asked.language, asked.text, clock.timings)
    return Reading(asked, tuple(hits), tuple(map(tuple, ranked)), answer)


@lru_cache(maxsize=8)
def _judge_of(reader: Reader) -> Judge:
    return Judge.beside(reader.folder)
