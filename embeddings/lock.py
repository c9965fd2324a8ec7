"""An index folder in; the right to write it, held by one process at a time, out."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock

from .errors import IndexBusy, IndexNotWritten

_LOCK, _HOLDER = "rebuild.lock", "rebuild.pid"
_REMEDIES = {
    errno.ENOSPC: "Free some space",
    errno.EDQUOT: "Free some space",
    errno.EFBIG: "Free some space",
    errno.EROFS: "Make the folder writable",
    errno.EACCES: "Make the folder writable",
    errno.EPERM: "Make the folder writable",
}


@contextmanager
def writing(index_dir: Path) -> Iterator[None]:
    """Whatever keeps the folder from being written is an IndexNotWritten that says what and where.

    The index that was there stands.
    """
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOENT or not index_dir.exists():
            told = "Somebody removed it meanwhile: run the same command again"
        else:
            told = _REMEDIES.get(error.errno or 0, "Mend that") + " or give another --index folder"
        untouched = "; the index that was there is untouched" if index_dir.exists() else ""
        raise IndexNotWritten(
            f"The new index could not be written to {error.filename or index_dir}: "
            f"{error.strerror or error}. {told}{untouched}."
        ) from error


@contextmanager
def locked(index_dir: Path, wait: float = 0.0) -> Iterator[None]:
    """Hold the folder's lock, made if need be; wait for it so many seconds.

    The system gives the lock back when its holder dies. Raises IndexBusy, which names the holder.
    """
    index_dir.mkdir(parents=True, exist_ok=True)
    holder = index_dir / _HOLDER
    lock = filelock.FileLock(index_dir / _LOCK, timeout=wait)
    try:
        lock.acquire()
    except filelock.Timeout:
        waited = f" for longer than {wait:g} s" if wait else ""
        raise IndexBusy(
            f"The index {index_dir} is being rebuilt by process {_pid(holder)}{waited}. "
            "Wait until it is done (--wait SECONDS)."
        ) from None
    try:
        holder.write_text(f"{os.getpid()}\n", encoding="utf-8")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _pid(holder: Path) -> str:
    try:
        return holder.read_text(encoding="utf-8").strip() or "unknown"
    except OSError:
        return "unknown"
