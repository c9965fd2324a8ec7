"""Rebuilds that are killed at random moments, or find the disk full; what is left must be whole.

python -m tests.kill WORK_DIR [TIMES]          kills TIMES rebuilds (100) at work
python -m tests.kill WORK_DIR TIMES full       TIMES rebuilds on a file system with no space (root)
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from embeddings import Config, Index, rebuild
from embeddings.generations import current_generation
from embeddings.verify import verify
from tests.tiny import HashEncoder

ENCODER: Any = HashEncoder()
_PAGE = "第{n}座工厂开工\n\n本报讯 第{n}座工厂第{m}次开工,工人{m}{n}0名,造价{n}亿元。\n"
_PAGE_EN = "Factory {n} Opens\n\nFactory {n} opened for time {m} with {n}{m}0 workers on site.\n"
_BUILD = """
import sys
from embeddings import WenjuError, rebuild
from tests.tiny import HashEncoder
def work():
    try:
        rebuild(*sys.argv[1:3], encoder=HashEncoder(), workers=1)
    except WenjuError as error:
        sys.exit(f"{type(error).__name__}: {error}")
"""
# Loads all that a rebuild loads, once; then each line of seconds is a process of its own that
# rebuilds, and is killed after so many.
_FORKS = """
import os, signal, time
import faiss
from embeddings import Config
from embeddings.leaves import cut
cut("工厂开工\\n\\n工厂昨日开工。Work starts.\\n", Config().index_settings())
print("ready", flush=True)
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    if line != "inf\\n":
        time.sleep(float(line))
        if os.waitpid(child, os.WNOHANG) == (0, 0):
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            print("killed", flush=True)
            continue
    else:
        os.waitpid(child, 0)
    print("ended", flush=True)
