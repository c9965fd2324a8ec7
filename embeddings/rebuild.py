"""A corpus folder in, a new generation of an index out; whatever fails, the old one stands."""

from __future__ import annotations

import os
import re
import shutil
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from .chunks import Chunk
from .config import Config
from .encoder import Encoder, model_fingerprint
from .encodings import UTF8
from .errors import CorpusError, ModelError, WenjuError
from .generations import current_generation, earlier, point, publish, sweep, sync
from .journal import NAME as JOURNAL
from .journal import Journal
from .leaves import Leaf, Rows, cut_pages
from .lexical import LexicalIndex
from .lock import locked, writing
from .manifest import (
    FileRecord,
    Manifest,
    cutting_basis,
    dictionary_hashes,
    file_hash,
    library_versions,
    recipe_fingerprint,
)
from .pages import TextFile, corpus_hashes, read_corpus
from .records import ARTICLES, CHUNKS, IndexedArticle, write_rows
from .vectors import VectorIndex

Progress = Callable[[str, int, int], None]  # stage, done, total


def rebuild(
    corpus: Path | str,
    index_dir: Path | str,
    config: Config | None = None,
    encoder: Encoder | None = None,
    progress: Progress | None = None,
    *,
    full: bool = False,
    workers: int | None = None,
    wait: float = 0.0,
) -> Manifest:
    """Build an index over all pages of a folder and make it the current one, in one step.

    What has not changed since the last build, and what a build that was broken off had done, is
    not done again, unless `full`; where nothing has changed at all, the current generation stays.
    `workers` processes split the pages (None: as many as are worth it); `wait`: seconds to wait
    for another rebuild's end.

    Raises CorpusError, ModelError, IndexBusy (another rebuild is at work), IndexNotWritten (disk
    full, no permission). Until the last moment the index that was there is untouched.
    """
    config, index_dir = config or Config(), Path(index_dir)
    corpus = Path(os.path.abspath(corpus))
    hashes = corpus_hashes(corpus)
    fingerprint = encoder.fingerprint if encoder else model_fingerprint(config.encoder)
    with writing(index_dir), locked(index_dir, wait):
        sweep(index_dir)
        plan = _Plan(corpus, config, fingerprint, encoder, workers, progress or _silent)
        if not full:
            same = _unchanged(index_dir, plan, hashes)
            if same:
                return same
        pages = read_corpus(corpus)
        work = index_dir / f"tmp-{uuid.uuid4().hex[:12]}"
        try:
            work.mkdir()
            with Journal(index_dir / JOURNAL, anew=full) as journal:
                manifest = _build(pages, work, plan, journal)
                publish(work, index_dir)
                journal.forget_unused()
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return manifest


def rollback(index_dir: Path | str, generation: str | None = None, wait: float = 0.0) -> Path:
    """Make an earlier generation the current one: the named one, else the one before.

    Every file of it is checked first. Returns its folder. Raises IndexMissing, IndexDamaged,
    IndexMismatch, IndexBusy, IndexNotWritten.
    """
    index_dir = Path(index_dir)
    earlier(index_dir, generation)  # where there is none, no lock is made
    with writing(index_dir), locked(index_dir, wait):
        folder = earlier(index_dir, generation)
        Manifest.read(folder).check_files(folder, whole=True)
        point(index_dir, folder.name)
    return folder


def _silent(stage: str, done: int, total: int) -> None:
    """Progress for nobody."""


@dataclass(slots=True)
class _Plan:
    """What is to be built, and with what."""

    corpus: Path
    config: Config
    fingerprint: str
    encoder: Encoder | None  # loaded when it is first needed
    workers: int | None
    report: Progress

    def encode(self, texts: list[str]) -> npt.NDArray[np.float32]:
        """(n, d) unit rows."""
        if self.encoder is None:
            self.encoder = Encoder.load(self.config.encoder)
            if self.encoder.fingerprint != self.fingerprint:
                raise ModelError(
                    f"The model {self.config.encoder or 'bundled'} was changed while the index "
                    "was being built. Run the rebuild again."
                )
        return self.encoder.encode_passages(texts)


def _unchanged(index_dir: Path, plan: _Plan, hashes: dict[str, str]) -> Manifest | None:
    """The current generation's manifest, where a build would only make the same once more."""
    try:
        folder = current_generation(index_dir)
        manifest = Manifest.read(folder)
        if manifest != replace(manifest, **_made_by(plan), corpus=hashes):
            return None
        if plan.encoder and plan.encoder.dimension != manifest.dimension:
            return None
        manifest.check_files(folder, whole=True)
    except (WenjuError, OSError):  # none there, or not to be read: all is made new
        return None
    return manifest


