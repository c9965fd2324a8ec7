"""Search terms, chunk by chunk, in; for each term its chunks and their BM25 weights out.

What does not fit into a block of memory is put on the disk, sorted, and merged in the end, as
Lucene does with its segments. A term is known by a 64-bit hash: among ten million terms the chance
that two share one is three in a million.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

BLOCK = 1 << 22  # postings that are held in memory at once

Hashes = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]


@lru_cache(maxsize=1 << 18)
def term_hash(term: str) -> int:
    """What a term is known by, in [0, 2**64)."""
    digest = hashlib.blake2b(term.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")


@dataclass(frozen=True, slots=True)
class Postings:
    """The postings of some neighbouring terms: which chunks hold them, and what that weighs."""

    chunks: npt.NDArray[np.int32]  # (p,), by term and then in order
    weights: npt.NDArray[np.float32]  # (p,)


@dataclass(frozen=True, slots=True)
class _Block:
    """Postings of some neighbouring chunks, by term and then by chunk; all (p,)."""

    terms: Hashes
    chunks: npt.NDArray[np.int32]
    counts: npt.NDArray[np.float32]  # how often the term stands in the chunk

    def between(self, first: np.uint64, end: np.uint64 | None) -> _Block:
        """Those of the terms from the first to the end, exclusive."""
        start = np.searchsorted(self.terms, first)
        stop = len(self.terms) if end is None else np.searchsorted(self.terms, end)
        one, two, three = self.terms[start:stop], self.chunks[start:stop], self.counts[start:stop]
        return _Block(np.array(one), np.array(two), np.array(three))


def _joined(blocks: Sequence[_Block]) -> _Block:
    """Blocks of rising chunks as one."""
    terms = np.concatenate([np.zeros(0, np.uint64), *(b.terms for b in blocks)])
    order = np.argsort(terms, kind="stable")
    chunks = np.concatenate([np.zeros(0, np.int32), *(b.chunks for b in blocks)])
    counts = np.concatenate([np.zeros(0, np.float32), *(b.counts for b in blocks)])
    return _Block(terms[order], chunks[order], counts[order])


class Collector:
    """Takes the terms of each chunk, in order, and gives the postings."""

    def __init__(self, spill: Path | None = None, block: int = BLOCK) -> None:
        """`spill`: a folder for what does not fit into memory; None: all of it has to."""
        self._spill = spill
        self._most = block
        self._held: list[_Block] = []  # one a chunk
        self._size = 0  # postings that are held
        self._blocks: list[_Block] = []
        self._lengths: list[int] = []

    def add(self, terms: Sequence[str]) -> None:
        """The next chunk's terms; one that stands twice counts twice. Raises OSError."""
        counts = Counter(map(term_hash, terms))
        self._held.append(
            _Block(
                np.fromiter(counts.keys(), np.uint64, len(counts)),
                np.full(len(counts), len(self._lengths), np.int32),
                np.fromiter(counts.values(), np.float32, len(counts)),
            )
        )
        self._lengths.append(len(terms))
        self._size += len(counts)
        if self._size >= self._most and self._spill is not None:
            self._put_away(self._spill)

    def _put_away(self, folder: Path) -> None:
        """Write what is held to the disk, and read it from there from now on."""
        block, number = _joined(self._held), len(self._blocks)
        for name in ("terms", "chunks", "counts"):
            np.save(folder / f"{number:04d}-{name}.npy", getattr(block, name))
        mapped = [
            np.load(folder / f"{number:04d}-{name}.npy", mmap_mode="r")
            for name in ("terms", "chunks", "counts")
        ]
        self._blocks.append(_Block(*mapped))
        self._held, self._size = [], 0

    def finish(self) -> Table:
        """All that was collected."""
        blocks = [*self._blocks, _joined(self._held)]
        terms, found = np.zeros(0, np.uint64), []
        for block in blocks:
            found.append(np.unique(block.terms, return_counts=True))
            terms = np.union1d(terms, found[-1][0])
        in_chunks = np.zeros(len(terms), np.int64)
        for some, times in found:
            in_chunks[np.searchsorted(terms, some)] += times
        starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(in_chunks)])
        return Table(terms, starts, np.array(self._lengths, np.int32), blocks, self._most)


@dataclass(frozen=True, slots=True)
class Table:
    """Terms with their postings, not yet merged."""

    terms: Hashes  # (t,), rising
    starts: Ints  # (t + 1,): the postings of term i are those from starts[i] to starts[i + 1]
    lengths: npt.NDArray[np.int32]  # (chunks,), in terms
    blocks: Sequence[_Block]
    most: int  # postings that are merged at once, where a single term has not more

    def merged(self, k1: float, b: float) -> Iterator[Postings]:
        """The postings of all terms, in order, weighed by BM25 as in Lucene.

        Kamphuis et al. 2020: idf tf / (tf + k1 (1 - b + b length / mean length)).
        """
        average = float(self.lengths.mean()) if len(self.lengths) else 0.0
        norms = k1 * (1 - b + b * self.lengths / (average or 1.0))  # (chunks,)
        in_chunks = np.diff(self.starts)
        rarity = idf(in_chunks, len(self.lengths))
        first = 0
        while first < len(self.terms):
            after = int(np.searchsorted(self.starts, self.starts[first] + self.most, "right")) - 1
            end = max(after, first + 1)
            bound = self.terms[end] if end < len(self.terms) else None
            some = _joined([block.between(self.terms[first], bound) for block in self.blocks])
            rare = np.repeat(rarity[first:end], in_chunks[first:end])
            weights = rare * some.counts / (some.counts + norms[some.chunks])
            yield Postings(some.chunks, weights.astype(np.float32))
            first = end


def idf(in_chunks: npt.NDArray[np.int64], size: int) -> npt.NDArray[np.float64]:
    """ln(1 + (N - df + .5) / (df + .5)) for terms that stand in so many of `size` chunks."""
    found: npt.NDArray[np.float64] = np.log(1 + (size - in_chunks + 0.5) / (in_chunks + 0.5))
    return found
