"""Text in, search terms out: a question's own; a passage's, and whatever a question may call them.

Both give jieba words, pairs of Han characters, numbers as digits and stemmed English words, folded
to Simplified. A passage adds each Chinese word's dictionary glosses and pinyin, so that "Kenli
District" finds 垦利区 though the two share no character.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

from .glosses import english_terms, english_words, gloss_terms, pinyin_terms, stem
from .numerals import numbers, without_thousands_commas
from .words import segment

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
_SYLLABLE = (
    r"(?:(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)?"
    r"(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|ei|ao|ou|an|en|er|ia|ie|iu|in|ua|uo|ui|un"
    r"|ue|ve|a|o|e|i|u|v))"
)
_PINYIN = re.compile(rf"{_SYLLABLE}{{1,4}}")


@lru_cache(maxsize=1)
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


def fold(text: str) -> str:
    """Full width to half, capitals to small, Traditional to Simplified, no thousands commas."""
    text = unicodedata.normalize("NFKC", text).lower()
    text = text.replace("\x00", " ")
    if _HAN.search(text):
        text = _converter().convert(text)
    return without_thousands_commas(text)


def _own_terms(text: str) -> list[str]:
    """Terms of folded text in its own language."""
    terms = [w for w in segment(text) if len(w) > 1 and _HAN.fullmatch(w)]
    for run in _HAN.findall(text):
        terms += [run] if len(run) == 1 else [run[i : i + 2] for i in range(len(run) - 1)]
    return terms + numbers(text) + english_terms(text)


def passage_terms(text: str, senses: int = 3) -> list[str]:
    """All terms under which a passage is found; a term that stands twice counts twice."""
    text = fold(text)
    terms = _own_terms(text)
    for word in _names(segment(text)):
        terms += pinyin_terms(word)
    for word in segment(text):
        if _HAN.fullmatch(word):
            terms += gloss_terms(word, senses)
    return terms


def _names(words: list[str]) -> list[str]:
    """Han words, and single characters that stand together as one word more."""
    out, run = [], ""
    for word in [*words, ""]:
        if len(word) == 1 and _HAN.fullmatch(word):
            run += word
            continue
        if len(run) > 1:
            out.append(run)
        run = ""
        if _HAN.fullmatch(word):
            out.append(word)
    return out


def query_terms(text: str) -> list[str]:
    """Terms that a question is searched with. Pinyin written apart ("Yuan Ling") is also joined."""
    text = fold(text)
    terms = _own_terms(text)
    words = english_words(text)
    for left, right in zip(words, words[1:], strict=False):
        if _PINYIN.fullmatch(left) and _PINYIN.fullmatch(right):
            terms.append(left + right)
    return terms


__all__ = ["fold", "passage_terms", "query_terms", "stem"]
