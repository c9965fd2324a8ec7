"""Encodings: found out where they can be, an error where they cannot."""

from __future__ import annotations

import pytest

from embeddings.encodings import Decoded, UndecidableError, decode
from tests.conftest import PAGE_EN, PAGE_ZH

TRADITIONAL = "市議會昨日通過新建公園,工程五月開工,造價三百五十萬元。"


@pytest.mark.parametrize(
    ("text", "codec", "encoding"),
    [
        (PAGE_ZH, "utf-8", "utf-8"),
        (PAGE_EN, "ascii", "utf-8"),
        ("\ufeff甲", "utf-8", "utf-8"),
        (PAGE_ZH, "gb18030", "gb18030"),
        ("汉语", "gbk", "gb18030"),
        ("陈毅—“朱镕基”·1998年…", "gbk", "gb18030"),
        (TRADITIONAL, "big5", "big5"),
        (PAGE_ZH, "utf-16", "utf-16"),
        (PAGE_EN, "utf-16", "utf-16"),
        (PAGE_EN, "utf-32", "utf-32"),
    ],
)
def test_what_is_read(text: str, codec: str, encoding: str) -> None:
    assert decode(text.encode(codec)) == Decoded(text, encoding)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("The “café” was closed.".encode("cp1252"), r"byte 4 is 0x93\), nor GB18030 or Big5"),
        ("Le café a été fermé.".encode("latin-1"), "nor GB18030 or Big5"),
        ("市议会".encode("gbk")[:-1], "nor GB18030 or Big5"),
        ("啊".encode("gbk"), "too short to tell"),
        (b"\xff\xfe\x00\xd8", "begins as UTF-16 and is not"),
        (bytes(range(128, 256)), "nor GB18030 or Big5"),
        ("汉语\x00汉语".encode("gbk"), "nor GB18030 or Big5"),
    ],
)
def test_what_is_not(data: bytes, words: str) -> None:
    with pytest.raises(UndecidableError, match=words):
        decode(data)
