"""Articles and chunks in, lines of JSON on the disk out; and back."""

from __future__ import annotations

import json
import mmap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, overload

import numpy as np
import numpy.typing as npt

from .articles import Article, Join
from .chunks import Chunk, Span
from .errors import IndexDamaged

CHUNKS, ARTICLES, SENTENCES = "chunks.jsonl", "articles.jsonl", "sentences.npy"
_KEPT = 4096  # rows that were asked for and are kept in memory
_SCANNED = 1 << 24  # bytes in which line ends are looked for at once
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class IndexedArticle:
    """One article as it is shown: "".join(file[s:e] for s, e in spans) == text."""

    source: str
    title: str  # the headline as printed, "" where there is none
    kicker: str  # what stands above it, "" for nothing
    byline: str  # who wrote it, as printed, "" if it is not said
    text: str
    spans: tuple[Span, ...]  # into the file's text, in reading order
    joins: tuple[Join, ...]  # seams of mended sentences, likewise
    confidence: float  # in [0, 1], that its lines belong together

    @classmethod
    def of(cls, source: str, article: Article) -> IndexedArticle:
        """What is kept of an article of a file."""
        return cls(
            source=source,
            title=article.title,
            kicker=article.kicker,
            byline=article.byline,
            text=article.text,
            spans=article.spans,
            joins=article.joins,
            confidence=article.confidence,
        )


def _spans(values: list[list[int]]) -> tuple[Span, ...]:
    return tuple((s, e) for s, e in values)


def _placed(row: dict[str, Any]) -> dict[str, Any]:
    """The row with its spans and joins as values."""
    joins = tuple(Join(**join) for join in row["joins"])
    return {**row, "spans": _spans(row["spans"]), "joins": joins}


def chunk_of(row: dict[str, Any]) -> Chunk:
    """The chunk that stands in a line. Raises KeyError, TypeError or ValueError for another."""
    return Chunk(**{**_placed(row), "sentences": _spans(row["sentences"])})


def article_of(row: dict[str, Any]) -> IndexedArticle:
    """The article that stands in a line. Raises as `chunk_of`."""
    return IndexedArticle(**_placed(row))


class Lines(Sequence[Row]):
    """The objects of a file of JSON lines, which is mapped; each is read when it is asked for."""

    def __init__(self, path: Path, read: Callable[[dict[str, Any]], Row]) -> None:
        """Raises IndexDamaged; for what stands within a line, when it is asked for."""
        try:
            with path.open("rb") as file:
                data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise IndexDamaged(f"{path} cannot be read: {error}.") from error
        ends = _line_ends(data)
        if not len(ends) or ends[-1] != len(data):
            raise IndexDamaged(f"{path} cannot be read: its last line has no end.")

        def row(at: int) -> Row:  # holds the map, not the object: no cycle keeps the file open
            start = int(ends[at - 1]) if at else 0
            try:
                return read(json.loads(data[start : int(ends[at])].decode("utf-8")))
            except (ValueError, KeyError, TypeError) as error:
                raise IndexDamaged(f"{path} cannot be read: line {at + 1}: {error}.") from error

        self._size = len(ends)
        self._row = row
        self._kept = lru_cache(maxsize=_KEPT)(row)
        self._kept(0)

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, at: int) -> Row: ...

    @overload
    def __getitem__(self, at: slice) -> list[Row]: ...

    def __getitem__(self, at: int | slice) -> Row | list[Row]:
        if isinstance(at, slice):
            return [self._row(i) for i in range(*at.indices(len(self)))]
        return self._kept(range(len(self))[at])

    def __iter__(self) -> Iterator[Row]:
        return map(self._row, range(len(self)))


def _line_ends(data: mmap.mmap) -> npt.NDArray[np.int64]:
    """(lines,) where each ends, its newline included."""
    found = [np.zeros(0, np.int64)]
    for start in range(0, len(data), _SCANNED):
        block = np.frombuffer(data[start : start + _SCANNED], np.uint8)
        found.append(np.flatnonzero(block == ord("\n")) + start + 1)
    return np.concatenate(found)


def read_chunks(folder: Path) -> Lines[Chunk]:
    """The chunks of a generation, by id. Raises IndexDamaged."""
    return Lines(folder / CHUNKS, chunk_of)


def read_articles(folder: Path) -> Lines[IndexedArticle]:
    """The articles of a generation, in order. Raises IndexDamaged."""
    return Lines(folder / ARTICLES, article_of)


def read_offsets(folder: Path) -> npt.NDArray[np.int64]:
    """(chunks + 1,): the row of each chunk's first sentence, then the number of rows."""
    try:
        offsets: npt.NDArray[np.int64] = np.load(folder / SENTENCES, allow_pickle=False)
    except (OSError, ValueError) as error:
        raise IndexDamaged(f"{folder / SENTENCES} cannot be read: {error}.") from error
    return offsets


def line_of(row: Chunk | IndexedArticle) -> str:
    """The line of JSON that a chunk or an article is kept as."""
    return json.dumps(asdict(row), ensure_ascii=False) + "\n"
