"""A random generator in, the habits of one page out: marks, blank lines, columns."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

_HALF = str.maketrans("，：；？！（）", ",:;?!()")


@dataclass(frozen=True, slots=True)
class Style:
    """How a page is set, the same for all of its stories."""

    half: bool  # half-width , : ; ? ! ( ) as most PDFs of newspapers give
    blank: int  # newlines between paragraphs
    gap: int  # newlines before a picture and what goes with it
    tight: bool  # now and then no empty line below a byline
    top: int  # newlines at the beginning
    bottom: int
    indent: str  # before a paragraph
    markdown: bool  # headlines with #, subheads with ##
    dateline_space: str  # between 本报讯 and its bracket
    pointer: str  # before a caption
    column: int  # characters of a column of body text
    narrow: float  # share of stories that are set in columns of a few lines
    themed: bool  # stories of one theme
    mixed: float  # share of columns that go on after something else

    def marks(self, text: str) -> str:
        """The text with the page's punctuation."""
        return text.translate(_HALF) if self.half else text

    def before(self, role: str) -> str:
        """What stands before a line of this role and is no part of it."""
        if self.markdown and role in ("title", "subhead"):
            return "# " if role == "title" else "## "
        return self.indent if role in ("body", "lead", "caption") else ""

    def after(self, role: str) -> str:
        """White space after a line: Markdown's line break over a credit."""
        return "  " if self.markdown and role == "caption" else ""


def draw_style(rng: Random) -> Style:
    """One page's habits."""
    blank = 2 if rng.random() < 0.75 else 1
    return Style(
        half=rng.random() < 0.7,
        blank=blank,
        gap=blank + rng.choice((0, 1, 2, 2, 2)),
        tight=rng.random() < 0.4,
        top=rng.choice((0, 0, 2, 3)),
        bottom=rng.choice((0, 1)),
        indent=rng.choice(("", "", "", "", "", "　　", " ")),
        markdown=rng.random() < 0.1,
        dateline_space=rng.choice(("", "", " ")),
        pointer=rng.choice(("", "", "▲", "▲", "▶")),
        column=rng.randint(140, 420),
        narrow=rng.choice((0.0, 0.0, 0.15, 0.4)),
        themed=rng.random() < 0.6,
        mixed=rng.choice((0.1, 0.3, 0.5, 0.7)),
    )
