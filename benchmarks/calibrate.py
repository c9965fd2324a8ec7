"""XQuAD passages and questions → the judge of a reader (logistic regression): judge.json beside it.

    python -m benchmarks.calibrate XQUAD.jsonl.xz [--limit 300] [--model ENCODER] [--reader READER]

Every question is asked of an index over all Chinese passages, in Chinese and in English, and twice:
once as it is, once with its own passage taken out of what retrieval found, so that what is left are
near misses. First the weights are fitted to tell right candidates (half of the characters in common
with the answer, in the question's passage) from wrong ones; then slope and bias to tell whether the
best candidate's sentence holds the answer, which is what the confidence states. Prints how often it
does by decile of confidence, fitted on one half of the questions and counted on the other.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.reading import lines, squad_f1
from embeddings import Config
from rag import Chatbot, Hit, evidence, retrieve
from rag.judge import Judge
from rag.reader import BUNDLED, Candidate, Passage

NAMES = ("span", "wording", "relevance", "retrieval", "coverage")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the file of its passage and its answer there."""

    question: str
    source: str
    gold: str


@dataclass(frozen=True, slots=True)
class Trial:
    """The candidates for one question: (n, 5) features, and (n,) what each of them is."""

    features: npt.NDArray[np.float64]
    right: npt.NDArray[np.bool_]  # the words
    proves: npt.NDArray[np.bool_]  # the sentence holds the answer

    def best(self, weights: npt.NDArray[np.float64]) -> int:
        """The candidate that the weights put first."""
        return int(np.argmax(self.features @ weights))


def features(candidate: Candidate, hit: Hit, top: float) -> list[float]:
    """What the judge weighs, in the order of NAMES."""
    c = candidate
    return [c.span, c.wording, c.relevance, hit.score - top, hit.coverage]


def trial(bot: Chatbot, asked: Asked, hits: Sequence[Hit]) -> Trial | None:
    """Read the hits for a question; None where there is no candidate."""
    rows, right, proves = [], [], []
    top = max((h.score for h in hits), default=0.0)
    to_read = [Passage(h.chunk.text, h.chunk.title) for h in hits]
    for c in bot.reader.read(asked.question, to_read):
        hit = hits[c.passage]
        start, end = evidence.sentence_span(hit.chunk, c.start, c.end)
        here = hit.chunk.source == asked.source
        rows.append(features(c, hit, top))
        right.append(here and squad_f1(hit.chunk.text[c.start : c.end], asked.gold) >= 0.5)
        proves.append(here and asked.gold in hit.chunk.text[start:end])
    return Trial(np.array(rows), np.array(right), np.array(proves)) if rows else None


def trials(xquad: Path, limit: int, config: Config) -> list[Trial]:
    """Two trials a question: with its passage among the hits, and without it."""
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        asked = []
        for i, row in enumerate(lines(xquad)):
            source = f"{i:03d}.txt"
            (corpus / source).write_text(row["context_zh"] + "\n", encoding="utf-8")
            for q in row["questions"]:
                asked += [Asked(q[a], source, q["answers_zh"][0]) for a in ("zh", "en")]
        bot = Chatbot.build(corpus, Path(folder) / "index", config)
        n = config.read_passages
        out = []
        for one in asked[:: max(1, len(asked) // (2 * limit)) | 1]:  # odd: both languages are met
            found = retrieve.search(bot.index, one.question, 2 * n)
            without = [h for h in found if h.chunk.source != one.source]
            out += [trial(bot, one, found[:n]), trial(bot, one, without[:n])]
    return [t for t in out if t is not None]


def fit(found: Sequence[Trial]) -> Judge:
    """The judge that fits the trials best."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(max_iter=1000)
    model.fit(np.concatenate([t.features for t in found]), np.concatenate([t.right for t in found]))
    weights = model.coef_[0]
    tops = np.array([[t.features[t.best(weights)] @ weights] for t in found])
    proved = np.array([t.proves[t.best(weights)] for t in found])
    # the best of many is right less often than its own log-odds say: fit those once more
    second = LogisticRegression(C=1e3).fit(tops, proved)
    scaled = weights * second.coef_[0][0]
    values = dict(zip(NAMES, (round(float(w), 4) for w in scaled), strict=True))
    return Judge(bias=round(float(second.intercept_[0]), 4), **values)


def report(judge: Judge, found: Sequence[Trial], threshold: float) -> None:
    """Print confidence against what came true, by decile, and what the threshold does."""
    weights = np.array([getattr(judge, name) for name in NAMES])
    best = [t.best(weights) for t in found]
    odds = np.array(
        [t.features[i] @ weights + judge.bias for t, i in zip(found, best, strict=True)]
    )
    proved = np.array([t.proves[i] for t, i in zip(found, best, strict=True)])
    chance = 1 / (1 + np.exp(-odds))
    print("| confidence | sentence holds the answer | questions |\n|---|---|---|")
    for part in np.array_split(np.argsort(chance), 10):
        print(f"| {chance[part].mean():.2f} | {proved[part].mean():.2f} | {len(part)} |")
    shown = chance >= threshold
    findable = np.array([t.proves.any() for t in found])
    print(
        json.dumps(
            {
                "trials": len(found),
                "answered": round(float(shown.mean()), 3),
                "of the answered, proved": round(float(proved[shown].mean()), 3),
                "of those with a proof among the candidates, refused": round(
                    float((~shown)[findable].mean()), 3
                ),
                "of those without one, refused": round(float((~shown)[~findable].mean()), 3),
            }
        )
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("xquad", type=Path)
    parser.add_argument("--limit", type=int, default=300, help="questions of each language")
    parser.add_argument("--model", help="encoder (default: the bundled one)")
    parser.add_argument("--reader", help="reader's folder (default: the bundled one)")
    args = parser.parse_args()
    config = Config(encoder=args.model, reader=args.reader)
    found = trials(args.xquad, args.limit, config)
    halves = [found[i::4] + found[i + 1 :: 4] for i in (0, 2)]  # both trials of a question together
    report(fit(halves[0]), halves[1], config.refuse_below)
    judge = fit(found)
    judge.save(Path(args.reader) if args.reader else BUNDLED)
    print(judge)


if __name__ == "__main__":
    main()
