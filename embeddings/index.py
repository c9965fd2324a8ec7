"""An index folder in, searches over its chunks out. Opening it loads no model and no torch.

A generation's files: chunks.jsonl, articles.jsonl, vectors.faiss (one row a sentence), lexical/,
manifest.json.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from . import terms
from .articles import Article, Join
from .chunks import Chunk, Span, sentence_offsets
from .config import Config
from .encoder import Encoder, model_fingerprint
from .errors import IndexDamaged, IndexMismatch
from .generations import current_generation, mending
from .lexical import LexicalIndex, best
from .manifest import Manifest, differences, library_versions, recipe_fingerprint, releases
from .pages import corpus_hashes
from .vectors import VectorIndex


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


def read_chunks(folder: Path) -> list[Chunk]:
    """The chunks of a generation, by id. Raises IndexDamaged."""
    with _objects(folder / "chunks.jsonl") as rows:
        return [Chunk(**{**_placed(row), "sentences": _spans(row["sentences"])}) for row in rows]


def read_articles(folder: Path) -> list[IndexedArticle]:
    """The articles of a generation, in order. Raises IndexDamaged."""
    with _objects(folder / "articles.jsonl") as rows:
        return [IndexedArticle(**_placed(row)) for row in rows]


class Index:
    """One generation, read only. Chunk ids are positions in `chunks`."""

    def __init__(
        self,
        *,
        chunks: Sequence[Chunk],
        articles: Sequence[IndexedArticle],
        lexical: LexicalIndex,
        vectors: VectorIndex,  # a row for each sentence of all chunks
        manifest: Manifest,
        config: Config,
        encoder: Encoder | None = None,
    ) -> None:
        self.chunks = chunks
        self.articles = articles
        self.manifest = manifest
        self.config = config
        self._lexical = lexical
        self._vectors = vectors
        self._offsets = sentence_offsets(chunks)
        self._chunk_of_row = np.repeat(np.arange(len(chunks)), np.diff(self._offsets))
        self._encoder = encoder

    @classmethod
    def open(
        cls,
        index_dir: Path | str,
        encoder: Encoder | None = None,
        config: Config | None = None,
        corpus: Path | str | None = None,
    ) -> Index:
        """Open the current generation and check that it fits model, settings and (if given) corpus.

        Raises IndexMissing, IndexDamaged, IndexMismatch, ModelError.
        """
        config, index_dir = config or Config(), Path(index_dir)
        corpus = Path(corpus) if corpus else None
        with mending(index_dir, corpus, config.encoder):
            folder = current_generation(index_dir)
            manifest = Manifest.read(folder)
            manifest.check_files(folder)
            _check(manifest, index_dir, encoder, config, corpus)
            return cls(
                chunks=read_chunks(folder),
                articles=read_articles(folder),
                lexical=LexicalIndex.load(folder / "lexical"),
                vectors=VectorIndex.load(folder / "vectors.faiss"),
                manifest=manifest,
                config=config,
                encoder=encoder,
            )

    @property
    def encoder(self) -> Encoder:
        """The encoder that the index was built with; loaded when first asked for."""
        if self._encoder is None:
            self._encoder = Encoder.load(self.config.encoder)
        return self._encoder

    def search_lexical(self, text: str, k: int) -> list[tuple[int, float]]:
        """The k best (chunk id, BM25 score > 0) for a question, best first, ties by id."""
        return best(self.lexical_scores(text), k)

    def lexical_scores(self, text: str) -> npt.NDArray[np.float32]:
        """(chunks,) float32 BM25 score of every chunk for a question, >= 0."""
        return self._lexical.scores(terms.query_terms(text))

    def search_dense(self, text: str, k: int) -> list[tuple[int, float]]:
        """The k best (chunk id, score in [-1, 1]) for a question, best first, ties by id.

        A chunk's score is the weighted mean of its best sentence's cosine (weight 1) and of its
        sentences' mean cosine (weight `dense_mean`). Scored are the chunks that hold the sentences
        nearest to the question, twice `k` of them at least.
        """
        return self.search_vector(self.encoder.encode_queries([text])[0], k)

    def search_vector(self, vector: npt.NDArray[np.float32], k: int) -> list[tuple[int, float]]:
        """As search_dense, for a question's (d,) float32 unit vector."""
        wide = 8 * k
        while True:
            rows = [row for row, _ in self._vectors.search(vector, wide)]
            ids = list(dict.fromkeys(self._chunk_of_row[rows].tolist()))
            if len(ids) >= 2 * k or len(rows) < wide:
                break
            wide *= 2
        scores = self.dense_scores(vector, ids).tolist()
        return sorted(zip(ids, scores, strict=True), key=lambda hit: (-hit[1], hit[0]))[:k]

    def dense_scores(
        self, vector: npt.NDArray[np.float32], ids: Sequence[int]
    ) -> npt.NDArray[np.float32]:
        """(ids,) float32 scores of these chunks, as search_vector gives them."""
        weight = self.config.dense_mean
        cosines = [self.sentence_vectors(i) @ vector for i in ids]  # each (sentences,)
        found = [(row.max() + weight * row.mean()) / (1 + weight) for row in cosines]
        return np.array(found, dtype=np.float32)

    def sentence_vectors(self, chunk_id: int) -> npt.NDArray[np.float32]:
        """(sentences of the chunk, d) float32 unit rows, in order."""
        return self._vectors.rows(self._offsets[chunk_id], self._offsets[chunk_id + 1])

    def idf(self, term: str) -> float:
        """How rare a search term is among the chunks: ln(1 + (N - df + .5) / (df + .5)), > 0."""
        return self._lexical.idf(term)


def _check(
    manifest: Manifest,
    index_dir: Path,
    encoder: Encoder | None,
    config: Config,
    corpus: Path | None,
) -> None:
    found = []
    fingerprint = encoder.fingerprint if encoder else model_fingerprint(config.encoder)
    if fingerprint != manifest.fingerprint:
        found.append(
            f"the model was {manifest.model} ({manifest.fingerprint[:19]}) "
            f"and is {config.encoder or 'bundled'} ({fingerprint[:19]})"
        )
    settings = differences(manifest.settings, config.index_settings())
    found += [f"setting {text}" for text in settings]
    if manifest.recipe != recipe_fingerprint():
        found.append("it was built by another version of this program")
    libraries = differences(releases(manifest.libraries), releases(library_versions()))
    found += [f"library {text}" for text in libraries]
    if corpus is not None:
        found += [f"file {text}" for text in differences(manifest.corpus, corpus_hashes(corpus))]
    if found:
        shown = "; ".join(found[:5]) + (f"; and {len(found) - 5} more" if len(found) > 5 else "")
        raise IndexMismatch(
            f"The index {index_dir}, built from {manifest.corpus_dir}, does not fit: {shown}."
        )
