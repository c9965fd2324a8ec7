"""The bilingual encoder + reading examples → the bundled seq2seq reader (BART layout) and heads.

    python -m training.reader --data DIR --start DIR/body --out DIR --minutes 90

The encoder takes over the sentence encoder's weights layer by layer (BERT and BART layers are the
same post-norm block), the decoder layer starts from its last layer, with cross-attention started
from self-attention. Runs on a CPU (bfloat16 autocast) or a GPU, resumes from OUT/checkpoint.pt.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch.nn import functional

from rag.heads import Heads
from rag.pairs import MAX_TOKENS
from training.reading import Supply, batches

WEIGHTS = {"span": 1.0, "relevance": 0.5, "decoder": 0.4, "polarity": 0.5}


def from_bert(folder: Path, decoder_layers: int = 1) -> Any:
    """A BartForConditionalGeneration whose encoder computes what the BERT body computes."""
    from transformers import AutoModel, BartConfig, BartForConditionalGeneration

    bert = AutoModel.from_pretrained(folder)
    c = bert.config
    config = BartConfig(
        vocab_size=c.vocab_size,
        d_model=c.hidden_size,
        max_position_embeddings=c.max_position_embeddings - 2,
        encoder_layers=c.num_hidden_layers,
        encoder_attention_heads=c.num_attention_heads,
        encoder_ffn_dim=c.intermediate_size,
        decoder_layers=decoder_layers,
        decoder_attention_heads=c.num_attention_heads,
        decoder_ffn_dim=c.intermediate_size,
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
    bart = BartForConditionalGeneration(config)
    source = bert.state_dict()
    state = bart.state_dict()

    def put(target: str, values: torch.Tensor) -> None:
        state[target].copy_(values)

    def copy_block(
        target: str, block: str, attention: str = "self_attn", norm: str = "self_attn_layer_norm"
    ) -> None:
        for ours, theirs in (("q_proj", "query"), ("k_proj", "key"), ("v_proj", "value")):
            for part in ("weight", "bias"):
                put(
                    f"{target}.{attention}.{ours}.{part}",
                    source[f"{block}.attention.self.{theirs}.{part}"],
                )
        for part in ("weight", "bias"):
            put(
                f"{target}.{attention}.out_proj.{part}",
                source[f"{block}.attention.output.dense.{part}"],
            )
            put(f"{target}.{norm}.{part}", source[f"{block}.attention.output.LayerNorm.{part}"])
            put(f"{target}.fc1.{part}", source[f"{block}.intermediate.dense.{part}"])
            put(f"{target}.fc2.{part}", source[f"{block}.output.dense.{part}"])
            put(f"{target}.final_layer_norm.{part}", source[f"{block}.output.LayerNorm.{part}"])

    with torch.no_grad():
        put("model.shared.weight", source["embeddings.word_embeddings.weight"])
        positions = (
            source["embeddings.position_embeddings.weight"]
            + source["embeddings.token_type_embeddings.weight"][0]
        )
        for side in ("encoder", "decoder"):
            put(
                f"model.{side}.embed_positions.weight", positions
            )  # BART's table starts with two unused rows
            state[f"model.{side}.embed_positions.weight"][2:].copy_(positions[: len(positions) - 2])
            for part in ("weight", "bias"):
                put(
                    f"model.{side}.layernorm_embedding.{part}",
                    source[f"embeddings.LayerNorm.{part}"],
                )
        for i in range(c.num_hidden_layers):
            copy_block(f"model.encoder.layers.{i}", f"encoder.layer.{i}")
        for i in range(decoder_layers):
            block = f"encoder.layer.{c.num_hidden_layers - decoder_layers + i}"
            copy_block(f"model.decoder.layers.{i}", block)
            copy_block(
                f"model.decoder.layers.{i}", block, "encoder_attn", "encoder_attn_layer_norm"
            )
    bart.load_state_dict(state)
    bart.tie_weights()
    return bart


def losses(model: Any, heads: Heads, batch: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The four losses of a batch."""
    states = model.model.encoder(
        input_ids=batch["ids"], attention_mask=batch["mask"]
    ).last_hidden_state
    said = heads(states, batch["passage"])
    out = {
        "span": (
            functional.cross_entropy(said.start, batch["first"])
            + functional.cross_entropy(said.end, batch["last"])
        )
        / 2,
        "relevance": functional.binary_cross_entropy_with_logits(
            said.relevance, batch["has"].float()
        ),
    }
    said_words = model.model.decoder(
        input_ids=shifted(batch["labels"]),
        encoder_hidden_states=states,
        encoder_attention_mask=batch["mask"],
        use_cache=False,
    ).last_hidden_state  # (n, t, d)
    kept = batch["labels"] >= 0  # the vocabulary is wide: padding is not scored
    logits = model.lm_head(said_words[kept])
    out["decoder"] = functional.cross_entropy(logits.float(), batch["labels"][kept])
    if (batch["polarity"] >= 0).any():
        out["polarity"] = functional.cross_entropy(
            said.polarity, batch["polarity"], ignore_index=-1
        )
    return out


