"""Text of a file and places in it go in, escaped HTML comes out. Pure functions.

Everything that comes from a question, a file or a model passes through escaped.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from types import MappingProxyType

from embeddings.chunks import Span


def escaped(text: str) -> str:
    """Escaped; a run of line ends is one <br>, because a blank line would end an HTML block."""
    return re.sub(r"\s*[\r\n]\s*", "<br>", html.escape(text, quote=True))


def escaped_whole(text: str) -> str:
    """Escaped for an attribute, with its line ends; on one line, as HTML in a chat has to be."""
    return html.escape(text, quote=True).replace("\n", "&#10;").replace("\r", "&#13;")


def lang_of(text: str) -> str:
    """The lang attribute of a text: it picks the Chinese forms of the characters."""
    return "zh-CN" if re.search(r"[\u3400-\u9fff\uf900-\ufaff]", text) else "en"


def doubt_html(text: str) -> str:
    """A remark that asks to check something; "" for none."""
    return f'<p class="wj-doubt" lang="{lang_of(text)}">{escaped(text)}</p>' if text else ""


def marked(
    passage: str,
    passage_spans: Sequence[Span],
    spans: Sequence[Span],
    also: Sequence[Span] = (),
    said: str = "",
    notes: Mapping[Span, str] = MappingProxyType({}),
) -> str:
    """The passage as HTML: what lies in spans inside <mark>, what lies only in also marked lighter.

    said, where it first stands whole inside of spans as printed, is set in <b>. notes: places in
    the passage → what is noted there, as attributes of a <span>; one that lies across an edge of
    the marks is left out.

    passage is the text of passage_spans joined; all spans are (start, end) offsets into the file.
    Parts of them outside the passage have nothing to mark.
    """
    places = places_of(passage_spans)

    def tag(at: int) -> str:
        for wanted, opening in ((spans, "<mark>"), (also, '<mark class="wj-also">')):
            if any(start <= places[at] < end for start, end in wanted):
                return opening
        return ""

    bold: range = range(0)
    # not digits of a longer number
    words = r"(?<!\d)" * said[:1].isdigit() + re.escape(said) + r"(?!\d)" * said[-1:].isdigit()
    for found in re.finditer(words, passage) if said else ():
        if all(tag(at) == "<mark>" for at in range(*found.span())):
            bold = range(*found.span())
            break

    def inside(run: Sequence[int]) -> str:
        pieces = []
        for is_said, piece in groupby(run, key=lambda at: at in bold):
            text = _noted(passage, list(piece), notes)
            pieces.append(f"<b>{text}</b>" if is_said else text)
        return "".join(pieces)

    parts: list[str] = []
    for opening, run in groupby(range(len(places)), key=tag):
        html_of_run = inside(list(run))
        parts.append(f"{opening}{html_of_run}</mark>" if opening else html_of_run)
    return "".join(parts)


def places_of(spans: Sequence[Span]) -> list[int]:
    """The offset into the file of each character of the spans' joined text."""
    return [place for start, end in spans for place in range(start, end)]


def _noted(passage: str, run: Sequence[int], notes: Mapping[Span, str]) -> str:
    """A run of the passage's characters, with the notes that lie in it."""
    at, parts = run[0], []
    for (start, end), attributes in sorted(notes.items()):
        if at <= start and end <= run[-1] + 1:
            parts.append(escaped(passage[at:start]))
            parts.append(f"<span {attributes}>{escaped(passage[start:end])}</span>")
            at = end
    return "".join((*parts, escaped(passage[at : run[-1] + 1])))
