"""Files that were sent go in; which of them may join an archive, and why others may not, out."""

from __future__ import annotations

import shutil
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from embeddings.rebuild import Progress
from ui.reading import articles_in
from ui.told import Told
from ui.vetting import Limits, file_fault, name_fault


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that was sent: where it lies now, and the name that its sender gave it."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file."""

    name: str
    told: tuple[Told, ...]
    done: bool = False
    source: str = ""  # its place in the corpus now


def vetted(
    sent: Sequence[Sent], incoming: Path, room: int, limits: Limits, report: Progress
) -> list[Outcome]:
    """An outcome for each file; those that may join are done and lie in incoming/source.

    incoming: an empty folder, where they are copied to; room: how many the archive takes.
    """
    waiting: dict[int, str] = {}
    outcomes: dict[int, Outcome] = {}
    for number, file in enumerate(sent):
        whole = file.name.encode("utf-8", "replace").decode("utf-8")  # half characters
        name = unicodedata.normalize("NFC", whole)
        fault = name_fault(name)
        if number >= limits.files:
            fault = Told("many", (str(limits.files),))
        elif len(waiting) >= room:
            fault = fault or Told("full", (str(limits.archive_files),))
        with suppress(OSError):
            fault = fault or file_fault(file.path, Path(name).suffix, limits)
        try:
            if fault is None:
                (incoming / str(number)).mkdir()
                shutil.copyfile(file.path, incoming / str(number) / name, follow_symlinks=False)
                waiting[number] = name
        except OSError as error:
            fault = Told("failed", (said(error),))
        outcomes[number] = Outcome(name, (fault,) if fault else (), fault is None)
    places = [f"{number}/{name}" for number, name in waiting.items()]
    found = articles_in(
        incoming, places, chars=limits.chars, memory=limits.memory, seconds=limits.seconds
    )
    for done, (number, read) in enumerate(zip(waiting, found, strict=True), 1):
        report("reading", done, len(waiting))
        if isinstance(read, Told):
            outcomes[number] = Outcome(waiting[number], (_nameless(read, number),))
        else:
            outcomes[number] = replace(outcomes[number], source=f"{number}/{waiting[number]}")
    return list(outcomes.values())


def _nameless(told: Told, number: int) -> Told:
    """Without the folder that the file lay in while it was read."""
    return replace(told, values=tuple(v.replace(f"{number}/", "", 1) for v in told.values))


def said(error: OSError) -> str:
    """What the system says is wrong."""
    return error.strerror or str(error)