def shifted(labels: torch.Tensor) -> torch.Tensor:
    """Decoder inputs: the start token, then the labels less their last."""
    inputs = torch.full_like(labels, 2)
    inputs[:, 1:] = labels[:, :-1].clamp(min=0)
    return inputs


def save(model: Any, heads: Heads, tokenizer: Any, folder: Path) -> None:
    """Float16 safetensors, tokenizer and heads, as rag.reader loads them."""
    import copy

    half = copy.deepcopy(model).to(torch.float16)
    half.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    save_file(
        {k: v.to(torch.float16).contiguous() for k, v in heads.state_dict().items()},
        str(folder / "heads.safetensors"),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--start", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=90)
    parser.add_argument("--tokens", type=int, default=4_000, help="tokens a batch")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(args.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(args.start, model_max_length=MAX_TOKENS * 4)
    model = from_bert(args.start).to(device).train()
    heads = Heads(model.config.d_model).to(device)
    words = model.model.shared.weight
    fresh = [p for n, p in model.named_parameters() if "decoder" in n and p is not words] + list(
        heads.parameters()
    )
    old = [p for n, p in model.named_parameters() if "decoder" not in n and p is not words]
    optimizer = torch.optim.AdamW(
        [
            {"params": [words], "lr": 3e-4},
            {"params": old, "lr": 2e-4},
            {"params": fresh, "lr": 5e-4},
        ],
        weight_decay=0.01,
        fused=True,
    )
    peak = [g["lr"] for g in optimizer.param_groups]
    checkpoint, spent, step, visits = args.out / "checkpoint.pt", 0.0, 0, 0
    if checkpoint.is_file():
        saved = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(saved["model"])
        heads.load_state_dict(saved["heads"])
        optimizer.load_state_dict(saved["optimizer"])
        spent, step, visits = saved["spent"], saved["step"], saved["visits"]
    supply = batches(Supply(args.data, args.seed + step), tokenizer, args.tokens)
    sums: dict[str, list[float]] = {}
    last_save = spent
    while spent < 60 * args.minutes:
        began = time.perf_counter()
        batch = {k: v.to(device) for k, v in next(supply).items()}
        rate = min(1.0, (step + 1) / 150) * max(0.02, 1 - spent / (60 * args.minutes))
        for group, lr in zip(optimizer.param_groups, peak, strict=True):
            group["lr"] = lr * rate
        with torch.autocast(device, torch.bfloat16):
            parts = losses(model, heads, batch)
        total = torch.stack([WEIGHTS[k] * v for k, v in parts.items()]).sum()
        optimizer.zero_grad()
        total.backward()
        torch.nn.utils.clip_grad_norm_([*model.parameters(), *heads.parameters()], 1.0)
        optimizer.step()
        for k, v in parts.items():
            sums.setdefault(k, []).append(v.item())
        step, visits = step + 1, visits + len(batch["ids"])
        spent += time.perf_counter() - began
        if step % 50 == 0:
            line = json.dumps(
                {
                    "step": step,
                    "visits": visits,
                    "minutes": round(spent / 60, 1),
                    **{k: round(sum(v) / len(v), 3) for k, v in sorted(sums.items())},
                }
            )
            sums.clear()
            print(line, flush=True)
            with (args.out / "log.jsonl").open("a", encoding="utf-8") as log:
                log.write(line + "\n")
        if spent - last_save > 480:
            last_save = spent
            torch.save(
                {
                    "model": model.state_dict(),
                    "heads": heads.state_dict(),
                    "optimizer": optimizer.state_dict(),
                    "spent": spent,
                    "step": step,
                    "visits": visits,
                },
                checkpoint,
            )
            save(model, heads, tokenizer, args.out / "reader")
    save(model, heads, tokenizer, args.out / "reader")


if __name__ == "__main__":
    main()
