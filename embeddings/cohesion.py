"""An article's paragraphs in, the places where another subject begins out."""

from __future__ import annotations

from collections.abc import Sequence

from .words import rarity, segment

_SHARED = 0.06  # share of rare words that two parts of one article have in common at least
_LEAST = 60  # characters on either side without which nothing is said


def subject_changes(paragraphs: Sequence[str], title: str) -> list[int]:
    """Numbers of the paragraphs that begin another subject, in order; [] for most articles.

    As in TextTiling (Hearst 1997), parts are compared by their words, here all that stands before
    with all that stands after, each word counted once with its rarity in the language. Of 415 news
    articles this cuts 5 in a hundred; of two halves put together it finds the seam in two of three.
    """
    words = [_content(text) for text in paragraphs]
    if words:
        words[0] |= _content(title)
    changes: list[int] = []
    first = 0
    while (cut := _weakest(words[first:], [len(text) for text in paragraphs[first:]])) is not None:
        first += cut
        changes.append(first)
    return changes


def _content(text: str) -> set[str]:
    return {w for w in segment(text, guess=False) if len(w) > 1 and not w.isdigit()}


def _weakest(words: list[set[str]], sizes: list[int]) -> int | None:
    """The boundary with the least in common, where that is little enough."""
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    for number, found in enumerate(words):
        for word in found:
            first.setdefault(word, number)
            last[word] = number
    weights = {word: rarity(word) for word in first}
    begin, end = [0.0] * (len(words) + 1), [0.0] * (len(words) + 1)
    for word, weight in weights.items():
        begin[first[word] + 1] += weight  # from this boundary on the word stands before
        end[last[word] + 1] += weight  # from this boundary on it does not stand after
    best, least = None, _SHARED
    before, gone, total = 0.0, 0.0, sum(weights.values())
    for cut in range(1, len(words)):
        before, gone = before + begin[cut], gone + end[cut]
        smaller = min(before, total - gone)
        long_enough = sum(sizes[:cut]) >= _LEAST and sum(sizes[cut:]) >= _LEAST
        if long_enough and smaller and (before - gone) / smaller < least:
            best, least = cut, (before - gone) / smaller
    return best
