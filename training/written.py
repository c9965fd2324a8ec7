"""Questions written for these recipes (training/questions/) → reading questions and wordings.

They were written by a large language model that read each passage; code has checked that every
answer stands in it. The passages themselves stay in the data folder: news.jsonl has the article's
number and where in its text the passage lies, wordings.jsonl the question's id in its set.
news_test.jsonl is for benchmarks: never trained on.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

from training import data as corpora

FOLDER = Path(__file__).parent / "questions"
HAN_SPACE = re.compile(r"(?<=[\u4e00-\u9fff]) +| +(?=[\u4e00-\u9fff])")
POLARITY = {"yes": 1, "no": 0}


class Wording(NamedTuple):
    """A Chinese question of a QA set in English and in other Chinese words."""

    en: str
    zh: str


def questions(data: Path, name: str) -> list[corpora.Question]:
    """The questions of a file on news passages, in the order of its lines."""
    articles = corpora.news(data)
    out = []
    for r in lines(name):
        text = HAN_SPACE.sub("", articles[r["article"]])
        passage = text[r["from"] : r["to"]]
        start, end = r["answer"]
        polarity = POLARITY.get(r["kind"], -1)
        answer = passage[start:end] if start >= 0 else ""
        out.append(corpora.Question(passage, r["question"], answer, start, polarity=polarity))
    return out


def wordings() -> dict[str, Wording]:
    """By the question's id."""
    return {r["id"]: Wording(r["en"], r["zh"]) for r in lines("wordings")}


def lines(name: str) -> list[dict[str, Any]]:
    """The records of a file."""
    with (FOLDER / f"{name}.jsonl").open(encoding="utf-8") as rows:
        return [json.loads(row) for row in rows]
