"""An index folder in; its current generation, a new or an earlier one in its place, or what mends
it out.

INDEX/CURRENT holds the name of the generation that is read, INDEX/gen-NUMBER-…/ its files. A build
works in INDEX/tmp-…/ and is renamed when all of it is on the disk; the last few are kept.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .config import default_corpus, default_index
from .errors import IndexDamaged, IndexMismatch, IndexMissing
from .manifest import NAME, SUM

POINTER = "CURRENT"
KEPT = 3  # generations, the current one among them
_NUMBER = re.compile(r"gen-(\d{6,})-")


def current_generation(index_dir: Path) -> Path:
    """The folder that CURRENT names. Raises IndexMissing or IndexDamaged."""
    try:
        text = (index_dir / POINTER).read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise IndexMissing(f"There is no index in {index_dir}.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise IndexDamaged(f"{index_dir / POINTER} cannot be read: {error}.") from error
    name = text.removesuffix("\n")
    folder = index_dir / name
    if text == name or not re.fullmatch(r"gen-[\w-]+", name) or not folder.is_dir():
        raise IndexDamaged(f"{index_dir / POINTER} names {name!r}, which is not there.")
    return folder


def generations(index_dir: Path) -> list[Path]:
    """The folders of all generations that are kept, oldest first."""
    found = [path for path in index_dir.glob("gen-*") if path.is_dir()]
    return sorted(found, key=lambda path: (_number(path), path.name))


def _number(generation: Path) -> int:
    named = _NUMBER.match(generation.name)
    return int(named.group(1)) if named else 0


def earlier(index_dir: Path, name: str | None = None) -> Path:
    """The generation of that name, else the one before the current one.

    Raises IndexMissing where there is none, saying which there are.
    """
    kept = generations(index_dir)
    if name is None:
        current = current_generation(index_dir)
        found = kept[: kept.index(current)][-1:]
    else:
        found = [path for path in kept if path.name == name]
    if not found:
        wanted = f"no generation {name!r}" if name else "no earlier generation"
        there = ", ".join(path.name for path in kept) or "none"
        raise IndexMissing(f"{index_dir} keeps {wanted}; it keeps: {there}.")
    return found[0]


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
        raise type(error)(f"{error} {remedy(index_dir, corpus, model)}") from error


def remedy(index_dir: Path, corpus: Path | None, model: str | None, full: bool = False) -> str:
    """The command that builds the index again, with all that it needs; `full`: from nothing."""
    corpus = corpus or corpus_of(index_dir)
    if corpus is None and index_dir == default_index() and not holds_index(index_dir):
        corpus = default_corpus()
    where = shlex.quote(str(corpus)) if corpus else "CORPUS"
    command = f"Run: python -m embeddings rebuild --corpus {where} --index "
    command += shlex.quote(str(index_dir))
    if model:
        command += f" --model {shlex.quote(model)}"
    if full:
        command += " --full"
    return command if corpus else f"{command} (CORPUS: the folder of your text files)"


def publish(work: Path, index_dir: Path) -> Path:
    """Name the finished folder as a generation and point CURRENT to it, each in one step.

    Returns the generation's folder. Raises OSError; CURRENT then names what it named before, and
    the new generation is removed.
    """
    for path in (work / NAME, work / SUM, *(p for p in work.rglob("*") if p.is_dir()), work):
        sync(path)
    old, kept = _pointed(index_dir), generations(index_dir)
    number = max(map(_number, kept), default=0) + 1
    generation = index_dir / f"gen-{number:06d}-{uuid.uuid4().hex[:6]}"
    work.rename(generation)
    try:
        point(index_dir, generation.name)
    except BaseException:
        if _pointed(index_dir) != generation.name:
            shutil.rmtree(generation, ignore_errors=True)
        raise
    others = [path.name for path in kept if path.name != old]
    sweep(index_dir, keep=(generation.name, old, *others[len(others) - (KEPT - 2) :]))
    return generation


def point(index_dir: Path, name: str) -> None:
    """Have CURRENT name a generation, in one step. Raises OSError."""
    pointer = index_dir / f"{POINTER}.new"
    try:
        pointer.write_text(name + "\n", encoding="utf-8")
        sync(pointer)
        os.replace(pointer, index_dir / POINTER)
    except BaseException:
        with suppress(OSError):
            pointer.unlink(missing_ok=True)
        raise
    with suppress(OSError):  # the pointer is in place; a file system may know no fsync of folders
        sync(index_dir)


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


def worth_keeping(index_dir: Path) -> tuple[str, ...]:
    """The current generation and the newest others, as many as are kept.

    A build that was killed before it swept leaves more. None, where CURRENT names no generation.
    """
    names, current = [path.name for path in generations(index_dir)], _pointed(index_dir)
    if current not in names:
        return ()
    others = [name for name in names if name != current]
    return (current, *others[max(len(others) - (KEPT - 1), 0) :])


def _pointed(index_dir: Path) -> str:
    try:
        return (index_dir / POINTER).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
