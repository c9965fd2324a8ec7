"""Blocks in printed order in; the page's text with the truth about every line and joint out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from embeddings.words import segment

from .blocks import Block, Typeset
from .layout import laid_out
from .stories import Story
from .style import Style, draw_style
from .typeset import cast


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line; page[start:end] has no white space around it."""

    start: int
    end: int
    story: int  # number of its article on the page, FURNITURE (-1) for none
    role: str  # title, kicker, subtitle, subhead, lead, byline, body, caption, credit, furniture


@dataclass(frozen=True, slots=True)
class Joint:
    """A place where a column's end breaks a sentence, and where the sentence goes on."""

    head: int  # offset in the page where the first piece ends, exclusive
    tail: int  # offset where the second begins
    between: int  # printed lines that stand between them
    foreign: int  # those of them that are of another article or of none
    seam: str  # what the column's end cuts: "word", "words" (between two) or "clause" (at a mark)


@dataclass(frozen=True, slots=True)
class Truth:
    """What is known of an article."""

    title: str  # as printed; "" where the page has none
    kicker: str
    names: tuple[str, ...]  # of those who wrote it, not of the photographers


@dataclass(frozen=True, slots=True)
class Page:
    """A page and all that is to be found out about it."""

    text: str
    lines: tuple[Line, ...]  # in the order of the page
    articles: tuple[Truth, ...]  # Line.story counts these
    joints: tuple[Joint, ...]


def newspaper_page(stories: Sequence[Story], seed: int, number: int) -> Page:
    """Page `number` of a seed: the same one for the same stories, whatever was drawn before."""
    rng = Random(f"{seed}:{number}")
    style = draw_style(rng)
    columns = cast(rng, style, stories)
    blocks = laid_out(rng, style, columns)
    return printed(style, columns, blocks)


def newspaper_pages(stories: Sequence[Story], seed: int, count: int) -> Iterator[Page]:
    """The first `count` pages of a seed."""
    return (newspaper_page(stories, seed, number) for number in range(count))


def printed(style: Style, columns: Sequence[Typeset], blocks: Sequence[Block]) -> Page:
    """The page that these blocks make, one line each."""
    text = "\n" * style.top
    lines: list[Line] = []
    ends: dict[int, tuple[int, int, str]] = {}  # of the last piece of each broken paragraph
    joints: list[Joint] = []
    for number, block in enumerate(blocks):
        if number:
            text += "\n" * (1 if block.tight else style.gap if block.gap else style.blank)
        text += style.before(block.role)
        start = len(text)
        text += style.marks(block.text)
        lines.append(Line(start, len(text), block.story, block.role))
        if block.chain in ends:
            head, line, last = ends[block.chain]
            foreign = sum(b.story != block.story for b in blocks[line + 1 : number])
            seam = _seam(last, block.text)
            joints.append(Joint(head, start, number - line - 1, foreign, seam))
        if block.chain >= 0:
            ends[block.chain] = len(text), number, block.text
        text += style.after(block.role)
    articles = tuple(_told(style, blocks, number, c) for number, c in enumerate(columns))
    return Page(text + "\n" * style.bottom, tuple(lines), articles, tuple(joints))


def _told(style: Style, blocks: Sequence[Block], number: int, story: Typeset) -> Truth:
    """What the page prints of a story's headings; a byline may be lost with the story's end."""
    own = [block for block in blocks if block.story == number]
    if not own:
        raise AssertionError(f"story {number} is not on its page")
    roles = {block.role: style.marks(block.text) for block in own}
    text = "".join(block.text for block in own)
    signed = all(name in text for name in story.names)
    names = story.names if signed else ()
    return Truth(roles.get("title", ""), roles.get("kicker", ""), names)


def _seam(head: str, tail: str) -> str:
    if not re.search(r"\w$", head) or not re.match(r"\w", tail):
        return "clause"
    at = 0
    left = head[-12:]
    for word in segment(left + tail[:12], guess=False):
        if at < len(left) < at + len(word):
            return "word"
        at += len(word)
    return "words"