def _made_by(plan: _Plan) -> dict[str, Any]:
    """The fields of a manifest that are known before anything is built."""
    return {
        "model": plan.config.encoder or "bundled",
        "fingerprint": plan.fingerprint,
        "recipe": recipe_fingerprint(),
        "dictionaries": dictionary_hashes(),
        "settings": plan.config.index_settings(),
        "corpus_dir": str(plan.corpus),
        "libraries": library_versions(),
    }


@dataclass(slots=True)
class _Pieces:
    """What the pages add up to."""

    articles: list[IndexedArticle] = field(default_factory=list)
    chunks: list[Chunk] = field(default_factory=list)
    words: list[list[str]] = field(default_factory=list)
    repeated: dict[str, int] = field(default_factory=dict)

    def add(self, leaf: Leaf) -> None:
        """Add a page's, counted on from those that are there."""
        first_chunk, first_article = len(self.chunks), len(self.articles)
        self.articles += leaf.articles
        self.chunks += [
            replace(chunk, id=chunk.id + first_chunk, article=chunk.article + first_article)
            for chunk in leaf.chunks
        ]
        self.words += leaf.words


def _build(pages: list[TextFile], work: Path, plan: _Plan, journal: Journal) -> Manifest:
    pieces = _cut(pages, plan, journal)
    rows = _encode(pieces.chunks, plan, journal)  # (n, d)
    config = plan.config
    write_rows(work / ARTICLES, pieces.articles)
    write_rows(work / CHUNKS, pieces.chunks)
    plan.report("files", 1, 3)
    vectors = VectorIndex.build(rows)
    vectors.save(work / "vectors.faiss")
    plan.report("files", 2, 3)
    LexicalIndex.build(pieces.words, config.bm25_k1, config.bm25_b).save(work / "lexical")
    manifest = Manifest(
        created=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        dimension=rows.shape[1],
        corpus={page.source: page.sha256 for page in pages},
        read_as={page.source: page.read_as for page in pages if page.read_as != UTF8},
        repeated=pieces.repeated,
        articles=len(pieces.articles),
        chunks=len(pieces.chunks),
        sentences=len(rows),
        recall=round(vectors.recall(), 4),
        files=_records(work),
        **_made_by(plan),
    )
    manifest.write(work)
    plan.report("files", 3, 3)
    return manifest


def _cut(pages: Sequence[TextFile], plan: _Plan, journal: Journal) -> _Pieces:
    """Articles and chunks of all pages; an article that stands in two files is the first one's."""
    settings = plan.config.index_settings()
    pieces = _Pieces()
    first_in: dict[str, str] = {}  # an article's characters to its file
    leaves = cut_pages(pages, settings, cutting_basis(settings), journal, plan.workers)
    for done, (page, leaf) in enumerate(zip(pages, leaves, strict=True), 1):
        texts = [re.sub(r"\s+", "", f"{a.title}\n{a.text}") for a in leaf.articles]
        gone = {
            n
            for n, text in enumerate(texts)
            if first_in.setdefault(text, page.source) != page.source
        }
        if gone:
            pieces.repeated[page.source] = len(gone)
        pieces.add(leaf.without(gone) if gone else leaf)
        plan.report("pages", done, len(pages))
    if not pieces.chunks:
        raise CorpusError(f"The {len(pages)} files of the corpus hold no sentence to index.")
    return pieces


def _encode(chunks: Sequence[Chunk], plan: _Plan, journal: Journal) -> npt.NDArray[np.float32]:
    """(n, d) rows of the sentences of all chunks, in order."""
    dimension = plan.encoder.dimension if plan.encoder else 0
    rows = Rows(plan.fingerprint, dimension, plan.encode, journal)
    total = sum(len(chunk.sentences) for chunk in chunks)
    found, done = [], 0
    for _, group in groupby(chunks, key=lambda chunk: chunk.source):
        texts = [chunk.text[s:e] for chunk in group for s, e in chunk.sentences]
        found.append(rows.of(texts))
        done += len(texts)
        plan.report("sentences", done, total)
    return np.concatenate(found)


def _records(folder: Path) -> dict[str, FileRecord]:
    """Flush every file to the disk; its size and hash by name."""
    found = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        sync(path)
        name = path.relative_to(folder).as_posix()
        found[name] = FileRecord(path.stat().st_size, file_hash(path))
    return found
