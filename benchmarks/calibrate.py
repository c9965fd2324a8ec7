"""XQuAD passages and questions → the judge of a reader (two linear models): judge.json beside it.

    python -m benchmarks.calibrate XQUAD.jsonl.xz [--limit 300] [--model ENCODER] [--reader READER]

Every question is asked of an index over all Chinese passages, in Chinese and in English, and twice:
once as it is, once with its own passage taken out of what retrieval found, so that what is left are
near misses (these weigh a fifth). The order is fitted to put candidates first that are right (half
of the characters in common with the answer, in the question's passage) and whose sentence holds the
answer; the trust to tell whether the first one's sentence does, which is what the confidence
states. Half of the trust is added to the order, so that a little more of what the reader says does
not outweigh a likelier passage. Prints how often the sentence holds the answer by decile of
confidence, fitted on one half of the questions and counted on the other.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.reading import lines, squad_f1
from embeddings import Config
from rag import Chatbot, Hit, retrieve
from rag.answering import candidates
from rag.extents import sentence_span
from rag.judge import Features, Judge, features
from rag.kinds import kind_of
from rag.question import Part
from rag.reader import BUNDLED

NAMES = tuple(field.name for field in fields(Features))
RIDGE = 0.02  # on the order's weights
TRUST_IN_ORDER = 0.5  # of the trust's weights, added to the order's
UNANSWERABLE = 0.1  # weight of a question without its passage: one in six of those asked in use


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the file of its passage and its answer there."""

    question: str
    source: str
    gold: str
    article: frozenset[str]  # the files of all passages of the same article


@dataclass(frozen=True, slots=True)
class Trial:
    """The candidates for one question: (n, f) features, and (n,) what each of them is."""

    answerable: bool  # is the question's passage among the hits?
    features: npt.NDArray[np.float64]
    right: npt.NDArray[np.bool_]  # the words
    proves: npt.NDArray[np.bool_]  # the sentence holds the answer

    def best(self, weights: npt.NDArray[np.float64]) -> int:
        """The candidate that the weights put first."""
        return int(np.argmax(self.features @ weights))


def trial(bot: Chatbot, asked: Asked, hits: Sequence[Hit]) -> Trial | None:
    """Read the hits for a question; None where there is no candidate."""
    right, proves = [], []
    found = candidates(bot.reader, Part(asked.question, kind_of(asked.question)), hits)
    for c in found:
        hit = hits[c.passage]
        start, end = sentence_span(hit.chunk, c.start, c.end)
        here = hit.chunk.source == asked.source
        right.append(here and squad_f1(hit.chunk.text[c.start : c.end], asked.gold) >= 0.5)
        proves.append(here and asked.gold in hit.chunk.text[start:end])
    rows = np.array([astuple(f) for f in features(found, hits)])
    answerable = any(h.chunk.source == asked.source for h in hits)
    return Trial(answerable, rows, np.array(right), np.array(proves)) if found else None


def trials(xquad: Path, limit: int, config: Config) -> list[Trial]:
    """Three trials a question: with its passage among the hits, without it, without its article."""
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        rows = {f"{i:03d}.txt": row for i, row in enumerate(lines(xquad))}
        articles: dict[str, set[str]] = {}
        for source, row in rows.items():
            (corpus / source).write_text(row["context_zh"] + "\n", encoding="utf-8")
            articles.setdefault(row["title"], set()).add(source)
        asked = [
            Asked(q[a], source, q["answers_zh"][0], frozenset(articles[row["title"]]))
            for source, row in rows.items()
            for q in row["questions"]
            for a in ("zh", "en")
        ]
        bot = Chatbot.build(corpus, Path(folder) / "index", config)
        n = config.read_passages
        out = []
        for one in asked[:: max(1, len(asked) // (2 * limit)) | 1]:  # odd: both languages are met
            found = retrieve.search(bot.index, one.question, 5 * n)
            without = [h for h in found if h.chunk.source != one.source]
            beside = [h for h in without if h.chunk.source not in one.article]
            out += [trial(bot, one, hits[:n]) for hits in (found, without, beside)]
    return [t for t in out if t is not None]


def fit_order(found: Sequence[Trial]) -> npt.NDArray[np.float64]:
    """(f,) weights: -log of the softmax share of right, and of proving, candidates is least."""
    from scipy.optimize import minimize
    from scipy.special import logsumexp

    def loss(weights: npt.NDArray[np.float64]) -> float:
        total = RIDGE * float(weights @ weights)
        for wanted in ("right", "proves"):
            some = [t for t in found if getattr(t, wanted).any()]
            for t in some:
                scores = t.features @ weights
                chosen = logsumexp(scores[getattr(t, wanted)])
                total += float(logsumexp(scores) - chosen) / len(some)
        return total

    return np.asarray(minimize(loss, np.zeros(len(NAMES)), method="L-BFGS-B").x)


def fit(found: Sequence[Trial]) -> Judge:
    """The judge that fits the trials best."""
    from sklearn.linear_model import LogisticRegression

    order = fit_order(found)
    best = [t.best(order) for t in found]
    model = LogisticRegression(max_iter=1000)
    model.fit(
        np.stack([t.features[i] for t, i in zip(found, best, strict=True)]),
        np.array([t.proves[i] for t, i in zip(found, best, strict=True)]),
        np.array([1.0 if t.answerable else UNANSWERABLE for t in found]),
    )
    trust = model.coef_[0]  # (f,)
    order = order + TRUST_IN_ORDER * trust
    return Judge(weights(order), weights(trust), round(float(model.intercept_[0]), 4))


def weights(values: npt.NDArray[np.float64]) -> Features:
    """Fitted values as the judge keeps them."""
    return Features(*(round(float(v), 4) for v in values))


def report(judge: Judge, found: Sequence[Trial], threshold: float) -> None:
    """Print confidence against what came true, by decile, and what the threshold does."""
    order, trust = np.array(astuple(judge.order)), np.array(astuple(judge.trust))
    best = [t.best(order) for t in found]
    first = np.stack([t.features[i] for t, i in zip(found, best, strict=True)])
    odds = first @ trust + judge.bias
    proved = np.array([t.proves[i] for t, i in zip(found, best, strict=True)])
    chance = 1 / (1 + np.exp(-odds))
    share = np.array([1.0 if t.answerable else UNANSWERABLE for t in found])
    print("| confidence | sentence holds the answer | questions |\n|---|---|---|")
    for part in np.array_split(np.argsort(chance), 10):
        said, true = (np.average(x[part], weights=share[part]) for x in (chance, proved))
        print(f"| {said:.2f} | {true:.2f} | {len(part)} |")
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
    halves = [[t for k in range(3) for t in found[i + k :: 6]] for i in (0, 3)]  # by question
    report(fit(halves[0]), halves[1], config.refuse_below)
    judge = fit(found)
    judge.save(Path(args.reader) if args.reader else BUNDLED)
    print(judge)


if __name__ == "__main__":
    main()
