"""Blocks of (m, d) float32 rows in, one file on the disk out, read back some rows at a time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

_ROW = np.dtype("<f4")


class RowFile:
    """(n, d) float32 rows, n and d as they come; they are never all in memory."""

    def __init__(self, path: Path) -> None:
        """Begin an empty file. Raises OSError."""
        self._path = path
        self._file = path.open("wb")
        self.shape = (0, 0)

    def close(self) -> None:
        """Remove the file."""
        self._file.close()
        self._path.unlink(missing_ok=True)

    def add(self, rows: npt.NDArray[np.float32]) -> None:
        """Put (m, d) rows behind those that are there. Raises OSError."""
        n, d = self.shape
        if n and rows.shape[1] != d:
            raise ValueError(f"Rows of {rows.shape[1]} numbers behind rows of {d}.")
        self._file.write(np.ascontiguousarray(rows, _ROW).tobytes())
        self.shape = (n + len(rows), rows.shape[1])

    def __getitem__(self, some: slice) -> npt.NDArray[np.float32]:
        """(m, d) rows from a start to a stop."""
        n, d = self.shape
        start, stop, _ = some.indices(n)
        self._file.flush()
        rows = np.fromfile(self._path, _ROW, (stop - start) * d, offset=start * d * _ROW.itemsize)
        return rows.reshape(-1, d)
