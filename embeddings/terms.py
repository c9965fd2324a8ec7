"""Text in, search terms out: a question's own; a passage's, and whatever a question may call them.

Both give jieba words, pairs of Han characters, numbers as digits and stemmed English words, folded
to Simplified. A passage adds each Chinese word's dictionary glosses and pinyin, so that "Jinniu
District" finds 金牛区 though the two share no character.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

from .glosses import STOP_WORDS, english_terms, english_words, gloss_terms, pinyin_terms, stem
from .numerals import numbers, without_thousands_commas
from .words import segment

HAN_CHARACTER = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
HAN = re.compile(HAN_CHARACTER.pattern + "+")
_SYLLABLE = (
    r"(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
    r"(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|ei|ao|ou|an|en|er|ia|ie|iu|in|ua|uo|ui"
    r"|un|ue|a|o|e|i|u|v))"
)
PINYIN = re.compile(rf"{_SYLLABLE}{{1,4}}")


@lru_cache(maxsize=1)
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


def fold(text: str) -> str:
    """Full width to half, capitals to small, Traditional to Simplified, no thousands commas."""
    text = unicodedata.normalize("NFKC", text).lower().replace("\x00", " ")
    if HAN.search(text):
        text = _converter().convert(text)
    return without_thousands_commas(text)


def passage_terms(text: str, senses: int = 4) -> list[str]:
    """All terms under which a passage is found; a term that stands twice counts twice."""
    text = fold(text)
    words = segment(text)
    return _own_terms(text, words) + passage_pinyin(words) + passage_glosses(words, senses)


def query_terms(text: str) -> list[str]:
    """Terms that a question is searched with, in order; one that stands twice weighs twice."""
    text = fold(text)
    return _own_terms(text, segment(text)) + joined_pinyin(text)


def _own_terms(text: str, words: list[str]) -> list[str]:
    han = [word for word in words if HAN.fullmatch(word)]
    return han + character_pairs(text) + plain_terms(text)


def character_pairs(text: str) -> list[str]:
    """Each two Han characters that stand side by side in folded text."""
    return [run[i : i + 2] for run in HAN.findall(text) for i in range(len(run) - 1)]


def plain_terms(text: str) -> list[str]:
    """Numbers as digits and stemmed English words of folded text."""
    return numbers(text) + english_terms(text)


def passage_glosses(words: list[str], senses: int) -> list[str]:
    """English stems of the first senses of each Chinese word among `words`, in order."""
    return [t for word in words if HAN.fullmatch(word) for t in gloss_terms(word, senses)]


def passage_pinyin(words: list[str]) -> list[str]:
    """Pinyin of each Chinese word among `words`, and of neighbours of up to four characters as one.

    Names are often cut in the wrong place: 道口|铺 is also read as one.
    """
    out: list[str] = []
    before = ""
    for word in words:
        if not HAN.fullmatch(word):
            before = ""
            continue
        out += pinyin_terms(word)
        if before and len(before + word) <= 4:
            out += pinyin_terms(before + word)
        before = word
    return out


def joined_pinyin(text: str) -> list[str]:
    """Two Latin words side by side that both read as pinyin, as one: yuan ling gives yuanling."""
    words = [w if w not in STOP_WORDS else "" for w in english_words(text)]
    both = zip(words, words[1:], strict=False)
    return [stem(a + b) for a, b in both if PINYIN.fullmatch(a) and PINYIN.fullmatch(b)]
