"""News articles → vectors of words by which a paragraph is told to be of an article: topics.npz.

    python -m training.topics --data DIR

A text's vector is the sum of those of its words. Learnt from which sentences stand in one article:
some of each are to find the others of theirs among those of a batch (InfoNCE, van den Oord et al.
2018), each with half of its words left out. Not learnt from are the articles that pages are made of
(training/pages.py, benchmarks/articles.py), or the splitter would trust the vectors too much.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from multiprocessing import Pool
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional

from benchmarks.newspaper.stories import HELD_OUT, TOPICS, sentences
from embeddings.topics import FILE, topic_words
from training.data import news

WORDS, LEAST_SEEN = 24_000, 8
SIZE = 48  # of a vector
LONGEST = 2_500  # characters of an article that are read
LEAST_SENTENCES = 6
KEPT = 0.5  # of the words of a text, in training
BATCH, STEPS, RATE, SCALE = 256, 4_000, 1e-2, 12.0
RIVALS = 300  # of other articles, when it is tested

Article = list[npt.NDArray[np.int64]]  # word ids of each sentence
Pair = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]  # of some sentences, of others


def read(text: str) -> list[list[str]]:
    """The words of each sentence of an article."""
    return [sorted(topic_words(s)) for s in sentences(text[:LONGEST])]


def encoded(articles: list[list[list[str]]], ids: dict[str, int]) -> list[Article]:
    """Articles long enough to be parted, words that are not kept left out."""
    out = []
    for article in articles:
        kept = [np.array([ids[w] for w in s if w in ids], dtype=np.int64) for s in article]
        kept = [s for s in kept if len(s) > 2]
        if len(kept) >= LEAST_SENTENCES:
            out.append(kept)
    return out


def part(article: Article, rng: random.Random) -> Pair:
    """One to three sentences in a row, and up to a dozen of the others."""
    first = rng.randrange(len(article))
    last = min(len(article), first + rng.randint(1, 3))
    rest = article[:first] + article[last:]
    others = rng.sample(rest, min(len(rest), rng.choice((1, 3, 6, 12))))
    return np.unique(np.concatenate(article[first:last])), np.unique(np.concatenate(others))


def vectors(words: nn.EmbeddingBag, texts: list[npt.NDArray[np.int64]]) -> torch.Tensor:
    """(texts, SIZE), of unit length."""
    starts = np.cumsum([0, *map(len, texts[:-1])])
    bags = words(torch.from_numpy(np.concatenate(texts)), torch.from_numpy(starts))
    return functional.normalize(bags, dim=-1)


def found(words: nn.EmbeddingBag, articles: list[Article]) -> float:
    """How often sentences find the others of their article among those of RIVALS articles."""
    rng, right = random.Random(0), 0
    for _ in range(5):
        pairs = [part(a, rng) for a in rng.sample(articles, RIVALS)]
        with torch.no_grad():
            scores = vectors(words, [a for a, _ in pairs]) @ vectors(words, [b for _, b in pairs]).T
        right += int((scores.argmax(dim=1) == torch.arange(RIVALS)).sum())
    return right / (5 * RIVALS)


def train(articles: list[Article], count: int) -> nn.EmbeddingBag:
    """The vectors of `count` words."""
    torch.manual_seed(0)
    rng, chance = random.Random(0), np.random.default_rng(0)
    words = nn.EmbeddingBag(count, SIZE, mode="sum", sparse=True)
    nn.init.normal_(words.weight, std=0.05)
    optimizer = torch.optim.SparseAdam(list(words.parameters()), lr=RATE)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.02, STEPS)
    target = torch.arange(BATCH)

    def thinned(text: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        kept = text[chance.random(len(text)) < KEPT]
        return kept if len(kept) else text[:1]

    for _ in range(STEPS):
        pairs = [part(a, rng) for a in rng.sample(articles, BATCH)]
        left, right = (vectors(words, [thinned(p[i]) for p in pairs]) for i in (0, 1))
        scores = SCALE * left @ right.T
        loss = functional.cross_entropy(scores, target) + functional.cross_entropy(scores.T, target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return words


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=FILE)
    args = parser.parse_args()
    texts = news(args.data)
    with Pool(2) as pool:
        told = pool.map(read, texts[:TOPICS], 100)
        held = pool.map(read, texts[-HELD_OUT::4], 100)
    counts = Counter(word for article in told for sentence in article for word in sentence)
    known = [w for w, n in counts.most_common(WORDS) if n >= LEAST_SEEN]
    ids = {word: i for i, word in enumerate(known)}
    articles = encoded(told, ids)
    words = train(articles, len(known))
    table = words.weight.detach().numpy()
    scale = np.abs(table).max(axis=1, keepdims=True) / 127  # (words, 1)
    stored = np.round(table / scale).astype(np.int8)
    np.savez_compressed(
        args.out, words=np.array("\n".join(known)), vectors=stored, scale=scale.astype(np.float16)
    )
    top = {"own": found(words, articles), "held out": found(words, encoded(held, ids))}
    print(json.dumps({"articles": len(articles), "words": len(known), "found": top}))


if __name__ == "__main__":
    main()
