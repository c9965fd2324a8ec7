"""QA sets + made questions → reading examples, with mined near misses."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path

from rag.bridge import as_printed
from rag.kinds import Kind, kind_of
from training import cloze, recurring, written
from training import data as corpora
from training.aligned import Aligned
from training.lexicon import Lexicon
from training.mix import passage_window
from training.names import Names
from training.thesaurus import Thesaurus
from training.written import HAN_SPACE

# what each example is drawn from: share
SOURCES = {
    "zh": 0.28,
    "written": 0.34,
    "en": 0.14,
    "rendered": 0.06,  # English questions on their passages, put into Chinese word by word
    "en_unanswerable": 0.04,
    "cloze": 0.03,
    "aligned": 0.02,
    "zh_recurring": 0.05,
    "en_recurring": 0.04,
}
WITHOUT_ANSWER = 0.27
BESIDE_ANOTHER = 0.3  # of the windows with an answer, half as long, beside half of one without
OF_CLAUSES = 2.5  # how much oftener than others a question of a kind in CLAUSES is drawn
CLAUSES = (Kind.HOW, Kind.WHY)
WRITTEN_ANEW = 0.6  # of the Chinese questions that there are other wordings of, in either language
IN_ENGLISH = 0.45  # of the Chinese questions, partly or whole
IN_OTHER_WORDS = 0.5  # of the Chinese questions, before that
AS_PRINTED = 0.75  # of the questions with English words, beside the passage's own


@dataclass(frozen=True, slots=True)
class Example:
    """One (question, passage) pair; `start` is -1 where it has no answer."""

    question: str
    title: str
    passage: str
    start: int
    end: int
    polarity: int = -1  # of a yes/no question: 1 yes, 0 no; else -1
    given: bool = False  # that it has an answer, so that nothing is to be learnt about whether


class Supply:
    """Draws reading examples without end."""

    def __init__(self, data: Path, seed: int, words: Iterable[str]) -> None:
        """`words` are those that may become others of about the same meaning."""
        self.rng = random.Random(seed)
        self.lexicon = Lexicon.learn(data, Names(data).chinese)
        self.thesaurus = Thesaurus.learn(words)
        self.zh = [q for name in corpora.ZH_QA for q in corpora.questions(data, name)]
        self.en = [
            q for name in (*corpora.EN_QA, *corpora.EN_TALES) for q in corpora.questions(data, name)
        ]
        self.unanswerable = corpora.questions(data, corpora.EN_UNANSWERABLE)
        self.news = [HAN_SPACE.sub("", t) for t in corpora.news(data, 30_000, skip=2_000)]
        self.zh_articles = self.news[:15_000] + corpora.wikipedia(data, "zh", 15_000)
        self.en_articles = corpora.wikipedia(data, "en", 2_000)
        self.near = mine(self.zh, self.news[:6_000])
        self.written = written.questions(data, "news")
        self.wordings = written.wordings()
        self.near_written = mine(self.written, self.news[:6_000])
        self.zh_shares = shares(self.zh)
        self.en_shares = shares(self.en)
        self.aligned = Aligned(data)
        self.by_title: dict[str, list[str]] = defaultdict(list)
        for q in self.en:
            if q.context not in self.by_title[q.title][-1:]:
                self.by_title[q.title].append(q.context)

    def example(self) -> Example:
        """The next one."""
        source = self.rng.choices(list(SOURCES), list(SOURCES.values()))[0]
        made: Example | None = None
        while made is None:
            made = getattr(self, f"_{source}")()
        if self.rng.random() > AS_PRINTED:
            return made
        text = f"{made.title}\n{made.passage}"
        return replace(made, question=as_printed(made.question, [text]))

    def _zh(self) -> Example | None:
        rng = self.rng
        i = rng.choices(range(len(self.zh)), cum_weights=self.zh_shares)[0]
        q = self.zh[i]
        asked = self._in_english(q.question)
        if q.id in self.wordings and rng.random() < WRITTEN_ANEW:
            asked = rng.choice(self.wordings[q.id])
        return self._on(q, asked, lambda: self._near_miss(self.near[i], q), (120, 320))

    def _written(self) -> Example | None:
        i = self.rng.randrange(len(self.written))
        q = self.written[i]
        if q.start < 0:
            return Example(q.question, "", q.context, -1, -1)
        made = self._on(q, q.question, lambda: self._near_miss(self.near_written[i], q), (160, 420))
        return made and replace(made, polarity=q.polarity if made.start >= 0 else -1)

    def _en(self) -> Example | None:
        q = self.rng.choices(self.en, cum_weights=self.en_shares)[0]
        return self._on(q, q.question, lambda: self.rng.choice(self.by_title[q.title]), (300, 800))

    def _en_unanswerable(self) -> Example:
        q = self.rng.choice(self.unanswerable)
        passage = passage_window(q, self.rng.randrange(300, 800), self.rng)[0]
        return Example(q.question, self._title(q), passage, -1, -1)

    def _rendered(self) -> Example | None:
        made = self._en()
        if made is None:
            return None
        rate = self.rng.choice((0.7, 1.0, 1.0))
        a, b = max(made.start, 0), max(made.end, 0)
        parts = (made.passage[:a], made.passage[a:b], made.passage[b:])
        before, answer, after = (
            self.lexicon.to_chinese(p, self.rng, rate).strip() if p.strip() else "" for p in parts
        )
        if made.start < 0:
            return Example(made.question, "", after, -1, -1)
        # a space between Latin words only, as to_chinese leaves them
        before += " " * before[-1:].isascii()
        after = " " * (after[:1].isalnum() and after[:1].isascii()) + after
        end = len(before) + len(answer)
        return Example(made.question, "", before + answer + after, len(before), end)

    def _aligned(self) -> Example:
        made = self.aligned.make(self.rng)
        return Example(made.question, "", made.passage, made.start, made.end, made.polarity)

    def _in_english(self, asked: str) -> str:
        """A Chinese question, perhaps in other words, perhaps partly or wholly in English ones."""
        rng = self.rng
        asked = self._in_other_words(asked)
        if rng.random() < IN_ENGLISH:
            return self.lexicon.to_english(asked, rng, rng.choice((0.3, 0.6, 1.0, 1.0)))
        return asked

    def _in_other_words(self, asked: str) -> str:
        rng = self.rng
        if rng.random() < IN_OTHER_WORDS:
            return self.thesaurus.reworded(asked, rng, rng.choice((0.3, 0.6, 1.0)))
        return asked

    def _on(
        self, q: corpora.Question, asked: str, other: Callable[[], str], chars: tuple[int, int]
    ) -> Example | None:
        """A window about the answer, or, for one in WITHOUT_ANSWER, of a passage without it.

        One in BESIDE_ANOTHER of those with the answer shares its place with a part of the latter.
        """
        rng, most = self.rng, self.rng.randrange(*chars)
        absent, joined = rng.random() < WITHOUT_ANSWER, rng.random() < BESIDE_ANOTHER
        stray = ""
        if absent or joined:
            text = other()
            if not text or q.answer in text:
                return None
            most = most if absent else most // 2
            at = rng.randrange(0, max(1, len(text) - most))
            stray = text[at : at + most]
        if absent:
            return Example(asked, self._title(q), stray, -1, -1)
        passage, offset = passage_window(q, most, rng)
        start = q.start - offset
        if start < 0 or start + len(q.answer) > len(passage):
            return None
        if stray and rng.random() < 0.5:
            passage, start = f"{stray}\n{passage}", start + len(stray) + 1
        elif stray:
            passage = f"{passage}\n{stray}"
        return Example(asked, self._title(q), passage, start, start + len(q.answer))

    def _title(self, q: corpora.Question) -> str:
        return q.title.replace("_", " ") if self.rng.random() < 0.5 else ""

    def _near_miss(self, near: list[str], q: corpora.Question) -> str:
        if len(q.context) > 500 and self.rng.random() < 0.4:
            half = len(q.context) // 2
            return q.context[half + 80 :] if q.start < half else q.context[: half - 80]
        return self.rng.choice(near) if near else ""

    def _cloze(self) -> Example | None:
        rng = self.rng
        english = rng.random() < IN_ENGLISH
        made = cloze.make(rng.choice(self.news), rng, rng.randrange(150, 320), english)
        if made is None:
            return None
        asked = self._worded(made.question, english)
        if rng.random() < 0.2 and made.polarity < 0:
            return Example(asked, "", rng.choice(self.news)[:300], -1, -1)
        return Example(asked, "", made.passage, made.start, made.end, made.polarity)

    def _zh_recurring(self) -> Example | None:
        rng = self.rng
        english = rng.random() < IN_ENGLISH
        text = rng.choice(self.zh_articles)
        made = recurring.make(text, rng, rng.randrange(120, 320), True, english)
        if made is None:
            return None
        asked = self._worded(made.question, english)
        return Example(asked, "", made.passage, made.start, made.end, given=True)

    def _en_recurring(self) -> Example | None:
        rng = self.rng
        text = rng.choice(self.en_articles)
        made = recurring.make(text, rng, rng.randrange(300, 800), False, False)
        if made is None:
            return None
        return Example(made.question, "", made.passage, made.start, made.end, given=True)

    def _worded(self, asked: str, english: bool) -> str:
        """A made question, perhaps in other words; one with an English interrogative in English."""
        rng = self.rng
        asked = self._in_other_words(asked)
        return (
            self.lexicon.to_english(asked, rng, rng.choice((0.3, 0.6, 1.0))) if english else asked
        )


def shares(asked: list[corpora.Question]) -> list[float]:
    """Cumulative weights to draw by: questions answered by clauses are few in the sets."""
    return list(accumulate(OF_CLAUSES if kind_of(q.question) in CLAUSES else 1.0 for q in asked))


def mine(asked: list[corpora.Question], news: list[str]) -> list[list[str]]:
    """For each question up to six passages nearest by character bigrams that lack its answer."""
    import bm25s

    passages = sorted({q.context for q in asked}) + [t[:400] for t in news]

    def bigrams(text: str) -> list[str]:
        return [text[i : i + 2] for i in range(len(text) - 1)]

    index = bm25s.BM25()
    index.index([bigrams(p) for p in passages], show_progress=False)
    ids, _ = index.retrieve([bigrams(q.question) for q in asked], k=8, show_progress=False)
    return [
        [passages[j] for j in row if q.answer not in passages[j]][:6]
        for q, row in zip(asked, ids.tolist(), strict=True)
    ]
