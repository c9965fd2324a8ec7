"""Rebuilds that are killed at random moments; what is left must be whole.

python -m tests.kill WORK_DIR [TIMES]      default: 100 kills
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
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
try:
    rebuild(*sys.argv[1:3], encoder=HashEncoder(), workers=1)
except WenjuError as error:
    sys.exit(f"{type(error).__name__}: {error}")
"""


class Trial:
    """A corpus that changes, and its index."""

    def __init__(self, work: Path, files: int) -> None:
        self.work, self.files, self.round = work, files, 0
        self.corpus, self.index_dir = work / "corpus", work / "index"
        self.corpus.mkdir(parents=True)
        self.change()
        rebuild(self.corpus, self.index_dir, encoder=ENCODER, workers=1)

    def change(self) -> None:
        """Other text in every third file; in all of them the first time."""
        for n in range(self.round % 3, self.files, 3 if self.round else 1):
            page = (_PAGE, _PAGE_EN)[n % 2].format(n=n, m=self.round)
            (self.corpus / f"{n:03d}.txt").write_text(page, encoding="utf-8")
        self.round += 1

    def start(self, before: str = "") -> subprocess.Popen[str]:
        """A rebuild in a process of its own, after the lines `before`."""
        where = [str(self.corpus), str(self.index_dir)]
        return subprocess.Popen(
            [sys.executable, "-c", before + _BUILD, *where],
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def seconds(self) -> float:
        """How long an undisturbed rebuild takes, of a change."""
        self.change()
        began = time.perf_counter()
        self.start().communicate()
        return time.perf_counter() - began

    def kill(self, after: float) -> bool:
        """Kill a rebuild after so many seconds; was it still at work?"""
        process = self.start()
        try:
            process.communicate(timeout=after)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return True
        return False

    def assert_answers(self) -> None:
        """The current generation opens, its checksums hold, and it is searched."""
        index = Index.open(self.index_dir, ENCODER)
        assert index.search_dense("工厂", 1) and index.search_lexical("factory 工厂", 1)

    def assert_finishes(self) -> None:
        """The next rebuild gives, byte for byte, what an undisturbed one gives."""
        made = rebuild(self.corpus, self.index_dir, encoder=ENCODER, workers=1)
        clean = rebuild(self.corpus, self.work / f"clean-{self.round}", encoder=ENCODER, workers=1)
        assert made.files == clean.files
        verify(self.index_dir, Config(), encoder=ENCODER)
        left = {path.name for path in self.index_dir.iterdir() if path.is_dir()}
        assert len(left) <= 3 and all(name.startswith("gen-") for name in left)
        assert current_generation(self.index_dir).name in left


def main(work: Path, times: int) -> None:
    """Kill so many rebuilds and say how many of them were at work."""
    trial = Trial(work, files=30)
    long, chance, killed = trial.seconds(), random.Random(0), 0
    for n in range(1, times + 1):
        trial.change()
        killed += trial.kill(chance.uniform(0.2, 1.1) * long)
        trial.assert_answers()
        if n % 10 == 0:
            trial.assert_finishes()
            print(f"{killed} of {n} killed at work; each index left was whole", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 100)
