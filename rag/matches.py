"""A question and a passage → the words of one that found words of the other, and by what.

They are the terms that the lexical leg of the search counts, traced back to the words they are of.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from embeddings.glosses import STOP_WORDS, english_words, gloss_terms, pinyin_terms, stem
from embeddings.numerals import numbers
from embeddings.terms import HAN, character_pairs, fold, joined_pinyin
from embeddings.words import segment

from .bridge import LONGEST_NAME
from .kinds import INTERROGATIVE

By = Literal["word", "characters", "number", "pinyin", "gloss"]


@dataclass(frozen=True, slots=True)
class Match:
    """One word of the question that the passage has."""

    asked: str  # as the question has it, folded
    printed: str  # as the passage has it, folded
    by: By


def sought(question: str) -> tuple[str, ...]:
    """The question's words that a search goes by, each once, in order."""
    words = (word.strip() for word in segment(fold(question)))
    kept = (
        w for w in words if (_tells(w) if HAN.match(w) else w.isalnum() and w not in STOP_WORDS)
    )
    return tuple(dict.fromkeys(kept))


def matches(question: str, passage: str, senses: int = 4) -> tuple[Match, ...]:
    """What of the question stands in the passage, each once; Chinese words first, then English."""
    asked, printed = fold(question), fold(passage)
    return tuple(dict.fromkeys((*_chinese(asked, printed), *_english(asked, printed, senses))))


def _tells(word: str) -> bool:
    """Is it a Chinese word of some weight: none of one character, no interrogative?"""
    return bool(len(word) > 1 and HAN.fullmatch(word) and not INTERROGATIVE.search(word))


def _chinese(asked: str, printed: str) -> Iterator[Match]:
    words = set(segment(printed))
    found: list[str] = []
    for word in segment(asked):
        if _tells(word) and word in words:
            found.append(word)
            yield Match(word, word, "word")
    pairs = set(character_pairs(printed))
    for pair in character_pairs("".join(w if _tells(w) else " " for w in segment(asked))):
        if pair in pairs and not any(pair in word for word in found):
            yield Match(pair, pair, "characters")
    values = set(numbers(printed))
    for number in numbers(asked):
        if number in values:
            yield Match(number, number, "number")


def _english(asked: str, printed: str, senses: int) -> Iterator[Match]:
    spelt = [word for word in english_words(asked) if word not in STOP_WORDS]
    terms = {stem(word): word for word in spelt}
    for first, second in zip(spelt, spelt[1:], strict=False):
        if (joined := stem(first + second)) in joined_pinyin(asked):
            terms[joined] = f"{first} {second}"
    if not terms:
        return
    own = {stem(word): word for word in english_words(printed)}
    pinyin, glosses = _other_names(segment(printed), senses)
    for term, word in terms.items():
        if term in own:
            yield Match(word, own[term], "word")
        elif term in pinyin:
            yield Match(word, pinyin[term], "pinyin")
        elif term in glosses:
            yield Match(word, glosses[term], "gloss")


def _other_names(words: list[str], senses: int) -> tuple[dict[str, str], dict[str, str]]:
    """Pinyin term and English stem → the first Chinese word, or two as one, that it is of."""
    pinyin: dict[str, str] = {}
    glosses: dict[str, str] = {}
    before = ""
    for word in words:
        if not HAN.fullmatch(word):
            before = ""
            continue
        for name in (
            (word, before + word) if before and len(before + word) <= LONGEST_NAME else (word,)
        ):
            for term in pinyin_terms(name):
                pinyin.setdefault(term, name)
        for term in gloss_terms(word, senses):
            glosses.setdefault(term, word)
        before = word
    return pinyin, glosses
