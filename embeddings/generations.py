"""An index folder in; its current generation, a new one in its place, or what mends it out.

INDEX/CURRENT holds the name of the generation that is read, INDEX/gen-…/ its files. A build works
in INDEX/tmp-…/ and is renamed when all of it is on the disk; the last two generations are kept.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .config import default_corpus, default_index
from .errors import IndexDamaged, IndexMismatch, IndexMissing
from .manifest import NAME

POINTER = "CURRENT"


def current_generation(index_dir: Path) -> Path:
    """The folder that CURRENT names. Raises IndexMissing or IndexDamaged."""
    try:
        name = (index_dir / POINTER).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise IndexMissing(f"There is no index in {index_dir}.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise IndexDamaged(f"{index_dir / POINTER} cannot be read: {error}.") from error
    folder = index_dir / name
    if not name.startswith("gen-") or "/" in name or not folder.is_dir():
        raise IndexDamaged(f"{index_dir / POINTER} names {name!r}, which is not there.")
    return folder


def corpus_of(index_dir: Path) -> Path | None:
    """The corpus folder that the index says it was built from; None where it does not say."""
    try:
        text = (current_generation(index_dir) / NAME).read_text(encoding="utf-8")
        return Path(json.loads(text)["corpus_dir"])
    except (IndexMissing, IndexDamaged, OSError, ValueError, KeyError, TypeError):
        return None


def holds_index(index_dir: Path) -> bool:
    """Was an index ever made here, be it damaged?"""
    return os.path.lexists(index_dir / POINTER) or any(index_dir.glob("gen-*"))


@contextmanager
def mending(
    index_dir: Path, corpus: Path | None = None, model: str | None = None
) -> Iterator[None]:
    """Add to every error of the index the command that mends it, with all that it needs.

    `corpus` and `model` are those that the caller wants; without one, the index's own corpus.
    """
    try:
        yield
    except (IndexMissing, IndexDamaged, IndexMismatch) as error:
        raise type(error)(f"{error} {_remedy(index_dir, corpus, model)}") from error


def _remedy(index_dir: Path, corpus: Path | None, model: str | None) -> str:
    corpus = corpus or corpus_of(index_dir)
    if corpus is None and index_dir == default_index() and not holds_index(index_dir):
        corpus = default_corpus()
    where = shlex.quote(str(corpus)) if corpus else "CORPUS"
    command = f"Run: python -m embeddings rebuild --corpus {where} --index "
    command += shlex.quote(str(index_dir))
    if model:
        command += f" --model {shlex.quote(model)}"
    return command if corpus else f"{command} (CORPUS: the folder of your text files)"


def publish(work: Path, index_dir: Path) -> None:
    """Name the finished folder as a generation and point CURRENT to it, each in one step.

    Raises OSError; CURRENT then names what it named before, and the new generation is removed.
    """
    for path in (work / NAME, work / "lexical", work):
        sync(path)
    generation = index_dir / work.name.replace("tmp-", "gen-")
    pointer = index_dir / f"{POINTER}.new"
    old = _pointed(index_dir)
    work.rename(generation)
    try:
        pointer.write_text(generation.name + "\n", encoding="utf-8")
        sync(pointer)
        os.replace(pointer, index_dir / POINTER)
    except BaseException:
        with suppress(OSError):
            pointer.unlink(missing_ok=True)
        shutil.rmtree(generation, ignore_errors=True)
        raise
    with suppress(OSError):  # the new index is in place; a file system may know no fsync of folders
        sync(index_dir)
    sweep(index_dir, keep=(generation.name, old))


def sync(path: Path) -> None:
    """fsync a file or, where the system can, a folder."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(index_dir: Path, keep: tuple[str, ...] = ()) -> None:
    """Remove what broken-off builds left and, where `keep` names some, all other generations."""
    for path in index_dir.iterdir():
        stale = path.name.startswith("tmp-")
        stale |= bool(keep) and path.name.startswith("gen-") and path.name not in keep
        if stale and path.is_dir():
            shutil.rmtree(path, ignore_errors=True)


def _pointed(index_dir: Path) -> str:
    try:
        return (index_dir / POINTER).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
