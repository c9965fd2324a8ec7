"""The doctor: all well on a good index; on a bad one, each fault with what mends it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from embeddings import Config
from embeddings.generations import current_generation
from rag.__main__ import main
from rag.doctor import examine
from tests.tiny_reader import tiny_reader

NAMES = ["environment", "disk", "encoder", "reader", "index", "question"]


@pytest.fixture(scope="module")
def reader_dir(model_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_reader(tmp_path_factory.mktemp("reader") / "tiny", model_dir)


def test_all_well(
    built: Path, model_dir: Path, reader_dir: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    where = ["--index", str(built), "--model", str(model_dir), "--reader", str(reader_dir)]
    assert main(["doctor", *where, "--json"]) == 0
    findings = json.loads(capfd.readouterr().out)
    assert [finding["name"] for finding in findings] == NAMES
    assert all(finding["well"] for finding in findings)
    assert "2 files, 3 articles" in findings[4]["told"]
    assert "found; " in findings[5]["told"]


def test_faults_are_told_one_by_one(built: Path, model_dir: Path, reader_dir: Path) -> None:
    (current_generation(built) / "chunks.jsonl").write_text("{", encoding="utf-8")
    found = examine(built, Config(encoder=str(model_dir), reader=str(reader_dir / "none")))
    assert [finding.well for finding in found] == [True, True, True, False, False, False]
    assert "hf download" in found[3].told
    assert "Run: python -m embeddings rebuild" in found[4].told


def test_no_index(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--index", str(tmp_path / "none"), "--model", "./none"]) == 2
    out = capfd.readouterr().out
    assert "NOT encoder     The model folder ./none does not exist" in out
    assert "NOT index" in out and "ok  disk" in out
