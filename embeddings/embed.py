"""The sentences of each page in, their vectors out; several pages are encoded at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import cache

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from .journal import Journal, key_of
from .leaves import cores

Rows = npt.NDArray[np.float32]
Encode = Callable[[list[str]], Rows]  # n texts to (n, d) unit rows; several threads call it
_BATCH = 256  # sentences that are encoded, and kept in the journal, together
_AHEAD = 2  # pages a thread that are begun before the first of them is waited for
_ROW = np.dtype("<f4")


class Embedding:
    """Sentence vectors by page; those of known sentences come out of the journal.

    A page's sentences are encoded together, with no other page's and on one core: a row depends, in
    its last bits, on the texts that it is computed with and on how many cores share the work.
    """

    def __init__(
        self,
        fingerprint: str,
        dimension: int,
        encode: Encode,
        journal: Journal,
        workers: int | None = None,
    ) -> None:
        """`dimension` 0: whatever the first rows have. `workers` threads; None: one a core."""
        self._fingerprint = fingerprint
        self._encode = encode
        self._journal = journal
        self._workers = workers or cores()
        self.dimension = dimension

    def of_each(self, pages: Iterable[Sequence[str]]) -> Generator[Rows]:
        """(n, d) float32 rows of each page's n > 0 sentences, in order; none is encoded twice."""
        with ExitStack() as stack:
            threads = cache(lambda: stack.enter_context(_single_threads(self._workers)))
            begun: deque[tuple[list[Callable[[], Rows]], list[int]]] = deque()
            for sentences in pages:
                place = {text: i for i, text in enumerate(dict.fromkeys(sentences))}
                texts = list(place)
                parts = [texts[i : i + _BATCH] for i in range(0, len(texts), _BATCH)]
                made = [self._begin(part, threads) for part in parts]
                begun.append((made, [place[text] for text in sentences]))
                if len(begun) > _AHEAD * self._workers:
                    yield _finished(*begun.popleft())
            while begun:
                yield _finished(*begun.popleft())

    def _begin(
        self, texts: list[str], threads: Callable[[], ThreadPoolExecutor]
    ) -> Callable[[], Rows]:
        """What gives the rows of texts: the journal has them, or a thread makes them meanwhile."""
        key = key_of("rows", self._fingerprint, *texts)
        data = self._journal.get(key)
        if data is not None:
            known = np.frombuffer(data, dtype=_ROW).reshape(len(texts), -1)
            if self.dimension in (0, known.shape[1]):
                self.dimension = known.shape[1]
                return lambda: known
        made = threads().submit(self._encode, texts)

        def finish() -> Rows:
            rows = np.ascontiguousarray(made.result(), dtype=_ROW)
            self._journal.put(key, rows.tobytes())
            self.dimension = rows.shape[1]
            return rows

        return finish


def _finished(parts: Sequence[Callable[[], Rows]], places: list[int]) -> Rows:
    found: Rows = np.concatenate([part() for part in parts])[places]
    return found


@contextmanager
def _single_threads(count: int) -> Iterator[ThreadPoolExecutor]:
    """Threads that compute on one core each: a page alone is too little work for several."""
    pool = ThreadPoolExecutor(count, initializer=_keep_to_one_core)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _keep_to_one_core() -> None:
    """This thread alone: torch.set_num_threads would set it for threads that begin later too."""
    import torch

    torch.get_num_threads()  # has torch set up the thread, which would undo what comes now
    threadpool_limits(1, "openmp")
