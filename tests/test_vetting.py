"""What may not join an archive is refused, and is told why."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

from tests.archives import BRIDGE, LIBRARY, PARK, keys, texts
from tests.test_documents import docx, pdf
from ui.archive import Archive
from ui.vetting import Limits, name_fault


def zipped(**files: str | bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name.replace("_", "/"), data)
    return out.getvalue()


def bomb() -> bytes:
    """A Word file of some hundred kilobytes that unpacks to more than may be read."""
    whole = io.BytesIO(docx("zh"))
    with zipfile.ZipFile(whole, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/media/a.xml", b" " * (201 << 20))
    return whole.getvalue()


def test_what_is_no_article_is_refused_and_says_why(archive: Archive, send: Any) -> None:
    link = send("link.txt", "")
    link.path.unlink()
    link.path.symlink_to("/etc/passwd")
    refused = {
        "path": [send(name, BRIDGE) for name in ("../a.txt", "/etc/a.txt", "..\\a.txt", "b/c.txt")],
        "hidden": [send(".a.txt", BRIDGE)],
        "no name": [send(name, BRIDGE) for name in ("", "..", " ")],
        "characters": [send("a\u202etxt.exe.txt", BRIDGE), send("a\n.txt", BRIDGE)],
        "long name": [send("长" * 70 + ".txt", BRIDGE)],
        "about": [send("README.md", BRIDGE)],
        "ending": [send(name, BRIDGE) for name in ("a.exe", "a.txt.zip", "txt", "a.doc")],
        "no file": [link],
        "empty": [send("e.txt", "")],
        "large": [send("l.txt", "长" * 700_000)],
        "kind": [
            send("pdf.txt", pdf("x")),
            send("zip.docx", zipped(a="1")),
            send("zip.md", zipped(a="1")),
            send("word.pdf", docx("zh")),
        ],
        "no kind": [
            send("text.pdf", BRIDGE),
            send("nul.txt", b"a\0b" * 50),
            send("noise.html", bytes(range(1, 255)) * 9),
        ],
        "unreadable": [
            send("bomb.docx", bomb()),
            send("broken.pdf", b"%PDF-1.4\nnothing"),
            send("blank.pdf", pdf("")),
        ],
        "nothing": [send("blank.txt", "\n \n")],
    }
    files = [file for group in refused.values() for file in group]
    before = archive.bot.generation
    archive.limits = Limits(file_bytes=2 << 20)
    outcomes = archive.add(files, "replace")
    assert keys(outcomes) == [key for key, group in refused.items() for _ in group]
    assert not any(outcome.done for outcome in outcomes)
    assert archive.bot.generation == before and texts(archive) == {"a.txt": LIBRARY}
    assert archive.removed() == []
    assert [p.name for p in archive.corpus.iterdir()] == ["a.txt"]
    said = {outcome.name: outcome.told[0] for outcome in outcomes}
    assert said["bomb.docx"].say("en").startswith("bomb.docx cannot be read as docx")
    assert "and no more than 200 MB in 5000 are read" in said["bomb.docx"].say("en")
    assert "U+202E" in said["a\u202etxt.exe.txt"].say("zh")
    assert said["pdf.txt"].say("en") == "This is no txt but PDF. Save it in the right format."


def test_a_reader_that_breaks_takes_nothing_with_it(archive: Archive, send: Any) -> None:
    files = [send("long.txt", BRIDGE * 40), send("b.txt", BRIDGE)]
    archive.limits = Limits(chars=500)
    assert keys(archive.add(files, "leave")) == ["long", "added"]
    archive.limits = Limits(memory=100 << 20)  # not even the interpreter's libraries
    assert keys(archive.add([send("c.txt", PARK)], "leave")) == ["crashed"]
    archive.limits = Limits(seconds=0.01)
    assert keys(archive.add([send("c.txt", PARK)] * 2, "leave")) == ["slow", "slow"]
    assert set(archive.files()) == {"a.txt", "b.txt"}


def test_no_more_than_the_limits_are_taken(archive: Archive, send: Any) -> None:
    files = [send(f"{n}.txt", f"{BRIDGE}{n}座桥。\n") for n in range(3)]
    archive.limits = Limits(files=2)
    assert keys(archive.add(files, "leave")) == ["added", "added", "many"]
    archive.limits = Limits(archive_files=3)
    assert keys(archive.add(files[2:], "leave")) == ["full"]
    assert len(archive.files()) == 3


@pytest.mark.parametrize(
    "name", ["a.txt", "报纸 (2).MD", "<b>x&y.html", "a.b.docx", "-x.pdf", "#$`!.txt"]
)
def test_names_that_are_only_odd_are_taken(name: str) -> None:
    assert name_fault(name) is None
