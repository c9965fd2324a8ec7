"""The wheel: what is in it, and that it answers from a folder that is not the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
WEIGHTS = ("embeddings/weights", "rag/weights")
SPLITTER = ("embeddings/seams.npz", "embeddings/splitting.npz", "embeddings/topics.npz")

pytestmark = [pytest.mark.slow, pytest.mark.weights]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ROOT]
    subprocess.run(command, check=True, capture_output=True, text=True)
    (built,) = out.glob("wenju-*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_wheel_holds_the_three_packages_and_nothing_else(names):
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"embeddings", "rag", "ui"}
    for package in ("embeddings", "rag", "ui"):
        assert {f"{package}/__init__.py", f"{package}/__main__.py"} <= names
    assert {"ui/style.css", "ui/sheet.js"} <= names
    assert not [name for name in names if name.endswith(".pyc")]


@pytest.mark.parametrize("folder", WEIGHTS)
def test_wheel_holds_the_weights_byte_for_byte(wheel, folder):
    files = [path for path in (ROOT / folder).rglob("*") if path.is_file()]
    assert any(path.suffix == ".safetensors" for path in files)
    with zipfile.ZipFile(wheel) as archive:
        for path in files:
            name = path.relative_to(ROOT).as_posix()
            assert archive.read(name) == path.read_bytes(), name


def test_wheel_holds_the_seeds_byte_for_byte(wheel):
    seeds = sorted((ROOT / "seeds").glob("*.txt"))
    assert len(seeds) == 5
    with zipfile.ZipFile(wheel) as archive:
        for seed in seeds:
            assert archive.read(f"embeddings/seeds/{seed.name}") == seed.read_bytes()


def test_wheel_holds_licence_and_notice(names):
    found = {Path(name).name for name in names if ".dist-info/licenses/" in name}
    assert found == {"LICENSE", "NOTICE"}


def test_installed_wheel_answers_from_another_folder(wheel, tmp_path):
    site = tmp_path / "site"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", site, wheel]
    subprocess.run(pip, check=True, capture_output=True)
    program = (
        "import json, rag; a = rag.answer('how did 明水街道 reduce complaints?');"
        "print(json.dumps([rag.__file__, a.refused, [c.source for c in a.citations]]))"
    )
    environment = {
        **os.environ,
        "PYTHONPATH": str(site),
        "PYTHONUTF8": "1",
        "WENJU_HOME": str(tmp_path / "home"),
    }
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=elsewhere,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    file, refused, sources = json.loads(done.stdout.splitlines()[-1])
    assert Path(file).is_relative_to(site)
    assert not refused
    assert "004_32eacd7bfa546bd8.txt" in sources
