"""A BERT body → a BART-layout seq2seq model whose encoder computes the same.

The layers of both are the same post-norm block under other names.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

State = dict[str, torch.Tensor]


def from_bert(folder: Path, decoder_layers: int = 1) -> Any:
    """A BartForConditionalGeneration from the BERT in `folder`.

    The decoder's layers start from the encoder's last, their cross-attention from its
    self-attention; word vectors are tied. Token types are left out but for type 0.
    """
    from transformers import AutoModel, BartForConditionalGeneration

    bert = AutoModel.from_pretrained(folder)
    bart = BartForConditionalGeneration(_config(bert.config, decoder_layers))
    source, state = bert.state_dict(), bart.state_dict()
    layers = bert.config.num_hidden_layers
    with torch.no_grad():
        _copy_embeddings(source, state)
        for i in range(layers):
            _copy_block(source, f"encoder.layer.{i}", state, f"model.encoder.layers.{i}")
        for i in range(decoder_layers):
            block, target = (
                f"encoder.layer.{layers - decoder_layers + i}",
                f"model.decoder.layers.{i}",
            )
            _copy_block(source, block, state, target)
            _copy_attention(source, block, state, target, "encoder_attn")
    bart.load_state_dict(state)
    bart.tie_weights()
    return bart


def _config(bert: Any, decoder_layers: int) -> Any:
    from transformers import BartConfig

    return BartConfig(
        vocab_size=bert.vocab_size,
        d_model=bert.hidden_size,
        max_position_embeddings=bert.max_position_embeddings - 2,
        encoder_layers=bert.num_hidden_layers,
        encoder_attention_heads=bert.num_attention_heads,
        encoder_ffn_dim=bert.intermediate_size,
        decoder_layers=decoder_layers,
        decoder_attention_heads=bert.num_attention_heads,
        decoder_ffn_dim=bert.intermediate_size,
        activation_function="gelu",
        dropout=0.1,
        attention_dropout=0.0,  # with it, CPUs leave the fused attention kernel: half the speed
        scale_embedding=False,
        pad_token_id=0,
        bos_token_id=2,
        eos_token_id=3,
        decoder_start_token_id=2,
        forced_eos_token_id=None,
        is_encoder_decoder=True,
        tie_word_embeddings=True,
    )


def _copy_embeddings(source: State, state: State) -> None:
    state["model.shared.weight"].copy_(source["embeddings.word_embeddings.weight"])
    positions = source["embeddings.position_embeddings.weight"]
    positions = positions + source["embeddings.token_type_embeddings.weight"][0]
    for side in ("encoder", "decoder"):
        # BART's table begins with two rows that are not used
        state[f"model.{side}.embed_positions.weight"][2:].copy_(positions[:-2])
        for part in ("weight", "bias"):
            normed = source[f"embeddings.LayerNorm.{part}"]
            state[f"model.{side}.layernorm_embedding.{part}"].copy_(normed)


def _copy_attention(source: State, block: str, state: State, target: str, name: str) -> None:
    names = {"q_proj": "self.query", "k_proj": "self.key", "v_proj": "self.value"}
    for ours, theirs in {**names, "out_proj": "output.dense"}.items():
        for part in ("weight", "bias"):
            values = source[f"{block}.attention.{theirs}.{part}"]
            state[f"{target}.{name}.{ours}.{part}"].copy_(values)
    for part in ("weight", "bias"):
        values = source[f"{block}.attention.output.LayerNorm.{part}"]
        state[f"{target}.{name}_layer_norm.{part}"].copy_(values)


def _copy_block(source: State, block: str, state: State, target: str) -> None:
    _copy_attention(source, block, state, target, "self_attn")
    names = {"fc1": "intermediate.dense", "fc2": "output.dense"}
    for ours, theirs in {**names, "final_layer_norm": "output.LayerNorm"}.items():
        for part in ("weight", "bias"):
            state[f"{target}.{ours}.{part}"].copy_(source[f"{block}.{theirs}.{part}"])
