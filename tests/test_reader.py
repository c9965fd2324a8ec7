"""The reader on tiny real models: every candidate stands in its passage, scored as by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from embeddings.errors import ModelError
from rag.reader import Passage, Reader, best_spans, clip_offsets
from tests.tiny_reader import tiny_reader

PASSAGES = [
    Passage("明水街道投诉减少,居民都说好。", "社区"),
    Passage("梨园村民增收。"),
    Passage("party 12 members"),
]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory, model_dir: Path) -> Reader:
    return Reader.load(str(tiny_reader(tmp_path_factory.mktemp("reader") / "bart", model_dir)))


def test_candidates_stand_in_their_passages_best_first(reader: Reader) -> None:
    found = reader.read("投诉减少?", PASSAGES)
    assert {c.passage for c in found} <= {0, 1, 2}
    for c in found:
        assert 0 <= c.start < c.end <= len(PASSAGES[c.passage].text)
        assert PASSAGES[c.passage].text[c.start : c.end].strip()


def test_reading_twice_gives_the_same(reader: Reader) -> None:
    assert reader.read("投诉?", PASSAGES) == reader.read("投诉?", PASSAGES)


def test_a_passage_is_scored_alike_alone_and_in_a_batch(reader: Reader) -> None:
    alone = reader.read("投诉减少?", PASSAGES[1:2])
    batched = [c for c in reader.read("投诉减少?", PASSAGES) if c.passage == 1]
    spans = {(c.start, c.end): c.span for c in alone}
    for c in batched:
        assert spans[c.start, c.end] == pytest.approx(c.span, abs=0.05)


@pytest.mark.parametrize("passages", [[], [Passage("")], [Passage(" \n ")]])
def test_nothing_to_read_gives_nothing(reader: Reader, passages: list[Passage]) -> None:
    assert reader.read("投诉?", passages) == []


def test_a_model_without_heads_may_only_say_what_is_printed(
    tmp_path: Path, model_dir: Path
) -> None:
    reader = Reader.load(str(tiny_reader(tmp_path / "plain", model_dir, heads=False)))
    for c in reader.read("投诉减少?", PASSAGES):
        assert PASSAGES[c.passage].text[c.start : c.end]


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="nowhere"):
        Reader.load(str(tmp_path / "nowhere"))


def test_best_spans_agree_with_trying_them_all() -> None:
    generator = torch.Generator().manual_seed(0)
    start, end = torch.randn(2, 12, generator=generator)
    tried: dict[int, tuple[float, int]] = {}
    for s in range(3, 11):
        for e in range(s, 11):
            score = float(start[s] + end[e] - start[0] - end[0])
            if s not in tried or score > tried[s][0]:
                tried[s] = (score, e)
    expected = sorted(((v, s, e) for s, (v, e) in tried.items()), reverse=True)[:6]
    found = best_spans(start, end, 3, 11)
    assert [f[1:] for f in found] == [x[1:] for x in expected]
    assert [f[0] for f in found] == pytest.approx([x[0] for x in expected])


def test_borrowed_characters_are_given_back() -> None:
    text = "每月1500余 件"
    assert clip_offsets([(0, 2), (1, 6), (6, 7), (7, 9)], text) == [(0, 2), (2, 6), (6, 7), (8, 9)]
