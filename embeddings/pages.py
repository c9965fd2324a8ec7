"""A corpus folder in, its files' texts out, each a page.

Read are *.txt and *.md at any depth, and *.html, *.pdf and *.docx through the libraries of the
extra "documents", in the order of their paths. A file named README.md says what the folder is and
is no part of the corpus; files and folders whose name starts with a dot are left.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from .documents import ENDINGS, read_document
from .encodings import UTF8, Decoded, UndecidableError, decode
from .errors import CorpusError

SUFFIXES = (".txt", ".md", *ENDINGS)
_OR_OUT = ", or take it out of the folder"  # what else may be done about a file of a corpus


@dataclass(frozen=True, slots=True)
class TextFile:
    """One file. `text` has its newlines as they stand; a byte order mark stays a character.

    Of a document, it is what was read out of it.
    """

    source: str  # path inside its folder, with forward slashes
    text: str
    sha256: str  # of the file's bytes
    read_as: str = UTF8  # the encoding that was found out, or the format: "pdf"


def corpus_files(folder: Path) -> list[Path]:
    """The files that make up the corpus, sorted by path. Raises CorpusError where none are."""
    try:
        if not folder.exists():
            raise CorpusError(
                f"The corpus folder {folder} does not exist. Give an existing folder."
            )
        if not folder.is_dir():
            raise CorpusError(f"The corpus {folder} is a file. Give the folder that it lies in.")
        found = [p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file()]
    except OSError as error:
        raise CorpusError(
            f"The corpus folder {folder} cannot be read: {error.strerror or error}. "
            "Make it readable, or give another folder."
        ) from error
    found = [
        p
        for p in found
        if p.name != "README.md"
        and not any(part.startswith(".") for part in p.relative_to(folder).parts)
    ]
    if not found:
        raise CorpusError(
            f"The corpus folder {folder} holds no file that is read. "
            f"Put the newspaper pages there ({', '.join(SUFFIXES)})."
        )
    return sorted(found, key=lambda p: p.relative_to(folder).as_posix())


def read_file(path: Path) -> TextFile:
    """One file, wherever it lies. Raises CorpusError where it cannot be read or told what it is."""
    if path.is_dir():
        raise CorpusError(f"{path} is a folder. Give one of the files in it.")
    if not path.exists():
        raise CorpusError(f"The file {path} does not exist. Give an existing text file.")
    return _read(path, path.parent, "")


def _read(path: Path, folder: Path, else_: str) -> TextFile:
    source = _source(path, folder)
    data = _bytes(path, else_)
    if path.suffix.lower() in ENDINGS:
        found = read_document(str(path), data)
    else:
        found = _decoded(path, data, else_)
    text = found.text
    if "\x00" in text:
        raise CorpusError(
            f"{path} holds a NUL character at {text.index(chr(0))}, so it is no text file. "
            f"Convert it to UTF-8 text{else_}."
        )
    return TextFile(source, text, hashlib.sha256(data).hexdigest(), found.encoding)


def _decoded(path: Path, data: bytes, else_: str) -> Decoded:
    try:
        return decode(data)
    except UndecidableError as error:
        raise CorpusError(
            f"{path} {error}. Save it as UTF-8 (iconv -f ENCODING -t UTF-8){else_}."
        ) from error


def read_corpus(folder: Path) -> list[TextFile]:
    """All files of the folder, by path. Raises CorpusError; nothing is left out silently."""
    files = [_read(path, folder, _OR_OUT) for path in corpus_files(folder)]
    if not any(file.text.strip() for file in files):
        raise CorpusError(f"All {len(files)} files in {folder} are blank. Put text into them.")
    return files


def corpus_hashes(folder: Path) -> dict[str, str]:
    """Source to sha256 of each file, which an index compares itself to. Raises CorpusError."""
    files = corpus_files(folder)
    return {_source(path, folder): hashlib.sha256(_bytes(path)).hexdigest() for path in files}


def _bytes(path: Path, else_: str = _OR_OUT) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise CorpusError(
            f"{path} was removed while the folder was being read. Run the same command again."
        ) from error
    except OSError as error:
        raise CorpusError(
            f"{path} cannot be read: {error.strerror or error}. Make it readable{else_}."
        ) from error


def _source(path: Path, folder: Path) -> str:
    """The path inside the folder, read as UTF-8 whatever the locale."""
    try:
        return os.fsencode(path.relative_to(folder).as_posix()).decode("utf-8")
    except UnicodeDecodeError as error:
        raise CorpusError(
            f"The name of the file {os.fsencode(path)!r} is not UTF-8. Give it another name."
        ) from error
