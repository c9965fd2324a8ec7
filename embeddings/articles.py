"""A newspaper page's text in, its articles in reading order out, and what is no article's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from threadpoolctl import threadpool_limits

from .deal import deal
from .headlines import decks, headline, kicker, signature
from .joins import Link, propose
from .lines import BLANKS, NEWLINE, Line, Span, read_lines
from .stories import Story
from .topics import Topic

_LINE_END = re.compile(rf"[{BLANKS}]*{NEWLINE}")


@dataclass(frozen=True, slots=True)
class Join:
    """A sentence that a column's end broke, put together again."""

    head: int  # page offset where its first piece ends, exclusive
    tail: int  # page offset where the second begins
    confidence: float  # in [0, 1]


def percent(confidence: float) -> int:
    """A confidence in [0, 1] as whole per cent, never above it."""
    return int(confidence * 100 + 1e-6)


@dataclass(frozen=True, slots=True)
class Article:
    """One article of a page: "".join(page[s:e] for s, e in spans) == text."""

    title: str  # the headline as printed, "" where there is none
    kicker: str = field(default="", kw_only=True)  # what stands above it (引题), "" for nothing
    byline: str = field(default="", kw_only=True)  # who wrote it, as printed, "" if it is not said
    text: str  # subtitle, subheads, paragraphs, captions; each ends with the file's newline
    spans: tuple[Span, ...]  # into the page's text, in reading order
    headings: tuple[Span, ...] = ()  # where title, kicker, byline and picture credits stand
    joins: tuple[Join, ...] = ()  # in reading order
    confidence: float = 1.0  # in [0, 1], that its lines belong together


@dataclass(frozen=True, slots=True)
class Page:
    """A page read: each character but white space is in one article or in the furniture."""

    articles: tuple[Article, ...]  # in the order in which they begin
    furniture: tuple[Span, ...]  # editors, column names, advertisements, marks; in page order


def split_page(text: str) -> list[Article]:
    """The articles of a page, in the order in which they begin; bodies in reading order.

    A headline without any text is an article of its own words. Never raises.
    """
    return list(read_page(text).articles)


def read_page(text: str) -> Page:
    """The articles of a page and its furniture. Never raises."""
    lines = read_lines(text)
    topics = [Topic.of(line.text) for line in lines]
    with threadpool_limits(1, "blas"):  # the matrices are small: threads would wait on each other
        dealt = deal(lines, topics, propose(lines, topics))
    articles = [_article(text, lines, story, dealt.joins) for story in dealt.stories.values()]
    articles.sort(key=lambda article: min(article.spans + article.headings))
    return Page(tuple(articles), tuple(_rest(text, articles)))


def _article(
    page: str, lines: Sequence[Line], story: Story, chances: Mapping[Link, float]
) -> Article:
    headings = [lines[n] for n in story.headings]
    signs = [lines[n] for n in story.signs]
    subtitles = decks(headings)
    above = [line for line in headings if line not in subtitles]
    told = _paragraphs(story.items, chances)
    body = [[line] for line in subtitles] + [[lines[n] for n in pieces] for pieces in told]
    beside = above + signs
    if not body:  # the headline is all there is of it, or a byline alone
        body, beside = [[line] for line in above or signs], signs if above else []
    spans = tuple(_printed(page, body))
    return Article(
        title=headline(headings),
        kicker=kicker(headings),
        byline=signature(signs, [line.text for pieces in body for line in pieces]),
        text="".join(page[s:e] for s, e in spans),
        spans=spans,
        headings=tuple(span for line in beside for span in line.spans),
        joins=tuple(_joins(lines, told, chances)),
        confidence=round(story.certainty, 3),
    )


def _paragraphs(items: Iterable[int], links: Iterable[Link]) -> list[list[int]]:
    """The items in reading order, each with the pieces that it goes on in."""
    goes_on = {link.head: link.tail for link in links}
    tails = set(goes_on.values())
    paragraphs = [[n] for n in items if n not in tails]
    for pieces in paragraphs:
        while pieces[-1] in goes_on:
            pieces.append(goes_on[pieces[-1]])
    return paragraphs


def _joins(
    lines: Sequence[Line], paragraphs: Iterable[Sequence[int]], chances: Mapping[Link, float]
) -> Iterator[Join]:
    """Where the pieces of the paragraphs meet, in reading order."""
    for pieces in paragraphs:
        for head, tail in pairwise(pieces):
            end, beginning = lines[head].spans[-1][1], lines[tail].spans[0][0]
            yield Join(end, beginning, round(chances[Link(head, tail)], 3))


def _printed(page: str, paragraphs: Sequence[Sequence[Line]]) -> Iterator[Span]:
    """Where paragraphs stand, each with the newline after its last piece."""
    for pieces in paragraphs:
        *spans, (start, end) = [span for piece in pieces for span in piece.spans]
        newline = _LINE_END.match(page, end)
        yield from spans
        yield start, newline.end() if newline else end


def _rest(page: str, articles: Sequence[Article]) -> Iterator[Span]:
    """What is in no article, line by line without the white space around it."""
    taken = sorted(span for a in articles for span in a.spans + a.headings)
    at = 0
    for start, end in [*taken, (len(page), len(page))]:
        for line in re.finditer(rf"(?:(?!{NEWLINE}).)+", page[at : max(at, start)], re.DOTALL):
            kept = line.group().strip()
            if kept:
                begin = at + line.start() + line.group().index(kept)
                yield begin, begin + len(kept)
        at = max(at, end)
