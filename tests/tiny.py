"""Tiny real models, made in a second, so that tests need no weights and no network."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import numpy.typing as npt

_TEXT = (
    "明水街道党支部居民社区投诉减少小区志愿者网格员工业产值项目记者报道一二三四五六七八九十"
    "牡丹区合作社梨园村民增收，。！？、“”：（）"
)


def _tokenizer_json() -> str:
    """A word piece tokenizer in which each listed Han character is a token of its own."""
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    letters = "abcdefghijklmnopqrstuvwxyz0123456789.,?!'-"
    pieces += [*letters, *(f"##{c}" for c in letters), *dict.fromkeys(_TEXT)]
    vocabulary = {piece: number for number, piece in enumerate(pieces)}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    text: str = tokenizer.to_str()
    return text


def tiny_encoder(folder: Path, seed: int = 0) -> Path:
    """Write a random BERT of two layers and 32 dimensions as a sentence-transformers folder."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    torch.manual_seed(seed)
    body = folder.parent / f"{folder.name}-body"
    body.mkdir(parents=True)
    (body / "tokenizer.json").write_text(_tokenizer_json(), encoding="utf-8")
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_file=str(body / "tokenizer.json"),
        model_max_length=128,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
    )
    tokenizer.save_pretrained(body)
    size = len(json.loads((body / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"])
    config = BertConfig(
        vocab_size=size,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=128,
    )
    BertModel(config).save_pretrained(body)
    words = Transformer(str(body), max_seq_length=128)
    model = SentenceTransformer(modules=[words, Pooling(32, "mean"), Normalize()], device="cpu")
    model.save(str(folder))
    return folder


class HashEncoder:
    """A random unit row for each text, the same for the same text; needs no torch."""

    fingerprint, dimension = "sha256:hash", 16

    def encode_passages(self, texts: list[str]) -> npt.NDArray[np.float32]:
        seeds = [hashlib.sha256(text.encode("utf-8")).digest() for text in texts]
        draws = [np.random.default_rng(list(seed)).normal(size=self.dimension) for seed in seeds]
        rows = np.array(draws, dtype=np.float32)  # (n, d)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    encode_queries = encode_passages
