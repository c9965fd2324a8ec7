"""A question → the chunks likely to answer it: two legs, fused by rank, reranked by sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from embeddings import Config, Index
from embeddings.chunks import Chunk
from embeddings.lexical import LexicalIndex
from embeddings.terms import passage_terms, query_terms

from .answers import Hit


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
    lexical = index.search_lexical(question, max(k, config.candidates))
    dense = index.search_vector(vector, max(k, config.candidates))
    fused = fuse([[i for i, _ in lexical], [i for i, _ in dense]], config.rrf_k)
    scores = (dict(lexical), dict(dense))
    ranks = tuple({i: r for r, (i, _) in enumerate(leg, 1)} for leg in (lexical, dense))
    order = sorted(fused, key=lambda i: (-fused[i], i))[: max(config.rerank_pool, k)]
    hits = [
        Hit(
            chunk=index.chunks[i],
            score=fused[i],
            lexical_rank=ranks[0].get(i),
            lexical_score=scores[0].get(i),
            dense_rank=ranks[1].get(i),
            dense_score=scores[1].get(i),
        )
        for i in order
    ]
    cosines = [index.sentence_vectors(h.chunk.id) @ vector for h in hits]  # each (sentences,)
    return rerank(hits, cosines, coverage_of(question, index.idf), config)[:k]


def among(chunks: Sequence[Chunk], question: str, config: Config) -> list[Hit]:
    """The chunks that the reader is to read, best first, where there is no index of them."""
    if not chunks:
        return []
    terms = [passage_terms(c.text, config.gloss_senses) for c in chunks]
    lexical = LexicalIndex.build(terms, config.bm25_k1, config.bm25_b)
    covered = coverage_of(question, lexical.idf)
    nothing = [np.zeros(len(c.sentences), dtype=np.float32) for c in chunks]
    hits = rerank([Hit(c, 0.0) for c in chunks], nothing, covered, config)
    return hits[: config.read_passages]


Coverage = Callable[[Iterable[str]], float]


def coverage_of(question: str, idf: Callable[[str], float]) -> Coverage:
    """The function from a passage's terms to the share of the question's that they are, by idf."""
    weights = {term: idf(term) for term in query_terms(question)}
    whole = sum(weights.values()) or 1.0

    def covered(terms: Iterable[str]) -> float:
        return sum(weights[t] for t in weights.keys() & set(terms)) / whole

    return covered


@lru_cache(maxsize=4096)
def _terms(text: str, senses: int) -> frozenset[str]:
    """Passage terms; the same sentences come up again and again."""
    return frozenset(passage_terms(text, senses))


def rerank(
    hits: list[Hit],
    cosines: list[npt.NDArray[np.float32]],
    covered: Coverage,
    config: Config,
) -> list[Hit]:
    """Hits in the order of their best sentence: the question's terms it covers and its cosine.

    `cosines` holds for each hit those of its sentences, (sentences,). They are standardised over
    all of them, since encoders differ in how far apart they keep texts.
    """
    flat = np.concatenate(cosines) if cosines else np.zeros(1, dtype=np.float32)
    mean, deviation = float(flat.mean()), float(flat.std()) or 1.0
    scored = []
    for hit, row in zip(hits, cosines, strict=True):
        chunk = hit.chunk
        title = _terms(chunk.title, config.gloss_senses)
        sentences = [_terms(chunk.text[s:e], config.gloss_senses) for s, e in chunk.sentences]
        around = covered(title.union(*sentences))
        scores = tuple(
            config.rerank_headline * covered(terms | title)
            + config.rerank_sentence * covered(terms)
            + config.rerank_cosine * (float(cosine) - mean) / deviation
            for terms, cosine in zip(sentences, row, strict=True)
        )
        score = max(scores) + config.rerank_around * around + config.rerank_fused * hit.score
        scored.append(replace(hit, score=score, coverage=around, sentence_scores=scores))
    return sorted(scored, key=lambda h: (-h.score, h.chunk.id))
