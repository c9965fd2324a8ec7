"""What a page was made into is taken over while the page stays; how articles of two files meet."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embeddings import Config, Encoder, Index, leaves, rebuild
from embeddings.__main__ import main
from embeddings.manifest import Manifest

PAGE = "第{n}座工厂开工\n\n本报讯 第{n}座工厂昨日开工,工人{n}00名。\n"
PAGE_EN = "Factory {n} Opens\n\nFactory {n} opened on Tuesday with {n}00 workers on site.\n"


def write(corpus: Path, count: int) -> None:
    """So many files, every other one in English."""
    corpus.mkdir()
    for n in range(count):
        page = (PAGE, PAGE_EN)[n % 2].format(n=n)
        (corpus / f"{n:04d}.txt").write_text(page, encoding="utf-8")


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Pages that are split and sentences that are encoded, as it happens."""
    seen: dict[str, list[str]] = {"pages": [], "sentences": []}
    split, encode = leaves.split_page, Encoder.encode_passages

    def splitting(text: str) -> Any:
        seen["pages"].append(text)
        return split(text)

    def encoding(self: Encoder, texts: list[str]) -> Any:
        seen["sentences"] += texts
        return encode(self, texts)

    monkeypatch.setattr(leaves, "split_page", splitting)
    monkeypatch.setattr(Encoder, "encode_passages", encoding)
    return seen


def forget(work: dict[str, list[str]]) -> None:
    for seen in work.values():
        seen.clear()


def assert_same(one: Manifest, other: Manifest) -> None:
    assert {n: f.sha256 for n, f in one.files.items()} == {
        n: f.sha256 for n, f in other.files.items()
    }


@pytest.mark.parametrize("count", [12, pytest.param(1000, marks=pytest.mark.slow)])
def test_one_changed_file(
    tmp_path: Path, config: Config, encoder: Encoder, work: dict[str, list[str]], count: int
) -> None:
    corpus = tmp_path / "pages"
    write(corpus, count)
    rebuild(corpus, tmp_path / "i", config, encoder, workers=1)
    forget(work)
    began = time.perf_counter()
    rebuild(corpus, tmp_path / "i", config)
    assert time.perf_counter() - began < 2 and work == {"pages": [], "sentences": []}
    page = "又一座工厂开工\n\n本报讯 新来的工厂昨日开工。\n"
    (corpus / "0003.txt").write_text(page, encoding="utf-8")
    (corpus / "0004.txt").rename(corpus / "9999.txt")  # the same text under another name
    made = rebuild(corpus, tmp_path / "i", config, encoder, workers=1)
    assert work["pages"] == [page]
    assert work["sentences"] and all(sentence in page for sentence in work["sentences"])
    assert_same(made, rebuild(corpus, tmp_path / "other", config, encoder, workers=1))


def test_what_was_done_before_a_stop(
    tmp_path: Path, config: Config, encoder: Encoder, work: dict[str, list[str]]
) -> None:
    corpus = tmp_path / "pages"
    write(corpus, 12)
    reported = 0

    def stop(stage: str, done: int, total: int) -> None:
        nonlocal reported
        if stage == "sentences":
            reported = done
            if done > total / 2:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild(corpus, tmp_path / "i", config, encoder, stop, workers=1)
    before = work["sentences"][:reported]
    forget(work)
    made = rebuild(corpus, tmp_path / "i", config, encoder)
    assert work["pages"] == [] and before and work["sentences"]
    assert not set(before) & set(work["sentences"])
    assert_same(made, rebuild(corpus, tmp_path / "other", config, encoder))


def test_other_settings_split_again(
    tmp_path: Path, config: Config, encoder: Encoder, work: dict[str, list[str]]
) -> None:
    corpus = tmp_path / "pages"
    write(corpus, 2)
    rebuild(corpus, tmp_path / "i", config, encoder)
    forget(work)
    rebuild(corpus, tmp_path / "i", Config(encoder=config.encoder, chunk_chars=99), encoder)
    assert len(work["pages"]) == 2 and work["sentences"] == []
    rebuild(corpus, tmp_path / "i", config, encoder, full=True)
    assert len(work["pages"]) == 4 and work["sentences"]


