"""Lines set as headings in, the one that is the headline out; lost headlines back to their text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .lines import Line, has_breaks

_SHARE = 0.2  # of a lost headline's character pairs that its article must hold
_COLUMN_NAME = 6  # characters; a shorter line above a headline names a column of the paper


def headline(headings: Sequence[Line]) -> str:
    """The headline among headline, kicker and subtitle; "" where there is none.

    A subtitle has a comma, a kicker is a slogan of several parts or the short name of a column;
    of what is left the first is the headline.
    """
    return _chosen(headings)[0].text if headings else ""


def decks(headings: Sequence[Line]) -> list[Line]:
    """Kickers and subtitles, in order: what stands over an article besides its headline."""
    kept = _chosen(headings)
    return [line for line in headings if line in kept[1:]]


def _chosen(headings: Sequence[Line]) -> list[Line]:
    """The headline, then its kickers and subtitles; names of columns are left out."""
    kept = [h for h in headings if len(h.text) > _COLUMN_NAME] or list(headings)
    return sorted(kept, key=lambda h: (has_breaks(h.text), bool(re.search(r"\s", h.text))))


def owner(title: str, texts: Sequence[str]) -> int | None:
    """Which text a stray headline belongs to, by shared pairs of characters; None for no text."""
    pairs = _pairs(title)
    shares = [len(pairs & _pairs(text)) / max(len(pairs), 1) for text in texts]
    best = max(range(len(texts)), key=lambda i: (shares[i], -i), default=None)
    return best if best is not None and shares[best] >= _SHARE else None


def _pairs(text: str) -> set[str]:
    words = re.findall(r"[\u4e00-\u9fff]+|[a-z]+", text.lower())
    return {w if w.isascii() else w[i : i + 2] for w in words for i in range(max(len(w) - 1, 1))}
