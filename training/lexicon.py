"""Text in one language in, the same text word by word in the other out: for questions and passages
that nobody translated.

A word is rendered by what translators wrote for it (IBM model 1, both ways, over the parallel
sentences, manuals left out) or, failing that, by CC-CEDICT, read either way, by what articles
print beside it (`names`) or, for a Chinese person or place, by its pinyin. What is left stays as it
is, and so does the order of the words.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from embeddings.glosses import STOP_WORDS, stem
from embeddings.terms import HAN, fold
from embeddings.words import rarity, segment
from training.data import records
from training.glosses import LONGEST, Pair, translate
from training.names import named_words, spelt
from training.transplant import glosses

LEAST_SHARE = 0.1
LEAST_COUNT = 1.5
CHOICES = 3
LONGEST_PHRASE = 3  # words of a gloss that is looked up whole
PARTICLES = frozenset("的了")  # these and articles answer to nothing and are aligned with anything
ARTICLES = frozenset(("the", "a", "an", "of", "to"))
_WORD = re.compile(r"[a-z]+(?:['’][a-z]+)?")
_TOKEN = re.compile(r"[A-Za-z]+(?:['’][a-z]+)?|\s+|.")
_MARKS = str.maketrans({",": "，", ".": "。", "?": "？", ";": "；", ":": "："})
_NEXT_TO_HAN = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])")

Sentence = list[str]  # words


@dataclass(frozen=True, slots=True)
class Rendering:
    """What one word or phrase may become, and the weights to choose by."""

    words: tuple[str, ...]
    weights: tuple[float, ...]

    def draw(self, rng: random.Random) -> str:
        return rng.choices(self.words, self.weights)[0]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Renderings of Chinese words, of English stems, and of phrases that are a dictionary gloss."""

    english: dict[str, Rendering]
    chinese: dict[str, Rendering]
    phrases: dict[str, Rendering]

    @classmethod
    def learn(cls, data: Path, names: Mapping[str, Sequence[str]]) -> Lexicon:
        """From the parallel sentences, the dictionary and English names; half a minute."""
        english, chinese = [], []
        for record in records(data, "parallel_en_zh"):
            if not record["source"].startswith("python"):
                words = _WORD.findall(record["en"].lower())
                english.append([w for w in words if w not in ARTICLES])
                words = segment(fold(record["zh"]))
                chinese.append([w for w in words if HAN.fullmatch(w) and w not in PARTICLES])
        stems = [[stem(w) for w in words] for words in english]
        known = {
            english: Rendering(tuple(found[:CHOICES]), (1.0,) * len(found[:CHOICES]))
            for english, found in names.items()
        }
        phrases = known | _phrases()
        return cls(_learnt(chinese, english), _learnt(stems, chinese), phrases)

    def to_chinese(self, text: str, rng: random.Random, rate: float = 1.0) -> str:
        """English text with about `rate` of the words that are known in Chinese."""
        tokens = _TOKEN.findall(text)
        out: list[str] = []
        at = 0
        while at < len(tokens):
            token = tokens[at]
            if not token[0].isalpha():
                out.append(token.translate(_MARKS) if rate == 1 else token)
                at += 1
                continue
            size, found = self._phrase_at(tokens, at)
            phrase, at = "".join(tokens[at : at + size]), at + size
            if rng.random() > rate:
                out.append(phrase)
            elif found is not None:
                out.append(found.draw(rng))
            elif rate < 1 or phrase.lower() not in STOP_WORDS:
                out.append(phrase)
        return _NEXT_TO_HAN.sub("", "".join(out))

    def _phrase_at(self, tokens: list[str], at: int) -> tuple[int, Rendering | None]:
        """How many tokens from `at` on are rendered together, and as what."""
        for words in range(LONGEST_PHRASE, 1, -1):
            size = 2 * words - 1  # with the spaces between them
            phrase = "".join(tokens[at : at + size]).lower()
            if phrase in self.phrases and phrase.count(" ") == words - 1:
                return size, self.phrases[phrase]
        word = tokens[at].lower()
        if word in ARTICLES:
            return 1, None
        return 1, self.chinese.get(stem(word)) or self.phrases.get(word)

    def to_english(self, text: str, rng: random.Random, rate: float = 1.0) -> str:
        """Chinese text with about `rate` of the words that are known in English."""
        out: list[str] = []
        for word in _segment(text):
            found = self.english.get(word) or _senses(word) or _spelt(word)
            if found is not None and rng.random() < rate:
                out.append(f" {found.draw(rng)} ")
            elif rate < 1 or word not in PARTICLES:
                out.append(word)
        return " ".join("".join(out).split())


def _learnt(left: list[Sentence], right: list[Sentence]) -> dict[str, Rendering]:
    """What words of the left sentences become in the right ones."""
    sources: dict[str, int] = {"": 0}
    targets: dict[str, int] = {}
    pairs: list[Pair] = []
    for a, b in zip(left, right, strict=True):
        if 0 < len(a) <= LONGEST and 0 < len(b) <= LONGEST:
            ids = [sources.setdefault(word, len(sources)) for word in a]
            pairs.append(([*ids, 0], [targets.setdefault(word, len(targets)) for word in b]))
    links = translate(pairs, len(targets))
    names, words = list(sources), list(targets)
    found: dict[str, list[tuple[float, str]]] = {}
    for i in np.flatnonzero((links.share >= LEAST_SHARE) & (links.count >= LEAST_COUNT)):
        source, target = divmod(int(links.ids[i]), len(targets))
        if source:
            found.setdefault(names[source], []).append((float(links.share[i]), words[target]))
    return {word: _best(rows) for word, rows in found.items()}


def _phrases() -> dict[str, Rendering]:
    """CC-CEDICT turned round; of several words for one gloss the commonest count most."""
    found: dict[str, list[tuple[float, str]]] = {}
    for word, senses in glosses().items():
        for sense in senses:
            gloss = sense.lower()
            if re.fullmatch(r"[a-z'-]+(?: [a-z'-]+){0,2}", gloss):
                found.setdefault(gloss, []).append((float(np.exp(-rarity(word))), word))
    return {gloss: _best(rows) for gloss, rows in found.items()}


def _best(rows: list[tuple[float, str]]) -> Rendering:
    chosen = sorted(rows, key=lambda row: (-row[0], row[1]))[:CHOICES]
    return Rendering(tuple(w for _, w in chosen), tuple(s for s, _ in chosen))


@lru_cache(maxsize=100_000)
def _segment(text: str) -> tuple[str, ...]:
    out: list[str] = []
    for word in named_words(text):
        out += [word] if spelt(word) else segment(word, guess=False)
    return tuple(out)


def _spelt(word: str) -> Rendering | None:
    pinyin = spelt(word)
    return Rendering((pinyin,), (1.0,)) if pinyin else None


@lru_cache(maxsize=100_000)
def _senses(word: str) -> Rendering | None:
    """The dictionary's senses of a word of two characters and more, the first one preferred."""
    senses = glosses().get(word) if len(word) > 1 else None
    if senses is None:
        return None
    short = [" ".join(s.split(";")[0].split(",")[0].split()[:4]) for s in senses]
    return Rendering(tuple(short), tuple(0.7 if i == 0 else 0.3 for i in range(len(short))))
