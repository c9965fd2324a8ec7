"""An index and its corpus in; what was checked of them out, or the first fault that was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .chunks import Chunk, Span
from .config import Config
from .encoder import Encoder
from .errors import IndexDamaged, IndexMismatch
from .generations import current_generation, mending, remedy
from .index import ALIKE, Index
from .manifest import Manifest
from .pages import read_corpus
from .records import IndexedArticle

_ENCODED_AGAIN = 64  # sentences spread over the index
_BLOCK = 8192  # rows that are looked at together


@dataclass(frozen=True, slots=True)
class Verified:
    """How much was found to be as it was written."""

    generation: str
    corpus: str
    files: int  # of the index, every byte
    corpus_files: int
    articles: int  # whose text is their file's at their spans
    chunks: int  # likewise
    sentences: int  # whose rows are whole and of length 1
    encoded_again: int  # of them, whose rows the model gives again
    least_cosine: float  # of those to the stored rows


def verify(
    index_dir: Path | str,
    config: Config | None = None,
    corpus: Path | str | None = None,
    encoder: Encoder | None = None,
) -> Verified:
    """Check the current generation through and through, against its corpus and its model.

    `corpus` is the index's own where nothing is said. Raises IndexMissing, IndexDamaged,
    IndexMismatch, CorpusError, ModelError.
    """
    config, index_dir = config or Config(), Path(index_dir)
    wanted = Path(corpus) if corpus else None
    with mending(index_dir, wanted, config.encoder):
        folder = current_generation(index_dir)
        manifest = Manifest.read(folder)
        manifest.check_files(folder, whole=True)
    where = wanted or Path(manifest.corpus_dir)
    index = Index.open(index_dir, encoder, config, where)
    texts = {file.source: file.text for file in read_corpus(where)}
    with mending(index_dir, wanted, config.encoder):
        _check_counts(index)
        _check_places(index, texts)
        _check_rows(index)
    encoder = encoder or Encoder.load(config.encoder)
    row, least = index.least_alike(encoder, _ENCODED_AGAIN)
    if least < ALIKE:
        raise IndexMismatch(
            f"Row {row} of {folder / 'vectors.faiss'} has a cosine of {least:.4f} to what the "
            f"model gives, below {ALIKE}. {remedy(index_dir, wanted, config.encoder, full=True)}"
        )
    return Verified(
        generation=folder.name,
        corpus=str(where),
        files=len(manifest.files),
        corpus_files=len(texts),
        articles=len(index.articles),
        chunks=len(index.chunks),
        sentences=manifest.sentences,
        encoded_again=min(_ENCODED_AGAIN, manifest.sentences),
        least_cosine=round(least, 4),
    )


def _check_counts(index: Index) -> None:
    manifest = index.manifest
    for what, found, written in (
        ("articles", len(index.articles), manifest.articles),
        ("chunks", len(index.chunks), manifest.chunks),
        ("chunks in the word index", index.words, manifest.chunks),
        ("sentences", sum(len(chunk.sentences) for chunk in index.chunks), manifest.sentences),
        ("vectors", index.sentences, manifest.sentences),
    ):
        if found != written:
            raise IndexDamaged(f"{index.folder} has {found} {what}; its manifest says {written}.")


def _check_places(index: Index, texts: Mapping[str, str]) -> None:
    """Each article's and chunk's text is what its spans cut out of the file."""
    for number, article in enumerate(index.articles):
        if not _is_cut(article, texts):
            raise IndexDamaged(
                f"Article {number} of {index.folder} is not the text of {article.source} at its "
                "spans."
            )
    for i, chunk in enumerate(index.chunks):
        named = 0 <= chunk.article < len(index.articles)
        if len(index.sentence_vectors(i)) != len(chunk.sentences):
            raise IndexDamaged(f"Chunk {i} of {index.folder} has not a vector for each sentence.")
        if chunk.id != i or not named or index.articles[chunk.article].source != chunk.source:
            raise IndexDamaged(f"Chunk {i} of {index.folder} names another chunk or article.")
        if not _is_cut(chunk, texts) or not _in_order(chunk.sentences, len(chunk.text)):
            raise IndexDamaged(
                f"Chunk {i} of {index.folder} is not the text of {chunk.source} at its spans."
            )


def _is_cut(piece: Chunk | IndexedArticle, texts: Mapping[str, str]) -> bool:
    text = texts.get(piece.source, "")
    if not all(0 <= start <= end <= len(text) for start, end in piece.spans):
        return False
    return piece.text == "".join(text[start:end] for start, end in piece.spans)


def _in_order(spans: Sequence[Span], length: int) -> bool:
    flat = [at for span in spans for at in span]
    return bool(flat) and flat == sorted(flat) and flat[0] >= 0 and flat[-1] <= length


def _check_rows(index: Index) -> None:
    """Each row is of length 1; rounding to bfloat16 moves it by less than a hundredth."""
    for start in range(0, index.sentences, _BLOCK):
        rows = index.rows(start, min(start + _BLOCK, index.sentences))  # (n, d)
        lengths = np.linalg.norm(rows, axis=1)
        wrong = np.flatnonzero(~(np.abs(lengths - 1) < 0.01))
        if len(wrong):
            raise IndexDamaged(
                f"Row {start + wrong[0]} of {index.folder}'s vectors has length "
                f"{lengths[wrong[0]]:.3f}; a sentence's row has length 1."
            )
