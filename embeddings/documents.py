"""Bytes of an HTML, PDF or Word file in, their text out; the libraries are an optional extra.

pip install "wenju[documents]"
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import PurePath

from .encodings import Decoded, UndecidableError, decode
from .errors import CorpusError

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_DECLARED_IN = 2048  # bytes from the beginning
_ABOVE = 200  # characters of the text that hold its headline, if it has one
_UNPACKED, _PARTS = 200_000_000, 5000  # bytes and files that a Word file may unpack to


def read_document(name: str, data: bytes) -> Decoded:
    """The text of a document, and the format that it was read from.

    `name` is that of the file, for its ending and for errors. Raises CorpusError where the file
    is damaged, holds no text or needs a library that is not installed.
    """
    ending = PurePath(name).suffix.lower()
    read, package = _READERS[ending]
    try:
        text = read(data)
    except ImportError as error:
        raise CorpusError(
            f"{name} cannot be read without {package}. "
            'Install it: pip install "wenju[documents]", or take the file out of the folder.'
        ) from error
    except UndecidableError as error:
        raise CorpusError(f"{name} {error}. Save it as UTF-8.") from error
    except Exception as error:  # the libraries raise whatever their parts raise
        raise CorpusError(
            f"{name} cannot be read as {ending[1:]}: {type(error).__name__}: {error}. "
            "Save it anew, or take it out of the folder."
        ) from error
    text = text.replace("\r\n", "\n").replace("\x00", "")
    text = text.encode("utf-8", "replace").decode("utf-8")  # half characters
    if not text.strip():
        raise CorpusError(
            f"{name} holds no text (are its pages pictures?). "
            "Put its text there as .txt, or take it out of the folder."
        )
    return Decoded(text, ending[1:])


def _html(data: bytes) -> str:
    """Headline and text of the page, without what stands around them (menus, links)."""
    import trafilatura

    page = _declared(data)
    text = trafilatura.extract(page, include_comments=False, favor_precision=True) or ""
    found = trafilatura.extract_metadata(page) if text else None
    title = (found.title if found else None) or ""
    return text if title in text[:_ABOVE] else f"{title}\n\n{text}"


def _declared(data: bytes) -> str:
    """The page in the encoding that it declares; where it declares none, in what is found out."""
    found = _CHARSET.search(data[:_DECLARED_IN])
    if found and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        name = found.group(1).decode("ascii").lower()
        try:  # a page that says GB2312 is often GBK, which holds it
            return data.decode("gb18030" if name in ("gb2312", "gbk") else name)
        except (LookupError, UnicodeDecodeError) as error:
            raise UndecidableError(f"says that it is {name} and is not") from error
    return decode(data).text


def _pdf(data: bytes) -> str:
    """The text of all pages, an empty line between two."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        return "\n\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def _docx(data: bytes) -> str:
    """Paragraphs and the cells of tables, in order, a line each."""
    import docx

    _check_expansion(data)

    def lines() -> Iterator[str]:
        for block in docx.Document(io.BytesIO(data)).iter_inner_content():
            if hasattr(block, "rows"):
                yield from (cell.text for row in block.rows for cell in row.cells)
            else:
                yield block.text

    return "\n".join(lines()) + "\n"


def _check_expansion(data: bytes) -> None:
    """Raises ValueError for an archive that would fill the memory: zipfile reads no more than each
    entry says that it holds, so what they say together is what can come out.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        entries = packed.infolist()
    size = sum(entry.file_size for entry in entries)
    if size > _UNPACKED or len(entries) > _PARTS:
        raise ValueError(
            f"it unpacks to {size / 1e6:,.0f} MB in {len(entries)} parts, and no more than "
            f"{_UNPACKED / 1e6:,.0f} MB in {_PARTS} are read"
        )


_READERS: dict[str, tuple[Callable[[bytes], str], str]] = {
    ".html": (_html, "trafilatura"),
    ".htm": (_html, "trafilatura"),
    ".pdf": (_pdf, "pypdfium2"),
    ".docx": (_docx, "python-docx"),
}
ENDINGS = tuple(_READERS)
