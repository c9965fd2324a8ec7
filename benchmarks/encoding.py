"""XQuAD paragraphs and questions → nDCG@10 of an encoder in each direction, and its speed.

    python -m benchmarks.encoding XQUAD.jsonl.xz [--model FOLDER]

Each question is asked of all paragraphs; its own is the only one that is right. Järvelin and
Kekäläinen's discount, 1 / log2(rank + 1), to rank 10.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.reading import lines
from embeddings import Encoder

LANGUAGES = ("zh", "en")
Encode = Callable[[list[str]], npt.NDArray[np.float32]]


def ndcg(scores: np.ndarray, gold: np.ndarray) -> float:
    """Mean nDCG@10 of (questions, paragraphs) scores where paragraph gold[i] is right."""
    own = scores[np.arange(len(gold)), gold]
    ranks = (scores > own[:, None]).sum(axis=1)
    return sum(1 / math.log2(r + 2) for r in ranks.tolist() if r < 10) / len(gold)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("xquad", type=Path)
    parser.add_argument("--model", help="sentence-transformers folder or name")
    args = parser.parse_args()
    encoder = Encoder.load(args.model)
    rows = list(lines(args.xquad))
    gold = np.array([i for i, r in enumerate(rows) for _ in r["questions"]])
    began = time.perf_counter()
    passages = {x: encoder.encode_passages([r[f"context_{x}"] for r in rows]) for x in LANGUAGES}
    seconds = time.perf_counter() - began
    asked = {
        x: encoder.encode_queries([q[x] for r in rows for q in r["questions"]]) for x in LANGUAGES
    }
    out: dict[str, float] = {
        f"{a}->{b}": round(ndcg(asked[a] @ passages[b].T, gold), 3)
        for a in LANGUAGES
        for b in LANGUAGES
    }
    out["passages a second"] = round(2 * len(rows) / seconds, 1)
    one = asked_times(encoder.encode_queries, [r["questions"][0]["zh"] for r in rows[:50]])
    print(json.dumps({**out, "ms a question": round(1000 * one, 1)}))


def asked_times(encode: Encode, questions: list[str]) -> float:
    """Median seconds for one question at a time."""
    times = []
    for question in questions:
        began = time.perf_counter()
        encode([question])
        times.append(time.perf_counter() - began)
    return float(np.median(times))


if __name__ == "__main__":
    main()
