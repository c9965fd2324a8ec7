"""A place in a chunk → the sentence, clauses, list or quoted name that it is part of."""

from __future__ import annotations

import re

from embeddings.chunks import Chunk, Span

# a comma or colon inside a numeral ends no clause
_CLAUSE_END = re.compile(r"(?<!\d)[,:：，]|[,:：，](?!\d)|[。；;！？!?\n]+")
_ITEM_MARKS = "、—"


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


def quote_span(chunk: Chunk, start: int, end: int, least: int) -> Span:
    """The sentences that text[start:end] stands in, with the one before where they are short.

    “……。”王某说。 proves little without what was said.
    """
    start, end = sentence_span(chunk, start, end)
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

    A name in 《》, ‘’ or “” is given whole or not at all; so is one that begins within the span.
    """
    for left, right in ("《》", "‘’", "“”"):
        opened = text.rfind(left, max(0, start - most), start + 1)
        closed = text.find(right, max(end - 1, start), start + most)
        if opened >= 0 and closed >= 0 and right not in text[opened:start]:
            name = (opened, closed + 1)
            return name if left == "《" else (name[0] + 1, closed)
        within = text.rfind(left, start, end)
        if within >= 0 and right not in text[within:end]:
            closed = text.find(right, end, within + most)
            end = closed + 1 if closed >= 0 else end
    return start, end
