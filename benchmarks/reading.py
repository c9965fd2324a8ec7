"""Question sets with their passage → exact match and F1 of the reader, as published ones report.

    python -m benchmarks.reading --data DIR [--xquad FILE] [--limit 500] [--reader FOLDER] [--plain]

CMRC 2018 and DRCD: the official CMRC measure (longest common substring over characters and Latin
words). XQuAD: characters (zh) or words (en) in common, as SQuAD counts them; so are the questions
of training/questions/news_test.jsonl.
"""

from __future__ import annotations

import argparse
import json
import lzma
import re
import string
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from embeddings.articles import Article
from embeddings.chunks import chunk_articles
from rag.bridge import as_printed
from rag.reader import Passage, Reader
from training import written

PUNCTUATION = set(string.punctuation) | set("，。！？；：“”‘’（）《》、—…「」『』【】·～")
SETS = ("zh_cmrc2018_dev", "zhhant_drcd_test")
WINDOW = {"zh": 260, "en": 700}


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with its passage and the accepted answers."""

    question: str
    passage: str
    answers: tuple[str, ...]


def tokens(text: str) -> list[str]:
    """Characters of Chinese, words of the rest, punctuation left out, lower case."""
    kept = "".join(" " if c in PUNCTUATION else c for c in text.lower())
    return re.findall(r"[\u3400-\u9fff]|[^\s\u3400-\u9fff]+", kept)


def cmrc_f1(said: str, gold: str) -> float:
    """F1 over the longest common run of tokens (cmrc2018_evaluate.py)."""
    a, b = tokens(said), tokens(gold)
    best = 0
    row = [0] * (len(b) + 1)
    for x in a:
        previous = 0
        for j, y in enumerate(b, 1):
            previous, row[j] = row[j], previous + 1 if x == y else 0
            best = max(best, row[j])
    return 2 * best / (len(a) + len(b)) if best else 0.0


def squad_f1(said: str, gold: str) -> float:
    """F1 over the tokens in common (SQuAD's evaluate-v1.1), articles left out."""
    a, b = ([t for t in tokens(x) if t not in {"a", "an", "the"}] for x in (said, gold))
    common = (Counter(a) & Counter(b)).total()
    return 2 * common / (len(a) + len(b)) if common else 0.0


def exact(said: str, gold: str) -> float:
    """1.0 where both have the same tokens."""
    return float(tokens(said) == tokens(gold))


def read(reader: Reader, asked: Asked, window: int, plain: bool) -> str:
    """The reader's best answer over the passage, cut into windows of whole sentences.

    With `plain` it is asked without the printed words beside the English ones.
    """
    article = Article(title="", text=asked.passage, spans=((0, len(asked.passage)),))
    chunks = chunk_articles("", [article], chunk_chars=window, overlap_sentences=1)
    texts = [c.text for c in chunks]
    question = asked.question if plain else as_printed(asked.question, texts)
    found = reader.read(question, [Passage(text) for text in texts])
    if not found:
        return ""
    return chunks[found[0].passage].text[found[0].start : found[0].end]


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The records of an xz-compressed JSON-lines file."""
    with lzma.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def qa_set(path: Path) -> list[Asked]:
    """A QA file as data/README.md describes it."""
    return [
        Asked(r["question"], r["context"], tuple(a["text"] for a in r["answers"]))
        for r in lines(path)
    ]


def xquad(path: Path, asked: str, read_in: str) -> list[Asked]:
    """XQuAD questions in one language on passages in another; answers in the passage's language."""
    return [
        Asked(q[asked], r[f"context_{read_in}"], tuple(q[f"answers_{read_in}"]))
        for r in lines(path)
        for q in r["questions"]
    ]


def news(data: Path) -> dict[str, list[Asked]]:
    """By language: the questions on Chinese news that are kept out of the reader's training."""
    asked: dict[str, list[Asked]] = {"zh": [], "mixed": [], "en": []}
    pairs = zip(written.lines("news_test"), written.questions(data, "news_test"), strict=True)
    for row, q in pairs:
        if q.answer:
            asked[row["language"]].append(Asked(q.question, q.context, (q.answer,)))
    return asked


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions, how their answers are scored, and the characters of a window of their passages."""

    name: str
    rows: list[Asked]
    f1: Callable[[str, str], float]
    window: int


def measure(reader: Reader, asked: QuestionSet, plain: bool) -> dict[str, Any]:
    """Mean exact match and F1 against the nearest accepted answer, and milliseconds a question."""
    began = time.perf_counter()
    said = [read(reader, r, asked.window, plain) for r in asked.rows]
    spent = time.perf_counter() - began
    pairs = list(zip(said, asked.rows, strict=True))
    n = len(pairs)
    return {
        "set": asked.name,
        "questions": n,
        "em": round(sum(max(exact(s, g) for g in r.answers) for s, r in pairs) / n, 3),
        "f1": round(sum(max(asked.f1(s, g) for g in r.answers) for s, r in pairs) / n, 3),
        "ms": round(1000 * spent / n, 1),
    }


def thin(rows: list[Asked], limit: int) -> list[Asked]:
    """Every n-th question, so that about `limit` are left."""
    return rows[:: max(1, len(rows) // limit)][:limit]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--xquad", type=Path)
    parser.add_argument("--limit", type=int, default=500)
    parser.add_argument("--reader", help="folder or name (default: the bundled one)")
    parser.add_argument("--plain", action="store_true", help="ask English questions as they are")
    args = parser.parse_args()
    reader = Reader.load(args.reader)
    zh = WINDOW["zh"]
    cmrc, drcd = (qa_set(args.data / f"qa_{name}.jsonl.xz") for name in SETS)
    sets = [
        QuestionSet("CMRC 2018 dev", cmrc, cmrc_f1, zh),
        QuestionSet("DRCD test", drcd, cmrc_f1, zh),
    ]
    for a, b in (("zh", "zh"), ("en", "zh"), ("en", "en")) if args.xquad else ():
        rows = xquad(args.xquad, a, b)
        sets.append(QuestionSet(f"XQuAD dev half, {a} on {b}", rows, squad_f1, WINDOW[b]))
    for language, rows in news(args.data).items():
        sets.append(QuestionSet(f"news, {language} on zh", rows, squad_f1, zh))
    for one in sets:
        figures = measure(reader, replace(one, rows=thin(one.rows, args.limit)), args.plain)
        print(json.dumps(figures, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
