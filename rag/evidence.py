"""Candidate answers + the chunks they stand in → the answer's words, confidence and citations.

Everything shown is cut out of the chunk by offsets; nothing is put into other words but "yes", "no"
and the refusal.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from embeddings.chunks import Chunk, Span
from embeddings.numerals import numbers
from embeddings.terms import fold

from .answers import Citation, Hit, Language
from .question import Kind, Question
from .reader import Candidate
from .shape import misfits

REFUSAL = {
    "zh": "这些文章里没有这个问题的答案。",
    "en": "The articles do not answer this question.",
}
SPOKEN = {"zh": ("否", "是"), "en": ("No", "Yes")}
# The judge: log-odds that a candidate is right, by logistic regression over what reader and
# retrieval say of it. Fitted by benchmarks/calibrate.py on neither training data nor seeds.
BIAS, SPAN, WORDING, RELEVANCE, RETRIEVAL, COVERAGE = -2.0, 0.25, 0.15, 0.3, 0.5, 1.5
WRONG_SHAPE = 1.5  # taken off for each demand of shape.misfits that the words fail
MAX_CLAUSES = 90  # characters of an answer that is a clause or two
MAX_CITATIONS = 3
NEAR_BEST = 2.5  # how far below the best log-odds another passage is still worth citing
_CLAUSE_END = "，,。；;！？!?：:\n"
_QUOTES = "“”‘’\"'「」『』"


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate in its chunk, with the log-odds that it is right."""

    candidate: Candidate
    hit: Hit
    score: float


def rank(
    question: Question, part: str, hits: Sequence[Hit], candidates: Sequence[Candidate]
) -> list[Found]:
    """Candidates for one part of the question by the log-odds that they are right, best first."""
    top = max((h.score for h in hits), default=0.0)
    told = fold(question.told)
    out = []
    for c in candidates:
        hit = hits[c.passage]
        words = hit.chunk.text[c.start : c.end]
        if not words.strip() or (told and fold(words) in told):
            continue
        score = judge(c, hit, top) - WRONG_SHAPE * misfits(question, part, words)
        out.append(Found(c, hit, score))
    return sorted(out, key=lambda f: (-f.score, f.hit.chunk.id, f.candidate.start, f.candidate.end))


def judge(candidate: Candidate, hit: Hit, top: float) -> float:
    """Log-odds that the candidate is right; `top` is the best hit's score."""
    return (
        BIAS
        + SPAN * candidate.span
        + WORDING * candidate.wording
        + RELEVANCE * candidate.relevance
        + RETRIEVAL * (hit.score - top)
        + COVERAGE * hit.coverage
    )


def confidence(found: Found) -> float:
    """The probability that goes with the log-odds, in [0, 1]."""
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, found.score))))


def say(question: Question, ranked: Sequence[Sequence[Found]]) -> str:
    """The answers to the question's parts, none of them empty, in one line."""
    said = dict.fromkeys(words(question, found[0]) for found in ranked)
    return ("；" if question.language == "zh" else "; ").join(said)


def words(question: Question, found: Found) -> str:
    """What is said: the candidate's own words, or its clauses where the question wants more."""
    chunk, c = found.hit.chunk, found.candidate
    if question.kind is Kind.YES_NO:
        clause = cut(chunk, clauses(chunk, c.start, c.end))
        colon = ": " if question.language == "en" else "："
        return verdict(question, found, clause) + colon + clause
    if question.kind in (Kind.HOW, Kind.WHY):
        return cut(chunk, clauses(chunk, c.start, c.end))
    if question.kind is Kind.LIST:
        return cut(chunk, enumeration(chunk.text, c.start, c.end))
    return tidy(chunk.text[c.start : c.end])


def verdict(question: Question, found: Found, clause: str) -> str:
    """Yes or no in the question's language: no where the reader says so or a number differs."""
    asked, printed = set(numbers(fold(question.asked))), set(numbers(fold(clause)))
    differs = bool(asked and printed and not asked & printed)
    return SPOKEN[question.language][int(found.candidate.yes > 0 and not differs)]


