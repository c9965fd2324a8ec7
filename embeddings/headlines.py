"""An article's headings and bylines in, which is headline, kicker, subtitle and author out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .lines import Line, Role, has_breaks, width

COLUMN_NAME = 6  # Han characters at most: so short a line names a column of the paper
_SLOGAN_PART = 8  # Han characters at most
_WRITER = r"(?:本报|本台|见习|实习|特约)?(?:记者|通讯员|实习生)"
_OPENING = re.compile(rf"^.{{0,14}}?[讯电]\s*[（(]({_WRITER}[^（）()。]*)[）)]")
_DATELINE = re.compile(r"^.{0,14}?[讯电]\s*[（(]([^（）()]*)[）)]$")
_CLOSING = re.compile(rf"[（(]({_WRITER}[^（）()。]*)[）)]\s*$")


def headline(headings: Sequence[Line]) -> str:
    """The headline among headline, kicker and subtitle; "" where there is none.

    A subtitle has a comma or a dash in front, a kicker is a slogan of several short parts or the
    short name of a column; of what is left the first is the headline.
    """
    return _chosen(headings)[0].text if headings else ""


def kicker(headings: Sequence[Line]) -> str:
    """What stands directly above the headline and is no name of a column; "" for nothing."""
    if not headings:
        return ""
    kept = _chosen(headings)
    above = [h for h in kept[1:] if h.spans < kept[0].spans]
    return above[-1].text if above else ""


def decks(headings: Sequence[Line]) -> list[Line]:
    """Subtitles, in order: what stands below the headline and belongs to the text."""
    kept = _chosen(headings)
    return [h for h in headings if h in kept[1:] and h.spans > kept[0].spans]


def _chosen(headings: Sequence[Line]) -> list[Line]:
    """The headline, then its kickers and subtitles; names of columns are left out."""
    kept = [h for h in headings if width(h.text) > COLUMN_NAME] or list(headings)
    return sorted(
        kept,
        key=lambda h: (
            h.text.startswith(("—", "-")),
            has_breaks(h.text),
            _is_slogan(h.text),
        ),
    )


def _is_slogan(text: str) -> bool:
    parts = text.split()
    return len(parts) > 1 and all(width(part) <= _SLOGAN_PART for part in parts)


def opens_signed(text: str) -> bool:
    """Does a paragraph say in front who wrote the article? 本报讯(记者 …)"""
    return bool(_OPENING.search(text))


def closes_signed(text: str) -> bool:
    """Does a paragraph say at its end who wrote the article? (记者 …)"""
    return bool(_closing(text))


def _closing(text: str) -> str:
    closing = _CLOSING.search(text)
    return closing[1] if closing and not closing[1].endswith("摄") else ""


def signature(signs: Sequence[Line], texts: Sequence[str]) -> str:
    """Who wrote an article: its byline, else what a paragraph says in brackets.

    本报讯(记者 …) opens one, (记者 …) closes the last; whoever took a picture is not meant.
    """
    said = [_DATELINE.sub(r"\1", line.text) for line in signs if line.role is Role.BYLINE]
    opened = [m[1] for text in texts if (m := _OPENING.search(text))]
    closed = [writers for text in texts if (writers := _closing(text))]
    return " ".join(said or opened[:1] or closed[-1:])
