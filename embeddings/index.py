"""An index folder in, searches over its chunks out. Opening it loads no model and no torch.

Layout: INDEX/CURRENT holds the name of a generation, INDEX/gen-…/ holds its files:
chunks.jsonl, articles.jsonl, vectors.faiss and sentences.npy (one row a sentence), lexical/,
manifest.json.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from . import terms
from .chunks import Chunk, Span, sentence_offsets
from .config import Config
from .encoder import Encoder, model_fingerprint
from .errors import IndexDamaged, IndexMismatch, IndexMissing
from .lexical import LexicalIndex
from .manifest import Manifest, differences, recipe_fingerprint
from .pages import corpus_hashes
from .vectors import VectorIndex

POINTER = "CURRENT"


@dataclass(frozen=True, slots=True)
class IndexedArticle:
    """One article as it is shown: "".join(file[s:e] for s, e in spans) == text."""

    source: str
    title: str
    text: str
    spans: tuple[Span, ...]


def current_generation(index_dir: Path) -> Path:
    """The folder that CURRENT names. Raises IndexMissing or IndexDamaged."""
    try:
        name = (index_dir / POINTER).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise IndexMissing(
            f"There is no index in {index_dir}. "
            f"Run: python -m embeddings rebuild --index {index_dir}"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise IndexDamaged(f"{index_dir / POINTER} cannot be read: {error}.") from error
    folder = index_dir / name
    if not name.startswith("gen-") or "/" in name or not folder.is_dir():
        raise IndexDamaged(
            f"{index_dir / POINTER} names {name!r}, which is not there. "
            f"Run: python -m embeddings rebuild --index {index_dir}"
        )
    return folder


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with path.open(encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)
    except (OSError, ValueError) as error:
        raise IndexDamaged(
            f"{path} cannot be read: {error}. Run: python -m embeddings rebuild"
        ) from error


def _spans(values: list[list[int]]) -> tuple[Span, ...]:
    return tuple((s, e) for s, e in values)


def read_chunks(folder: Path) -> list[Chunk]:
    """The chunks of a generation, by id. Raises IndexDamaged."""
    return [
        Chunk(**{**row, "spans": _spans(row["spans"]), "sentences": _spans(row["sentences"])})
        for row in _rows(folder / "chunks.jsonl")
    ]


class Index:
    """One generation, read only. Chunk ids are positions in `chunks`."""

    def __init__(
        self,
        *,
        chunks: Sequence[Chunk],
        articles: Sequence[IndexedArticle],
        lexical: LexicalIndex,
        vectors: VectorIndex,
        sentences: npt.NDArray[np.float16],  # (sentences of all chunks, d)
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
        self._sentences = sentences
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
        config = config or Config()
        folder = current_generation(Path(index_dir))
        manifest = Manifest.read(folder)
        manifest.check_files(folder)
        _check(manifest, Path(index_dir), encoder, config, Path(corpus) if corpus else None)
        articles = [
            IndexedArticle(**{**row, "spans": _spans(row["spans"])})
            for row in _rows(folder / "articles.jsonl")
        ]
        return cls(
            chunks=read_chunks(folder),
            articles=articles,
            lexical=LexicalIndex.load(folder / "lexical"),
            vectors=VectorIndex.load(folder / "vectors.faiss"),
            sentences=_load_rows(folder / "sentences.npy"),
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
        return self._lexical.search(terms.query_terms(text), k)

    def search_dense(self, text: str, k: int) -> list[tuple[int, float]]:
        """The k best (chunk id, cosine in [-1, 1]) for a question, best first, ties by id.

        A chunk counts as its best sentence does.
        """
        return self.search_vector(self.encoder.encode_queries([text])[0], k)

    def search_vector(self, vector: npt.NDArray[np.float32], k: int) -> list[tuple[int, float]]:
        """As search_dense, for a question's (d,) float32 unit vector."""
        wide = 4 * k
        while True:
            hits = self._vectors.search(vector, wide)
            best: dict[int, float] = {}
            for row, score in hits:
                best.setdefault(int(self._chunk_of_row[row]), score)
            if len(best) >= k or len(hits) < wide:
                return sorted(best.items(), key=lambda hit: (-hit[1], hit[0]))[:k]
            wide *= 2

    def sentence_vectors(self, chunk_id: int) -> npt.NDArray[np.float32]:
        """(sentences of the chunk, d) float32 unit rows (to float16's precision), in order."""
        start, end = self._offsets[chunk_id], self._offsets[chunk_id + 1]
        return np.asarray(self._sentences[start:end], dtype=np.float32)

    def idf(self, term: str) -> float:
        """How rare a search term is among the chunks: ln(1 + (N - df + .5) / (df + .5)), > 0."""
        return self._lexical.idf(term)


def _load_rows(path: Path) -> npt.NDArray[np.float16]:
    try:
        return np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError) as error:
        raise IndexDamaged(
            f"{path} cannot be read: {error}. Run: python -m embeddings rebuild"
        ) from error


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
    if corpus is not None:
        found += [f"file {text}" for text in differences(manifest.corpus, corpus_hashes(corpus))]
    if found:
        shown = "; ".join(found[:5]) + (f"; and {len(found) - 5} more" if len(found) > 5 else "")
        where = f" --corpus {corpus}" if corpus else ""
        model = f" --model {config.encoder}" if config.encoder else ""
        raise IndexMismatch(
            f"The index {index_dir} does not fit: {shown}. "
            f"Run: python -m embeddings rebuild{where} --index {index_dir}{model}"
        )
