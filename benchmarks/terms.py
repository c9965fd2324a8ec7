"""A question set and a corpus in, how often BM25 over each set of terms finds the evidence out.

usage: python -m benchmarks.terms QUESTIONS.jsonl [--corpus DIR] [--chars N] [--k1 F] [--b F]

Evidence is found where one of the first k chunks covers at least half of one evidence quote in the
right file. A follow-up question is asked together with the questions before it.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from embeddings import terms as t
from embeddings.articles import Article, split_page
from embeddings.chunks import Chunk, chunk_articles
from embeddings.lexical import LexicalIndex
from embeddings.pages import read_corpus

Words = Callable[[str], list[str]]


def jieba_words(text: str) -> list[str]:
    """Words, numbers and English stems: what a plain index holds."""
    text = t.fold(text)
    return [w for w in t.segment(text) if t.HAN.fullmatch(w)] + t.plain_terms(text)


def characters(text: str) -> list[str]:
    """Single Han characters."""
    return t.HAN_CHARACTER.findall(t.fold(text))


def pairs(text: str) -> list[str]:
    """Pairs of Han characters."""
    return t.character_pairs(t.fold(text))


def both(*parts: Words) -> Words:
    """The terms of several parts, one after the other."""
    return lambda text: [term for part in parts for term in part(text)]


def variants(senses: int) -> dict[str, tuple[Words, Words]]:
    """Name to (terms of a passage, terms of a question)."""
    glosses: Words = lambda text: t.passage_glosses(t.segment(t.fold(text)), senses)  # noqa: E731
    pinyin: Words = lambda text: t.passage_pinyin(t.segment(t.fold(text)))  # noqa: E731
    joined: Words = lambda text: t.joined_pinyin(t.fold(text))  # noqa: E731
    rows: dict[str, tuple[Words, Words]] = {}
    for name, base in {
        "jieba words": jieba_words,
        "characters": both(characters, t.plain_terms),
        "pairs": both(pairs, t.plain_terms),
        "words + characters": both(jieba_words, characters),
        "words + pairs": both(jieba_words, pairs),
        "words + pairs + characters": both(jieba_words, pairs, characters),
    }.items():
        rows[name] = (base, base)
        rows[name + " + glosses"] = (both(base, glosses), base)
        rows[name + " + glosses + pinyin"] = (both(base, glosses, pinyin), both(base, joined))
    rows["the product's terms"] = (partial(t.passage_terms, senses=senses), t.query_terms)
    return rows


def covered(chunk: Chunk, source: str, start: int, end: int) -> bool:
    """Does the chunk hold at least half of the file's characters start to end?"""
    held = sum(max(0, min(e, end) - max(s, start)) for s, e in chunk.spans)
    return chunk.source == source and held >= 0.5 * (end - start)


def found_at(ranked: list[Chunk], question: dict[str, Any], files: dict[str, str]) -> int:
    """Rank of the first chunk on the evidence, from 1; a large number where there is none."""
    text = files[question["seed"]]
    places = [(text.find(quote), len(quote)) for quote in question["evidence"]]
    for rank, chunk in enumerate(ranked, 1):
        if any(at >= 0 and covered(chunk, question["seed"], at, at + n) for at, n in places):
            return rank
    return 10**6


def asked(question: dict[str, Any]) -> str:
    """The question, after the user's questions before it."""
    turns = [turn["content"] for turn in question["context_turns"] if turn["role"] == "user"]
    return " ".join([*turns, question["question"]])


def main() -> None:
    """Print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--corpus", type=Path, default=Path("seeds"))
    parser.add_argument("--chars", type=int, default=220)
    parser.add_argument("--overlap", type=int, default=1)
    parser.add_argument("--senses", type=int, default=4)
    parser.add_argument("--k1", type=float, default=1.2)
    parser.add_argument("--b", type=float, default=0.5)
    parser.add_argument("--only", default="")
    parser.add_argument("--missed", action="store_true", help="print what is not in the first five")
    args = parser.parse_args()
    lines = args.questions.read_text(encoding="utf-8").splitlines()
    questions = [q for q in map(json.loads, lines) if q["evidence"]]
    articles: list[Article] = []
    chunks: list[Chunk] = []
    files = {}
    for file in read_corpus(args.corpus):
        files[file.source] = file.text
        found = split_page(file.text)
        chunks += chunk_articles(
            file.source,
            found,
            chunk_chars=args.chars,
            overlap_sentences=args.overlap,
            first_chunk=len(chunks),
            first_article=len(articles),
        )
        articles += found
    texts = [f"{articles[c.article].kicker}\n{c.title}\n{c.text}" for c in chunks]
    langs = ("zh", "mixed", "en")
    print(f"{len(chunks)} chunks, {len(questions)} questions with evidence\n")
    print("| terms | " + " | ".join(f"{x} @1 @5 @10" for x in langs) + " |\n|---|---|---|---|")
    for name, (passage, query) in variants(args.senses).items():
        if args.only not in name:
            continue
        index = LexicalIndex.build([passage(text) for text in texts], args.k1, args.b)
        ranks: dict[str, list[int]] = {x: [] for x in langs}
        for question in questions:
            hits = [chunks[i] for i, _ in index.search(query(asked(question)), 50)]
            rank = found_at(hits, question, files)
            ranks[question["lang"]].append(rank)
            if args.missed and rank > 5:
                print(question["id"], question["lang"], rank, question["question"])
        cells = [
            " ".join(f"{sum(r <= k for r in ranks[x]) / len(ranks[x]):.2f}" for k in (1, 5, 10))
            for x in langs
        ]
        print(f"| {name} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
