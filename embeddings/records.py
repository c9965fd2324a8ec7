"""Articles and chunks in, lines of JSON on the disk out; and back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .articles import Article, Join
from .chunks import Chunk, Span
from .errors import IndexDamaged

CHUNKS, ARTICLES = "chunks.jsonl", "articles.jsonl"


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


@contextmanager
def _objects(path: Path) -> Iterator[Iterator[dict[str, Any]]]:
    """The objects of a file of JSON lines; whatever is wrong with them is damage."""
    try:
        with path.open(encoding="utf-8") as file:
            yield map(json.loads, file)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(f"{path} cannot be read: {error}.") from error


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


def read_chunks(folder: Path) -> list[Chunk]:
    """The chunks of a generation, by id. Raises IndexDamaged."""
    with _objects(folder / CHUNKS) as rows:
        return [chunk_of(row) for row in rows]


def read_articles(folder: Path) -> list[IndexedArticle]:
    """The articles of a generation, in order. Raises IndexDamaged."""
    with _objects(folder / ARTICLES) as rows:
        return [article_of(row) for row in rows]


def write_rows(path: Path, rows: Sequence[Chunk | IndexedArticle]) -> None:
    """One line of JSON for each. Raises OSError."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            file.write(json.dumps(asdict(row), ensure_ascii=False) + "\n")
