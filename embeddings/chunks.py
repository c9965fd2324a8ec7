"""Articles in, chunks out: whole sentences, never across articles, every character placed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from .articles import Article, Join
from .lines import NEWLINE, Span

_CLOSING = "”’\"'）)》】」』"
_END = rf"[。！？!?；;…]|\.(?=[{_CLOSING}]*(?:\s|$))"
_SENTENCE_END = re.compile(rf"(?:{_END})+[{_CLOSING}]*|{NEWLINE}")
_MOST = 1.5  # times the wished size that a chunk may have, so that the reader can take in all of it
_ABBREVIATION = re.compile(
    r"(?:^|[\s(“\"])(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|St|No|Vol|vs|etc|e\.g|i\.e)\.$"
)


@dataclass(frozen=True, slots=True)
class Chunk:
    """A few sentences of one article, and where each of their characters stands in the file.

    `text` is exactly the file's text cut by `spans`, in order.
    """

    id: int
    source: str  # file in the corpus folder
    article: int  # position in the index's list of articles
    title: str  # the article's headline, "" where none was printed
    text: str
    spans: tuple[Span, ...]  # into the file's text, in reading order
    sentences: tuple[Span, ...]  # into `text`, in order
    joins: tuple[Join, ...] = ()  # the seams of mended sentences that lie in `text`

    def locate(self, start: int, end: int) -> tuple[Span, ...]:
        """Where text[start:end] stands in the file: spans in reading order, neighbours merged.

        Raises ValueError where start and end do not lie in the text in this order.
        """
        if not 0 <= start <= end <= len(self.text):
            raise ValueError(f"No characters {start} to {end} in a text of {len(self.text)}.")
        return cut_spans(self.spans, start, end)


def cut_spans(spans: Iterable[Span], start: int, end: int) -> tuple[Span, ...]:
    """The part of `spans` that holds characters start to end of their joined text."""
    out: list[Span] = []
    at = 0
    for s, e in spans:
        first, last = max(start - at, 0), min(end - at, e - s)
        if first < last:
            if out and out[-1][1] == s + first:
                out[-1] = (out[-1][0], s + last)
            else:
                out.append((s + first, s + last))
        at += e - s
    return tuple(out)


def joins_between(spans: Sequence[Span], joins: Iterable[Join]) -> tuple[Join, ...]:
    """The joins that lie between two of the spans, neighbours in reading order."""
    seams = {(head, tail) for (_, head), (tail, _) in pairwise(spans)}
    return tuple(join for join in joins if (join.head, join.tail) in seams)


def split_sentences(text: str) -> list[Span]:
    """Sentences of a text as (start, end), in order, without the white space around them.

    A sentence ends at 。！？；… or a full stop before a space, with the quotes and brackets that
    close after it, and at each newline. Together they hold every character but white space.
    """
    cuts = [0]
    for mark in _SENTENCE_END.finditer(text):
        head = text[max(cuts[-1], mark.start() - 8) : mark.end()]
        if not (mark.group() == "." and _ABBREVIATION.search(head)):
            cuts.append(mark.end())
    cuts.append(len(text))
    out = []
    for start, end in zip(cuts, cuts[1:], strict=False):
        part = text[start:end]
        kept = part.strip()
        if kept:
            begin = start + len(part) - len(part.lstrip())
            out.append((begin, begin + len(kept)))
    return out


def _pieces(text: str, limit: int) -> list[Span]:
    """Sentences; those too long for a chunk are cut once more at commas, else anywhere."""
    out: list[Span] = []
    for start, end in split_sentences(text):
        while end - start > _MOST * limit:
            window = text[start : start + limit]
            comma = max((window.rfind(mark) for mark in "，,、：: "), default=-1)
            cut = start + (comma + 1 if comma >= limit // 2 else limit)
            out.append((start, start + len(text[start:cut].rstrip())))
            start = cut + len(text[cut:end]) - len(text[cut:end].lstrip())
        out.append((start, end))
    return out


def _groups(sentences: list[Span], limit: int, overlap: int) -> Iterator[list[Span]]:
    """Runs of sentences of even size, about `limit`, each with the `overlap` last of the former.

    None is longer than _MOST * limit; repeated sentences are left out where it would be.
    """
    most = _MOST * limit
    start = 0
    while start < len(sentences):
        begin = sentences[start][0]
        left = sentences[-1][1] - begin
        goal = begin + left / max(round(left / limit), ceil(left / most))
        stop = start + 1
        while stop < len(sentences) and _middle(sentences[stop]) <= goal:
            if sentences[stop][1] - begin > most:
                break
            stop += 1
        first = max(start - overlap, 0)
        while first < start and sentences[stop - 1][1] - sentences[first][0] > most:
            first += 1
        yield sentences[first:stop]
        start = stop


def _middle(sentence: Span) -> float:
    return (sentence[0] + sentence[1]) / 2


def chunk_articles(
    source: str,
    articles: Iterable[Article],
    *,
    chunk_chars: int,
    overlap_sentences: int = 0,
    first_chunk: int = 0,
    first_article: int = 0,
) -> list[Chunk]:
    """All chunks of one page's articles, in reading order, ids counted on from `first_chunk`."""
    out: list[Chunk] = []
    for number, article in enumerate(articles, first_article):
        sentences = _pieces(article.text, chunk_chars)
        for group in _groups(sentences, chunk_chars, overlap_sentences):
            start, end = group[0][0], group[-1][1]
            spans = cut_spans(article.spans, start, end)
            out.append(
                Chunk(
                    id=first_chunk + len(out),
                    source=source,
                    article=number,
                    title=article.title,
                    text=article.text[start:end],
                    spans=spans,
                    sentences=tuple((s - start, e - start) for s, e in group),
                    joins=joins_between(spans, article.joins),
                )
            )
    return out
