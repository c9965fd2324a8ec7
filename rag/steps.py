"""The stages of an answer as values: what was retrieved for a question, what was made of it."""

from __future__ import annotations

import time
from dataclasses import dataclass

from .answers import Answer, Hit
from .evidence import Found
from .question import Question


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A question as it was understood, and the passages that are read for it, best first."""

    asked: Question
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """All that an answer was made from."""

    asked: Question
    hits: tuple[Hit, ...]  # best first
    ranked: tuple[tuple[Found, ...], ...]  # candidates of each of the question's parts, best first
    answer: Answer


class Clock:
    """Seconds between stops, by the stage that ended."""

    def __init__(self) -> None:
        self.timings: dict[str, float] = {}
        self._last = time.perf_counter()

    def resume(self) -> None:
        """What passed since the last stop belongs to no stage."""
        self._last = time.perf_counter()

    def stop(self, stage: str) -> None:
        now = time.perf_counter()
        self.timings[stage] = now - self._last
        self._last = now
