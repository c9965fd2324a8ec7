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
from .judge import Judge, features, probability
from .kinds import Kind, asks, completed, misfits, whole
from .question import Part, Question
from .reader import Candidate
from .rejoined import least_confidence
from .verdict import verdict

REFUSAL = {
    "zh": "这些文章里没有这个问题的答案。",
    "en": "The articles do not answer this question.",
}
# a comma or colon inside a numeral ends no clause
_CLAUSE_END = re.compile(r"(?<!\d)[,:：，]|[,:：，](?!\d)|[。；;！？!?\n]+")
_ITEM_MARKS = "、—"


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate in its chunk, judged."""

    candidate: Candidate
    hit: Hit
    score: float  # candidates are ordered by it
    log_odds: float  # that its sentence holds the answer
    failed_demands: int = 0  # of the question's, see failed_demands()
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

    What fails a demand of the question, and what the last reply said (`told`), is marked down.
    """
    said_before = fold(told)
    out = []
    for c, what in zip(candidates, features(candidates, hits), strict=True):
        hit = hits[c.passage]
        words = cut(hit.chunk, whole(part.kind, hit.chunk.text, c.start, c.end))
        if not words:
            continue
        failed = failed_demands(part, words, c, hit, config)
        again = stands_in(fold(words), said_before)
        penalty = config.wrong_shape * failed + config.told_before * again
        score, log_odds = judge.order.dot(what) - penalty, judge.log_odds(what) - penalty
        out.append(Found(c, hit, score, log_odds, failed, again))
    return sorted(out, key=lambda f: (-f.score, f.hit.chunk.id, f.candidate.start, f.candidate.end))


def failed_demands(part: Part, words: str, candidate: Candidate, hit: Hit, config: Config) -> int:
    """How many demands an answer fails.

    A number or date is one, of the unit that is asked for; its sentence does not ask itself; its
    passage has a word of the question.
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
    if part.kind is Kind.LIST:
        return cut(chunk, enumeration(chunk, c.start, c.end))
    if part.kind is Kind.WORDS:
        named = quoted(chunk.text, c.start, c.end, config.name_chars)
        return cut(chunk, completed(part.text, chunk.text, *named))
    if part.kind not in (Kind.HOW, Kind.WHY, Kind.YES_NO):
        return cut(chunk, whole(part.kind, chunk.text, c.start, c.end))
    clause = cut(chunk, clauses(chunk, c.start, c.end, config.clause_chars))
    if part.kind is Kind.YES_NO:
        said = verdict(part.text, clause, c.yes, language)
        return said + (": " if language == "en" else "：") + clause if said else clause
    return clause


def cut(chunk: Chunk, span: Span) -> str:
    """The chunk's words in `span`, tidied."""
    return tidy(chunk.text[span[0] : span[1]])


def tidy(text: str) -> str:
    """Text on one line, without loose punctuation and quotation marks at its ends."""
    text = " ".join(text.split()).strip(" ，,。；;、：:！!？?")
    for left, right in ("“”", "‘’", "《》", "（）", "()"):
        if (
            left in "“‘"
            and text.startswith(left)
            and text.endswith(right)
            and text.count(left) == 1
        ):
            return text[1:-1]
        if text.count(left) > text.count(right) and text[:1] == left:
            text = text[1:]
        elif text.count(left) < text.count(right) and text[-1:] == right:
            text = text[:-1]
    return text


def sentence_span(chunk: Chunk, start: int, end: int) -> Span:
    """The whole sentences of the chunk that hold text[start:end]."""
    touched = [(s, e) for s, e in chunk.sentences if s < end and e > start]
    return (touched[0][0], touched[-1][1]) if touched else (start, end)


def quote_span(chunk: Chunk, candidate: Candidate, least: int) -> Span:
    """The sentences that a candidate stands in, with the one before where they are short.

    “……。”王某说。 proves little without what was said.
    """
    start, end = sentence_span(chunk, candidate.start, candidate.end)
    if end - start < least:
        start = max((s for s, e in chunk.sentences if e <= start), default=start)
    return start, end


def clause_spans(text: str, start: int, end: int) -> list[Span]:
    """The clauses of text[start:end], each with the mark that ends it."""
    cuts = [start, *(m.end() for m in _CLAUSE_END.finditer(text, start, end)), end]
    return [(a, b) for a, b in zip(cuts, cuts[1:], strict=False) if b > a]


def clauses(chunk: Chunk, start: int, end: int, most: int) -> Span:
    """The sentence around text[start:end], or as many of its clauses as `most` characters hold.

    What follows is taken in before what precedes.
    """
    first, last = sentence_span(chunk, start, end)
    if last - first <= most:
        return first, last
    parts = clause_spans(chunk.text, first, last)
    left = next(i for i, (_, e) in enumerate(parts) if e > start)
    right = next(i for i, (_, e) in enumerate(parts) if e >= end)
    while True:
        if right + 1 < len(parts) and parts[right + 1][1] - parts[left][0] <= most:
            right += 1
        elif left > 0 and parts[right][1] - parts[left - 1][0] <= most:
            left -= 1
        else:
            return parts[left][0], parts[right][1]


def enumeration(chunk: Chunk, start: int, end: int) -> Span:
    """text[start:end], or the clauses it stands in where their items go on beyond it."""
    text = chunk.text
    touched = [
        (s, e)
        for s, e in clause_spans(text, *sentence_span(chunk, start, end))
        if s < end and e > start
    ]
    left, right = touched[0][0], touched[-1][1]
    beyond = text[left:start] + text[end:right]
    return (left, right) if any(mark in beyond for mark in _ITEM_MARKS) else (start, end)


def quoted(text: str, start: int, end: int, most: int) -> Span:
    """text[start:end], or the name of at most `most` characters in quotation marks it is part of.

    A name in 《》 or “” is given whole or not at all.
    """
    for left, right in ("《》", "“”"):
        opened = text.rfind(left, max(0, start - most), start + 1)
        closed = text.find(right, max(end - 1, start), start + most)
        if opened >= 0 and closed >= 0 and right not in text[opened:start]:
            name = (opened, closed + 1)
            return name if left == "《" else (name[0] + 1, closed)
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
        span = quote_span(chunk, found.candidate, config.quote_chars)
        place = (chunk.source, chunk.locate(*span))
        if place not in seen and len(out) < config.citations:
            seen.add(place)
            out.append(cite(chunk, span, found.log_odds))
    return tuple(out)


def refusal(language: Language) -> str:
    """What a refused question is told, in its language."""
    return REFUSAL[language]
