"""A question with pinyin names, and passages → the question with the names as they are printed.

A reader that sees 牡丹 in both places knows better where to look than one that sees "Mudan".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from embeddings.glosses import syllables
from embeddings.terms import HAN, fold
from embeddings.words import segment

LONGEST = 4  # characters of a name that is put together from two words
_NAMED = re.compile(r"[A-Z][a-z]+(?:['’][a-z]+)?(?:[ -][A-Z][a-z]+(?:['’][a-z]+)?)*")
_PARTS = re.compile(r"[ -]")


def as_printed(question: str, texts: Iterable[str]) -> str:
    """The question, its capitalised pinyin names put as the first of the texts prints them."""
    if not _NAMED.search(question):
        return question
    printed: dict[str, str] = {}
    for text in texts:
        for spelling, word in spellings(text).items():
            printed.setdefault(spelling, word)
    return _NAMED.sub(lambda m: _replace(m.group(), printed), question)


def _replace(named: str, printed: dict[str, str]) -> str:
    words, out, i = _PARTS.split(named), [], 0
    while i < len(words):
        for n in (3, 2, 1):
            spelling = "".join(re.sub("['’]", "", w) for w in words[i : i + n]).lower()
            if len(words[i : i + n]) == n and spelling in printed:
                out.append(printed[spelling])
                i += n
                break
        else:
            out.append(words[i])
            i += 1
    return " ".join(out)


@lru_cache(maxsize=2048)
def spellings(text: str) -> dict[str, str]:
    """Toneless pinyin of the Chinese words of a text, and of pairs of short ones → the words.

    A word is also found without its last syllable (垦利区 by kenli), where no other is spelt so.
    """
    whole: dict[str, str] = {}
    shortened: dict[str, str] = {}
    before = ""
    for word in segment(fold(text)):
        if not HAN.fullmatch(word):
            before = ""
            continue
        for name in (word, before + word) if before else (word,):
            if 2 <= len(name) <= LONGEST:
                parts = syllables(name)
                whole.setdefault("".join(parts), name)
                if len(parts) > 2:
                    shortened.setdefault("".join(parts[:-1]), name)
        before = word
    return {**shortened, **whole}
