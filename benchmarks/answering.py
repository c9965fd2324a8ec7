"""Question sets → answers found among all passages of the set: F1, evidence, refusals, risk.

    python -m benchmarks.answering --data DIR [--xquad FILE] [--every N] [--curve]

Every other passage of a set becomes a file of a corpus. All questions are asked: those of the
other passages have no answer there and are near misses (most sets have several passages of one
subject). With --curve, how much is answered and how much of that is wrong, by threshold: a
risk–coverage curve (Geifman and El-Yaniv, arXiv 1705.08500).
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.passages import sets
from benchmarks.reading import Asked, cmrc_f1, squad_f1
from embeddings import Config
from rag import Answer, Chatbot

THRESHOLDS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
F1 = Callable[[str, str], float]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a question, were nothing refused."""

    answerable: bool  # is its passage in the corpus?
    confidence: float
    f1: float  # of the answer's words, were it shown
    first: bool  # the first citation holds an accepted answer, in the question's own passage
    cited: bool  # one of the citations does
    seconds: float


def outcome(found: Answer, row: Asked, source: str, f1: F1, seconds: float) -> Outcome:
    """What came of a question whose passage is the file `source`, "" if it is in no file."""
    proofs = [
        c.source == source and any(answer in c.quote for answer in row.answers)
        for c in found.citations
    ]
    return Outcome(
        answerable=bool(source),
        confidence=found.confidence,
        f1=max((f1(found.text, answer) for answer in row.answers), default=0.0),
        first=any(proofs[:1]),
        cited=any(proofs),
        seconds=seconds,
    )


def ask(rows: Sequence[Asked], every: int, f1: F1) -> list[Outcome]:
    """Every so many questions, over every other passage; nothing is refused."""
    passages = list(dict.fromkeys(row.passage for row in rows))
    kept = {passage: f"{i:05d}.txt" for i, passage in enumerate(passages) if i % 2 == 0}
    out = []
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        for passage, name in kept.items():
            (corpus / name).write_text(passage + "\n", encoding="utf-8")
        bot = Chatbot.build(corpus, Path(folder) / "index", Config(refuse_below=0.0))
        for row in rows[::every]:
            began = time.perf_counter()
            found = bot.answer(row.question)
            seconds = time.perf_counter() - began
            out.append(outcome(found, row, kept.get(row.passage, ""), f1, seconds))
    return out


def mean(values: Sequence[float]) -> float:
    """The mean, 0 of nothing."""
    return statistics.fmean(values) if values else 0.0


def summary(asked: Sequence[Outcome], threshold: float) -> str:
    """A line of the table: what is refused below the threshold counts as no answer."""
    own = [a for a in asked if a.answerable]
    others = [a for a in asked if not a.answerable]
    shown = [a for a in own if a.confidence >= threshold]
    f1 = sum(a.f1 for a in shown) / len(own)
    cited, first = (
        sum(x) / len(own) for x in zip(*((a.cited, a.first) for a in shown), strict=True)
    )
    wrongly = 1 - len(shown) / len(own)
    refused = mean([a.confidence < threshold for a in others])
    milliseconds = 1000 * statistics.median(a.seconds for a in asked)
    return (
        f"{len(own)} + {len(others)} | {f1:.3f} | {cited:.3f} | {first:.3f} | {wrongly:.3f} | "
        f"{refused:.3f} | {milliseconds:.0f}"
    )


def risk(asked: Sequence[Outcome], threshold: float) -> tuple[float, float]:
    """Share of all questions answered, and share of those whose first citation proves nothing."""
    shown = [a for a in asked if a.confidence >= threshold]
    return len(shown) / len(asked), mean([not a.first for a in shown])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--xquad", type=Path)
    parser.add_argument("--every", type=int, default=1, help="ask every so many questions")
    parser.add_argument("--curve", action="store_true", help="print risk and coverage too")
    args = parser.parse_args()
    print(
        "| | with + without answer | F1 | evidence cited | cited first | wrongly refused "
        "| rightly refused | ms |\n|---|---|---|---|---|---|---|---|"
    )
    curves = {}
    for name, rows in sets(args.data, args.xquad).items():
        if name.endswith("on en"):
            continue
        asked = ask(rows, args.every, squad_f1 if "xquad" in name else cmrc_f1)
        print(f"| {name} | {summary(asked, Config().refuse_below)} |", flush=True)
        curves[name] = asked
    if args.curve:
        print(f"\n| answered / of those wrong, from | {' | '.join(map(str, THRESHOLDS))} |")
        print("|---" * (len(THRESHOLDS) + 1) + "|")
        for name, asked in curves.items():
            cells = (f"{a:.2f} / {b:.2f}" for a, b in (risk(asked, t) for t in THRESHOLDS))
            print(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
