"""The encoder: sentence-transformers' own rows, and a fingerprint that tells models apart."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from embeddings import Encoder
from embeddings.encoder import BUNDLED, batches, bfloat16_is_native, model_fingerprint
from embeddings.errors import ModelError
from tests.tiny import tiny_encoder

TEXTS = [
    "村民",
    "",
    "the council voted 7 to 2",
    "工业产值" * 90,
    "投诉减少",
    "a park, a park",
    "村民",
]
LEAST = {True: 0.999, False: 0.999999}  # cosine to the float32 row, by whether bfloat16 is native


def test_encoder_rows(encoder: Encoder) -> None:
    rows = encoder.encode_passages(["村民", "工业产值", "村民"])
    assert rows.shape == (3, 32) == (3, encoder.dimension) and rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert np.allclose(rows[0], rows[2], atol=1e-5) and not np.allclose(rows[0], rows[1], atol=1e-2)
    assert encoder.encode_queries([]).shape == (0, 32)


def plain_rows(folder: Path, texts: list[str], queries: bool = False) -> np.ndarray:
    """Oracle: (n, d) unit rows of sentence-transformers in float32, a text at a time."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    encode = model.encode_query if queries else model.encode_document
    return np.stack([encode(text, normalize_embeddings=True) for text in texts])


def cosines(encoder: Encoder, folder: Path, texts: list[str]) -> np.ndarray:
    """(n,) cosines of the encoder's rows to the oracle's, which are unit rows in the same order."""
    rows = encoder.encode_passages(texts)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    return (rows * plain_rows(folder, texts)).sum(axis=1)


@pytest.mark.parametrize("native", [True, False])
def test_rows_are_those_of_sentence_transformers(
    model_dir: Path, monkeypatch: pytest.MonkeyPatch, native: bool
) -> None:
    monkeypatch.setattr("embeddings.encoder.bfloat16_is_native", lambda: native)
    monkeypatch.setattr("embeddings.encoder.BATCH_TOKENS", 64)
    monkeypatch.setattr("embeddings.encoder._AT_ONCE", 5)
    encoder = Encoder.load(str(model_dir))
    assert cosines(encoder, model_dir, TEXTS).min() > LEAST[native]
    alone = np.concatenate([encoder.encode_passages([text]) for text in TEXTS])
    assert (alone * encoder.encode_passages(TEXTS)).sum(axis=1).min() > LEAST[native]


@pytest.mark.weights
@pytest.mark.parametrize("native", [True, False])
def test_bundled_rows_are_those_of_sentence_transformers(
    monkeypatch: pytest.MonkeyPatch, native: bool
) -> None:
    monkeypatch.setattr("embeddings.encoder.bfloat16_is_native", lambda: native)
    texts = [
        *TEXTS,
        "牡丹区有42个老旧小区得到治理,村民都说好。",
        "Forty-two old estates were repaired.",
    ]
    assert cosines(Encoder.load(), BUNDLED, texts).min() > LEAST[native]


@pytest.mark.parametrize(
    ("prompts", "default"),
    [
        ({"query": "who? ", "passage": "村民"}, None),
        ({"query": "who? ", "document": "", "other": "村民"}, "other"),
        ({"query": "who? ", "other": "村民"}, "other"),
    ],
)
def test_prompts_are_the_models_own(
    model_dir: Path, tmp_path: Path, prompts: dict[str, str], default: str | None
) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(model_dir), device="cpu", local_files_only=True)
    model.prompts = prompts
    model.default_prompt_name = default
    model.save(str(tmp_path / "m"))
    encoder = Encoder.load(str(tmp_path / "m"))
    asked, told = encoder.encode_queries(TEXTS), encoder.encode_passages(TEXTS)
    assert (asked * plain_rows(tmp_path / "m", TEXTS, queries=True)).sum(axis=1).min() > 0.999
    assert (told * plain_rows(tmp_path / "m", TEXTS)).sum(axis=1).min() > 0.999
    assert (asked * told).sum(axis=1).min() < 0.99


def test_a_model_that_is_no_transformer(model_dir: Path, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer

    words = Tokenizer.from_file(str(model_dir / "tokenizer.json"))
    model = SentenceTransformer(modules=[StaticEmbedding(words, embedding_dim=8)], device="cpu")
    model.save(str(tmp_path / "m"))
    texts = [text for text in TEXTS if text]  # this kind gives "" a row of zeros
    assert cosines(Encoder.load(str(tmp_path / "m")), tmp_path / "m", texts).min() > 0.999999


def test_a_model_that_pads_on_the_left(model_dir: Path, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    shutil.copytree(model_dir, tmp_path / "m")
    settings = tmp_path / "m" / "tokenizer_config.json"
    values = json.loads(settings.read_text(encoding="utf-8"))
    settings.write_text(json.dumps({**values, "padding_side": "left"}), encoding="utf-8")
    model = SentenceTransformer(str(tmp_path / "m"), device="cpu", local_files_only=True)
    assert model.tokenizer.padding_side == "left"
    rows = Encoder.load(str(tmp_path / "m")).encode_passages(TEXTS)
    assert np.allclose(rows, model.encode(TEXTS, normalize_embeddings=True), atol=1e-6)


def test_bfloat16_is_native_where_the_cpu_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for able, native in (
        ({"avx512_bf16": True, "amx_bf16": False}, True),
        ({"amx_bf16": True}, True),
        ({"avx512_bf16": False, "avx2": True}, False),
        ({}, False),  # another make of processor
    ):
        monkeypatch.setattr("torch.cpu.get_capabilities", lambda able=able: able)
        assert bfloat16_is_native() is native


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [
        ([], []),
        ([3, 9, 4, 1], [[1], [2, 0], [3]]),  # 9; 4 and 3 padded to 4; 1
        ([2, 2, 2, 2, 2, 2], [[0, 1, 2, 3], [4, 5]]),  # ties in the order given
        ([0, 20, 0], [[1], [0, 2]]),  # a long one goes alone
    ],
)
def test_batches_are_few_tokens_padded(lengths: list[int], expected: list[list[int]]) -> None:
    assert list(batches(lengths, most=8)) == expected


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