def test_workers_give_the_same(tmp_path: Path, config: Config, encoder: Encoder) -> None:
    write(tmp_path / "pages", 5)
    one = rebuild(tmp_path / "pages", tmp_path / "one", config, encoder, workers=1)
    assert_same(one, rebuild(tmp_path / "pages", tmp_path / "two", config, encoder, workers=2))


def test_workers_do_not_run_the_script_again(tmp_path: Path) -> None:
    """A script that calls without minding __name__, as scripts of a few lines do."""
    write(tmp_path / "pages", 4)
    (tmp_path / "script.py").write_text(
        "from embeddings import rebuild\n"
        "from tests.tiny import HashEncoder\n"
        "print('begun')\n"
        "rebuild('pages', 'index', encoder=HashEncoder(), workers=2)\n"
    )
    path = {"PYTHONPATH": str(Path(__file__).parent.parent)}
    command = [sys.executable, "script.py"]
    done = subprocess.run(
        command, cwd=tmp_path, env=os.environ | path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "begun\n"), done.stderr


def test_a_damaged_journal_is_only_slower(
    tmp_path: Path, config: Config, encoder: Encoder, work: dict[str, list[str]]
) -> None:
    corpus = tmp_path / "pages"
    write(corpus, 4)
    rebuild(corpus, tmp_path / "i", config, encoder)
    (tmp_path / "i" / "journal.sqlite").write_bytes(b"no journal")
    forget(work)
    (corpus / "0001.txt").unlink()
    made = rebuild(corpus, tmp_path / "i", config, encoder)
    assert len(work["pages"]) == 3
    assert_same(made, rebuild(corpus, tmp_path / "other", config, encoder))


@pytest.mark.parametrize("page", [PAGE, PAGE_EN])
def test_an_article_in_two_files_is_one(
    tmp_path: Path, config: Config, encoder: Encoder, page: str
) -> None:
    corpus = tmp_path / "pages"
    corpus.mkdir()
    for name, newline in (("a.txt", "\n"), ("b.txt", "\r\n")):
        text = page.format(n=7).replace("\n", newline)
        (corpus / name).write_bytes(text.encode("utf-8"))
    (corpus / "c.txt").write_text(page.format(n=8), encoding="utf-8")
    manifest = rebuild(corpus, tmp_path / "i", config, encoder)
    index = Index.open(tmp_path / "i", encoder, config, corpus)
    assert [article.source for article in index.articles] == ["a.txt", "c.txt"]
    assert {chunk.source: chunk.article for chunk in index.chunks} == {"a.txt": 0, "c.txt": 1}
    assert [chunk.id for chunk in index.chunks] == list(range(len(index.chunks)))
    assert manifest.repeated == {"b.txt": 1}
    want = encoder.encode_passages(
        [index.chunks[-1].text[s:e] for s, e in index.chunks[-1].sentences]
    )
    assert np.allclose(index.sentence_vectors(index.chunks[-1].id), want, atol=1e-3)


def test_what_was_found_out_is_said(
    tmp_path: Path, model_dir: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    corpus = tmp_path / "pages"
    corpus.mkdir()
    (corpus / "a.txt").write_bytes(PAGE.format(n=7).encode("gb18030"))
    (corpus / "b.txt").write_text(PAGE.format(n=7), encoding="utf-8")
    where = ["--corpus", str(corpus), "--index", str(tmp_path / "i"), "--model", str(model_dir)]
    assert main(["rebuild", *where, "--quiet"]) == 0
    out = capfd.readouterr().out
    assert "a.txt was read as gb18030\n" in out
    assert "b.txt: 1 article left out that an earlier file has too\n" in out
    assert main(["rebuild", *where, "--quiet", "--json"]) == 0
    facts = json.loads(capfd.readouterr().out)
    assert facts["read_as"] == {"a.txt": "gb18030"} and facts["new"] is False
    assert main(["verify", *where, "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["corpus_files"] == 2
