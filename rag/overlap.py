"""A question and a passage → which characters of either speak of the same.

A small reader need not learn from a few thousand questions which words mean the same in both
languages: it is told. (Exact-match features of Chen et al. 2017, arXiv 1704.00051, with glosses and
pinyin beside the words themselves.)
"""

from __future__ import annotations

import re
from functools import lru_cache

from embeddings.glosses import STOP_WORDS, english_words, gloss_terms, pinyin_terms, stem
from embeddings.terms import HAN, PINYIN, fold, joined_pinyin
from embeddings.words import segment

from .bridge import LONGEST_NAME

NONE, SAME, RENDERED = range(3)  # a character's mark: printed on both sides; a gloss or pinyin
MARKS = 3
SENSES = 4  # of a word in the dictionary
_PLAIN = re.compile(r"[a-z]+|\d+(?:\.\d+)?")

Marks = list[int]


def marks(question: str, passage: str) -> tuple[Marks, Marks]:
    """One of NONE, SAME and RENDERED for each character of the question and of the passage."""
    asked, read = _in_place(question), _in_place(passage)
    ours, theirs = [NONE] * len(asked), [NONE] * len(read)
    both = _pairs(asked).keys() & _pairs(read).keys()
    for text, out in ((asked, ours), (read, theirs)):
        for pair, places in _pairs(text).items():
            if pair in both:
                for at in places:
                    out[at] = out[at + 1] = SAME
    plain = {term for term, *_ in _plain(asked)}
    printed = plain & {term for term, *_ in _plain(read)}
    spelt = {stem(word) for word in english_words(asked) if PINYIN.fullmatch(word)}
    spelt |= {*joined_pinyin(asked)}
    rendered: set[str] = set()
    for terms, start, end in _renderings(read, bool(spelt)) if any(map(str.isalpha, plain)) else ():
        hit = terms & plain | terms & spelt
        if hit:
            rendered |= hit
            theirs[start:end] = [mark or RENDERED for mark in theirs[start:end]]
    for text, out in ((asked, ours), (read, theirs)):
        for term, start, end in _plain(text):
            if term in printed:
                out[start:end] = [SAME] * (end - start)
            elif term in rendered and text is asked:
                out[start:end] = [RENDERED] * (end - start)
    return ours, theirs


def _in_place(text: str) -> str:
    """The text folded, if all its characters stay in their places, else in small letters."""
    folded = fold(text)
    if len(folded) == len(text):
        return folded
    small = text.lower()
    return small if len(small) == len(text) else text


@lru_cache(maxsize=512)
def _pairs(text: str) -> dict[str, list[int]]:
    """Where each two Han characters side by side stand."""
    out: dict[str, list[int]] = {}
    for run in HAN.finditer(text):
        for at in range(run.start(), run.end() - 1):
            out.setdefault(text[at : at + 2], []).append(at)
    return out


@lru_cache(maxsize=512)
def _plain(text: str) -> list[tuple[str, int, int]]:
    """Numbers and stems of English words, stop words left out, with their places."""
    return [
        (stem(m.group()), m.start(), m.end())
        for m in _PLAIN.finditer(text)
        if m.group() not in STOP_WORDS
    ]


@lru_cache(maxsize=512)
def _renderings(text: str, spelt: bool) -> list[tuple[frozenset[str], int, int]]:
    """What English may call each Chinese word, and its place; its pinyin too, if that is asked for.

    Two short words side by side may be a name that was cut in the wrong place.
    """
    out: list[tuple[frozenset[str], int, int]] = []
    at, before = 0, ""
    for word in segment(text):
        end = at + len(word)
        if not HAN.fullmatch(word):
            before = ""
        else:
            if len(word) > 1:
                pinyin = pinyin_terms(word) if spelt else ()
                out.append((frozenset((*gloss_terms(word, SENSES), *pinyin)), at, end))
            if spelt and before and len(before + word) <= LONGEST_NAME:
                out.append((frozenset(pinyin_terms(before + word)), at - len(before), end))
            before = word
        at = end
    return out
