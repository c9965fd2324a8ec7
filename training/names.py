"""Chinese articles in, the names and terms that they print with the English beside them out.

埃隆·马斯克（Elon Musk）, 进化枝（英语：clade）: where the English begins is printed, where the
Chinese begins is not. It begins at its quotation mark, where the sounds of a foreign name begin, or
where what the article says a second time, in other company, begins.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from embeddings.words import is_word, segment
from rag.english import name
from training import data as corpora
from training.transplant import glosses

ARTICLES = 62_000  # of news and of Wikipedia each
LONGEST_NAME = 12  # characters
LONGEST_SOUNDS = 6  # characters of one word of a foreign name
WORDS = 5  # of the English
_DOT = re.compile("[·•‧]")
_BESIDE = re.compile(
    r"(?P<chinese>[\u4e00-\u9fff·•‧]{2,24}|[《「“](?P<quoted>[^《》「」“”]{2,24})[》」”])"
    r"[（(](?:英[语文国]名?(?:称|为)?|简称)?\s*[：:，,]?\s*"
    r"(?P<english>[A-Za-z][A-Za-z\u00c0-\u024f .'’&-]{2,60}?)\s*[,，)）;；、/]"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """An article that prints a name in both languages, and the two names."""

    text: str
    chinese: str
    english: str
    printed: str  # both, as they stand in the text


def find_mentions(texts: Sequence[str]) -> list[Mention]:
    """Where articles print a name in both languages; an abbreviation is no name."""
    found = [(m, text) for text in texts for m in _BESIDE.finditer(text)]
    sounds = _sounds((m["chinese"] for m, _ in found), texts)
    out = []
    for match, text in found:
        english = " ".join(match["english"].split())
        chinese = match["quoted"] or _begin(match["chinese"], text, sounds)
        if chinese and not english.isupper() and english.count(" ") < WORDS:
            out.append(Mention(text, chinese, english, match[0]))
    return out


class Names:
    """The names and terms of the training articles."""

    def __init__(self, data: Path) -> None:
        self.mentions = find_mentions(
            corpora.wikipedia(data, "zh", ARTICLES) + corpora.news(data, ARTICLES)
        )
        counts = Counter(pair for m in self.mentions for pair in _parts(m.chinese, m.english))
        self.pairs = sorted(counts)  # (Chinese, English); of names of several words their words too
        self.chinese: dict[str, list[str]] = defaultdict(list)  # of English in small letters
        for (chinese, english), _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
            self.chinese[english.lower()].append(chinese)


def in_pinyin(texts: Iterable[str]) -> list[tuple[str, str]]:
    """(Chinese, pinyin) of the persons and places in texts, each once: 王秀兰, Wang Xiulan."""
    words = {word for text in texts for word in named_words(text)}
    pairs = ((word, spelt(word)) for word in sorted(words))
    return [(word, english) for word, english in pairs if english]


@lru_cache(maxsize=100_000)
def spelt(word: str) -> str:
    """The pinyin of what looks like a person's or a place's name; "" for any other word."""
    form = name(word)
    if form is None or any(part in glosses() for part in (word[:2], word[1:]) if len(part) > 1):
        return ""
    return form.english


def named_words(text: str) -> list[str]:
    """The words of a text, in order, a place and what it is as one: 彭埠街道."""
    out: list[str] = []
    for word in segment(text):
        if len(word) < 3 and out and len(out[-1]) > 1 and spelt(out[-1] + word):
            out[-1] += word
        else:
            out.append(word)
    return out


def _sounds(names: Iterable[str], texts: Sequence[str]) -> set[str]:
    """Characters that foreign names are spelt with: those after the dot stand in names alone."""
    inside = Counter(c for run in names for part in _DOT.split(run)[1:] for c in part)
    everywhere = Counter(c for text in texts[::20] for c in text)
    share = sum(inside.values()) / sum(everywhere.values())
    odds = {c: n / share / (everywhere[c] + 1) for c, n in inside.items() if n >= 3}
    return {c for c, odd in odds.items() if odd > math.e}


def _begin(run: str, text: str, sounds: set[str]) -> str:
    """The name at the end of the characters before a bracket; "" where nothing tells."""
    first, *others = _DOT.split(run)
    if others:
        size = 0
        while size < min(len(first), LONGEST_SOUNDS) and first[len(first) - 1 - size] in sounds:
            size += 1
        return run[len(first) - size :] if size else ""
    words = segment(run)
    for i in range(len(words)):
        last = "".join(words[i:])
        before = "".join(words[:i])[-1:]
        again = text.count(last) - (text.count(before + last) if before else 1)
        if 1 < len(last) <= LONGEST_NAME and again > 0:
            return "" if is_word(last) and len(last) < 3 else last
    return ""


def _parts(chinese: str, english: str) -> list[tuple[str, str]]:
    """A name, and the words of one that has as many in both languages."""
    words, originals = _DOT.split(chinese), english.split()
    if len(words) == len(originals) > 1:
        long = [(a, b) for a, b in zip(words, originals, strict=True) if len(a) > 1 and len(b) > 2]
        return [(chinese, english), *long]
    return [(chinese, english)]
