"""Sentences and blocks in; paragraphs and columns that cut them out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from random import Random

from .style import Style

FURNITURE = -1
_NO_END = "。！？；：…—"  # after these a paragraph may as well be at its end
_NO_START = "，。、；：？！”’）》】…—"  # typesetters begin no line with these


@dataclass(frozen=True, slots=True)
class Block:
    """What one line of the page prints."""

    text: str
    role: str
    story: int
    chain: int = -1  # pieces of one broken paragraph have the same number, in order
    tight: bool = False  # no empty line before it
    gap: bool = False  # more empty lines before it than as a rule


@dataclass(frozen=True, slots=True)
class Typeset:
    """A story ready for the page."""

    head: tuple[Block, ...]  # kicker, title, subtitle
    columns: tuple[tuple[Block, ...], ...]
    extras: tuple[tuple[Block, ...], ...]  # pictures with captions, a lead, to be put anywhere
    names: tuple[str, ...]
    text: str  # all of its words
    picture: bool


def paragraphs(rng: Random, sentences: Iterable[str]) -> list[str]:
    """Sentences put together to paragraphs of 60 to 250 characters, as far as they allow it."""
    out: list[str] = []
    wanted = 0
    for sentence in sentences:
        if out and len(out[-1]) < wanted and len(out[-1]) + len(sentence) <= 260:
            out[-1] += sentence
        else:
            out.append(sentence)
            wanted = int(min(max(rng.lognormvariate(4.75, 0.45), 60), 250))
    if len(out) > 1 and len(out[-1]) < 40:
        last = out.pop()
        out[-1] += last
    return out


def columns(rng: Random, style: Style, blocks: list[Block]) -> list[list[Block]]:
    """Blocks dealt out to columns; a paragraph is cut where its column ends."""
    narrow = rng.random() < style.narrow
    width = rng.randint(45, 130) if narrow else style.column
    out: list[list[Block]] = [[]]
    room = int(width * rng.uniform(0.4, 1.2))
    for block in blocks:
        if block.role != "body":
            out[-1].append(block)
            continue
        rest = block.text
        while len(rest) > room:
            at = _cut(rest, room)
            if at:
                out[-1].append(replace(block, text=rest[:at]))
                rest = rest[at:]
            elif not out[-1] or out[-1][-1].role == "subhead":
                room += width
                continue
            out.append([])
            room = width if at else max(width, len(rest))
        out[-1].append(replace(block, text=rest))
        room -= len(rest)
    return [column for column in out if column]


def _cut(text: str, room: int) -> int:
    """Where near the column's end a line may end in the middle of a sentence; 0 for nowhere."""
    signed = re.match(r"本报\w{0,3}讯\s?(?:（[^）]*）)?", text)
    first = (signed.end() if signed else 0) + 4
    last = len(re.sub(r"（[^（）]*(?:记者|通讯员)[^（）]*）$", "", text)) - 4
    for at in (room, *range(room - 1, room - 4, -1), *range(room + 1, room + 6)):
        if not first <= at <= last:
            continue
        before, after = text[at - 1], text[at]
        inside = before.isascii() and after.isascii() and (before + after).isalnum()
        ended = before in _NO_END or (before in "”’）" and text[at - 2] in _NO_END)
        if not (inside or ended or before in "“‘（《 " or after in _NO_START or after == " "):
            return at
    return 0
