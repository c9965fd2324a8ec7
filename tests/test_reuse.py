"""What a rebuild takes over from the index that is there, and what it does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embeddings import Config, Encoder, Index, rebuild
from embeddings.generations import current_generation


def test_known_sentences_are_not_encoded_again(
    corpus: Path, tmp_path: Path, config: Config, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    rebuild(corpus, tmp_path / "i", config, encoder)
    before = Index.open(tmp_path / "i", encoder, config)
    (corpus / "c.txt").write_text("新来的工厂开工。", encoding="utf-8")
    seen: list[str] = []
    encode = Encoder.encode_passages

    def counting(self: Encoder, texts: list[str]) -> Any:
        seen.extend(texts)
        return encode(self, texts)

    monkeypatch.setattr(Encoder, "encode_passages", counting)
    rebuild(corpus, tmp_path / "i", config, encoder)
    assert seen == ["新来的工厂开工。"]
    after = Index.open(tmp_path / "i", encoder, config)
    assert np.array_equal(after.sentence_vectors(0), before.sentence_vectors(0))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("chunks.jsonl", b'{"id": 0}\n'),
        ("chunks.jsonl", b"[]\n"),
        ("chunks.jsonl", b"\xff"),
        ("vectors.faiss", b"nothing"),
        ("manifest.json", b"{}"),
    ],
)
def test_a_damaged_index_is_mended(
    corpus: Path, tmp_path: Path, config: Config, encoder: Encoder, name: str, data: bytes
) -> None:
    rebuild(corpus, tmp_path / "i", config, encoder)
    (current_generation(tmp_path / "i") / name).write_bytes(data)
    rebuild(corpus, tmp_path / "i", config, encoder)
    Index.open(tmp_path / "i", encoder, config, corpus)


def test_no_row_is_taken_from_changed_chunks(
    corpus: Path, tmp_path: Path, config: Config, encoder: Encoder
) -> None:
    rebuild(corpus, tmp_path / "i", config, encoder)
    path = current_generation(tmp_path / "i") / "chunks.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([*lines[1:], lines[0]]), encoding="utf-8")  # of the same size
    rebuild(corpus, tmp_path / "i", config, encoder)
    index = Index.open(tmp_path / "i", encoder, config)
    for chunk in index.chunks:
        want = encoder.encode_passages([chunk.text[s:e] for s, e in chunk.sentences])
        assert np.allclose(index.sentence_vectors(chunk.id), want, atol=1e-3)


def test_a_model_of_another_dimension(
    corpus: Path, tmp_path: Path, config: Config, encoder: Encoder
) -> None:
    class Half:
        """The same fingerprint, half the numbers."""

        fingerprint, dimension = encoder.fingerprint, 16

        def encode_passages(self, texts: list[str]) -> Any:
            return encoder.encode_passages(texts)[:, :16]

    rebuild(corpus, tmp_path / "i", config, encoder)
    (corpus / "c.txt").write_text("新来的工厂开工。", encoding="utf-8")
    half: Any = Half()
    assert rebuild(corpus, tmp_path / "i", config, half).dimension == 16
    assert Index.open(tmp_path / "i", half, config).sentence_vectors(0).shape[1] == 16
