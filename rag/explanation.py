"""A Reading goes in; why it ended in this answer or in a refusal comes out, as plain values."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from embeddings import Config
from embeddings.chunks import Span

from .answers import Citation, Hit, Language
from .evidence import Found, cite
from .judge import probability
from .matches import Match, matches, sought
from .steps import Reading

# answered; no passage was found; the reader proposed nothing for a part; below `refuse_below`
Reason = Literal["answered", "nothing found", "nothing proposed", "unsure"]


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage that was read; a leg's rank (from 1) and score: None where it did not find it."""

    source: str
    title: str
    text: str
    spans: tuple[Span, ...]  # into the file's text
    article: int
    score: float
    coverage: float  # share of the question's terms, by weight
    lexical_rank: int | None
    lexical_score: float | None
    dense_rank: int | None
    dense_score: float | None
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Words that the reader proposed; span, wording and relevance are log-odds."""

    part: int  # of the question, from 1
    words: str
    passage: int  # from 1
    score: float  # proposals of a part are ordered by it
    confidence: float  # in [0, 1], that its sentence holds the answer
    span: float
    wording: float
    relevance: float
    failed_demands: int  # of the question, see evidence.failed_demands
    told_before: bool  # it stood in the reply before


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a question was answered as it was, or was not."""

    asked: str
    question: str  # as it was understood
    sought: tuple[str, ...]  # words that the search went by
    language: Language
    answer: str
    reason: Reason
    confidence: float
    refuse_below: float
    passages: tuple[Passage, ...]  # best first
    proposals: tuple[Proposal, ...]  # by part, best first
    timings: dict[str, float]  # seconds per stage

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


def explain(reading: Reading, config: Config, most: int = 8) -> Explanation:
    """The whole way of one question; of each part's proposals the first `most`."""
    asked, answer = reading.asked, reading.answer
    return Explanation(
        asked=asked.asked,
        question=asked.text,
        sought=sought(asked.text),
        language=asked.language,
        answer=answer.text,
        reason=reason_of(reading),
        confidence=answer.confidence,
        refuse_below=config.refuse_below,
        passages=tuple(passage_of(asked.text, hit, config) for hit in reading.hits),
        proposals=tuple(
            _proposal(number, found)
            for number, ranked in enumerate(reading.ranked, 1)
            for found in ranked[:most]
        ),
        timings=answer.timings,
    )


def reason_of(reading: Reading) -> Reason:
    """What decided."""
    if not reading.answer.refused:
        return "answered"
    if not reading.hits:
        return "nothing found"
    return "unsure" if all(reading.ranked) else "nothing proposed"


def passage_of(question: str, hit: Hit, config: Config) -> Passage:
    """A hit with the terms that found it."""
    chunk = hit.chunk
    return Passage(
        source=chunk.source,
        title=chunk.title,
        text=chunk.text,
        spans=chunk.spans,
        article=chunk.article,
        score=hit.score,
        coverage=hit.coverage,
        lexical_rank=hit.lexical_rank,
        lexical_score=hit.lexical_score,
        dense_rank=hit.dense_rank,
        dense_score=hit.dense_score,
        matches=matches(question, f"{chunk.title}\n{chunk.text}", config.gloss_senses),
    )


def nearest(reading: Reading, most: int = 3) -> tuple[Citation, ...]:
    """The likeliest sentence of each of the best passages: not an answer, but perhaps of use.

    The score is that of the passage's best proposal, 0 where the reader proposed nothing in it.
    """
    first = enumerate(reading.hits[:most])
    return tuple(best_sentence(hit, _log_odds(reading, at)) for at, hit in first)


def best_sentence(hit: Hit, log_odds: float = float("-inf")) -> Citation:
    """The sentence of a hit that the rerank put highest."""
    sentences, scores = hit.chunk.sentences, hit.sentence_scores
    at = max(range(len(scores)), key=scores.__getitem__) if scores else 0
    span = sentences[at] if sentences else (0, len(hit.chunk.text))
    return cite(hit.chunk, span, log_odds)


def _log_odds(reading: Reading, passage: int) -> float:
    found = (f for ranked in reading.ranked for f in ranked if f.candidate.passage == passage)
    return max((f.log_odds for f in found), default=float("-inf"))


def _proposal(number: int, found: Found) -> Proposal:
    candidate = found.candidate
    return Proposal(
        part=number,
        words=found.words,
        passage=candidate.passage + 1,
        score=found.score,
        confidence=probability(found.log_odds),
        span=candidate.span,
        wording=candidate.wording,
        relevance=candidate.relevance,
        failed_demands=found.failed_demands,
        told_before=found.told_before,
    )
