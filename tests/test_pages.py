"""Corpus folders: what is read, and what is refused with which words."""

from __future__ import annotations

import errno
import hashlib
import os
import sys
from pathlib import Path

import pytest

from embeddings.errors import CorpusError
from embeddings.pages import corpus_hashes, read_corpus


def test_reads_text_and_markdown_in_order_but_no_readme(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.md").write_bytes("乙\r\n".encode())
    (tmp_path / "a.TXT").write_bytes("\ufeff甲".encode())
    for name in ("README.md", "c.log", ".hidden.txt"):
        (tmp_path / name).write_text("no", encoding="utf-8")
    files = read_corpus(tmp_path)
    assert [(f.source, f.text) for f in files] == [("a.TXT", "\ufeff甲"), ("sub/b.md", "乙\r\n")]
    assert files[1].sha256 == hashlib.sha256("乙\r\n".encode()).hexdigest()
    assert corpus_hashes(tmp_path) == {f.source: f.sha256 for f in files}


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("甲", encoding="utf-8")

    def denied(path: Path) -> bytes:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", denied)
    for read in (corpus_hashes, read_corpus):
        with pytest.raises(CorpusError, match=r"a\.txt cannot be read: Permission denied"):
            read(tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "新闻.txt").write_text("甲", encoding="utf-8")
    assert set(corpus_hashes(tmp_path)) == {"新闻.txt"}
    (tmp_path / os.fsdecode(b"\xd0\xc2.txt")).write_text("甲", encoding="utf-8")
    for read in (corpus_hashes, read_corpus):
        with pytest.raises(CorpusError, match=r"name of the file .*xd0.xc2\.txt' is not UTF-8"):
            read(tmp_path)


def test_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no-such does not exist"):
        read_corpus(tmp_path / "no-such")


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("甲", encoding="utf-8")
    with pytest.raises(CorpusError, match="Give the folder"):
        read_corpus(tmp_path / "a.txt")


def test_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("about", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"holds no file that is read\. .*\.txt, \.md, \.html"):
        read_corpus(tmp_path)


def test_blank_files(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(" \n", encoding="utf-8")
    with pytest.raises(CorpusError, match="All 1 files .* are blank"):
        read_corpus(tmp_path)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"ab\xff\xfe", r"bad\.txt is not UTF-8 \(byte 2 is 0xff\), nor GB18030 or Big5"),
        (b"PK\x00\x01", "NUL character at 2"),
    ],
)
def test_undecodable_file_is_named(tmp_path: Path, data: bytes, words: str) -> None:
    (tmp_path / "good.txt").write_text("好。", encoding="utf-8")
    (tmp_path / "bad.txt").write_bytes(data)
    with pytest.raises(CorpusError, match=words):
        read_corpus(tmp_path)
