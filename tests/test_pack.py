"""Packing: one file there and back; an archive that means harm is refused."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest

from embeddings import Config
from embeddings.__main__ import main
from embeddings.errors import CorpusError, IndexDamaged, IndexNotWritten
from embeddings.generations import corpus_of
from embeddings.pack import pack, unpack
from embeddings.verify import verify


def test_there_and_back(
    built: Path, corpus: Path, config: Config, model_dir: Path, tmp_path: Path
) -> None:
    done = pack(built, tmp_path / "a.zip", {"encoder": model_dir})
    assert done.models == ("encoder",)
    shutil.rmtree(corpus)
    shutil.rmtree(built)
    back = unpack(tmp_path / "a.zip", tmp_path / "there")
    assert (back.files, back.models) == (done.files + 1, ("encoder",))
    assert corpus_of(tmp_path / "there" / "index") == tmp_path / "there" / "corpus"
    there = Config(encoder=str(tmp_path / "there" / "encoder"))
    found = verify(tmp_path / "there" / "index", there)
    assert (found.corpus_files, found.articles) == (2, 3)
    assert not [p for p in tmp_path.iterdir() if p.name.endswith(".part")]


def test_the_command_line(
    built: Path, model_dir: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    archive, there = str(tmp_path / "a.zip"), str(tmp_path / "there")
    assert main(["pack", archive, "--index", str(built), "--model", str(model_dir)]) == 0
    assert main(["unpack", archive, there]) == 0
    assert f"--index {there}/index --model {there}/encoder" in capfd.readouterr().out
    assert main(["unpack", archive, there]) == 1
    assert "exists. Give a folder that does not" in capfd.readouterr().err


@pytest.mark.parametrize(
    "name",
    [
        "../out.txt",
        "/out.txt",
        "index/../../out.txt",
        "index\\..\\out.txt",
        "C:/out.txt",
        "other/x",
    ],
)
def test_a_place_outside_is_refused(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as out:
        out.writestr("index/CURRENT", "gen-1\n")
        entry = zipfile.ZipInfo()
        entry.filename = name
        out.writestr(entry, "harm")
    before = set(tmp_path.rglob("*"))
    with pytest.raises(IndexDamaged, match="which no packed index does. Nothing was unpacked"):
        unpack(tmp_path / "a.zip", tmp_path / "deep" / "there")
    assert set(tmp_path.rglob("*")) == before


def test_a_link_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as out:
        entry = zipfile.ZipInfo("corpus/a.txt")
        entry.external_attr = 0o120777 << 16
        out.writestr(entry, "/etc/passwd")
    with pytest.raises(IndexDamaged, match="corpus/a.txt"):
        unpack(tmp_path / "a.zip", tmp_path / "there")
    assert not (tmp_path / "there").exists()


def test_a_damaged_archive(built: Path, tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    pack(built, archive)
    whole = archive.read_bytes()
    for data in (whole[: len(whole) // 2], b"", whole[:300] + b"\xff" * 40 + whole[340:]):
        archive.write_bytes(data)
        with pytest.raises(IndexDamaged, match="no whole archive"):
            unpack(archive, tmp_path / "there")
        assert not (tmp_path / "there").exists()
    with pytest.raises(IndexNotWritten, match="could not be unpacked"):
        unpack(tmp_path / "none.zip", tmp_path / "there")


def test_a_changed_corpus_is_not_packed(built: Path, corpus: Path, tmp_path: Path) -> None:
    (corpus / "a.txt").write_text("改了。", encoding="utf-8")
    with pytest.raises(CorpusError, match="was changed since.*embeddings rebuild --index"):
        pack(built, tmp_path / "a.zip")
    assert not (tmp_path / "a.zip").exists()
