"""A question → the chunks likely to answer it: two legs, fused by score, reranked by sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from embeddings import Config, Index
from embeddings.chunks import Chunk
from embeddings.lexical import LexicalIndex, best
from embeddings.terms import passage_terms, query_terms

from .answers import Hit
from .kinds import asks


def standardised(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """(n,) values, n > 0, moved and scaled to mean 0 and deviation 1; all 0 where none differs."""
    away = values - values.mean()
    deviation = float(away.std())
    return away / deviation if deviation > 1e-6 else np.zeros_like(away)


def fuse(
    lexical: npt.NDArray[np.float32], dense: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
    """(n,) sums of the two legs' standardised scores of the same chunks.

    CombSUM over ZMUV scores, Montague and Aslam, CIKM 2001. Ranks do not say how far ahead a chunk
    is; reciprocal rank fusion finds less (benchmarks/README.md).
    """
    return standardised(lexical) + standardised(dense)


def fused(index: Index, question: str, vector: npt.NDArray[np.float32], k: int) -> list[Hit]:
    """The k best chunks of each leg by the scores of both, best first, ties by id.

    A hit's rank and score in a leg are None where the chunk is not among that leg's k best.
    """
    words = index.lexical_scores(question)  # (chunks,)
    legs = (dict(best(words, k)), dict(index.search_vector(vector, k)))
    ids = sorted(legs[0].keys() | legs[1].keys())
    scores = fuse(words[ids], index.dense_scores(vector, ids))
    lexical, dense = ({i: rank for rank, i in enumerate(leg, 1)} for leg in legs)
    hits = [
        Hit(
            chunk=index.chunks[i],
            score=float(score),
            lexical_rank=lexical.get(i),
            lexical_score=legs[0].get(i),
            dense_rank=dense.get(i),
            dense_score=legs[1].get(i),
        )
        for i, score in zip(ids, scores, strict=True)
    ]
    return sorted(hits, key=lambda h: (-h.score, h.chunk.id))


def search(index: Index, question: str, k: int) -> list[Hit]:
    """The k best chunks, best first, ties by id."""
    config = index.config
    vector = index.encoder.encode_queries([question])[0]  # (d,)
    hits = fused(index, question, vector, max(k, config.candidates))
    hits = hits[: max(config.rerank_pool, k)]
    cosines = [index.sentence_vectors(h.chunk.id) @ vector for h in hits]  # each (sentences,)
    hits = rerank(hits, cosines, coverage_of(question, index.idf), config)[:k]
    articles = [index.articles[h.chunk.article] for h in hits]
    printed = [f"{a.kicker}\n{a.title}\n{a.text}" for a in articles]
    return [replace(h, printed=text) for h, text in zip(hits, printed, strict=True)]


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
    all of them, since encoders differ in how far apart they keep texts. A sentence that asks covers
    nothing: who prints the reader's question answers it in another sentence, if at all.
    """
    flat = np.concatenate(cosines) if cosines else np.zeros(1, dtype=np.float32)
    mean, deviation = float(flat.mean()), float(flat.std()) or 1.0
    scored = []
    for hit, row in zip(hits, cosines, strict=True):
        chunk = hit.chunk
        title = _terms(chunk.title, config.gloss_senses)
        texts = [chunk.text[s:e] for s, e in chunk.sentences]
        sentences = [frozenset() if asks(t) else _terms(t, config.gloss_senses) for t in texts]
        around = covered(title.union(*sentences))
        scores = tuple(
            config.rerank_headline * (covered(terms | title) if terms else 0.0)
            + config.rerank_sentence * covered(terms)
            + config.rerank_cosine * (float(cosine) - mean) / deviation
            for terms, cosine in zip(sentences, row, strict=True)
        )
        score = max(scores) + config.rerank_around * around + config.rerank_fused * hit.score
        scored.append(replace(hit, score=score, coverage=around, sentence_scores=scores))
    return sorted(scored, key=lambda h: (-h.score, h.chunk.id))
