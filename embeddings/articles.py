"""A newspaper page's text in, its articles in reading order out, and what is no article's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

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
    goes_on = {link.head: link for link in chances}
    above = decks(headings)
    title = headline(headings)
    shown = [line for line in headings if line not in above]
    text_lines: list[list[Line]] = [[line] for line in above]
    joins: list[Join] = []
    tails = {link.tail for link in chances}
    for n in story.items:
        if n in tails:
            continue
        pieces = [n]
        while pieces[-1] in goes_on:
            link = goes_on[pieces[-1]]
            head, tail = lines[link.head].spans[-1][1], lines[link.tail].spans[0][0]
            joins.append(Join(head, tail, round(chances[link], 3)))
            pieces.append(link.tail)
        text_lines.append([lines[piece] for piece in pieces])
    signs = [lines[n] for n in story.signs]
    if not text_lines:  # the headline is all there is of it
        text_lines, shown = [[line] for line in shown or signs], shown and signs
    else:
        shown = shown + signs
    spans = tuple(_printed(page, text_lines))
    return Article(
        title=title,
        kicker=kicker(headings),
        byline=signature(signs, [line.text for pieces in text_lines for line in pieces]),
        text="".join(page[s:e] for s, e in spans),
        spans=spans,
        headings=tuple(span for line in shown for span in line.spans),
        joins=tuple(joins),
        confidence=round(story.certainty, 3),
    )


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
