"""python -m embeddings: what it takes for granted, what it refuses, how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from embeddings.__main__ import main
from embeddings.config import default_corpus
from embeddings.generations import corpus_of, current_generation


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own."""
    monkeypatch.setenv("WENJU_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_command_line(
    corpus: Path, tmp_path: Path, model_dir: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    where = ["--corpus", str(corpus), "--index", str(tmp_path / "i"), "--model", str(model_dir)]
    assert main(["info", *where]) == 1
    assert "There is no index" in capfd.readouterr().err
    assert main(["rebuild", *where, "--json", "--quiet"]) == 0
    out, err = capfd.readouterr()
    assert json.loads(out)["articles"] == 3 and err == ""
    assert main(["verify", *where]) == 0
    capfd.readouterr()
    assert main(["info", *where, "--json"]) == 0
    facts = json.loads(capfd.readouterr().out)
    assert facts["kept"] == [facts["generation"]] and facts["recall"] == 1.0
    assert facts["bytes"] > 1000 and facts["chunks"] >= 3
    (corpus / "a.txt").write_bytes(b"\xff")
    assert main(["rebuild", *where, "--quiet"]) == 2
    assert "a.txt is not UTF-8" in capfd.readouterr().err
    assert main(["verify", *where]) == 1
    with pytest.raises(SystemExit) as stop:
        main(["no-such-command"])
    assert stop.value.code == 2


def test_an_index_knows_its_corpus(
    corpus: Path, tmp_path: Path, model_dir: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    index = ["--index", str(tmp_path / "i"), "--model", str(model_dir)]
    assert main(["rebuild", "--corpus", str(corpus), *index, "--quiet"]) == 0
    assert main(["verify", *index]) == 0
    (corpus / "c.txt").write_text("新来的工厂开工。", encoding="utf-8")
    assert main(["verify", *index]) == 1
    assert f"c.txt is new. Run: python -m embeddings rebuild --corpus {corpus} {index[0]}" in (
        capfd.readouterr().err
    )
    assert main(["rebuild", *index, "--json", "--quiet"]) == 0
    assert set(json.loads(capfd.readouterr().out)["corpus"]) == {"a.txt", "b.md", "c.txt"}
    assert main(["verify", *index]) == 0


def test_a_damaged_index_is_not_built_from_the_seeds(
    corpus: Path, tmp_path: Path, model_dir: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    index = ["--index", str(tmp_path / "i"), "--model", str(model_dir), "--quiet"]
    assert main(["rebuild", "--corpus", str(corpus), *index]) == 0
    (current_generation(tmp_path / "i") / "chunks.jsonl").write_text("{", encoding="utf-8")
    assert main(["verify", *index]) == 1 and main(["rebuild", *index]) == 0
    assert corpus_of(tmp_path / "i") == corpus
    (current_generation(tmp_path / "i") / "manifest.json").write_text("{", encoding="utf-8")
    assert main(["rebuild", *index]) == 2
    assert "Give that folder as --corpus" in capfd.readouterr().err
    assert main(["rebuild", "--corpus", str(corpus), *index]) == 0


@pytest.mark.parametrize("command", ["rebuild", "verify"])
def test_a_corpus_needs_an_index(
    command: str, corpus: Path, home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        main([command, "--corpus", str(corpus)])
    assert stop.value.code == 2 and "--corpus needs --index" in capfd.readouterr().err
    assert not home.exists()


@pytest.mark.parametrize("where", [[], ["--corpus", str(default_corpus())]])
def test_the_default_corpus_has_the_default_index(
    where: list[str], home: Path, model_dir: Path
) -> None:
    assert main(["rebuild", *where, "--model", str(model_dir), "--quiet"]) == 0
    assert corpus_of(home / "index") == default_corpus()


def test_a_c_locale(corpus: Path, tmp_path: Path, model_dir: Path) -> None:
    (corpus / "a.txt").rename(corpus / "新闻.txt")
    env = {name: value for name, value in os.environ.items() if name != "PYTHONIOENCODING"}
    env |= {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}

    def run(*args: str) -> tuple[int, str, str]:
        command = [sys.executable, "-m", "embeddings", *args]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", env=env)
        return done.returncode, done.stdout, done.stderr

    where = ["--index", str(tmp_path / "新索引"), "--model", str(model_dir)]
    status, out, error = run("rebuild", "--corpus", str(corpus), *where, "--json", "--quiet")
    assert status == 0 and set(json.loads(out)["corpus"]) == {"新闻.txt", "b.md"}, error
    assert run("verify", *where)[0] == 0
    (corpus / "新闻.txt").write_text("改了。", encoding="utf-8")
    status, _, error = run("verify", *where)
    assert status == 1 and "file 新闻.txt was" in error and "Traceback" not in error
