"""Damage of every kind, to every file of an index, is a named error."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from embeddings import Config, Encoder, Index, rebuild
from embeddings.errors import CorpusError, IndexDamaged, IndexMismatch, WenjuError
from embeddings.generations import current_generation
from embeddings.manifest import FileRecord, Manifest, file_hash
from embeddings.verify import verify


def flip(path: Path, at: int) -> None:
    """One bit of one byte, the other way round."""
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


DAMAGES: dict[str, Callable[[Path], None]] = {
    "first byte": lambda path: flip(path, 0),
    "middle byte": lambda path: flip(path, path.stat().st_size // 2),
    "last byte": lambda path: flip(path, -1),
    "cut": cut,
    "empty": lambda path: path.write_bytes(b""),
    "missing": Path.unlink,
}


def parts(index_dir: Path) -> list[Path]:
    """The pointer and all files of the current generation."""
    folder = current_generation(index_dir)
    return [index_dir / "CURRENT", *sorted(p for p in folder.rglob("*") if p.is_file())]


def test_whole(built: Path, config: Config, encoder: Encoder) -> None:
    found = verify(built, config, encoder=encoder)
    manifest = Index.open(built, encoder, config).manifest
    assert (found.articles, found.chunks, found.sentences) == (
        manifest.articles,
        manifest.chunks,
        manifest.sentences,
    )
    assert (found.files, found.corpus_files) == (len(manifest.files), 2)
    assert found.least_cosine > 0.999


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_every_file(
    built: Path, config: Config, encoder: Encoder, damage: Callable[[Path], None]
) -> None:
    names = [path.relative_to(built) for path in parts(built)]
    assert len(names) >= 10
    for name in names:
        path = built / name
        whole = path.read_bytes()
        damage(path)
        for read in (Index.open, lambda b, e, c: verify(b, c, encoder=e)):
            with pytest.raises(WenjuError, match=r"Run: python -m embeddings rebuild ") as caught:
                read(built, encoder, config)
            assert type(caught.value).__name__ in ("IndexDamaged", "IndexMissing"), name
        path.write_bytes(whole)
    verify(built, config, encoder=encoder)


def test_files_of_two_generations(
    built: Path, corpus: Path, config: Config, encoder: Encoder
) -> None:
    former = current_generation(built)
    (corpus / "a.txt").write_text("新来的工厂开工。\n", encoding="utf-8")
    rebuild(corpus, built, config, encoder)
    folder = current_generation(built)
    mixed = 0
    for path in parts(built)[1:]:
        other = former / path.relative_to(folder)
        whole = path.read_bytes()
        if other.read_bytes() == whole:
            continue
        shutil.copyfile(other, path)
        with pytest.raises(IndexDamaged):
            Index.open(built, encoder, config)
        path.write_bytes(whole)
        mixed += 1
    assert mixed >= 6
    Index.open(built, encoder, config)


def rewritten(built: Path, name: str, change: Callable[[str], str]) -> None:
    """Change a file of the index and have the manifest say that it was written so."""
    folder = current_generation(built)
    path = folder / name
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    manifest = Manifest.read(folder)
    record = FileRecord(path.stat().st_size, file_hash(path))
    replace(manifest, files={**manifest.files, name: record}).write(folder)


def changed(number: int, **fields: object) -> Callable[[str], str]:
    """The lines with these fields of one object changed."""

    def change(text: str) -> str:
        lines = text.splitlines()
        lines[number] = json.dumps({**json.loads(lines[number]), **fields}, ensure_ascii=False)
        return "\n".join(lines) + "\n"

    return change


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("chunks.jsonl", changed(0, text="别的话。"), "Chunk 0 .* is not the text of a.txt"),
        ("chunks.jsonl", changed(1, spans=[[0, 9999]]), "Chunk 1 .* is not the text of a.txt"),
        ("chunks.jsonl", changed(1, id=7), "Chunk 1 .* names another chunk or article"),
        ("chunks.jsonl", changed(0, article=2), "Chunk 0 .* names another chunk or article"),
        ("articles.jsonl", changed(2, text="Words."), "Article 2 .* is not the text of b.md"),
        ("articles.jsonl", lambda text: text + text, "has 6 articles; its manifest says 3"),
    ],
)
def test_what_no_checksum_tells(
    built: Path, config: Config, encoder: Encoder, name: str, change: Callable[[str], str],
    words: str,
) -> None:  # fmt: skip
    rewritten(built, name, change)
    with pytest.raises(IndexDamaged, match=words):
        verify(built, config, encoder=encoder)


class Turned:
    """The encoder's fingerprint, other vectors: what an exchanged library may do."""

    def __init__(self, encoder: Encoder) -> None:
        self.fingerprint, self.dimension = encoder.fingerprint, encoder.dimension
        self.encode_queries = self.encode_passages = lambda texts: encoder.encode_passages(
            [text[::-1] + "变" for text in texts]
        )[:, ::-1]


def test_a_model_that_gives_other_vectors(built: Path, config: Config, encoder: Encoder) -> None:
    turned: object = Turned(encoder)
    index = Index.open(built, turned, config)  # type: ignore[arg-type]
    with pytest.raises(IndexMismatch, match=r"cosine .* below 0\.995.*Run: .* --full$"):
        index.search_dense("投诉", 1)
    with pytest.raises(IndexMismatch, match=r"Row \d+ .* --full$"):
        verify(built, config, encoder=turned)  # type: ignore[arg-type]
    assert Index.open(built, encoder, config).search_dense("投诉", 1)


def test_a_corpus_that_is_gone(built: Path, corpus: Path, config: Config, encoder: Encoder) -> None:
    shutil.rmtree(corpus)
    with pytest.raises(CorpusError, match="does not exist"):
        verify(built, config, encoder=encoder)
    assert Index.open(built, encoder, config).search_lexical("投诉", 1)
