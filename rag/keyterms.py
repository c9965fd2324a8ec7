"""Printed evidence and an English question go in; its key words come out, glossed, for a reader.

A gloss is CC-CEDICT's. A word that it does not know is put together from what it says of the
word's parts, as far as translators render the word so (glosses.tsv); else it has none.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from embeddings.glosses import dictionary_senses, english_terms, learnt_stems, parts, stem
from embeddings.terms import HAN
from embeddings.words import rarity, segment

from .english import pinyin, place_name

_SENSES = 2  # told of a word
_SENSE_CHARS = 48  # longer ones explain more than they translate
_RARE = 9.0  # -ln of a word's share of a text: 减少 (decrease) is 9.2, 工作 (work) 6.8
# an entry of a gazetteer: another place may have the same name
_PLACE = re.compile(
    r"((?:[A-Z][\w'’-]*\s?)+)\b.*(?:province|city|county|district|town|village|region)\b.* in "
)
_NOTE = re.compile(r"\s*(?:\((?:CL|abbr|Tw|coll)[^)]*\)|\[[^\]]*\]|\bCL:.*)")


@dataclass(frozen=True, slots=True)
class KeyTerm:
    """A word of a text and what a reader of English needs to make something of it."""

    start: int  # offset into the text
    word: str
    pinyin: str  # with tone marks
    english: str

    @property
    def end(self) -> int:
        """Offset behind the word."""
        return self.start + len(self.word)


def keyterms(
    text: str, question: str, wanted: Collection[int], most: int = 12
) -> tuple[KeyTerm, ...]:
    """The words that tell most, each once, in order; all of whose offsets are among `wanted`.

    Words that the question asks by come first where there are more than `most`, then rare ones.
    """
    asked = frozenset(english_terms(question))
    found: dict[str, tuple[float, KeyTerm]] = {}
    at = 0
    for word in segment(text):
        start, at = at, at + len(word)
        if word in found or len(word) < 2 or not HAN.fullmatch(word):
            continue
        if not all(offset in wanted for offset in range(start, at)):
            continue
        english = gloss(word, asked)
        weight = rarity(word) + 100 * bool(asked & set(english_terms(english)))
        if english and weight >= _RARE:
            found[word] = weight, KeyTerm(start, word, pinyin(word), english)
    best = sorted(found.values(), key=lambda each: (-each[0], each[1].start))[:most]
    return tuple(sorted((term for _, term in best), key=lambda term: term.start))


def gloss(word: str, asked: Collection[str] = ()) -> str:
    """What a Chinese word says in English; "" where nothing is known of it.

    asked: stems. Senses with one of them come first, then those by which translators render it.
    """
    senses, rendered = _senses(word), learnt_stems(word)

    def order(sense: str) -> tuple[bool, bool]:
        stems = english_terms(sense)
        return not set(stems) & set(asked), not any(_akin(a, b) for a in stems for b in rendered)

    if senses:
        return "; ".join(sorted(senses, key=order)[:_SENSES])
    if place := place_name(word):
        return place.english
    return _of_parts(word)


def _akin(one: str, other: str) -> bool:
    """lead, leadership"""
    return min(len(one), len(other)) > 3 and (one.startswith(other) or other.startswith(one))


@lru_cache(maxsize=10_000)
def _of_parts(word: str) -> str:
    """党支部, which the dictionary lacks: party, branch."""
    whole = parts(word)
    if "".join(whole) == word:
        return " + ".join(filter(None, (next(iter(_senses(part)), "") for part in whole)))
    rendered = set(learnt_stems(word))
    spelt: dict[str, str] = {}
    for english in _words_of((*word, *whole)):
        if stem(english) in rendered:
            spelt.setdefault(stem(english), english)
    return ", ".join(spelt.values())


def _words_of(pieces: Sequence[str]) -> Iterator[str]:
    for piece in pieces:
        for sense in _senses(piece):
            yield from re.findall(r"[a-z]+", sense)


def _senses(word: str) -> list[str]:
    """The dictionary's senses without its remarks, each once; of a place its name alone."""
    told = [_NOTE.sub("", sense).strip() for sense in dictionary_senses(word)]
    short = [place[1].strip() if (place := _PLACE.match(sense)) else sense for sense in told]
    fit = (sense for sense in short if 0 < len(sense) <= _SENSE_CHARS and not HAN.search(sense))
    return list(dict.fromkeys(fit))