def cut(chunk: Chunk, span: Span) -> str:
    """The chunk's words in `span`, without white space and punctuation around them."""
    return tidy(chunk.text[span[0] : span[1]])


def tidy(text: str) -> str:
    """Text on one line, without punctuation at its ends and without a lone quotation mark."""
    text = " ".join(text.split()).strip(" ，,。；;、：:！!？?")
    for left, right in ("“”", "‘’", "《》", "（）", "()"):
        if text.startswith(left) and text.endswith(right) and text.count(left) == 1:
            return text[1:-1] if left in "“‘" else text
        if text.count(left) != text.count(right):
            text = (
                text.strip(left + right)
                if text[:1] in left + right or text[-1:] in left + right
                else text
            )
    return text


def sentence_span(chunk: Chunk, start: int, end: int) -> Span:
    """The whole sentences of the chunk that hold text[start:end]."""
    touched = [(s, e) for s, e in chunk.sentences if s < end and e > start]
    return (touched[0][0], touched[-1][1]) if touched else (start, end)


def clauses(chunk: Chunk, start: int, end: int) -> Span:
    """The sentence around text[start:end], or as many of its clauses as MAX_CLAUSES holds."""
    first, last = sentence_span(chunk, start, end)
    if last - first <= MAX_CLAUSES:
        return first, last
    text = chunk.text
    left = max((text.rfind(m, first, start) + 1 for m in _CLAUSE_END), default=first) or first
    right = min((i for i in (text.find(m, end, last) for m in _CLAUSE_END) if i >= 0), default=last)
    left = max(left, first)
    while True:
        after = min(
            (i for i in (text.find(m, right + 1, last) for m in _CLAUSE_END) if i >= 0),
            default=last,
        )
        before = max(
            [text.rfind(m, first, max(first, left - 1)) + 1 for m in _CLAUSE_END] + [first]
        )
        if right < last and after - left <= MAX_CLAUSES:
            right = after
        elif left > first and right - before <= MAX_CLAUSES:
            left = before
        else:
            return left, right


def enumeration(text: str, start: int, end: int) -> Span:
    """text[start:end] with the items before and after it that "、" or a dash joins to it."""
    stop = "，,。；;！？!?\n"
    left = max(text.rfind(m, 0, start) for m in stop) + 1
    right = min((i for i in (text.find(m, end) for m in stop) if i >= 0), default=len(text))
    joined = "、—"
    if not any(mark in text[left:right] for mark in joined):
        return start, end
    if any(mark in text[left:start] for mark in joined) or any(
        mark in text[end:right] for mark in joined
    ):
        return left, right
    return start, end


def cite(chunk: Chunk, span: Span, score: float) -> Citation:
    """A citation of chunk.text[span]: its quote is cut out of the file, never written."""
    return Citation(
        source=chunk.source,
        title=chunk.title,
        quote=chunk.text[span[0] : span[1]],
        spans=chunk.locate(*span),
        score=score,
        passage=chunk.text,
        passage_spans=chunk.spans,
    )


def citations(ranked: Sequence[Sequence[Found]]) -> tuple[Citation, ...]:
    """The sentence of each part's answer, then other sentences that score near the best of them."""
    out: list[Citation] = []
    seen: set[tuple[str, tuple[Span, ...]]] = set()  # neighbouring chunks share a sentence
    first = [r[0] for r in ranked if r]
    rest = sorted(
        (f for r in ranked if r for f in r[1:] if f.score >= r[0].score - NEAR_BEST),
        key=lambda f: -f.score,
    )
    for found in [*first, *rest]:
        chunk = found.hit.chunk
        span = sentence_span(chunk, found.candidate.start, found.candidate.end)
        place = (chunk.source, chunk.locate(*span))
        if place not in seen and len(out) < max(MAX_CITATIONS, len(first)):
            seen.add(place)
            out.append(cite(chunk, span, confidence(found)))
    return tuple(out)


def refusal(language: Language) -> str:
    """What a refused question is told, in its language."""
    return REFUSAL[language]
