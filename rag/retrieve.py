"""A question → the chunks likely to answer it: two legs, fused by rank, reranked by sentence."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from embeddings import Index
from embeddings.terms import passage_terms, query_terms

from .answers import Hit

# what the rerank adds up; see benchmarks/README.md
COVERAGE, TITLE_SHARE, COSINE, FUSED = 1.0, 0.6, 0.8, 12.0


def fuse(rankings: list[list[int]], k: int) -> dict[int, float]:
    """Reciprocal rank fusion: id → sum over the rankings of 1 / (k + rank), rank from 1.

    Cormack, Clarke and Büttcher, SIGIR 2009.
    """
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, item in enumerate(ranking, 1):
            scores[item] = scores.get(item, 0.0) + 1 / (k + rank)
    return scores


def search(index: Index, question: str, k: int) -> list[Hit]:
    """The k best chunks, best first, ties by id."""
    config = index.config
    vector = index.encoder.encode_queries([question])[0]  # (d,)
    lexical = index.search_lexical(question, config.candidates)
    dense = index.search_vector(vector, config.candidates)
    fused = fuse([[i for i, _ in lexical], [i for i, _ in dense]], config.rrf_k)
    legs = (dict(lexical), dict(dense))
    ranks = tuple({i: r for r, (i, _) in enumerate(leg, 1)} for leg in (lexical, dense))
    order = sorted(fused, key=lambda i: (-fused[i], i))[: max(config.rerank_pool, k)]
    hits = [
        Hit(
            index.chunks[i],
            fused[i],
            0.0,
            ranks[0].get(i),
            legs[0].get(i),
            ranks[1].get(i),
            legs[1].get(i),
        )
        for i in order
    ]
    return rerank(index, question, vector, hits)[:k]


@lru_cache(maxsize=4096)
def _terms(text: str) -> frozenset[str]:
    """Passage terms; the same sentences come up again and again."""
    return frozenset(passage_terms(text))


def rerank(index: Index, question: str, vector: np.ndarray, hits: list[Hit]) -> list[Hit]:
    """Hits in the order of their best sentence: the question's terms it covers and its cosine."""
    weights = {t: index.idf(t) for t in query_terms(question)}
    whole = sum(weights.values()) or 1.0

    def covered(terms: frozenset[str]) -> float:
        return sum(w for t, w in weights.items() if t in terms) / whole

    scored = []
    for hit in hits:
        chunk = hit.chunk
        title = _terms(chunk.title)
        sentences = [_terms(chunk.text[s:e]) for s, e in chunk.sentences]
        cosine = index.sentence_vectors(chunk.id) @ vector  # (sentences,)
        around = covered(title.union(*sentences))
        best = max(
            (covered(terms | title) * TITLE_SHARE + covered(terms) * (1 - TITLE_SHARE)) * COVERAGE
            + float(c) * COSINE
            for terms, c in zip(sentences, cosine, strict=True)
        )
        score = best + around * COVERAGE + FUSED * hit.score
        scored.append(replace(hit, score=score, coverage=around))
    return sorted(scored, key=lambda h: (-h.score, h.chunk.id))