"""


class Trial:
    """A corpus that changes, and its index."""

    def __init__(self, work: Path, files: int) -> None:
        self.work, self.files, self.round = work, files, 0
        self.corpus, self.index_dir = work / "corpus", work / "index"
        self._former = work / "former"  # the corpus as it was before the last change
        self.corpus.mkdir(parents=True)
        self.change()
        rebuild(self.corpus, self.index_dir, encoder=ENCODER, workers=1)

    def change(self) -> None:
        """Other text in every third file; in all of them the first time."""
        shutil.rmtree(self._former, ignore_errors=True)
        shutil.copytree(self.corpus, self._former)
        for n in range(self.round % 3, self.files, 3 if self.round else 1):
            page = (_PAGE, _PAGE_EN)[n % 2].format(n=n, m=self.round)
            (self.corpus / f"{n:03d}.txt").write_text(page, encoding="utf-8")
        self.round += 1

    def start(self, before: str = "", work: str = "work()") -> subprocess.Popen[str]:
        """A rebuild in a process of its own, after the lines `before`."""
        where = [str(self.corpus), str(self.index_dir)]
        return subprocess.Popen(
            [sys.executable, "-c", before + _BUILD + work, *where],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    @contextmanager
    def killer(self) -> Iterator[Callable[[float], bool]]:
        """What kills a rebuild so many seconds after it set to work; was it still at it?"""
        with self.start(work=_FORKS) as forks:
            into, out = forks.stdin, forks.stdout
            assert into is not None and out is not None and out.readline() == "ready\n"

            def kill(after: float) -> bool:
                into.write(f"{after}\n")
                into.flush()
                told = out.readline()
                assert told in ("killed\n", "ended\n")
                return told == "killed\n"

            yield kill
            into.close()

    def seconds(self, kill: Callable[[float], bool]) -> float:
        """How long an undisturbed rebuild is at work, of a change."""
        self.change()
        began = time.perf_counter()
        kill(float("inf"))
        return time.perf_counter() - began

    def assert_whole(self, before: Path) -> None:
        """The current generation passes every check and is searched.

        It is the one before, over the corpus as it was before the change, or, where all was done
        when the process ended, the new one.
        """
        current = current_generation(self.index_dir)
        corpus = self._former if current == before else self.corpus
        verify(self.index_dir, Config(), corpus, encoder=ENCODER)
        index = Index.open(self.index_dir, ENCODER, corpus=corpus)
        assert index.search_dense("工厂", 1) and index.search_lexical("factory 工厂", 1)

    def assert_finishes(self) -> None:
        """The next rebuild gives, byte for byte, what an undisturbed one in a new folder gives."""
        made = rebuild(self.corpus, self.index_dir, encoder=ENCODER, workers=1)
        clean_dir = self.work / "clean"
        clean = rebuild(self.corpus, clean_dir, encoder=ENCODER, workers=1)
        ours, other = current_generation(self.index_dir), current_generation(clean_dir)
        assert made.files == clean.files and len(made.files) >= 9
        for name in made.files:
            assert (ours / name).read_bytes() == (other / name).read_bytes(), name
        shutil.rmtree(clean_dir)
        verify(self.index_dir, Config(), encoder=ENCODER)
        left = {path.name for path in self.index_dir.iterdir() if path.is_dir()}
        assert len(left) <= 3 and all(name.startswith("gen-") for name in left)
        assert current_generation(self.index_dir).name in left

    @contextmanager
    def disk(self, size: int) -> Iterator[None]:
        """The index on a file system of so many bytes. PermissionError where none is mounted."""
        kept = self.work / "kept"
        self.index_dir.rename(kept)
        self.index_dir.mkdir()
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(self.index_dir)],
            capture_output=True,
        )
        try:
            if mounted.returncode:
                raise PermissionError(mounted.stderr.decode())
            shutil.copytree(kept, self.index_dir, dirs_exist_ok=True)
            yield
        finally:
            if not mounted.returncode:
                shutil.rmtree(kept)
                shutil.copytree(self.index_dir, kept)
                subprocess.run(["umount", str(self.index_dir)], check=True)
            self.index_dir.rmdir()
            kept.rename(self.index_dir)

    def fill(self, left: int) -> None:
        """Put a file there that leaves so many bytes."""
        found = os.statvfs(self.index_dir)
        path = self.index_dir / "filler"
        with path.open("wb") as file:
            file.write(b"\0" * max(found.f_bavail * found.f_frsize - left, 0))


def main(work: Path, times: int, full: bool) -> None:
    """Disturb so many rebuilds; one that was done before it could be is not counted."""
    trial = Trial(work, files=30)
    chance, hit, done, began = random.Random(0), 0, 0, time.perf_counter()
    with trial.killer() as kill:
        long = trial.seconds(kill)
        most = enough(trial) if full else 0
        while hit < times:
            trial.change()
            before = current_generation(trial.index_dir)
            if full:
                disturbed = run_out(trial, most * (hit + 1) // (times + 1))
                most = most if disturbed else most * 9 // 10
            else:
                after = chance.uniform(0, 1) * long
                disturbed = kill(after)
                long = 1.05 * long if disturbed else after
                trial.assert_whole(before)
            hit, done = (hit + 1, done) if disturbed else (hit, done + 1)
            trial.assert_finishes()
            if disturbed and hit % 10 == 0:
                print(
                    f"{hit} {'ran out of space' if full else 'killed'} at work ({done} were done "
                    "before); each index left was whole, and each next rebuild gave the bytes of "
                    f"an undisturbed one ({time.perf_counter() - began:.0f} s)",
                    flush=True,
                )


def enough(trial: Trial) -> int:
    """Bytes in which a rebuild of a change fits."""
    space = 1 << 17
    trial.change()
    while run_out(trial, space):
        trial.assert_finishes()
        trial.change()
        space = space * 5 // 4
    return space


def run_out(trial: Trial, space: int) -> bool:
    """A rebuild of a change on a disk with so many free bytes; did it stop for it?

    The old index must then be whole.
    """
    before = current_generation(trial.index_dir)
    with trial.disk(64 << 20):
        trial.fill(space)
        process = trial.start()
        _, told = process.communicate()
        (trial.index_dir / "filler").unlink()
        if process.returncode == 0:
            return False
        assert process.returncode == 1 and current_generation(trial.index_dir) == before, told
        assert told.startswith("IndexNotWritten: The new index could not be written to "), told
        assert "Free some space" in told and "is untouched" in told, told
        assert not [p for p in trial.index_dir.iterdir() if p.name.startswith("tmp-")]
        trial.assert_whole(before)
    return True


if __name__ == "__main__":
    main(
        Path(sys.argv[1]),
        int(sys.argv[2]) if len(sys.argv) > 2 else 100,
        full=sys.argv[3:] == ["full"],
    )
