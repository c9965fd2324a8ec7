"""Fusion against its formula; search on a small index."""

from __future__ import annotations

import statistics
from pathlib import Path

import numpy as np
import pytest

from embeddings import Config, Encoder, Index, rebuild
from embeddings.terms import query_terms
from rag import retrieve


def standard(values: list[float]) -> list[float]:
    """Oracle: mean 0, deviation 1."""
    mean, deviation = statistics.fmean(values), statistics.pstdev(values)
    return [(v - mean) / deviation if deviation else 0.0 for v in values]


@pytest.mark.parametrize(
    ("lexical", "dense"),
    [
        ([9.0, 3.0, 0.0], [0.2, 0.5, 0.1]),
        ([0.0, 0.0, 0.0], [0.2, 0.5, 0.1]),  # no word in common
        ([4.0], [0.7]),
    ],
)
def test_fusion_adds_standardised_scores(lexical: list[float], dense: list[float]) -> None:
    got = retrieve.fuse(np.array(lexical, np.float32), np.array(dense, np.float32))
    want = [a + b for a, b in zip(standard(lexical), standard(dense), strict=True)]
    assert got.tolist() == pytest.approx(want, abs=1e-5)


def test_every_chunk_is_fused_by_the_scores_of_both_legs(
    built: Path, config: Config, encoder: Encoder
) -> None:
    index = Index.open(built, encoder, config)
    question = "投诉减少了多少?"
    vector = encoder.encode_queries([question])[0]
    words = dict(index._lexical.search(query_terms(question), len(index.chunks)))
    meant = dict(index.search_vector(vector, len(index.chunks)))
    found = retrieve.fused(index, question, vector, 1)  # the best of each leg
    ids = sorted(h.chunk.id for h in found)
    best = (max(words, key=lambda i: words[i]), max(meant, key=lambda i: meant[i]))
    assert ids == sorted(set(best))
    want = [
        a + b
        for a, b in zip(
            standard([words.get(i, 0.0) for i in ids]),
            standard([meant[i] for i in ids]),
            strict=True,
        )
    ]
    got = {h.chunk.id: h.score for h in found}
    assert [got[i] for i in ids] == pytest.approx(want, abs=1e-4)
    by_id = {h.chunk.id: h for h in found}
    assert by_id[best[0]].lexical_rank == 1 and by_id[best[1]].dense_rank == 1
    assert by_id[best[1]].dense_score == pytest.approx(max(meant.values()), abs=1e-5)


def test_the_chunk_that_covers_the_question_comes_first(
    corpus: Path, tmp_path: Path, config: Config
) -> None:
    rebuild(corpus, tmp_path / "index", config)
    index = Index.open(tmp_path / "index", config=config)
    hits = retrieve.search(index, "投诉减少了多少?", 3)
    assert "减少50%以上" in hits[0].chunk.text
    assert hits[0].coverage > hits[-1].coverage
    assert hits[0].lexical_rank == 1
    english = retrieve.search(index, "How much does the new park cost?", 1)
    assert "$3.5 million" in english[0].chunk.text
