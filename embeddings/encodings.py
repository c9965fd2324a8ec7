"""A file's bytes in, its text and the encoding that they are in out; what is not sure is an error.

UTF-8 and a byte order mark tell themselves. GB18030 and Big5 do not: most bytes of the one are some
characters of the other. But a Chinese text is written nearly all in the common characters, and
those of the one lie scattered over the rare ones of the other.
"""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

UTF8 = "utf-8"
_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark it begins with
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_PLAUSIBLE = 0.9  # share of common ones among the characters that are not ASCII
_AHEAD = 0.15  # by which the likelier of two encodings must lead


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text and the encoding that it was read from."""

    text: str
    encoding: str  # "utf-8", "gb18030", "big5", "utf-16", "utf-32"


class UndecidableError(ValueError):
    """Why a file's encoding is not known."""


def decode(data: bytes) -> Decoded:
    """The text of a file. A UTF-8 byte order mark stays a character. Raises UndecidableError."""
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            try:
                return Decoded(data.decode(encoding), encoding)
            except UnicodeDecodeError as error:
                raise UndecidableError(
                    f"begins as {encoding.upper()} and is not (byte {error.start})"
                ) from error
    try:
        return Decoded(data.decode(UTF8), UTF8)
    except UnicodeDecodeError as error:
        where = f"is not UTF-8 (byte {error.start} is 0x{data[error.start]:02x})"
    return _chinese(data, where)


def _chinese(data: bytes, where: str) -> Decoded:
    """The text in the one Chinese encoding that fits it. Raises UndecidableError."""
    found = []
    for encoding, codec, common in (
        ("gb18030", "gb18030", _common_simplified),
        ("big5", "big5hkscs", _common_traditional),
    ):
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        found.append((_share(text, common), encoding, text))
    found.sort(reverse=True)
    if not found or found[0][0] < _PLAUSIBLE:
        raise UndecidableError(f"{where}, nor GB18030 or Big5")
    if len(found) > 1 and found[0][0] - found[1][0] < _AHEAD:
        raise UndecidableError(f"{where}, and may be GB18030 or Big5: it is too short to tell")
    _, encoding, text = found[0]
    return Decoded(text, encoding)


def _share(text: str, common: Callable[[str], bool]) -> float:
    """Share of common characters among those that are not ASCII; 0 where a control one is in it."""
    if any(unicodedata.category(c) == "Cc" and c not in "\t\n\r\f\v" for c in text):
        return 0.0
    wide = [c for c in text if not c.isascii()]
    return sum(map(common, wide)) / len(wide)


def _common_simplified(character: str) -> bool:
    """Is it in GB 2312, the 7445 characters and signs that nearly all print is set from?"""
    try:
        return len(character.encode("gb2312")) == 2
    except UnicodeEncodeError:
        return character in "—·…€"  # where Python's two tables differ


def _common_traditional(character: str) -> bool:
    """Is it one of Big5's signs or its 5401 characters of the first level?"""
    try:
        code = character.encode("big5")
    except UnicodeEncodeError:
        return False
    return len(code) == 2 and 0xA1 <= code[0] <= 0xC6
