"""The pages of a corpus in, the files of a new generation out.

Articles, chunks, words and vectors go to the disk as they are made and are read back where they are
needed: in memory are the pages' texts, one page's work, and the vector index while it is written.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from itertools import groupby
from pathlib import Path
from threading import Lock
from typing import Any, TextIO

import numpy as np
import numpy.typing as npt

from .config import Config
from .embed import Embedding
from .encoder import Encoder
from .encodings import UTF8
from .errors import CorpusError, ModelError
from .generations import sync
from .journal import Journal
from .leaves import Leaf, cut_pages
from .lexical import LexicalIndex
from .manifest import (
    FileRecord,
    Manifest,
    cutting_basis,
    dictionary_hashes,
    file_hash,
    library_versions,
    recipe_fingerprint,
)
from .pages import TextFile
from .postings import Collector
from .records import ARTICLES, CHUNKS, SENTENCES, line_of, read_chunks
from .rowfile import RowFile
from .vectors import VectorIndex

Progress = Callable[[str, int, int], None]  # stage, done, total


@dataclass(slots=True)
class Plan:
    """What is to be built, and with what."""

    corpus: Path
    config: Config
    fingerprint: str
    encoder: Encoder | None  # loaded when it is first needed
    workers: int | None
    report: Progress
    loading: Lock = field(default_factory=Lock)

    def encode(self, texts: list[str]) -> npt.NDArray[np.float32]:
        """(n, d) unit rows. Several threads may call it. Raises ModelError."""
        with self.loading:
            if self.encoder is None:
                self.encoder = Encoder.load(self.config.encoder)
            if self.encoder.fingerprint != self.fingerprint:
                raise ModelError(
                    f"The model {self.config.encoder or 'bundled'} was changed while the index "
                    "was being built. Run the rebuild again."
                )
        return self.encoder.encode_passages(texts)

    def made_by(self) -> dict[str, Any]:
        """The fields of a manifest that are known before anything is built."""
        return {
            "model": self.config.encoder or "bundled",
            "fingerprint": self.fingerprint,
            "recipe": recipe_fingerprint(),
            "dictionaries": dictionary_hashes(),
            "settings": self.config.index_settings(),
            "corpus_dir": str(self.corpus),
            "libraries": library_versions(),
        }


@dataclass(slots=True)
class _Cut:
    """What the pages add up to."""

    articles: int = 0
    chunks: int = 0
    offsets: list[int] = field(default_factory=lambda: [0])  # each chunk's first sentence
    repeated: dict[str, int] = field(default_factory=dict)

    def placed(self, leaf: Leaf) -> Leaf:
        """A page's leaf counted on from those before it, and counted."""
        chunks = tuple(
            replace(chunk, id=chunk.id + self.chunks, article=chunk.article + self.articles)
            for chunk in leaf.chunks
        )
        self.articles += len(leaf.articles)
        self.chunks += len(chunks)
        for chunk in chunks:
            self.offsets.append(self.offsets[-1] + len(chunk.sentences))
        return replace(leaf, chunks=chunks)


def build(pages: Sequence[TextFile], work: Path, plan: Plan, journal: Journal) -> Manifest:
    """Write a generation's files into the folder `work`, the manifest last.

    Raises CorpusError, ModelError, OSError.
    """
    cut = _cut(pages, work, plan, journal)
    with closing(RowFile(work / "rows.tmp")) as rows:
        _encode(work, cut.offsets[-1], rows, plan, journal)
        plan.report("files", 1, 3)
        vectors = VectorIndex.build(rows)
        dimension = rows.shape[1]
    vectors.save(work / "vectors.faiss")
    np.save(work / SENTENCES, np.array(cut.offsets, np.int64))
    plan.report("files", 2, 3)
    manifest = Manifest(
        created=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        dimension=dimension,
        corpus={page.source: page.sha256 for page in pages},
        read_as={page.source: page.read_as for page in pages if page.read_as != UTF8},
        repeated=cut.repeated,
        articles=cut.articles,
        chunks=cut.chunks,
        sentences=cut.offsets[-1],
        recall=round(vectors.recall(), 4),
        files=_records(work),
        **plan.made_by(),
    )
    manifest.write(work)
    plan.report("files", 3, 3)
    return manifest


def _cut(pages: Sequence[TextFile], work: Path, plan: Plan, journal: Journal) -> _Cut:
    """Write articles, chunks and words; an article that stands in two files is the first one's."""
    config, settings = plan.config, plan.config.index_settings()
    cut = _Cut()
    first_in: dict[bytes, str] = {}  # the hash of an article's characters to its file
    leaves = cut_pages(pages, settings, cutting_basis(settings), journal, plan.workers)
    with (
        _lines(work / ARTICLES) as articles,
        _lines(work / CHUNKS) as chunks,
        tempfile.TemporaryDirectory(dir=work) as spill,
    ):
        words = Collector(Path(spill))
        for done, (page, leaf) in enumerate(zip(pages, leaves, strict=True), 1):
            texts = [re.sub(r"\s+", "", f"{a.title}\n{a.text}") for a in leaf.articles]
            gone = {
                n
                for n, text in enumerate(texts)
                if first_in.setdefault(_digest(text), page.source) != page.source
            }
            if gone:
                cut.repeated[page.source] = len(gone)
            leaf = cut.placed(leaf.without(gone) if gone else leaf)
            articles.writelines(map(line_of, leaf.articles))
            chunks.writelines(map(line_of, leaf.chunks))
            for terms in leaf.words:
                words.add(terms)
            plan.report("pages", done, len(pages))
        LexicalIndex.write(words.finish(), work / "lexical", config.bm25_k1, config.bm25_b)
    if not cut.chunks:
        raise CorpusError(f"The {len(pages)} files of the corpus hold no sentence to index.")
    return cut


def _lines(path: Path) -> TextIO:
    return path.open("w", encoding="utf-8", newline="\n")


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _encode(work: Path, total: int, rows: RowFile, plan: Plan, journal: Journal) -> None:
    """Add the rows of the sentences of all chunks, in order."""
    dimension = plan.encoder.dimension if plan.encoder else 0
    made = Embedding(plan.fingerprint, dimension, plan.encode, journal, plan.workers)
    pages = (
        [chunk.text[s:e] for chunk in group for s, e in chunk.sentences]
        for _, group in groupby(read_chunks(work), key=lambda chunk: chunk.source)
    )
    with closing(made.of_each(pages)) as found:
        for page in found:
            rows.add(page)
            plan.report("sentences", rows.shape[0], total)


def _records(folder: Path) -> dict[str, FileRecord]:
    """Flush every file to the disk; its size and hash by name."""
    found = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        sync(path)
        name = path.relative_to(folder).as_posix()
        found[name] = FileRecord(path.stat().st_size, file_hash(path))
    return found
