"""A Desk goes in, questions to try come out: of its articles, and answered by it.

A printed number becomes a question: 清河街道新设30个读书社 asks 清河街道新设多少个读书社？,
and, where the thing counted has an English name and the sentence a place, "How many … in …?".
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from embeddings.errors import WenjuError
from embeddings.records import IndexedArticle
from rag.answers import Language
from rag.english import Gloss, glosses
from ui.talk import Desk

SURE = 0.65  # confidence of the answers to questions that are offered
TRIED = 16  # questions asked at most
_LOOKED_AT = 500  # articles that they are drawn from
_COUNTED = re.compile(
    r"(?<![^\n。！？；;，,“”])(?![该此其这那已共])(?P<before>[\u4e00-\u9fff]{4,14})(?P<number>\d{2,6})(?:余|多)?"
    r"(?P<unit>个|名|户|亩|家|件|公里|处|项)(?P<thing>[\u4e00-\u9fff]{2,8})?(?=[。！？；;，,])"
)
_PLACE = re.compile(r"[\u4e00-\u9fff]{2,4}(?:社区|街道|镇|村)")


@dataclass(frozen=True, slots=True)
class Example:
    """A question, its language and the number that its answer has to give."""

    question: str
    language: Language
    number: str


class Offer:
    """The questions that the page offers: given ones, or drawn once from each generation.

    Drawing takes as long as answering several questions: it is never done while the page starts.
    """

    def __init__(self, desk: Desk, given: Sequence[str] | None = None) -> None:
        self._desk = desk
        self._given = given
        self._drawn: dict[str, list[str]] = {}  # generation → questions; the latest alone
        self._drawing = threading.Lock()

    def known(self) -> list[str]:
        """Those that can be offered at once; none while they are being drawn."""
        if self._given is not None:
            return list(self._given)
        return self._drawn.get(self._desk.bot.generation, [])

    def questions(self) -> list[str]:
        """All of them; waits until they are drawn."""
        with self._drawing:
            generation = self._desk.bot.generation
            if self._given is None and generation not in self._drawn:
                self._drawn = {generation: examples_of(self._desk)}
        return self.known()

    def draw(self) -> None:
        """Begins to draw them, in a thread of its own."""
        threading.Thread(target=self.questions, name="examples", daemon=True).start()


def examples_of(desk: Desk, most: int = 3) -> list[str]:
    """Up to that many questions that are answered rightly and surely, in both languages."""
    kept: list[Example] = []
    for example in drawn(desk.bot.articles()[:_LOOKED_AT])[:TRIED]:
        time.sleep(0.05)  # a visitor who waits for an answer gets it first
        if len(kept) < most - (all(e.language == example.language for e in kept) and bool(kept)):
            try:
                answer = desk.answer(example.question, ())
            except WenjuError:
                continue
            right = example.number in answer.text and answer.confidence >= SURE
            if right and not answer.refused:
                kept.append(example)
    return [example.question for example in kept]


def drawn(articles: Sequence[IndexedArticle]) -> list[Example]:
    """Questions that the articles suggest, one of each language an article, in turns."""
    out: list[Example] = []
    for article in articles:
        seen: set[Language] = set()
        for example in _of(article.text):
            if example.language not in seen:
                seen.add(example.language)
                out.append(example)
    # one that names a place can be asked by somebody who has not read the article
    out.sort(key=lambda example: _PLACE.search(example.question) is None)
    english = [e for e in out if e.language == "en"]
    chinese = [e for e in out if e.language == "zh"]
    turns = [e for pair in zip(chinese, english, strict=False) for e in pair]
    shorter = min(len(chinese), len(english))
    return turns + chinese[shorter:] + english[shorter:]


def _of(text: str) -> Iterator[Example]:
    for found in _COUNTED.finditer(text):
        before, number, unit, thing = found.group("before", "number", "unit", "thing")
        yield Example(f"{before}多少{unit}{thing or ''}？", "zh", number)
        place = _PLACE.search(before)
        if place and (english := _english(thing or "")):
            yield Example(f"How many {english}s in {place.group()}?", "en", number)


def _english(thing: str) -> str:
    """The one English word for one Chinese word; "" where there is none."""
    words = list(glosses(thing, 1))
    known = words[0].senses if len(words) == 1 and isinstance(words[0], Gloss) else ()
    return known[0] if known and known[0].isalpha() and known[0].islower() else ""
