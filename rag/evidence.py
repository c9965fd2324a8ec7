"""Candidate answers + the chunks they stand in → the answer's words, confidence and citations.

Everything shown is cut out of the chunk by offsets; nothing is put into other words but "yes", "no"
and the refusal.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from embeddings import Config
from embeddings.chunks import Chunk, Span
from embeddings.terms import fold

from .answers import Citation, Hit, Language
from .extents import clauses, cut, enumeration, quote_span, quoted, sentence_span, tidy
from .judge import Judge, features, probability
from .kinds import Kind, asks
from .places import elsewhere, places
from .question import Part, Question
from .reader import Candidate
from .rejoined import least_confidence
from .shapes import completed, misfits, whole, whole_place
from .verdict import verdict


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate in its chunk, judged."""

    candidate: Candidate
    hit: Hit
    score: float  # candidates are ordered by it
    log_odds: float  # that its sentence holds the answer
    failed_demands: int = 0  # of the question's: those of failed_demands(), and the place
    told_before: bool = False  # it stood in the reply before

    @property
    def words(self) -> str:
        """The candidate's own words."""
        return tidy(self.hit.chunk.text[self.candidate.start : self.candidate.end])


def rank(
    part: Part,
    hits: Sequence[Hit],
    candidates: Sequence[Candidate],
    judge: Judge,
    config: Config,
    told: str = "",
) -> list[Found]:
    """Candidates for one part of a question, best first, ties by place.

    What fails a demand of the question, stands in an article about other places than are asked
    about, or was said in the last reply (`told`) is marked down.
    """
    said_before = fold(told)
    away = elsewhere(places(part.text), [h.printed for h in hits])
    out = []
    for c, what in zip(candidates, features(candidates, hits), strict=True):
        hit = hits[c.passage]
        words = cut(hit.chunk, answer_span(part, hit.chunk, c, config))
        if not words:
            continue
        failed = failed_demands(part, words, c, hit, config) + away[c.passage]
        again = stands_in(fold(words), said_before)
        penalty = config.wrong_shape * failed + config.told_before * again
        score, log_odds = judge.order.dot(what) - penalty, judge.log_odds(what) - penalty
        out.append(Found(c, hit, score, log_odds, failed, again))
    return sorted(out, key=lambda f: (-f.score, f.hit.chunk.id, f.candidate.start, f.candidate.end))


def failed_demands(part: Part, words: str, candidate: Candidate, hit: Hit, config: Config) -> int:
    """How many demands an answer fails.

    Its words have the shape that is asked for (shapes.misfits); its sentence does not ask itself;
    its passage has a word of the question.
    """
    start, end = sentence_span(hit.chunk, candidate.start, candidate.end)
    asking = asks(hit.chunk.text[start:end])
    beside = hit.coverage < config.least_coverage
    return misfits(part.kind, part.text, words) + asking + beside


def apart(ranked: Sequence[list[Found]]) -> list[list[Found]]:
    """Each part's candidates, but for a second part those that are the first one's answer."""
    out: list[list[Found]] = []
    for found in ranked:
        taken = {r[0].words for r in out if r}
        out.append([f for f in found if f.words not in taken] or list(found))
    return out


def stands_in(words: str, text: str) -> bool:
    """Do the words stand in the text, and not as digits of a longer number?"""
    pattern = r"(?<!\d)" * words[:1].isdigit() + re.escape(words) + r"(?!\d)" * words[-1:].isdigit()
    return bool(text and words and re.search(pattern, text))


def say(question: Question, ranked: Sequence[Sequence[Found]], config: Config) -> str:
    """The answers to the question's parts, none of them empty, in one line."""
    pairs = zip(question.parts, ranked, strict=True)
    said = dict.fromkeys(answer_to(p, r[0], question.language, config) for p, r in pairs)
    return ("；" if question.language == "zh" else "; ").join(said)


def answer_to(part: Part, found: Found, language: Language, config: Config) -> str:
    """The candidate's own words, or the clauses around it where the question wants more."""
    chunk, c = found.hit.chunk, found.candidate
    if part.kind not in (Kind.HOW, Kind.WHY, Kind.YES_NO):
        return cut(chunk, answer_span(part, chunk, c, config))
    clause = cut(chunk, clauses(chunk, c.start, c.end, config.clause_chars))
    if part.kind is Kind.YES_NO:
        said = verdict(part.text, clause, c.yes, language)
        return said + (": " if language == "en" else "：") + clause if said else clause
    return clause


def answer_span(part: Part, chunk: Chunk, candidate: Candidate, config: Config) -> Span:
    """The candidate's words, whole: all of a list, a number with its unit, a name in its quotes."""
    start, end = candidate.start, candidate.end
    if part.kind is Kind.LIST:
        return enumeration(chunk, start, end)
    start, end = whole(part.kind, chunk.text, start, end)
    if part.kind in (Kind.WORDS, Kind.PERSON):
        start, end = quoted(chunk.text, start, end, config.name_chars)
        start, end = completed(part.text, chunk.text, start, end)
        return whole_place(part.text, chunk.text, start, end)
    return start, end


def cite(chunk: Chunk, span: Span, log_odds: float) -> Citation:
    """A citation of chunk.text[span]: its quote is cut out of the file, never written."""
    spans = chunk.locate(*span)
    return Citation(
        source=chunk.source,
        title=chunk.title,
        quote=chunk.text[span[0] : span[1]],
        spans=spans,
        score=probability(log_odds),
        passage=chunk.text,
        passage_spans=chunk.spans,
        article=chunk.article,
        join_confidence=least_confidence(chunk.joins, spans),
    )


def citations(ranked: Sequence[Sequence[Found]], config: Config) -> tuple[Citation, ...]:
    """The sentence of each part's answer, then others whose log-odds come near the best of them."""
    out: list[Citation] = []
    seen: set[tuple[str, tuple[Span, ...]]] = set()  # neighbouring chunks share a sentence
    first = [r[0] for r in ranked]
    near = [f for r in ranked for f in r[1:] if f.log_odds >= r[0].log_odds - config.near_best]
    for found in [*first, *sorted(near, key=lambda f: -f.score)]:
        chunk = found.hit.chunk
        c = found.candidate
        span = quote_span(chunk, c.start, c.end, config.quote_chars)
        place = (chunk.source, chunk.locate(*span))
        if place not in seen and len(out) < config.citations:
            seen.add(place)
            out.append(cite(chunk, span, found.log_odds))
    return tuple(out)
