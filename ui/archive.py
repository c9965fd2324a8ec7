"""Files that are sent go into the corpus folder of an index, or out of it; what became of each
comes out. Nothing is overwritten and nothing is lost: what goes out lies in CORPUS/.removed.
"""

from __future__ import annotations

import os
import secrets
import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from embeddings.config import bundled_seeds, default_index, own_articles
from embeddings.errors import CorpusError, WenjuError
from embeddings.manifest import Manifest, file_hash
from embeddings.pages import corpus_files
from embeddings.rebuild import Progress, rebuild
from rag import Chatbot
from ui.incoming import Outcome, Sent, said, vetted
from ui.told import Told
from ui.vetting import Limits

Same = Literal["leave", "keep", "replace"]  # what to do about another file of the same name
REMOVED = ".removed"  # in the corpus folder; a rebuild leaves what begins with a dot
_INCOMING = ".incoming-"
_WAIT = 60.0  # seconds for another rebuild of the index to end


class ArchiveError(WenjuError):
    """The corpus folder takes nothing up."""


@dataclass(frozen=True, slots=True)
class Removed:
    """A file that was taken out and can be put back."""

    key: str
    source: str
    when: str  # UTC, as 2026-11-21 14:30


class Archive:
    """The corpus folder of a Chatbot's index. One change at a time; from several threads."""

    def __init__(
        self, bot: Chatbot, corpus: Path, seeds: Path | None = None, limits: Limits | None = None
    ) -> None:
        """`seeds`: what `corpus` begins as a copy of, at the first change; None: it is there."""
        self.bot = bot
        self.renew: Callable[[], object] = bot.newest  # what has the bot open a new generation
        self.corpus = corpus
        self.limits = limits or Limits()
        self._seeds = seeds
        self._changing = threading.Lock()
        self._counted: tuple[str | None, Counter[str]] = (None, Counter())

    @classmethod
    def of(cls, bot: Chatbot, limits: Limits | None = None) -> Archive:
        """The archive of an index. What is added to the seeds goes into a copy of them.

        Raises ArchiveError where there is no folder that could be written to.
        """
        folder = bot.index.folder
        if folder is None:
            raise ArchiveError("This index is only in memory; it has no folder of articles.")
        corpus = Path(bot.index.manifest.corpus_dir)
        if corpus == bundled_seeds():
            if folder.parent != default_index():
                raise ArchiveError(
                    f"The index {folder.parent} is over the articles that come with Wenju, and "
                    "nothing is added to those. Give a folder of your own: --corpus FOLDER."
                )
            return cls(bot, own_articles(), bundled_seeds(), limits)
        if not os.access(corpus, os.W_OK | os.X_OK):
            raise ArchiveError(
                f"Nothing can be added to {corpus}, the folder of this index's articles. Make it "
                "writable, or give another one: --corpus FOLDER."
            )
        return cls(bot, corpus, None, limits)

    def files(self) -> dict[str, int]:
        """Size in bytes of each file of the archive, by its place in the folder, sorted."""
        root = self._root()
        try:
            return {p.relative_to(root).as_posix(): p.stat().st_size for p in corpus_files(root)}
        except CorpusError:  # there is none
            return {}

    def articles_in(self) -> Counter[str]:
        """Number of articles that the index has of each file."""
        generation = self.bot.generation
        if self._counted[0] != generation:
            found = Counter(article.source for article in self.bot.articles())
            self._counted = (generation, found)
        return self._counted[1]

    def removed(self) -> list[Removed]:
        """What was taken out, the latest first."""
        found = []
        for folder in sorted((self.corpus / REMOVED).glob("*-*"), reverse=True):
            file = next((p for p in sorted(folder.rglob("*")) if not p.is_dir()), None)
            if file is not None:
                with suppress(ValueError):  # nothing of ours
                    when = time.strptime(folder.name.partition("-")[0], "%Y%m%d%H%M%S")
                    source = file.relative_to(folder).as_posix()
                    found.append(
                        Removed(folder.name, source, time.strftime("%Y-%m-%d %H:%M", when))
                    )
        return found

    def add(
        self, sent: Sequence[Sent], same: Same, report: Progress | None = None
    ) -> list[Outcome]:
        """Put files into the corpus, each if it may, and index them."""
        report = report or _silent
        with self._changing:
            try:
                with self._incoming() as incoming:
                    room = self.limits.archive_files - len(self.files())
                    outcomes = vetted(sent, incoming, room, self.limits, report)
                    outcomes = [self._put(o, incoming, same) if o.done else o for o in outcomes]
            except OSError as error:
                fault = Told("failed", (said(error),))
                return [Outcome(file.name, (fault,)) for file in sent]
            return self._indexed(outcomes, report)

    def remove(self, source: str, report: Progress | None = None) -> list[Outcome]:
        """Take a file out of the corpus; it can be restored."""
        with self._changing:
            known = self.files()
            if source not in known:
                return [Outcome(source, (Told("unknown"),))]
            if len(known) == 1:
                return [Outcome(source, (Told("last"),))]
            try:
                self._settle()
                self._set_aside(source)
            except OSError as error:
                return [Outcome(source, (Told("failed", (said(error),)),))]
            done = Outcome(source, (Told("removed"),), True)
            return self._indexed([done], report or _silent)

    def restore(self, key: str, report: Progress | None = None) -> list[Outcome]:
        """Put a file that was taken out back where it was."""
        with self._changing:
            old = next((r for r in self.removed() if r.key == key), None)
            if old is None:
                return [Outcome(key[:80], (Told("unknown"),))]
            target = self.corpus / old.source
            if os.path.lexists(target):
                return [Outcome(old.source, (Told("exists"),))]
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                os.rename(self.corpus / REMOVED / key / old.source, target)
                shutil.rmtree(self.corpus / REMOVED / key, ignore_errors=True)
            except OSError as error:
                return [Outcome(old.source, (Told("failed", (said(error),)),))]
            done = Outcome(old.source, (Told("restored"),), True, old.source)
            return self._indexed([done], report or _silent)

    def rebuild(self, report: Progress | None = None) -> Manifest:
        """Index the folder as it is now. Raises as embeddings.rebuild."""
        index = self.bot.index
        assert index.folder is not None
        manifest = rebuild(
            self._root(), index.folder.parent, index.config, index.encoder, report, wait=_WAIT
        )
        self.renew()
        return manifest

    def _root(self) -> Path:
        """The folder that holds the articles now: the seeds, before the first change."""
        return self._seeds if self._seeds and not self.corpus.is_dir() else self.corpus

    def _settle(self) -> None:
        """Make the folder that is written to, whole or not at all. Raises OSError."""
        if self._seeds is None or self.corpus.is_dir():
            return
        work = self.corpus.with_name(f"{self.corpus.name}.{secrets.token_hex(4)}.part")
        try:
            shutil.copytree(self._seeds, work)
            work.rename(self.corpus)
        finally:
            shutil.rmtree(work, ignore_errors=True)

    @contextmanager
    def _incoming(self) -> Iterator[Path]:
        """A folder on the corpus's own disk, so that a file that may join it moves in one step."""
        self._settle()
        folder = self.corpus / f"{_INCOMING}{secrets.token_hex(6)}"
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _put(self, outcome: Outcome, incoming: Path, same: Same) -> Outcome:
        """Move a vetted file to its place in the corpus."""
        name, file = outcome.name, incoming / outcome.source
        target, told = self.corpus / name, Told("added")
        try:
            if os.path.lexists(target):
                if target.is_file() and file_hash(target) == file_hash(file):
                    return Outcome(name, (Told("same"),))
                if same == "leave":
                    return Outcome(name, (Told("exists"),))
                if same == "replace":
                    self._set_aside(name)
                    told = Told("replaced")
                else:
                    target, told = _free(target), Told("renamed")
            target.open("xb").close()  # takes the name, or raises: nothing is ever overwritten
            os.replace(file, target)
        except OSError as error:
            return Outcome(name, (Told("failed", (said(error),)),))
        return Outcome(name, (told,), True, target.name)

    def _set_aside(self, source: str) -> None:
        """Move a file of the corpus to where it can be restored from. Raises OSError."""
        stamp = time.strftime("%Y%m%d%H%M%S", time.gmtime())
        place = self.corpus / REMOVED / f"{stamp}-{secrets.token_hex(4)}" / source
        place.parent.mkdir(parents=True)
        os.rename(self.corpus / source, place)

    def _indexed(self, outcomes: list[Outcome], report: Progress) -> list[Outcome]:
        """Index what was changed, and tell of each file what came of it."""
        if not any(outcome.done for outcome in outcomes):
            return outcomes
        try:
            manifest = self.rebuild(report)
        except WenjuError as error:
            fault = Told("not rebuilt", (str(error),))
            return [replace(o, told=(fault,)) if o.done else o for o in outcomes]
        index = self.bot.index
        articles = Counter(article.source for article in index.articles)
        chunks = Counter(chunk.source for chunk in index.chunks)

        def counted(outcome: Outcome) -> Outcome:
            source = outcome.source
            values = str(articles[source]), str(chunks[source]), source
            told = [Told(outcome.told[0].key, values)]
            if source in manifest.repeated:
                told.append(Told("repeated", (str(manifest.repeated[source]),)))
            return replace(outcome, told=tuple(told))

        return [counted(outcome) if outcome.done else outcome for outcome in outcomes]


def _free(target: Path) -> Path:
    """The first of "a (2).txt", "a (3).txt" … that no file has."""
    number = 2
    while os.path.lexists(found := target.with_stem(f"{target.stem} ({number})")):
        number += 1
    return found


def _silent(stage: str, done: int, total: int) -> None:
    """Progress for nobody."""
