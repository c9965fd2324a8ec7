"""Sentences of pages are embedded in order, once, several pages at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import torch

from embeddings.embed import Embedding
from embeddings.errors import ModelError
from embeddings.journal import Journal

PAGES = [[f"{page}.{n % 3}" for n in range(page + 1)] for page in range(20)]


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with closing(Journal(tmp_path / "journal")) as opened:
        yield opened


def row(text: str) -> list[float]:
    page, n = text.split(".")
    return [float(page), float(n)]


def test_rows_come_in_order_and_from_the_journal_the_next_time(journal: Journal) -> None:
    seen: list[str] = []
    cores: set[int] = set()

    def encode(texts: list[str]) -> npt.NDArray[np.float32]:
        seen.extend(texts)
        cores.add(torch.get_num_threads())
        return np.array([row(text) for text in texts], np.float32)

    before = torch.get_num_threads()
    for _ in range(2):
        found = list(Embedding("model", 0, encode, journal, workers=3).of_each(PAGES))
        assert [rows.tolist() for rows in found] == [[row(t) for t in page] for page in PAGES]
    assert sorted(seen) == sorted({text for page in PAGES for text in page})
    assert cores == {1} and torch.get_num_threads() == before
    other = Embedding("another model", 0, encode, journal)
    assert next(other.of_each(PAGES[:1])).tolist() == [[0.0, 0.0]] and len(seen) == 58


def test_what_fails_is_told_and_what_was_done_before_is_kept(journal: Journal) -> None:
    def encode(texts: list[str]) -> npt.NDArray[np.float32]:
        if texts[0].startswith("9."):
            raise ModelError("no more")
        return np.array([row(text) for text in texts], np.float32)

    pages = Embedding("model", 0, encode, journal, workers=1).of_each(PAGES)
    done = [next(pages) for _ in range(9)]
    with pytest.raises(ModelError, match="no more"):
        next(pages)
    assert len(done) == 9

    def fail(texts: list[str]) -> npt.NDArray[np.float32]:
        raise AssertionError(texts)

    again = Embedding("model", 0, fail, journal, workers=1).of_each(PAGES[:9])
    assert [rows.tolist() for rows in again] == [rows.tolist() for rows in done]
