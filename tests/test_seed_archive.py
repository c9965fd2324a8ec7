"""What is added to the bundled seeds goes into a copy of them, and stays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from embeddings import rebuild
from embeddings.config import default_corpus, default_index
from embeddings.generations import corpus_of, current_generation
from embeddings.manifest import Manifest
from tests.archives import BRIDGE, LIBRARY, chatbot, keys, texts
from tests.tiny import HashEncoder
from ui.archive import Archive, ArchiveError


@pytest.fixture
def seeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in the place of the bundled seeds, and a data folder of its own."""
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "a.txt").write_text(LIBRARY, encoding="utf-8")
    (folder / "README.md").write_text("what this is\n", encoding="utf-8")
    for module in ("embeddings.config", "embeddings.commands", "ui.archive"):
        monkeypatch.setattr(f"{module}.bundled_seeds", lambda: folder)
    monkeypatch.setenv("WENJU_HOME", str(tmp_path / "home"))
    return folder


def test_seeds_are_copied_when_something_is_added_to_them(
    seeds: Path, tmp_path: Path, send: Any
) -> None:
    assert default_corpus() == seeds
    archive = Archive.of(chatbot(default_corpus(), default_index()))
    assert list(archive.files()) == ["a.txt"] and not archive.corpus.exists()
    assert keys(archive.add([send("桥.txt", BRIDGE)], "leave")) == ["added"]
    assert default_corpus() == archive.corpus == tmp_path / "home" / "articles"
    assert texts(archive) == {"a.txt": LIBRARY, "桥.txt": BRIDGE}
    assert {path.name for path in seeds.iterdir()} == {"a.txt", "README.md"}
    assert corpus_of(default_index()) == default_corpus()
    elsewhere = chatbot(seeds, tmp_path / "index")
    with pytest.raises(ArchiveError, match="--corpus FOLDER"):
        Archive.of(elsewhere)


def test_a_later_rebuild_keeps_what_was_added_to_the_seeds(
    seeds: Path, tmp_path: Path, send: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from embeddings import __main__, commands

    archive = Archive.of(chatbot(default_corpus(), default_index()))
    monkeypatch.setattr(archive, "rebuild", lambda *_: 1 / 0)  # the page dies before it has indexed
    with pytest.raises(ZeroDivisionError):
        archive.add([send("桥.txt", BRIDGE)], "leave")
    assert corpus_of(default_index()) == seeds
    monkeypatch.setattr(
        commands,
        "rebuild",
        lambda corpus, index, config, **_: rebuild(
            corpus,
            index,
            config,
            HashEncoder(),  # type: ignore[arg-type]
        ),
    )
    assert __main__.main(["rebuild", "--quiet"]) == 0
    assert corpus_of(default_index()) == tmp_path / "home" / "articles"
    manifest = Manifest.read(current_generation(default_index()))
    assert sorted(manifest.corpus) == ["a.txt", "桥.txt"]
