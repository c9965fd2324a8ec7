"""The training data → the encoder's batches: pairs of texts to be brought together, by objective.

A distilled pair is (text in either language, the English that the teacher reads); a contrasted one
is (question, passage). Chinese that nobody translated is made of English by `lexicon`, English
that nobody translated of Chinese.
"""

from __future__ import annotations

import random
from collections import defaultdict
from pathlib import Path

from training import cloze, written
from training import data as corpora
from training.lexicon import Lexicon
from training.mix import SENTENCE, lead_pair, passage_window, stretches
from training.names import Names, in_pinyin
from training.transplant import glosses

Pairs = list[tuple[str, str]]

DISTILLED = frozenset(("parallel", "passage", "rendered", "wordings", "names", "gloss", "keep_en"))
# pairs in a batch of each objective
SIZES = {
    "parallel": 128,  # sentences of translations
    "passage": 40,  # two to six of them in a row
    "rendered": 56,  # English passages and questions, put into Chinese word by word
    "wordings": 128,  # Chinese questions and what they are in English
    "qa_zh": 56,
    "written": 56,
    "qa_en": 56,
    "aligned": 56,  # a sentence in one language, the passage around it in the other
    "news": 56,
    "names": 128,  # names and terms by themselves
    "named": 56,  # a sentence with a name as the other language spells it, the passage around it
    "keep_en": 64,
    "gloss": 192,
}
# share of the steps: the languages are brought together first, then questions and passages
FIRST = {"parallel": 22, "passage": 10, "rendered": 14, "qa_zh": 20, "qa_en": 16, "news": 13}
FIRST |= {"names": 6, "named": 8, "keep_en": 3, "gloss": 2}
LAST = {"parallel": 14, "passage": 8, "rendered": 9, "qa_zh": 25, "qa_en": 18, "aligned": 16}
LAST |= {"news": 10, "names": 5, "named": 10, "keep_en": 2, "wordings": 5, "written": 10}
LAST_PART = 0.4  # of the training
OF_ONE_ARTICLE = 4  # questions on its different passages that go into a batch together
ZH_CHARS, EN_CHARS = 230, 600
WRITTEN_ANEW = 0.6  # of the Chinese questions that there are other wordings of, in either language
PINYIN_ARTICLES = 4_000  # of news, whose persons and places are spelt in pinyin


