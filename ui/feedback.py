"""Thumbs and reasons go in, one append-only file of JSON lines comes out, and its list.

    python -m ui.feedback [--json]      # what readers said, oldest first

The file is feedback.jsonl in the data folder ($WENJU_HOME). A line is written whole or not at all;
several threads and processes may write at once.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from pydantic import TypeAdapter, ValidationError

from embeddings.chunks import Span
from embeddings.config import data_dir
from embeddings.errors import WenjuError

if TYPE_CHECKING:  # the list needs no model
    from rag.steps import Reading

Verdict = Literal["up", "down"]
REASON_CHARS = 1000
ANSWER_CHARS = 2000
MOST_BYTES = 64 * 2**20  # of the file; what comes after that is refused
MOST_LINES = 20  # of one answer


class FeedbackError(WenjuError):
    """What a reader said cannot be kept."""


@dataclass(frozen=True, slots=True)
class Cited:
    """Evidence that the answer gave."""

    source: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a reader said of one answer. A later one of the same answer stands in its place."""

    at: str  # UTC, ISO 8601
    about: str  # names the answer
    verdict: Verdict
    reason: str
    question: str
    understood: str  # the question with what a follow-up leaves out
    answer: str
    refused: bool
    confidence: float
    generation: str
    citations: tuple[Cited, ...]

    @classmethod
    def of(cls, about: str, reading: Reading, verdict: str, reason: str) -> Opinion:
        """Raises FeedbackError for a verdict that is none."""
        if verdict not in get_args(Verdict):
            raise FeedbackError(f"{verdict!r:.40} is no verdict; it is up or down.")
        answer = reading.answer
        return cls(
            at=datetime.now(timezone.utc).isoformat(timespec="seconds"),
            about=about,
            verdict="up" if verdict == "up" else "down",
            reason=reason.strip()[:REASON_CHARS],
            question=reading.asked.asked[:REASON_CHARS],
            understood=reading.asked.text[:REASON_CHARS],
            answer=answer.text[:ANSWER_CHARS],
            refused=answer.refused,
            confidence=round(answer.confidence, 4),
            generation=answer.generation,
            citations=tuple(Cited(c.source, c.spans) for c in answer.citations),
        )


class Feedback:
    """The file."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or data_dir() / "feedback.jsonl"
        self._counts: dict[str, int] = {}  # lines of an answer, of this process
        self._writing = threading.Lock()

    def add(self, opinion: Opinion) -> None:
        """Appends one line and waits until it is on disk.

        Raises FeedbackError where the file is full or cannot be written, and for an answer that
        has had its lines.
        """
        line = json.dumps(asdict(opinion), ensure_ascii=False).encode("utf-8") + b"\n"
        with self._writing:
            if self._counts.get(opinion.about, 0) >= MOST_LINES:
                raise FeedbackError("Of this answer enough was said. 对这个回答的意见已经够多了。")
            try:
                self._append(line)
            except OSError as error:
                raise FeedbackError(f"{self.path} cannot be written: {error}.") from error
            self._counts[opinion.about] = self._counts.get(opinion.about, 0) + 1

    def opinions(self) -> Iterator[Opinion | None]:
        """All lines, oldest first; None for a damaged one."""
        if not self.path.exists():
            return
        with self.path.open(encoding="utf-8", errors="replace") as lines:
            for line in filter(str.strip, lines):
                yield _opinion(line)

    def _append(self, line: bytes) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # O_APPEND: the system puts each write at the end, whoever else writes
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
        file = os.open(self.path, flags, 0o600)
        try:
            size = os.fstat(file).st_size
            if size + len(line) > MOST_BYTES:
                raise FeedbackError(f"{self.path} is full ({MOST_BYTES:,} bytes); move it away.")
            os.lseek(file, max(size - 1, 0), os.SEEK_SET)
            if os.read(file, 1) not in (b"", b"\n"):  # a disk that was full cut the last line short
                line = b"\n" + line
            if os.write(file, line) != len(line):
                raise OSError("the disk is full")
            os.fsync(file)
        finally:
            os.close(file)


def latest(opinions: Iterator[Opinion | None]) -> list[Opinion]:
    """Of each answer the last that was said, in the order in which they were first spoken of."""
    last: dict[str, Opinion] = {}
    for opinion in opinions:
        if opinion is not None:
            last[opinion.about] = opinion
    return list(last.values())


def main(argv: list[str] | None = None) -> int:
    """Prints what readers said. Exit status: 0, or 1 where the file cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m ui.feedback", description=_SAYS)
    parser.add_argument("--json", action="store_true", help="one JSON array of all of it")
    parser.add_argument("--file", type=Path, help="another file than the data folder's")
    args = parser.parse_args(argv)
    feedback = Feedback(args.file)
    try:
        lines = list(feedback.opinions())
    except OSError as error:
        print(f"{feedback.path} cannot be read: {error}", file=sys.stderr)
        return 1
    said = latest(iter(lines))
    if args.json:
        print(json.dumps([asdict(opinion) for opinion in said], ensure_ascii=False, indent=1))
    else:
        for opinion in said:
            print(_told(opinion))
        ups = sum(opinion.verdict == "up" for opinion in said)
        print(f"{ups} up, {len(said) - ups} down: {feedback.path}")
    if damaged := lines.count(None):
        print(f"{damaged} damaged lines were left out", file=sys.stderr)
    return 0


_SAYS = "Lists what readers said of answers, oldest first."


def _told(opinion: Opinion) -> str:
    """Two or three lines; control characters, which a terminal would obey, are left out."""
    answer = f"{opinion.answer} ({opinion.confidence:.2f})"
    parts = [f"{opinion.at}  {opinion.verdict:4}  {opinion.question}", f"    → {answer}"]
    parts += [f"    “{opinion.reason}”"] * bool(opinion.reason)
    return "\n".join("".join(c for c in part if c.isprintable()) for part in parts)


@lru_cache(maxsize=1)
def _form() -> TypeAdapter[Opinion]:
    return TypeAdapter(Opinion)


def _opinion(line: str) -> Opinion | None:
    try:
        return _form().validate_json(line)
    except ValidationError:
        return None


if __name__ == "__main__":
    sys.exit(main())
