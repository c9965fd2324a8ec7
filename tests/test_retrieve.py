"""Fusion against its formula; the rerank on a small index."""

from __future__ import annotations

from pathlib import Path

import pytest

from embeddings import Config, Index, rebuild
from rag import retrieve


def test_fusion_adds_reciprocal_ranks() -> None:
    fused = retrieve.fuse([[3, 1], [1, 2]], k=60)
    assert fused == pytest.approx({3: 1 / 61, 1: 1 / 62 + 1 / 61, 2: 1 / 62})


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
