"""A corpus folder in, a new generation of an index out; whatever fails, the old one stands."""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path

import filelock
import numpy as np
import numpy.typing as npt

from . import terms
from .articles import split_page
from .chunks import Chunk, chunk_articles
from .config import Config
from .encoder import Encoder
from .errors import CorpusError, IndexBusy, IndexNotWritten, WenjuError
from .generations import current_generation, publish, sweep, sync
from .index import IndexedArticle, read_chunks
from .lexical import LexicalIndex
from .manifest import FileRecord, Manifest, file_hash, library_versions, recipe_fingerprint
from .pages import TextFile, read_corpus
from .vectors import VectorIndex

Progress = Callable[[str, int, int], None]  # stage, done, total
Known = dict[str, npt.NDArray[np.float32]]  # sentence to its (d,) row
_BATCH = 256  # texts between two reports of progress
_HOLDER = "rebuild.pid"


def rebuild(
    corpus: Path | str,
    index_dir: Path | str,
    config: Config | None = None,
    encoder: Encoder | None = None,
    progress: Progress | None = None,
) -> Manifest:
    """Build an index over all pages of a folder and make it the current one, in one step.

    Raises CorpusError, ModelError, IndexBusy (another rebuild is at work), IndexNotWritten (disk
    full, no permission). Until the last moment the index that was there is untouched.
    """
    config, index_dir = config or Config(), Path(index_dir)
    corpus = Path(os.path.abspath(corpus))
    report = progress or (lambda stage, done, total: None)
    files = read_corpus(corpus)
    encoder = encoder or Encoder.load(config.encoder)
    with _writing(index_dir):
        index_dir.mkdir(parents=True, exist_ok=True)
        with _locked(index_dir):
            sweep(index_dir)
            known = _known_rows(index_dir, encoder)
            work = index_dir / f"tmp-{uuid.uuid4().hex[:12]}"
            try:
                work.mkdir()
                manifest = _build(files, work, corpus, config, encoder, known, report)
                publish(work, index_dir)
            finally:
                shutil.rmtree(work, ignore_errors=True)
    return manifest


@contextmanager
def _writing(index_dir: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise IndexNotWritten(
            f"The new index could not be written to {error.filename or index_dir}: "
            f"{error.strerror or error}. Free some space or give another --index folder; "
            "the index that was there is untouched."
        ) from error


@contextmanager
def _locked(index_dir: Path) -> Iterator[None]:
    holder = index_dir / _HOLDER
    lock = filelock.FileLock(index_dir / "rebuild.lock", timeout=0)
    try:
        lock.acquire()
    except filelock.Timeout:
        try:
            pid = holder.read_text(encoding="utf-8").strip() or "unknown"
        except OSError:
            pid = "unknown"
        raise IndexBusy(
            f"The index {index_dir} is being rebuilt by process {pid}. Wait until it is done."
        ) from None
    try:
        holder.write_text(f"{os.getpid()}\n", encoding="utf-8")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _build(
    files: list[TextFile],
    work: Path,
    corpus: Path,
    config: Config,
    encoder: Encoder,
    known: Known,
    report: Progress,
) -> Manifest:
    articles, chunks = _cut(files, config, report)
    sentences = [chunk.text[s:e] for chunk in chunks for s, e in chunk.sentences]
    rows = _encode(sentences, known, encoder, report)  # (n, d)
    words = []
    for chunk in chunks:
        kicker = articles[chunk.article].kicker
        text = f"{kicker}\n{chunk.title}\n{chunk.text}"
        words.append(terms.passage_terms(text, config.gloss_senses))
        report("terms", len(words), len(chunks))
    _write_rows(work / "articles.jsonl", articles)
    _write_rows(work / "chunks.jsonl", chunks)
    VectorIndex.build(rows).save(work / "vectors.faiss")
    LexicalIndex.build(words, config.bm25_k1, config.bm25_b).save(work / "lexical")
    manifest = Manifest(
        created=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        model=config.encoder or "bundled",
        fingerprint=encoder.fingerprint,
        dimension=encoder.dimension,
        recipe=recipe_fingerprint(),
        settings=config.index_settings(),
        corpus_dir=str(corpus),
        corpus={file.source: file.sha256 for file in files},
        articles=len(articles),
        chunks=len(chunks),
        sentences=len(sentences),
        libraries=library_versions(),
        files=_records(work),
    )
    manifest.write(work)
    return manifest


def _cut(
    files: list[TextFile], config: Config, report: Progress
) -> tuple[list[IndexedArticle], list[Chunk]]:
    articles: list[IndexedArticle] = []
    chunks: list[Chunk] = []
    for done, file in enumerate(files, 1):
        found = split_page(file.text)
        chunks += chunk_articles(
            file.source,
            found,
            chunk_chars=config.chunk_chars,
            overlap_sentences=config.overlap_sentences,
            first_chunk=len(chunks),
            first_article=len(articles),
        )
        articles += [IndexedArticle.of(file.source, article) for article in found]
        report("pages", done, len(files))
    if not chunks:
        raise CorpusError(f"The {len(files)} files of the corpus hold no sentence to index.")
    return articles, chunks


def _known_rows(index_dir: Path, encoder: Encoder) -> Known:
    """Rows that the current generation has from the same model: they are not computed again."""
    try:
        folder = current_generation(index_dir)
        manifest = Manifest.read(folder)
        if (manifest.fingerprint, manifest.dimension) != (encoder.fingerprint, encoder.dimension):
            return {}
        manifest.check_files(folder, whole=True)  # a damaged row would live on unseen
        rows = VectorIndex.load(folder / "vectors.faiss").rows()  # (n, d)
        texts = [c.text[s:e] for c in read_chunks(folder) for s, e in c.sentences]
    except (WenjuError, OSError):  # none there, or not to be read: all is made new
        return {}
    return dict(zip(texts, rows, strict=True)) if len(texts) == len(rows) else {}


def _encode(
    texts: list[str], known: Known, encoder: Encoder, report: Progress
) -> npt.NDArray[np.float32]:
    """(n, d) rows of the texts; each text is encoded once, and not at all where it is known."""
    rows = dict(known)
    new = [text for text in dict.fromkeys(texts) if text not in rows]
    for start in range(0, len(new), _BATCH):
        batch = new[start : start + _BATCH]
        rows.update(zip(batch, encoder.encode_passages(batch), strict=True))
        report("sentences", start + len(batch), len(new))
    return np.stack([rows[text] for text in texts])


def _write_rows(path: Path, rows: Sequence[Chunk | IndexedArticle]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            file.write(json.dumps(asdict(row), ensure_ascii=False) + "\n")


def _records(folder: Path) -> dict[str, FileRecord]:
    """Flush every file to the disk; its size and hash by name."""
    found = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        sync(path)
        name = path.relative_to(folder).as_posix()
        found[name] = FileRecord(path.stat().st_size, file_hash(path))
    return found
