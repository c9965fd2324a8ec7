"""QA sets + made questions → reading examples, mined near misses, and padded batches of tensors."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from rag.pairs import encode_pair
from rag.reader import MAX_WORDING_TOKENS
from training import cloze
from training import data as corpora
from training.aligned import Aligned
from training.lexicon import Lexicon
from training.mix import passage_window

HAN_SPACE = re.compile(r"(?<=[\u4e00-\u9fff]) +| +(?=[\u4e00-\u9fff])")
# what each example is drawn from: share
SOURCES = {"zh": 0.43, "en": 0.18, "en_unanswerable": 0.06, "cloze": 0.23, "aligned": 0.10}
WITHOUT_ANSWER = 0.27


@dataclass(frozen=True, slots=True)
class Example:
    """One (question, passage) pair; `start` is -1 where it has no answer."""

    question: str
    title: str
    passage: str
    start: int
    end: int
    polarity: int = -1  # of a yes/no question: 1 yes, 0 no; else -1


class Supply:
    """Draws reading examples without end."""

    def __init__(self, data: Path, seed: int) -> None:
        self.rng = random.Random(seed)
        self.lexicon = Lexicon.learn(data)
        self.zh = [q for name in corpora.ZH_QA for q in corpora.questions(data, name)]
        self.en = [q for name in corpora.EN_QA for q in corpora.questions(data, name)]
        self.unanswerable = corpora.questions(data, corpora.EN_UNANSWERABLE)
        self.news = [HAN_SPACE.sub("", t) for t in corpora.news(data, 30_000, skip=2_000)]
        self.near = mine(self.zh, self.news[:6_000])
        self.aligned = Aligned(data)
        self.by_title: dict[str, list[str]] = defaultdict(list)
        for q in self.en:
            if q.context not in self.by_title[q.title][-1:]:
                self.by_title[q.title].append(q.context)

    def example(self) -> Example:
        rng = self.rng
        source = rng.choices(list(SOURCES), list(SOURCES.values()))[0]
        if source == "cloze":
            return self._cloze()
        if source == "aligned":
            made = self.aligned.make(rng)
            return Example(made.question, "", made.passage, made.start, made.end, made.polarity)
        chars = rng.randrange(120, 320) if source == "zh" else rng.randrange(300, 800)
        if source == "en_unanswerable":
            q = rng.choice(self.unanswerable)
            return Example(q.question, self._title(q), passage_window(q, chars, rng)[0], -1, -1)
        i = rng.randrange(len(self.zh if source == "zh" else self.en))
        q = (self.zh if source == "zh" else self.en)[i]
        asked = q.question
        if source == "zh" and rng.random() < 0.45:
            asked = self.lexicon.to_english(asked, rng, rng.choice((0.3, 0.6, 1.0, 1.0)))
        if rng.random() < WITHOUT_ANSWER:
            other = self._other(source, i, q)
            if other and q.answer not in other:
                at = rng.randrange(0, max(1, len(other) - chars))
                return Example(asked, self._title(q), other[at : at + chars], -1, -1)
        passage, offset = passage_window(q, chars, rng)
        start = q.start - offset
        if start < 0 or start + len(q.answer) > len(passage):
            return self.example()
        return Example(asked, self._title(q), passage, start, start + len(q.answer))

    def _title(self, q: corpora.Question) -> str:
        return q.title.replace("_", " ") if self.rng.random() < 0.5 else ""

    def _other(self, source: str, i: int, q: corpora.Question) -> str:
        if source == "en":
            return self.rng.choice(self.by_title[q.title])
        if len(q.context) > 500 and self.rng.random() < 0.4:
            half = len(q.context) // 2
            return q.context[half + 80 :] if q.start < half else q.context[: half - 80]
        return self.rng.choice(self.near[i]) if self.near[i] else ""

    def _cloze(self) -> Example:
        rng = self.rng
        while True:
            made = cloze.make(rng.choice(self.news), rng, rng.randrange(150, 320))
            if made is None:
                continue
            asked = (
                self.lexicon.to_english(made.question, rng, rng.choice((0.3, 0.6, 1.0)))
                if rng.random() < 0.4
                else made.question
            )
            if rng.random() < 0.2 and made.polarity < 0:
                other = rng.choice(self.news)[:300]
                return Example(asked, "", other, -1, -1)
            return Example(asked, "", made.passage, made.start, made.end, made.polarity)


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


def encode(example: Example, tokenizer: Any) -> dict[str, Any]:
    """Token ids, the answer's first and last token (0, 0 without one) and its ids to decode."""
    pair = encode_pair(tokenizer, example.question, example.passage, example.title)
    first = last = 0
    if example.start >= 0:
        touched = [
            i
            for i, (s, e) in enumerate(pair.spans)
            if e > example.start and s < example.end and e > s
        ]
        if touched and pair.spans[touched[-1]][1] >= example.end:
            first, last = pair.first + touched[0], pair.first + touched[-1]
    answer = list(pair.ids[first : last + 1][:MAX_WORDING_TOKENS]) if first else []
    return {
        "ids": pair.ids,
        "answerable": pair.answerable,
        "first": first,
        "last": last,
        "answer": [*answer, tokenizer.sep_token_id],
        "has": int(first > 0),
        "polarity": example.polarity if first else -1,
    }


def batches(supply: Supply, tokenizer: Any, tokens: int) -> Any:
    """Length-sorted batches of about `tokens` tokens, for ever."""
    while True:
        pool = sorted(
            (encode(supply.example(), tokenizer) for _ in range(320)), key=lambda r: len(r["ids"])
        )
        groups: list[list[dict[str, Any]]] = [[]]
        for row in pool:
            if (len(groups[-1]) + 1) * len(row["ids"]) > tokens:
                groups.append([])
            groups[-1].append(row)
        supply.rng.shuffle(groups)
        for group in groups:
            if len(group) > 3:
                yield collate(group)


def collate(rows: list[dict[str, Any]]) -> dict[str, torch.Tensor]:
    """Padded tensors; labels are padded with -100."""
    longest, answer = max(len(r["ids"]) for r in rows), max(len(r["answer"]) for r in rows)
    ids = torch.zeros(len(rows), longest, dtype=torch.long)
    mask = torch.zeros(len(rows), longest, dtype=torch.long)
    answerable = torch.zeros(len(rows), longest, dtype=torch.bool)
    labels = torch.full((len(rows), answer), -100)
    for i, r in enumerate(rows):
        n = len(r["ids"])
        ids[i, :n], mask[i, :n] = torch.tensor(r["ids"]), 1
        answerable[i, :n] = torch.tensor(r["answerable"])
        labels[i, : len(r["answer"])] = torch.tensor(r["answer"])
    column = {k: torch.tensor([r[k] for r in rows]) for k in ("first", "last", "has", "polarity")}
    return {"ids": ids, "mask": mask, "answerable": answerable, "labels": labels, **column}
