"""Rebuilding: in one step or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import filelock
import pytest

from embeddings import Config, Encoder, Index, build, rebuild
from embeddings import generations as generations_of
from embeddings.errors import (
    CorpusError,
    IndexBusy,
    IndexDamaged,
    IndexMissing,
    IndexNotWritten,
    ModelError,
    WenjuError,
)
from embeddings.generations import current_generation
from embeddings.lexical import LexicalIndex
from embeddings.manifest import Manifest
from embeddings.rebuild import rollback
from embeddings.vectors import VectorIndex


def generations(index_dir: Path) -> list[str]:
    """The folders of an index."""
    return sorted(p.name for p in index_dir.iterdir() if p.is_dir())


def test_a_second_build_gives_the_same(
    corpus: Path, tmp_path: Path, config: Config, encoder: Encoder
) -> None:
    first = rebuild(corpus, tmp_path / "a", config, encoder)
    second = rebuild(corpus, tmp_path / "b", config, encoder)
    assert {n: f.sha256 for n, f in first.files.items()} == {
        n: f.sha256 for n, f in second.files.items()
    }


def test_the_last_three_generations_stay(
    corpus: Path, tmp_path: Path, config: Config, encoder: Encoder
) -> None:
    seen = []
    for _ in range(5):
        rebuild(corpus, tmp_path / "i", config, encoder, full=True)
        seen.append(current_generation(tmp_path / "i").name)
    assert len(set(seen)) == 5
    assert generations(tmp_path / "i") == seen[-3:]


def test_an_unchanged_corpus_keeps_its_generation(
    corpus: Path, tmp_path: Path, config: Config, encoder: Encoder
) -> None:
    first = rebuild(corpus, tmp_path / "i", config, encoder)
    before = current_generation(tmp_path / "i")
    assert rebuild(corpus, tmp_path / "i", config) == first
    assert current_generation(tmp_path / "i") == before
    full = rebuild(corpus, tmp_path / "i", config, encoder, full=True)
    assert current_generation(tmp_path / "i") != before and full.files == first.files


def test_rollback_returns_to_a_generation(
    corpus: Path, tmp_path: Path, config: Config, encoder: Encoder
) -> None:
    index_dir = tmp_path / "i"
    seen = []
    for n in range(3):
        (corpus / "c.txt").write_text(f"第{n}座工厂开工。", encoding="utf-8")
        rebuild(corpus, index_dir, config, encoder)
        seen.append(current_generation(index_dir))
    assert rollback(index_dir) == seen[1] == current_generation(index_dir)
    assert "第1座" in Index.open(index_dir, encoder, config).chunks[-1].text
    assert rollback(index_dir, seen[2].name) == seen[2] == current_generation(index_dir)
    rollback(index_dir, seen[0].name)
    (corpus / "c.txt").write_text("又一座工厂开工。", encoding="utf-8")
    rebuild(corpus, index_dir, config, encoder)
    kept = [seen[0].name, seen[2].name, current_generation(index_dir).name]
    assert generations(index_dir) == kept
    with pytest.raises(IndexMissing, match=f"no generation 'gen-9'; it keeps: {kept[0]}, "):
        rollback(index_dir, "gen-9")
    rollback(index_dir, kept[0])
    with pytest.raises(IndexMissing, match="no earlier generation"):
        rollback(index_dir)
    with (seen[2] / "vectors.faiss").open("r+b") as file:
        file.write(b"0")
    with pytest.raises(IndexDamaged, match=r"vectors\.faiss is not what was written"):
        rollback(index_dir, seen[2].name)
    assert current_generation(index_dir) == seen[0]


def test_an_open_index_outlives_a_rebuild(
    corpus: Path, tmp_path: Path, config: Config, encoder: Encoder
) -> None:
    rebuild(corpus, tmp_path / "i", config, encoder)
    old = Index.open(tmp_path / "i", encoder, config)
    (corpus / "c.txt").write_text("新来的工厂开工。", encoding="utf-8")
    rebuild(corpus, tmp_path / "i", config, encoder)
    new = Index.open(tmp_path / "i", encoder, config, corpus)
    assert old.search_lexical("工厂", 3) == []
    assert [new.chunks[i].source for i, _ in new.search_lexical("工厂", 3)] == ["c.txt"]
    assert old.sentence_vectors(0).shape[0] == len(old.chunks[0].sentences)


def test_the_manifest_knows_the_corpus(
    corpus: Path, tmp_path: Path, config: Config, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(corpus.parent)
    manifest = rebuild("./corpus", "i", config, encoder)
    assert manifest.corpus_dir == str(corpus)
    assert Manifest.read(current_generation(tmp_path / "i")) == manifest


def test_progress_ends_at_the_total(
    corpus: Path, tmp_path: Path, config: Config, encoder: Encoder
) -> None:
    last: dict[str, tuple[int, int]] = {}
    rebuild(
        corpus, tmp_path / "i", config, encoder, lambda stage, done, all_: last.update(
            {stage: (done, all_)}
        )
    )  # fmt: skip
    assert set(last) == {"pages", "sentences", "files"}
    assert all(done == total for done, total in last.values())


FAILURES: dict[str, tuple[Any, str]] = {
    "chunks": (build, "line_of"),
    "vectors": (VectorIndex, "save"),
    "words": (LexicalIndex, "write"),
    "manifest": (Manifest, "write"),
    "sync": (build, "sync"),
    "sync at the end": (generations_of, "sync"),
    "pointer": (os, "replace"),
}


@pytest.mark.parametrize("where", FAILURES)
def test_a_full_disk_leaves_the_old_index(
    corpus: Path, tmp_path: Path, config: Config, encoder: Encoder,
    monkeypatch: pytest.MonkeyPatch, where: str,
) -> None:  # fmt: skip
    index_dir = tmp_path / "i"
    rebuild(corpus, index_dir, config, encoder)
    before = current_generation(index_dir).name
    (corpus / "c.txt").write_text("新来的工厂开工。", encoding="utf-8")

    def full(*args: object, **kwargs: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(index_dir / "x"))

    with monkeypatch.context() as patch:
        patch.setattr(*FAILURES[where], full)
        with pytest.raises(IndexNotWritten, match="No space left on device.*untouched"):
            rebuild(corpus, index_dir, config, encoder)
    assert generations(index_dir) == [before] == [current_generation(index_dir).name]
    assert not (index_dir / "CURRENT.new").exists()
    assert Index.open(index_dir, encoder, config).search_lexical("工厂", 1) == []
    rebuild(corpus, index_dir, config, encoder)
    assert Index.open(index_dir, encoder, config, corpus).search_lexical("工厂", 1)
    assert len(generations(index_dir)) == 2


def test_a_build_that_is_broken_off_leaves_the_old_index(
    corpus: Path, tmp_path: Path, config: Config, encoder: Encoder
) -> None:
    index_dir = tmp_path / "i"
    rebuild(corpus, index_dir, config, encoder)
    (index_dir / "tmp-killed").mkdir()
    (corpus / "c.txt").write_text("新来的工厂开工。", encoding="utf-8")
    before = current_generation(index_dir).name

    def stop(stage: str, done: int, total: int) -> None:
        if stage == "files":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild(corpus, index_dir, config, encoder, stop)
    assert generations(index_dir) == [before]
    Index.open(index_dir, encoder, config)


def test_two_at_once(corpus: Path, tmp_path: Path, config: Config, encoder: Encoder) -> None:
    index_dir = tmp_path / "i"
    rebuild(corpus, index_dir, config, encoder)
    before = current_generation(index_dir).name
    with filelock.FileLock(index_dir / "rebuild.lock"):
        (index_dir / "rebuild.pid").write_text("4711\n", encoding="utf-8")
        with pytest.raises(IndexBusy, match="being rebuilt by process 4711"):
            rebuild(corpus, index_dir, config, encoder)
        Index.open(index_dir, encoder, config)
    assert current_generation(index_dir).name == before
    rebuild(corpus, index_dir, config, encoder)


def test_a_bad_corpus_touches_nothing(
    corpus: Path, tmp_path: Path, config: Config, encoder: Encoder
) -> None:
    index_dir = tmp_path / "i"
    rebuild(corpus, index_dir, config, encoder)
    before = current_generation(index_dir).name
    (corpus / "bad.txt").write_bytes(b"ab\xff\xfe")
    with pytest.raises(CorpusError, match=r"bad\.txt is not UTF-8"):
        rebuild(corpus, index_dir, config, encoder)
    with pytest.raises(CorpusError, match="does not exist"):
        rebuild(corpus / "none", index_dir, config, encoder)
    (corpus / "bad.txt").unlink()
    with pytest.raises(ModelError):
        rebuild(corpus, tmp_path / "j", Config(encoder="./none"))
    assert current_generation(index_dir).name == before
    assert not (tmp_path / "j").exists()


def test_marks_without_words_are_no_corpus(
    tmp_path: Path, config: Config, encoder: Encoder
) -> None:
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "a.txt").write_text("———\n* * *\n", encoding="utf-8")
    with pytest.raises(CorpusError, match="no sentence to index"):
        rebuild(tmp_path / "c", tmp_path / "i", config, encoder)
    assert not (tmp_path / "i" / "CURRENT").exists()


def test_an_index_folder_that_cannot_be_made(
    corpus: Path, tmp_path: Path, config: Config, encoder: Encoder
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(IndexNotWritten, match="could not be written"):
        rebuild(corpus, tmp_path / "file" / "i", config, encoder)


def test_every_error_is_a_wenju_error() -> None:
    from embeddings import errors

    named = [e for e in vars(errors).values() if isinstance(e, type)]
    assert len(named) == 9 and all(issubclass(e, WenjuError) for e in named)
