"""Errors of an index say what mends it, and obeying them loses nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from embeddings import Config, Index
from embeddings.errors import IndexDamaged, IndexMismatch, IndexMissing, WenjuError
from embeddings.generations import current_generation
from embeddings.index import read_articles, read_chunks


def test_no_index(tmp_path: Path, config: Config) -> None:
    with pytest.raises(IndexMissing, match="rebuild --corpus CORPUS --index .*none --model"):
        Index.open(tmp_path / "none", config=config)


def test_no_default_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENJU_HOME", str(tmp_path / "home"))
    with pytest.raises(IndexMissing, match="rebuild --corpus .*seeds --index .*home/index$"):
        Index.open(tmp_path / "home" / "index")


def damage_pointer(folder: Path) -> None:
    (folder.parent / "CURRENT").write_text("gen-gone", encoding="utf-8")


def damage_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_text("{", encoding="utf-8")


def another_format(folder: Path) -> None:
    path = folder / "manifest.json"
    values = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**values, "format": 99}), encoding="utf-8")


def cut_chunks(folder: Path) -> None:
    (folder / "chunks.jsonl").write_text("{", encoding="utf-8")


def unseen(name: str, **fields: object) -> Callable[[Path], None]:
    """A change that the checksums do not tell: the manifest is written to fit."""

    def change(folder: Path) -> None:
        data = json.dumps(fields).encode() if fields else b"nothing"
        (folder / name).write_bytes(data)
        values = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        record = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        values["files"][name] = record
        manifest = json.dumps(values).encode()
        (folder / "manifest.json").write_bytes(manifest)
        (folder / "manifest.sha256").write_text(hashlib.sha256(manifest).hexdigest() + "\n")

    return change


@pytest.mark.parametrize(
    ("damage", "knows_corpus"),
    [
        (damage_pointer, False),
        (damage_manifest, False),
        (another_format, True),
        (cut_chunks, True),
        (unseen("chunks.jsonl", id=0), True),
        (unseen("chunks.jsonl", spans=1, sentences=[]), True),
        (unseen("articles.jsonl", spans=[[1]]), True),
        (unseen("vectors.faiss"), True),
        (unseen("lexical/terms.npy"), True),
    ],
)
def test_every_remedy_keeps_the_corpus(
    built: Path, corpus: Path, config: Config, damage: Callable[[Path], None], knows_corpus: bool
) -> None:
    damage(current_generation(built))
    with pytest.raises(WenjuError) as caught:
        Index.open(built, config=config)
    assert isinstance(caught.value, IndexDamaged | IndexMismatch)
    command = f" Run: python -m embeddings rebuild --corpus {corpus if knows_corpus else 'CORPUS'} "
    assert str(caught.value).count(f"{command}--index {built} --model {config.encoder}") == 1


def test_a_remedy_can_be_pasted(corpus: Path, tmp_path: Path, config: Config) -> None:
    with pytest.raises(IndexMissing, match=r"--corpus '.*my texts' --index '.*my index'"):
        Index.open(tmp_path / "my index", config=config, corpus=tmp_path / "my texts")


@pytest.mark.parametrize("line", ["{", "[]", "1", '{"id": 1}', '{"spans": 1, "sentences": 1}'])
def test_lines_that_are_no_chunks(tmp_path: Path, line: str) -> None:
    for name, read in (("chunks", read_chunks), ("articles", read_articles)):
        (tmp_path / f"{name}.jsonl").write_text(line + "\n", encoding="utf-8")
        with pytest.raises(IndexDamaged, match=rf"{name}\.jsonl cannot be read"):
            read(tmp_path)


def test_lines_are_read_when_they_are_asked_for(built: Path) -> None:
    folder = current_generation(built)
    chunks = read_chunks(folder)
    assert [chunk.id for chunk in chunks] == list(range(len(chunks))) and len(chunks) >= 3
    assert chunks[-1] == chunks[len(chunks) - 1] == chunks[1:][-1]
    with pytest.raises(IndexError):
        chunks[len(chunks)]
    path = folder / "chunks.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + b"{\n" + lines[2])
    damaged = read_chunks(folder)
    assert (damaged[0], damaged[2]) == (chunks[0], chunks[2])
    with pytest.raises(IndexDamaged, match=r"chunks\.jsonl cannot be read: line 2"):
        damaged[1]
    path.write_bytes(b"".join(lines)[:-1])
    with pytest.raises(IndexDamaged, match="its last line has no end"):
        read_chunks(folder)
