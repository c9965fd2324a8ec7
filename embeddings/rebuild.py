"""A corpus folder in, a new generation of an index out; whatever fails, the old one stands."""

from __future__ import annotations

import os
import shutil
import uuid
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from .build import Plan, Progress, build
from .config import Config
from .encoder import Encoder, model_fingerprint
from .errors import WenjuError
from .generations import current_generation, earlier, point, publish, sweep, worth_keeping
from .journal import NAME as JOURNAL
from .journal import Journal
from .lock import locked, writing
from .manifest import Manifest
from .pages import corpus_hashes, read_corpus


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
        sweep(index_dir, keep=worth_keeping(index_dir))
        plan = Plan(corpus, config, fingerprint, encoder, workers, progress or _silent)
        if not full:
            same = _unchanged(index_dir, plan, hashes)
            if same:
                return same
        pages = read_corpus(corpus)
        work = index_dir / f"tmp-{uuid.uuid4().hex[:12]}"
        try:
            work.mkdir()
            with closing(Journal(index_dir / JOURNAL, anew=full)) as journal:
                manifest = build(pages, work, plan, journal)
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


def _unchanged(index_dir: Path, plan: Plan, hashes: dict[str, str]) -> Manifest | None:
    """The current generation's manifest, where a build would only make the same once more."""
    try:
        folder = current_generation(index_dir)
        manifest = Manifest.read(folder)
        if manifest != replace(manifest, **plan.made_by(), corpus=hashes):
            return None
        if plan.encoder and plan.encoder.dimension != manifest.dimension:
            return None
        manifest.check_files(folder, whole=True)
    except (WenjuError, OSError):  # none there, or not to be read: all is made new
        return None
    return manifest
