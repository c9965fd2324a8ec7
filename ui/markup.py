"""Text of a file and places in it go in, escaped HTML comes out. Pure functions.

Everything that comes from a question, a file or a model passes through escaped.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from itertools import groupby

from embeddings.chunks import Span


def escaped(text: str) -> str:
    """Escaped; a run of line ends is one <br>, because a blank line would end an HTML block."""
    return re.sub(r"\s*[\r\n]\s*", "<br>", html.escape(text, quote=True))


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
) -> str:
    """The passage as HTML: what lies in spans inside <mark>, what lies only in also marked lighter.

    said, where it first stands whole inside of spans as printed, is set in <b>.

    passage is the text of passage_spans joined; all spans are (start, end) offsets into the file.
    Parts of them outside the passage have nothing to mark.
    """
    places = [place for start, end in passage_spans for place in range(start, end)]

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
            text = escaped("".join(passage[at] for at in piece))
            pieces.append(f"<b>{text}</b>" if is_said else text)
        return "".join(pieces)

    parts: list[str] = []
    for opening, run in groupby(range(len(places)), key=tag):
        html_of_run = inside(list(run))
        parts.append(f"{opening}{html_of_run}</mark>" if opening else html_of_run)
    return "".join(parts)
