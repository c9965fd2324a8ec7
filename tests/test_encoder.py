"""The encoder: unit rows, and a fingerprint that tells one model from another."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from embeddings import Encoder
from embeddings.encoder import model_fingerprint
from embeddings.errors import ModelError
from tests.tiny import tiny_encoder


def test_encoder_rows(encoder: Encoder) -> None:
    rows = encoder.encode_passages(["村民", "工业产值", "村民"])
    assert rows.shape == (3, 32) == (3, encoder.dimension) and rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert np.allclose(rows[0], rows[2], atol=1e-5) and not np.allclose(rows[0], rows[1], atol=1e-2)
    assert encoder.encode_queries([]).shape == (0, 32)


def test_fingerprint(model_dir: Path, tmp_path: Path) -> None:
    assert model_fingerprint(str(model_dir)) == model_fingerprint(str(model_dir))
    other = tiny_encoder(tmp_path / "other", seed=1)
    assert model_fingerprint(str(other)) != model_fingerprint(str(model_dir))


@pytest.mark.parametrize("name", ["./no-such", "/no/such", "no-owner/no-model"])
def test_no_such_model(name: str) -> None:
    with pytest.raises(ModelError, match="no-such|no/such|no-model"):
        Encoder.load(name)


def test_a_folder_that_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no modules\.json"):
        Encoder.load(str(tmp_path))
    (tmp_path / "modules.json").write_text("{", encoding="utf-8")
    with pytest.raises(ModelError, match="cannot be loaded"):
        Encoder.load(str(tmp_path))


def cache(hub: Path, revision: str, model: Path) -> None:
    """What `hf download owner/tiny` leaves, with main at `revision`."""
    home = hub / "models--owner--tiny"
    shutil.copytree(model, home / "snapshots" / revision)
    (home / "refs").mkdir(exist_ok=True)
    (home / "refs" / "main").write_text(revision, encoding="utf-8")


def test_a_cached_name_is_known_by_its_files(
    model_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    cache(tmp_path / "hub", "1" * 40, model_dir)
    first = model_fingerprint("owner/tiny")
    assert first == model_fingerprint(str(model_dir)) == Encoder.load("owner/tiny").fingerprint
    cache(tmp_path / "hub", "2" * 40, tiny_encoder(tmp_path / "other", seed=1))
    assert model_fingerprint("owner/tiny") == model_fingerprint(str(tmp_path / "other")) != first


def test_a_name_is_resolved_without_torch(model_dir: Path, tmp_path: Path) -> None:
    cache(tmp_path / "hub", "1" * 40, model_dir)
    code = (
        "import sys\nfrom embeddings.encoder import model_fingerprint\n"
        "print(model_fingerprint('owner/tiny'), 'torch' in sys.modules)"
    )
    env = {**os.environ, "HF_HUB_CACHE": str(tmp_path / "hub")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env)
    assert done.stdout.split() == [model_fingerprint(str(model_dir)), "False"], done.stderr


@pytest.mark.parametrize("name", ["no-owner/no-model", "no-model", "not a name/at all/"])
def test_a_name_that_is_not_cached(name: str) -> None:
    with pytest.raises(ModelError, match="not .or not all. in the Hugging Face cache"):
        model_fingerprint(name)
