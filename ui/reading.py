"""Files go in, how many articles each holds comes out: read in a process of its own, with limits.

    python -m ui.reading CHARACTERS BYTES FOLDER NAME...      # one line of JSON for each file

What a parser does with a file that was made to break it (hang, crash, fill the memory) it does to
this process alone: articles_in ends it, says so, and goes on with the next file.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from embeddings.errors import CorpusError
from ui.told import Told

_ROOT = Path(__file__).resolve().parent.parent


def articles_in(
    folder: Path, names: Sequence[str], *, chars: int, memory: int, seconds: float
) -> Iterator[int | Told]:
    """For each file of the folder, in order: the number of its articles, or why it is not read.

    `chars`: most characters of a file; `memory`: bytes of the process; `seconds`: for each file.
    """
    left = list(names)
    while left:
        for found in _lines(folder, left, chars, memory, seconds):
            yield found
            left.pop(0)


def _lines(
    folder: Path, names: Sequence[str], chars: int, memory: int, seconds: float
) -> Iterator[int | Told]:
    """As articles_in, up to and with the first file that the process does not survive."""
    place = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    command = [sys.executable, "-m", "ui.reading", str(chars), str(memory), str(folder), *names]
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": place, "OPENBLAS_NUM_THREADS": "1"},
    ) as child:
        assert child.stdout is not None
        lines: queue.Queue[bytes] = queue.Queue()
        threading.Thread(target=_hand_on, args=(child.stdout, lines)).start()
        try:
            for _ in names:
                line = lines.get(timeout=seconds)
                if not line:
                    yield Told("crashed")
                    return
                yield _found(json.loads(line))
        except queue.Empty:
            yield Told("slow", (f"{seconds:g}",))
        finally:
            child.kill()


def _hand_on(out: IO[bytes], lines: queue.Queue[bytes]) -> None:
    for line in out:
        lines.put(line)
    lines.put(b"")  # the end


def _found(line: dict[str, Any]) -> int | Told:
    return Told(line["why"], tuple(line["values"])) if "why" in line else int(line["articles"])


def main() -> None:
    """Reads the files that the command line names."""
    chars, memory, folder, *names = sys.argv[1:]
    out = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)  # what libraries print
    _limit(int(memory))
    os.chdir(folder)  # errors name a file, not where it lies
    for name in names:
        print(json.dumps(_read(Path(name), int(chars))), file=out, flush=True)


def _limit(memory: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has none
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _read(path: Path, chars: int) -> dict[str, Any]:
    from embeddings.articles import split_page
    from embeddings.pages import read_file

    try:
        text = read_file(path).text
        if len(text) > chars:
            return {"why": "long", "values": [f"{len(text):,}", f"{chars:,}"]}
        articles = len(split_page(text))
    except CorpusError as error:
        return {"why": "unreadable", "values": [str(error)]}
    except MemoryError:
        return {"why": "crashed", "values": []}
    return {"articles": articles} if articles else {"why": "nothing", "values": []}


if __name__ == "__main__":
    main()
