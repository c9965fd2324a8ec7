"""A file that somebody sent goes in; why it may not join the archive comes out, or None.

The name and the first bytes are looked at here; ui/reading.py then reads the whole of it.
"""

from __future__ import annotations

import stat
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePath

from embeddings.pages import SUFFIXES
from ui.told import Told

_NAME_BYTES = 200  # file systems take 255, and " (2)" may be added
_WORD = "word/document.xml"
_MAGIC = (  # how files begin that are no text, and what they are
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "ZIP, Word or Excel"),
    (b"PK\x05\x06", "ZIP"),
    (b"\xd0\xcf\x11\xe0", "Word 97 (.doc)"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"\x7fELF", "ELF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"SQLite format 3", "SQLite"),
)
_NO_TEXT = bytes({*range(0x09), *range(0x0E, 0x1A), *range(0x1C, 0x20), 0x7F})


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is taken of those who send files."""

    files: int = 50  # at once
    file_bytes: int = 20 << 20  # of one file
    bytes_at_once: int = 100 << 20
    archive_files: int = 20_000
    chars: int = 4_000_000  # of the text of one file
    seconds: float = 60.0  # for reading one file
    memory: int = 4 << 30  # bytes for reading it


def name_fault(name: str) -> Told | None:
    """What is wrong with a file's name."""
    odd = [c for c in name if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
    if not name.strip(". "):
        return Told("no name")
    if "/" in name or "\\" in name or name != PurePath(name).name:
        return Told("path")
    if odd:
        return Told("characters", (", ".join(f"U+{ord(c):04X}" for c in sorted(set(odd))),))
    if name.startswith("."):
        return Told("hidden")
    if (size := len(name.encode("utf-8"))) > _NAME_BYTES:
        return Told("long name", (str(size), str(_NAME_BYTES)))
    if name == "README.md":
        return Told("about")
    if PurePath(name).suffix.lower() not in SUFFIXES:
        return Told("ending", (", ".join(SUFFIXES),))
    return None


def file_fault(path: Path, ending: str, limits: Limits) -> Told | None:
    """What is wrong with a file that is to have this ending: no link is followed."""
    found = path.lstat()
    if not stat.S_ISREG(found.st_mode):
        return Told("no file")
    if not found.st_size:
        return Told("empty")
    if found.st_size > limits.file_bytes:
        sizes = found.st_size / (1 << 20), limits.file_bytes / (1 << 20)
        return Told("large", tuple(f"{size:.1f}" for size in sizes))
    return _kind_fault(path, ending.lower())


def _kind_fault(path: Path, ending: str) -> Told | None:
    """Is the content what the ending says?"""
    with path.open("rb") as file:
        head = file.read(4096)
    is_a = next((kind for magic, kind in _MAGIC if head.startswith(magic)), "")
    if ending == ".pdf":
        right = is_a == "PDF"
    elif ending == ".docx":
        right = is_a.startswith("ZIP") and _is_word(path)
    elif head.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16, which holds NUL bytes
        right = True
    else:
        odd = len(head) - len(head.translate(None, _NO_TEXT))
        right = not is_a and b"\0" not in head and odd * 20 <= len(head)
    if right:
        return None
    return Told("kind", (ending[1:], is_a)) if is_a else Told("no kind", (ending[1:],))


def _is_word(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as packed:
            return _WORD in packed.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return False
