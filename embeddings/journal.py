"""Results of costly steps, kept by what they were made from, in one file of the index folder.

A rebuild that was broken off, by SIGKILL even, goes on from what stands there, and the next one
takes over what has not changed. Every value has a checksum: a damaged one is made again.
"""

from __future__ import annotations

import errno
import hashlib
import shutil
import sqlite3
from pathlib import Path

NAME = "journal.sqlite"
_TABLE = "CREATE TABLE IF NOT EXISTS results (key BLOB PRIMARY KEY, sum BLOB, value BLOB)"
_DISK = ("full", "disk I/O", "readonly", "unable to open", "locked")  # SQLite's words for it
_SPARE = 1 << 16  # bytes; it takes space by 32 KiB


def key_of(*parts: str) -> bytes:
    """The key of what is made from these texts, in this order."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "little") + data)
    return digest.digest()


class Journal:
    """Keys to values, each written in one transaction. One process at a time may hold it."""

    def __init__(self, path: Path, *, anew: bool = False) -> None:
        """Open the file, made if need be; `anew` forgets what it holds. Raises OSError."""
        self._path = path
        self._used: set[bytes] = set()
        if anew:
            self._remove()
        try:
            self._connection = self._connect()
        except sqlite3.Error as error:
            self._raise_if_disk(error)
            self._remove()  # no database, or a broken one
            self._connection = self._connect()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def get(self, key: bytes) -> bytes | None:
        """What was put under the key; None where nothing was, or it is not what was put."""
        self._used.add(key)
        try:
            query = "SELECT sum, value FROM results WHERE key = ?"
            row = self._connection.execute(query, (key,)).fetchone()
        except sqlite3.Error as error:
            self._start_again(error)
            return None
        if row is None or not all(isinstance(part, bytes) for part in row):
            return None
        total, value = row
        return value if total == _sum(key, value) else None

    def __contains__(self, key: bytes) -> bool:
        """Was something put under the key? `get` says whether it is still what was put."""
        try:
            query = "SELECT 1 FROM results WHERE key = ?"
            return self._connection.execute(query, (key,)).fetchone() is not None
        except sqlite3.Error as error:
            self._start_again(error)
            return False

    def put(self, key: bytes, value: bytes) -> None:
        """Keep the value. Raises OSError where the disk does not take it."""
        self._used.add(key)
        for last in (False, True):
            try:
                command = "INSERT OR REPLACE INTO results VALUES (?, ?, ?)"
                self._connection.execute(command, (key, _sum(key, value), value))
                return
            except sqlite3.Error as error:
                self._start_again(error)
                if last:
                    raise OSError(errno.EIO, str(error), str(self._path)) from error

    def forget_unused(self) -> None:
        """Drop what was neither asked for nor put since the journal was opened."""
        try:
            known = [key for (key,) in self._connection.execute("SELECT key FROM results")]
            gone = [(key,) for key in known if key not in self._used]
            self._connection.execute("BEGIN")
            self._connection.executemany("DELETE FROM results WHERE key = ?", gone)
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            self._start_again(error)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None)
        try:
            connection.execute("PRAGMA auto_vacuum = FULL")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute(_TABLE)
        except BaseException:
            connection.close()
            raise
        return connection

    def _start_again(self, error: sqlite3.Error) -> None:
        """Begin an empty journal in the place of a broken one."""
        self._raise_if_disk(error)
        self._connection.close()
        self._remove()
        self._connection = self._connect()

    def _raise_if_disk(self, error: sqlite3.Error) -> None:
        if isinstance(error, sqlite3.OperationalError) and any(w in str(error) for w in _DISK):
            kinds = {"full": errno.ENOSPC, "readonly": errno.EROFS}
            number = next((n for word, n in kinds.items() if word in str(error)), errno.EIO)
            if number == errno.EIO and _is_full(self._path.parent):
                number = errno.ENOSPC
            raise OSError(number, str(error), str(self._path)) from error

    def _remove(self) -> None:
        for end in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + end).unlink(missing_ok=True)


def _is_full(folder: Path) -> bool:
    """Is there no space? SQLite calls it an I/O error where its shared memory finds none."""
    try:
        return shutil.disk_usage(folder).free < _SPARE
    except OSError:
        return False


def _sum(key: bytes, value: bytes) -> bytes:
    return hashlib.blake2b(key + value, digest_size=16).digest()
