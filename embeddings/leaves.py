"""A page in, what an index keeps of it but vectors out: articles, chunks, search terms.

Each is made from the page alone, whatever else the corpus holds, so that a page that has not
changed need not be worked again, and an index built piece by piece is the one built at once.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from threading import Thread
from typing import Any

from . import terms
from .articles import split_page
from .chunks import Chunk, chunk_articles
from .journal import Journal, key_of
from .pages import TextFile
from .records import IndexedArticle, article_of, chunk_of

_WORTH_WORKERS = 8  # pages; for fewer, starting processes takes longer than the work


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page cut up. Ids of chunks and numbers of articles count from the page's first."""

    articles: tuple[IndexedArticle, ...]
    chunks: tuple[Chunk, ...]
    words: tuple[list[str], ...]  # search terms of each chunk

    def without(self, gone: set[int]) -> Leaf:
        """The leaf without the articles of these numbers; what is left is counted anew."""
        kept = [n for n in range(len(self.articles)) if n not in gone]
        number = {old: new for new, old in enumerate(kept)}
        stay = [i for i, chunk in enumerate(self.chunks) if chunk.article in number]
        return Leaf(
            tuple(self.articles[n] for n in kept),
            tuple(
                replace(self.chunks[i], id=new, article=number[self.chunks[i].article])
                for new, i in enumerate(stay)
            ),
            tuple(self.words[i] for i in stay),
        )


def cut(text: str, settings: Mapping[str, Any]) -> bytes:
    """The Leaf of a page's text, as compressed JSON."""
    found = split_page(text)
    chunks = chunk_articles(
        "",
        found,
        chunk_chars=int(settings["chunk_chars"]),
        overlap_sentences=int(settings["overlap_sentences"]),
    )
    words = []
    for chunk in chunks:
        above = f"{found[chunk.article].kicker}\n{chunk.title}"
        words.append(terms.passage_terms(f"{above}\n{chunk.text}", int(settings["gloss_senses"])))
    leaf = {
        "articles": [asdict(IndexedArticle.of("", article)) for article in found],
        "chunks": [asdict(chunk) for chunk in chunks],
        "words": words,
    }
    return zlib.compress(json.dumps(leaf).encode("ascii"), 1)


def leaf_of(source: str, data: bytes) -> Leaf:
    """What `cut` gave, as the Leaf of this file."""
    values = json.loads(zlib.decompress(data))
    return Leaf(
        tuple(article_of({**row, "source": source}) for row in values["articles"]),
        tuple(chunk_of({**row, "source": source}) for row in values["chunks"]),
        tuple(values["words"]),
    )


def cut_pages(
    pages: Sequence[TextFile],
    settings: Mapping[str, Any],
    basis: str,
    journal: Journal,
    workers: int | None,
) -> Iterator[Leaf]:
    """The leaf of each page, in order; those of known text come out of the journal.

    `basis` says what they are made by: code, settings, dictionaries. `workers` processes do what
    is left; None: as many as there are cores, where that is worth it.
    """
    keys = [key_of("cut", basis, page.text) for page in pages]
    new = {key: page.text for key, page in zip(keys, pages, strict=True) if key not in journal}
    if workers is None:
        workers = cores() if len(new) >= _WORTH_WORKERS else 1
    with ExitStack() as stack:
        work = partial(cut, settings=settings)
        made = zip(new, _mapped(work, new.values(), workers, stack), strict=True)
        for page, key in zip(pages, keys, strict=True):
            data = journal.get(key)
            if data is None:
                done, data = next(made, (b"", b""))
                if done != key:  # what the journal holds of it is damaged
                    data = cut(page.text, settings)
                journal.put(key, data)
            yield leaf_of(page.source, data)


def cores() -> int:
    """How many processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _mapped(
    work: Callable[[str], bytes], texts: Iterable[str], workers: int, stack: ExitStack
) -> Iterator[bytes]:
    """The work of each text, in order, by so many processes; by this one where it is one."""
    if workers <= 1:
        return map(work, texts)
    pool = ProcessPoolExecutor(workers, get_context("spawn"), initializer=_attach)
    stack.callback(pool.shutdown, wait=True, cancel_futures=True)
    with _no_main():
        return pool.map(work, texts)


@contextmanager
def _no_main() -> Iterator[None]:
    """Let processes start without the user's script, which each would run once more.

    A spawned process imports the main module from its file, if it is told of one, and a script
    is not made for that unless it minds __name__. What the workers do is not in it.
    """
    main = vars(sys.modules["__main__"])
    hidden: dict[str, object] = {
        name: main[name] for name in ("__file__", "__spec__") if name in main
    }
    main.update(dict.fromkeys(hidden))
    try:
        yield
    finally:
        main.update(hidden)


def _attach() -> None:
    """Have a worker leave ctrl-C to its parent, and die with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        watch = Thread(target=lambda: (wait([parent.sentinel]), os._exit(1)), daemon=True)
        watch.start()
