"""XQuAD passages and questions → the judge's weights in rag/evidence.py, by logistic regression.

    python -m benchmarks.calibrate XQUAD.jsonl.xz [--limit 300]

Every question is asked twice of an index over all Chinese passages, in Chinese and in English: once
as it is, once with its own passage taken out of what retrieval found, so that what is left are near
misses. A candidate is right where it has at least half of its characters in common with the answer
and stands in the question's passage. Prints the weights, and how often the best candidate is right
by decile of confidence.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.reading import lines, squad_f1
from embeddings import Config
from rag import Chatbot, Hit, evidence, retrieve
from rag.question import understand
from rag.reader import Candidate, Passage

NAMES = ("SPAN", "WORDING", "RELEVANCE", "RETRIEVAL", "COVERAGE")


def features(candidate: Candidate, hit: Hit, top: float) -> list[float]:
    """What the judge weighs, in the order of NAMES."""
    c = candidate
    return [c.span, c.wording, c.relevance, hit.score - top, hit.coverage]


def examples(
    bot: Chatbot, asked: Sequence[tuple[str, str, str]]
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Per question and trial: (candidates, 5) features and (candidates,) whether each is right."""
    out = []
    for question, source, gold in asked:
        everything = retrieve.search(bot.index, question, 16)
        for hits in (everything[:8], [h for h in everything if h.chunk.source != source][:8]):
            read = [Passage(h.chunk.text, h.chunk.title) for h in hits]
            top = max((h.score for h in hits), default=0.0)
            rows, right = [], []
            for c in bot.reader.read(understand(question).text, read):
                hit = hits[c.passage]
                said = hit.chunk.text[c.start : c.end]
                rows.append(features(c, hit, top))
                right.append(hit.chunk.source == source and squad_f1(said, gold) >= 0.5)
            if rows:
                out.append((np.array(rows), np.array(right)))
    return out


def best(rows: np.ndarray, weights: np.ndarray) -> int:
    """The candidate that the weights put first."""
    return int(np.argmax(rows @ weights))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("xquad", type=Path)
    parser.add_argument("--limit", type=int, default=300, help="questions of each language")
    args = parser.parse_args()
    from sklearn.linear_model import LogisticRegression

    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        asked = []
        for i, row in enumerate(lines(args.xquad)):
            source = f"{i:03d}.txt"
            (corpus / source).write_text(row["context_zh"] + "\n", encoding="utf-8")
            for q in row["questions"]:
                asked += [
                    (q["zh"], source, q["answers_zh"][0]),
                    (q["en"], source, q["answers_zh"][0]),
                ]
        step = max(1, len(asked) // (2 * args.limit)) | 1  # odd, so that both languages are met
        bot = Chatbot.build(corpus, Path(folder) / "index", Config())
        found = examples(bot, asked[::step])
    model = LogisticRegression(C=1.0, max_iter=1000)
    model.fit(np.concatenate([r for r, _ in found]), np.concatenate([y for _, y in found]))
    weights = model.coef_[0]
    # the best of many candidates is right less often than its own log-odds say: fit those once more
    tops = np.array([[float(r[best(r, weights)] @ weights)] for r, _ in found])
    right = np.array([bool(y[best(r, weights)]) for r, y in found])
    second = LogisticRegression(C=1e3).fit(tops, right)
    slope, bias = float(second.coef_[0][0]), float(second.intercept_[0])
    for name, weight in zip(NAMES, weights * slope, strict=True):
        print(f"{name} = {weight:.3f}")
    print(f"BIAS = {bias:.3f}")
    chance = 1 / (1 + np.exp(-(tops[:, 0] * slope + bias)))
    order = np.argsort(chance)
    for part in np.array_split(order, 10):
        print(
            json.dumps(
                {
                    "confidence": round(float(chance[part].mean()), 3),
                    "right": round(float(right[part].mean()), 3),
                    "questions": len(part),
                }
            )
        )
    shown = chance >= Config().refuse_below
    answerable = np.array([bool(y.any()) for _, y in found])
    print(
        json.dumps(
            {
                "answered": round(float(shown.mean()), 3),
                "right of answered": round(float(right[shown].mean()), 3),
                "of those with a right candidate, refused": round(
                    float((~shown)[answerable].mean()), 3
                ),
            }
        )
    )
    print(
        json.dumps(
            {
                "recall of a right candidate": round(float(answerable[::2].mean()), 3),
                "weights in use": [
                    evidence.SPAN,
                    evidence.WORDING,
                    evidence.RELEVANCE,
                    evidence.RETRIEVAL,
                    evidence.COVERAGE,
                    evidence.BIAS,
                ],
            }
        )
    )


if __name__ == "__main__":
    main()
