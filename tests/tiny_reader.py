"""A tiny real seq2seq reader, random, made in a second, with or without heads."""

from __future__ import annotations

from pathlib import Path


def tiny_reader(folder: Path, model_dir: Path, heads: bool = True, seed: int = 0) -> Path:
    """Write a random BART of one layer each with the tokenizer of a tiny encoder's folder."""
    import torch
    from safetensors.torch import save_file
    from transformers import AutoTokenizer, BartConfig, BartForConditionalGeneration

    from rag.heads import Heads

    torch.manual_seed(seed)
    tokenizer = AutoTokenizer.from_pretrained(model_dir)
    config = BartConfig(
        vocab_size=len(tokenizer),
        d_model=32,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=64,
        decoder_ffn_dim=64,
        max_position_embeddings=512,
        pad_token_id=0,
        bos_token_id=2,
        eos_token_id=3,
        decoder_start_token_id=2,
        forced_eos_token_id=None,
    )
    BartForConditionalGeneration(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    if heads:
        save_file(Heads(32).state_dict(), str(folder / "heads.safetensors"))
    return folder
