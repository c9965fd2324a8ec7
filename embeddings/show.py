"""A page as it was split in; out: every article and the furniture, for a person or as JSON."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from .articles import Article, Page, percent
from .lines import NEWLINE

if TYPE_CHECKING:
    from rich.console import Console

_BAR = "━━"
# What a terminal might obey is shown as a sign of itself: ESC as ␛.
_SIGNS = {
    **{code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n"},
    0x7F: 0x2421,
    **dict.fromkeys(range(0x80, 0xA0), 0xFFFD),
}


def as_json(source: str, text: str, page: Page) -> dict[str, Any]:
    """Every field of the page's articles and furniture; spans and joins are offsets into `text`."""
    furniture = [{"text": text[start:end], "span": [start, end]} for start, end in page.furniture]
    return {
        "source": source,
        "articles": [asdict(article) for article in page.articles],
        "furniture": furniture,
    }


def console() -> Console:
    """Standard output: styled on a terminal, unless $NO_COLOR is set; lines are not folded."""
    from rich.console import Console

    return Console(
        color_system=None if os.environ.get("NO_COLOR") else "auto",
        soft_wrap=True,
        highlight=False,
        markup=False,
        emoji=False,
    )


def show(text: str, page: Page, sure: float, out: Console) -> None:
    """Print a page's articles and furniture; joins less sure than `sure` stand out."""
    for number, article in enumerate(page.articles, 1):
        out.print(f"{_BAR} {number} {_BAR} {percent(article.confidence)} %", style="cyan")
        for name, value, style in _head(text, article):
            out.print(f"{name:<8}", style="dim", end="")
            out.print(_plain(value), style=style)
        out.print()
        _print_body(text, article, sure, out)
        out.print()
    out.print(f"{_BAR} furniture {_BAR}", style="cyan")
    pieces = [_plain(text[start:end]) for start, end in page.furniture]
    marks = " ".join(piece for piece in pieces if not re.search(r"\w", piece))  # ◆, ##
    for piece in [p for p in pieces if re.search(r"\w", p)] + [marks] * bool(marks):
        out.print(piece, style="dim")


def _head(text: str, article: Article) -> Iterator[tuple[str, str, str]]:
    """Name, value and style of what stands over an article or beside it."""
    if article.kicker:
        yield "kicker", article.kicker, ""
    yield "title", article.title or "(no headline)", "bold" if article.title else "dim"
    if article.byline:
        yield "byline", article.byline, "italic"
    for start, end in article.headings:
        also = text[start:end]
        if also not in (article.title, article.kicker) and also not in article.byline:
            yield "also", also, ""


def _print_body(text: str, article: Article, sure: float, out: Console) -> None:
    from rich.text import Text

    body = Text()
    chances = {join.head: join.confidence for join in article.joins}
    for start, end in article.spans:
        body.append(_plain(text[start:end]))
        if end in chances:
            style = "green" if chances[end] >= sure else "bold red"
            body.append(f"⟨{percent(chances[end])} %⟩", style)
    body.rstrip()
    out.print(body)


def _plain(text: str) -> str:
    """The text with newlines that every terminal knows, and nothing that it would obey."""
    return re.sub(NEWLINE, "\n", text).translate(_SIGNS)