class Diet:
    """Draws batches; the same ones for the same seed."""

    def __init__(self, data: Path, rng: random.Random) -> None:
        self.rng = rng
        names = Names(data)
        self.lexicon = Lexicon.learn(data, names.chinese)
        self.mentions = names.mentions
        self.parallel = [p for p in corpora.parallel(data) if len(p[0]) < 160]
        self.documents = corpora.documents(data)
        self.gloss = [(w, s[0]) for w, s in glosses().items() if len(w) > 1]
        self.zh = Asked([q for name in corpora.ZH_QA for q in corpora.questions(data, name)])
        self.wordings = written.wordings()
        self.written = Asked([q for q in written.questions(data, "news") if q.answer])
        self.en = Asked([q for name in corpora.EN_QA for q in corpora.questions(data, name)])
        self.news = corpora.news(data, 45_000) + corpora.wikipedia(data, "zh", 20_000)
        self.english = corpora.wikipedia(data, "en", 5_000)
        self.names = [*names.pairs, *in_pinyin(self.news[:PINYIN_ARTICLES])]

    def batch(self, left: float) -> tuple[str, Pairs]:
        """An objective and its pairs, when this share of the training is still to come."""
        shares = LAST if left <= LAST_PART else FIRST
        kind = self.rng.choices(list(shares), list(shares.values()))[0]
        pairs: Pairs = getattr(self, f"_{kind}")(SIZES[kind])
        return kind, pairs

    def _parallel(self, n: int) -> Pairs:
        drawn = sorted(self.rng.sample(self.parallel, 4 * n), key=lambda p: len(p[0]))
        at = self.rng.randrange(3 * n)  # of like length: little padding
        return [
            (self.lexicon.to_english(zh, self.rng, 0.3) if self.rng.random() < 0.15 else zh, en)
            for zh, en in drawn[at : at + n]
        ]

    def _passage(self, n: int) -> Pairs:
        out: Pairs = []
        for _ in range(n):
            at = self.rng.randrange(len(self.documents) - 6)
            rows = self.documents[at : at + self.rng.randint(2, 6)]
            while len(rows) > 1 and sum(len(zh) for zh, _ in rows) > ZH_CHARS:
                rows.pop()
            out.append(("".join(zh for zh, _ in rows), " ".join(en for _, en in rows)))
        return out

    def _rendered(self, n: int) -> Pairs:
        rng = self.rng
        if rng.random() < 0.4:
            texts = [q.question for q in rng.sample(self.en.questions, n)]
        else:
            texts = [self._english_window() for _ in range(n)]
        return [(self.lexicon.to_chinese(t, rng, rng.choice((0.6, 1.0, 1.0))), t) for t in texts]

    def _english_window(self) -> str:
        rng = self.rng
        if rng.random() < 0.5:
            q = rng.choice(self.en.questions)
            return passage_window(q, rng.randrange(120, 450), rng)[0]
        text = rng.choice(self.english)
        at = rng.randrange(max(1, len(text) - 400))
        first = text.find(". ", at, at + 300)
        at = first + 2 if first >= 0 else at
        return text[at : at + rng.randrange(100, 400)].rpartition(" ")[0] or text[:100]

    def _gloss(self, n: int) -> Pairs:
        return self.rng.sample(self.gloss, n)

    def _names(self, n: int) -> Pairs:
        return self.rng.sample(self.names, n)

    def _named(self, n: int) -> Pairs:
        rng = self.rng
        out: Pairs = []
        for mention in rng.sample(self.mentions, n):
            text = mention.text.replace(mention.printed, mention.chinese)
            sentences = [s for s in SENTENCE.findall(text) if mention.chinese in s]
            if not sentences:  # the name goes over a sentence end
                continue
            query = rng.choice(sentences)
            at = text.find(query)
            start = max(0, at - rng.randrange(ZH_CHARS - 80))
            passage = text[start : start + ZH_CHARS]
            if rng.random() < 0.6 and mention.chinese in passage.replace(query, ""):
                passage = passage.replace(query, "")
            middle = query.find(mention.chinese)
            near = query[max(0, middle - 40) : middle + 60]
            asked = near.replace(mention.chinese, f" {mention.english} ")
            out.append((self.lexicon.to_english(asked, rng, rng.choice((0.0, 0.6, 1.0))), passage))
        return out

    def _keep_en(self, n: int) -> Pairs:
        texts = [en for _, en in self.rng.sample(self.parallel, n // 2)]
        texts += [q.question for q in self.rng.sample(self.en.questions, n // 4)]
        texts += [self._english_window() for _ in range(n // 4)]
        return [(text, text) for text in texts]

    def _qa_zh(self, n: int) -> Pairs:
        rng = self.rng
        out: Pairs = []
        for q in self.zh.draw(n, rng):
            asked, chance = q.question, rng.random()
            if q.id in self.wordings and rng.random() < WRITTEN_ANEW:
                asked = rng.choice(self.wordings[q.id])
            elif chance < 0.3:
                asked = self.lexicon.to_english(asked, rng, rng.choice((0.3, 0.6)))
            elif chance < 0.6:
                asked = self.lexicon.to_english(asked, rng)
            out.append((asked, passage_window(q, ZH_CHARS, rng)[0]))
        return out

    def _written(self, n: int) -> Pairs:
        return [
            (q.question, passage_window(q, ZH_CHARS, self.rng)[0])
            for q in self.written.draw(n, self.rng)
        ]

    def _wordings(self, n: int) -> Pairs:
        asked = self.rng.sample([q for q in self.zh.questions if q.id in self.wordings], n)
        return [
            (self.rng.choice((q.question, self.wordings[q.id].zh)), self.wordings[q.id].en)
            for q in asked
        ]

    def _qa_en(self, n: int) -> Pairs:
        rng = self.rng
        in_chinese = rng.random() < 0.6  # all passages of a batch, so that none is easy to rule out
        if rng.random() < 0.25:
            pairs = [p for p in (self._english_lead() for _ in range(n)) if p is not None]
        else:
            pairs = [
                (q.question, passage_window(q, EN_CHARS, rng)[0]) for q in self.en.draw(n, rng)
            ]
        out: Pairs = []
        for asked, passage in pairs:
            if rng.random() < (0.3 if in_chinese else 0.55):
                asked = self.lexicon.to_chinese(asked, rng)
            out.append((asked, self.lexicon.to_chinese(passage, rng) if in_chinese else passage))
        return out

    def _aligned(self, n: int) -> Pairs:
        rng = self.rng
        out: Pairs = []
        asked_in_english = rng.random() < 0.65
        while len(out) < n:
            first = rng.randrange(len(self.documents) - 16)
            for at in range(first, first + 12, 4):  # passages of one document: hard negatives
                rows = self.documents[at : at + rng.randint(2, 4)]
                query = rng.randrange(len(rows))
                kept = [r for i, r in enumerate(rows) if i != query or rng.random() < 0.6]
                chinese, english = ("".join(r[0] for r in kept), " ".join(r[1] for r in kept))
                zh, en = rows[query]
                out.append((en[:200], chinese) if asked_in_english else (zh[:80], english))
        return out[:n]

    def _english_lead(self) -> tuple[str, str] | None:
        """A sentence of an English article and what stands around it."""
        rng = self.rng
        text = rng.choice(self.english)
        at = rng.randrange(max(1, len(text) - 900))
        parts = [p for p in text[at : at + 900].split(". ")[1:-1] if len(p) > 40]
        if len(parts) < 3:
            return None
        query = parts.pop(rng.randrange(len(parts)))
        return query[:200], ". ".join(parts)[:EN_CHARS]

    def _news(self, n: int) -> Pairs:
        rng = self.rng
        out: Pairs = []
        while len(out) < n:
            for text in stretches(rng.choice(self.news), OF_ONE_ARTICLE, rng):
                if rng.random() < 0.4:
                    made = cloze.make(text, rng, rng.randrange(100, 240), rng.random() < 0.5)
                    pair = (made.question, made.passage) if made else None
                    rates = (0.5, 0.8, 1.0, 1.0)  # it is copied from the passage: most words go
                else:
                    pair, rates = lead_pair(text, rng), (0.0, 0.4, 0.7, 1.0)
                if pair is not None:
                    asked = self.lexicon.to_english(pair[0], rng, rng.choice(rates))
                    out.append((asked, pair[1]))
        return out[:n]


class Asked:
    """Questions, drawn together with others of the same article: hard negatives in the batch."""

    def __init__(self, questions: list[corpora.Question]) -> None:
        self.questions = questions
        self._by_title: dict[str, list[corpora.Question]] = defaultdict(list)
        for q in questions:
            self._by_title[q.title].append(q)

    def draw(self, n: int, rng: random.Random) -> list[corpora.Question]:
        """`n` questions on as many passages."""
        out: dict[str, corpora.Question] = {}
        while len(out) < n:
            first = rng.choice(self.questions)
            mates = self._by_title[first.title]
            drawn = rng.sample(mates, min(len(mates), 2 * OF_ONE_ARTICLE))
            chosen = {q.context: q for q in [first, *drawn] if q.context not in out}
            out.update(list(chosen.items())[:OF_ONE_ARTICLE])
        return list(out.values())[:n]
