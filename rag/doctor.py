"""Settings and an index folder in; what works, what does not and what mends it out."""

from __future__ import annotations

import os
import platform
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from embeddings import Config, Encoder, Index
from embeddings.encoder import bfloat16_is_native
from embeddings.errors import IndexDamaged, IndexNotWritten, WenjuError
from embeddings.generations import current_generation, generations
from embeddings.manifest import Manifest, library_versions
from embeddings.verify import verify

from .chatbot import Chatbot
from .reader import Reader

_QUESTION_CHARS = 60  # of the sentence that is asked for


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    well: bool
    told: str  # the facts, or what is wrong and what mends it


def examine(index_dir: Path, config: Config) -> list[Finding]:
    """Environment, disk, models, index and one question from end to end. Never raises."""
    parts = _Parts(index_dir, config)
    steps: list[tuple[str, Callable[[], str]]] = [
        ("environment", _environment),
        ("disk", parts.disk),
        ("encoder", parts.load_encoder),
        ("reader", parts.load_reader),
        ("index", parts.check_index),
        ("question", parts.ask),
    ]
    return [_look(name, step) for name, step in steps]


def _look(name: str, step: Callable[[], str]) -> Finding:
    try:
        return Finding(name, True, step())
    except WenjuError as error:
        return Finding(name, False, str(error))
    except Exception as error:  # whatever it is, the rest is looked at all the same
        return Finding(name, False, f"{type(error).__name__}: {error}")


def _environment() -> str:
    versions = ", ".join(f"{name} {version}" for name, version in library_versions().items())
    half = "bfloat16" if bfloat16_is_native() else "float32"
    return f"Python {platform.python_version()}, {os.cpu_count()} cores, {half}; {versions}"


class _Parts:
    """What one step has loaded and the next one needs."""

    def __init__(self, index_dir: Path, config: Config) -> None:
        self._index_dir, self._config = index_dir, config
        self._encoder: Encoder | None = None
        self._reader: Reader | None = None

    def disk(self) -> str:
        """Room for one more generation, and the right to write it."""
        folder = self._index_dir.absolute()
        place = next(path for path in (folder, *folder.parents) if path.exists())
        free = shutil.disk_usage(place).free
        kept = generations(self._index_dir)
        size = Manifest.read(current_generation(self._index_dir)).size if kept else 0
        told = f"{free / 1e9:.1f} GB free at {place}; a generation has {size / 1e6:.1f} MB"
        if free < 2 * size:
            raise IndexNotWritten(f"{told}: a rebuild may not find room. Free some space.")
        if not os.access(place, os.W_OK):
            raise IndexNotWritten(f"{place} may not be written: a rebuild needs another --index.")
        return f"{told}, {len(kept)} kept"

    def load_encoder(self) -> str:
        began = time.perf_counter()
        self._encoder = Encoder.load(self._config.encoder)
        return (
            f"{self._config.encoder or 'bundled'}, {self._encoder.dimension} dimensions, "
            f"{self._encoder.fingerprint[:19]}, loaded in {time.perf_counter() - began:.1f} s"
        )

    def load_reader(self) -> str:
        began = time.perf_counter()
        self._reader = Reader.load(self._config.reader)
        seconds = time.perf_counter() - began
        return f"{self._config.reader or 'bundled'}, loaded in {seconds:.1f} s"

    def check_index(self) -> str:
        found = verify(self._index_dir, self._config, encoder=self._encoder)
        return (
            f"{self._index_dir}, {found.generation}: {found.corpus_files} files, {found.articles} "
            f"articles, {found.chunks} chunks of {found.corpus}, all as written"
        )

    def ask(self) -> str:
        """The index's longest sentence, cut short, must lead back to the chunk that prints it."""
        index = Index.open(self._index_dir, self._encoder, self._config)
        bot = Chatbot(index, self._reader or Reader.load(self._config.reader))
        chunk = max(index.chunks, key=lambda c: max(e - s for s, e in c.sentences))
        start, end = max(chunk.sentences, key=lambda span: span[1] - span[0])
        question = chunk.text[start:end][:_QUESTION_CHARS]
        hits = bot.search(question, k=5)
        if question not in "\n".join(hit.chunk.text for hit in hits):
            raise IndexDamaged(f"The search for {question!r} does not find its own sentence.")
        began = time.perf_counter()
        answer = bot.answer(question)
        seconds = time.perf_counter() - began
        said = "refused" if answer.refused else f"{answer.text!r}, {len(answer.citations)} cited"
        return f"{question!r}: found; {said}, in {seconds:.2f} s"
