"""Parallel sentences in, English glosses of Chinese words out: embeddings/glosses.tsv.

usage: python -m training.glosses --data DIR [--out embeddings/glosses.tsv]

IBM model 1 (Brown et al. 1993) with a null word, eight rounds; kept is what a word is rendered by
at least one time in five and, as expected counts go, at least twice. Words and stems are those of
embeddings.terms. The manual's sentences (python-docs) are left out: newspapers read otherwise.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from embeddings.glosses import english_terms
from embeddings.terms import HAN, fold
from embeddings.words import segment
from training.data import records

ROUNDS = 8
LEAST_SHARE = 0.2
LEAST_COUNT = 2.0
LONGEST = 80  # words; longer sentences are left out

Pair = tuple[list[int], list[int]]  # Chinese word ids, 0 (null) last; English stem ids


def read_pairs(data: Path) -> tuple[list[Pair], list[str], list[str]]:
    """Sentence pairs as ids, and the Chinese and English words behind the ids."""
    han: dict[str, int] = {"": 0}
    english: dict[str, int] = {}
    pairs: list[Pair] = []
    for record in records(data, "parallel_en_zh"):
        if record["source"].startswith("python"):
            continue
        left = [word for word in segment(fold(record["zh"])) if HAN.fullmatch(word)]
        right = english_terms(fold(record["en"]))
        if 0 < len(left) <= LONGEST and 0 < len(right) <= LONGEST:
            ids = [han.setdefault(word, len(han)) for word in left]
            pairs.append(([*ids, 0], [english.setdefault(w, len(english)) for w in right]))
    return pairs, list(han), list(english)


@dataclass(frozen=True, slots=True)
class Links:
    """Word–stem links, all (links,): word id * stems + stem id; P(stem | word); expected count."""

    ids: npt.NDArray[np.int64]
    share: npt.NDArray[np.float64]
    count: npt.NDArray[np.float64]


def translate(pairs: list[Pair], stems: int) -> Links:
    """The links of all sentence pairs after ROUNDS rounds."""
    keys, slots, at = [], [], 0
    for left, right in pairs:
        han, english = np.array(left, dtype=np.int64), np.array(right, dtype=np.int64)
        keys.append((han[None, :] * stems + english[:, None]).ravel())
        slots.append(np.repeat(np.arange(at, at + len(right)), len(left)))
        at += len(right)
    slot = np.concatenate(slots)  # (co-occurrences,)
    links, place = np.unique(np.concatenate(keys), return_inverse=True)
    share = np.ones(len(links))
    for _ in range(ROUNDS):
        weight = share[place]
        weight /= np.bincount(slot, weight, at)[slot]
        count = np.bincount(place, weight, len(links))
        share = count / np.bincount(links // stems, count)[links // stems]
    return Links(links, share, np.asarray(count, dtype=np.float64))


def main() -> None:
    """Write one line a word: the word, a tab, its stems, the likeliest first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("embeddings/glosses.tsv"))
    args = parser.parse_args()
    pairs, han, english = read_pairs(args.data)
    links = translate(pairs, len(english))
    found: dict[str, list[tuple[float, str]]] = {}
    for i in np.flatnonzero((links.share >= LEAST_SHARE) & (links.count >= LEAST_COUNT)):
        word_id, stem_id = divmod(int(links.ids[i]), len(english))
        word, stem = han[word_id], english[stem_id]
        if word:
            found.setdefault(word, []).append((-round(float(links.share[i]), 3), stem))
    with args.out.open("w", encoding="utf-8", newline="\n") as file:
        for word in sorted(found):
            file.write(word + "\t" + " ".join(stem for _, stem in sorted(found[word])) + "\n")
    print(f"{len(pairs)} sentence pairs, {len(found)} words with glosses, in {args.out}")


if __name__ == "__main__":
    main()
