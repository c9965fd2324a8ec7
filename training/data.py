"""The training data folder (xz-compressed JSON lines) → records and text, in Simplified script."""

from __future__ import annotations

import json
import lzma
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

ZH_QA = ("qa_zh_cmrc2018_train", "qa_zh_cmrc2018_trial", "qa_zhhant_drcd_dev")
EN_QA = ("qa_en_squad1.1_dev_without_xquad", "qa_en_nq_open_oracle")
EN_TALES = ("qa_en_fairytaleqa_train", "qa_en_fairytaleqa_val")
EN_UNANSWERABLE = "qa_en_squad2.0_dev_unanswerable_without_xquad"
NEWS_PAIRS = ("wmt21", "wmt22", "wmt23", "ntrex")
HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Question:
    """One reading question; `start` is -1 where the passage does not answer it."""

    context: str
    question: str
    answer: str
    start: int
    title: str = ""
    id: str = ""
    polarity: int = -1  # of a yes/no question: 1 yes, 0 no; else -1


def records(data: Path, name: str) -> Iterator[dict[str, Any]]:
    """The records of DATA/NAME.jsonl.xz in file order."""
    path = data / f"{name}.jsonl.xz"
    if not path.is_file():
        raise FileNotFoundError(f"training data {path} is missing; see training/README.md")
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


@lru_cache(maxsize=1)
def _folder() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def simplify(text: str) -> str:
    """Traditional characters → Simplified, one for one, so that offsets stay true."""
    folded = str(_folder().convert(text))
    return folded if len(folded) == len(text) else text


def questions(data: Path, name: str) -> list[Question]:
    """The questions of one QA file; an answer given as free text (no offset) is left out."""
    out = []
    for r in records(data, name):
        answers = [a for a in r["answers"] if a["start"] >= 0]
        if r["answers"] and not answers:
            continue
        context, question, title = r["context"], r["question"], r["title"]
        if "zhhant" in name:
            context, question, title = map(simplify, (context, question, title))
        start = answers[0]["start"] if answers else -1
        answer = context[start : start + len(answers[0]["text"])] if answers else ""
        out.append(Question(context, question, answer, start, title, r["id"]))
    return out


def news(data: Path, limit: int | None = None, skip: int = 0) -> list[str]:
    """News articles (Simplified Chinese), the same ones at each call."""
    texts = []
    for i, r in enumerate(records(data, "text_zh_news_crud")):
        if i >= skip:
            texts.append(r["text"])
        if limit is not None and len(texts) >= limit:
            break
    return texts


def wikipedia(data: Path, language: str, limit: int) -> list[str]:
    """Wikipedia articles, Chinese ones folded to Simplified."""
    texts = []
    for r in records(data, f"text_{language}_wikipedia"):
        texts.append(simplify(r["text"]) if language == "zh" else r["text"])
        if len(texts) >= limit:
            break
    return texts


def documents(data: Path) -> list[tuple[str, str]]:
    """(Chinese, English) news sentences in the order of their documents."""
    return [
        (simplify(r["zh"]), r["en"])
        for r in records(data, "parallel_en_zh")
        if r["source"] in NEWS_PAIRS
    ]


def parallel(data: Path) -> list[tuple[str, str]]:
    """(Chinese, English) sentence pairs; technical documentation is kept to one pair in three."""
    rng = random.Random(0)
    out = []
    for r in records(data, "parallel_en_zh"):
        if r["source"] == "python-docs" and rng.random() > 1 / 3:
            continue
        out.append((simplify(r["zh"]), r["en"]))
    return out
