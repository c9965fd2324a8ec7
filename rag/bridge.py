"""An English question and Chinese passages → the question with the words that the passages print.

A pinyin name gives way to the printed name, any other English word is followed by the printed word
that it is a gloss of, so that a small reader has both sides of a word before it. What that is
worth: python -m benchmarks.reading, with and without --plain.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache

from embeddings.glosses import STOP_WORDS, gloss_terms, stem, syllables
from embeddings.terms import HAN, fold
from embeddings.words import segment

LONGEST_NAME = 4  # characters of a name that is put together from two words
NAME_WORDS = 3  # English words that may spell one name: Chen Xiao Long
_NAMED = re.compile(r"[A-Z][a-z]+(?:['’][a-z]+)?(?:[ -][A-Z][a-z]+(?:['’][a-z]+)?)*")
_ENGLISH = re.compile(r"[A-Za-z]{3,}")


def as_printed(question: str, texts: Sequence[str], senses: int = 4) -> str:
    """The question for a reader of the texts, which stand in order of their rank."""
    if not _ENGLISH.search(question):
        return question
    names: dict[str, str] = {}
    for text in texts:
        for spelling, name in spellings(text).items():
            names.setdefault(spelling, name)
    named = _NAMED.sub(lambda m: _named(m.group(), names), question)
    printed = _printed(texts, senses)
    return _ENGLISH.sub(lambda m: _beside(m.group(), printed), named)


def _named(words: str, names: Mapping[str, str]) -> str:
    """Capitalised English words with those that spell a printed name replaced by it."""
    parts, out, i = re.split(r"[ -]", words), [], 0
    while i < len(parts):
        for n in range(min(NAME_WORDS, len(parts) - i), 0, -1):
            spelling = re.sub("['’]", "", "".join(parts[i : i + n])).lower()
            if spelling in names:
                out.append(names[spelling])
                i += n
                break
        else:
            out.append(parts[i])
            i += 1
    return " ".join(out)


def _beside(word: str, printed: Mapping[str, str]) -> str:
    """An English word, and behind it the printed word that it is a gloss of."""
    found = "" if word.lower() in STOP_WORDS else printed.get(stem(word.lower()), "")
    return f"{word} {found}" if found else word


def _printed(texts: Sequence[str], senses: int) -> dict[str, str]:
    """English stem → the word of the texts that it is a gloss of most often, first texts first."""
    counts: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for rank, text in enumerate(texts, 1):
        for word in glossed(text):
            for term in gloss_terms(word, senses):
                counts[term][word] += 1 / rank
    return {term: max(words, key=words.__getitem__) for term, words in counts.items()}


@lru_cache(maxsize=2048)
def glossed(text: str) -> tuple[str, ...]:
    """The Chinese words of two characters and more in a text, in order."""
    return tuple(w for w in segment(fold(text)) if len(w) > 1 and HAN.fullmatch(w))


@lru_cache(maxsize=2048)
def spellings(text: str) -> dict[str, str]:
    """Toneless pinyin of the Chinese words of a text, and of pairs of short ones → the words.

    A word is also found without its last syllable (金牛区 by jinniu), where no other is spelt so.
    """
    whole: dict[str, str] = {}
    shortened: dict[str, str] = {}
    before = ""
    for word in segment(fold(text)):
        if not HAN.fullmatch(word):
            before = ""
            continue
        for name in (word, before + word) if before else (word,):
            if 2 <= len(name) <= LONGEST_NAME:
                parts = syllables(name)
                whole.setdefault("".join(parts), name)
                if len(parts) > 2:
                    shortened.setdefault("".join(parts[:-1]), name)
        before = word
    return {**shortened, **whole}
