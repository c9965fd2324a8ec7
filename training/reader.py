"""The bilingual encoder + reading examples → the bundled seq2seq reader (BART layout) and heads.

    python -m training.reader --data DIR --start DIR/body --out DIR --minutes 90

The encoder takes over the sentence encoder's weights layer by layer (BERT and BART layers are the
same post-norm block), the decoder layer starts from its last layer, with cross-attention started
from self-attention. A reader may be given in place of the body, to go on from. Runs on a CPU
(bfloat16 autocast) or a GPU, resumes from OUT/checkpoint.pt.
"""

from __future__ import annotations

import argparse
import copy
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch.nn import functional
from torch.utils.data import DataLoader

from rag.heads import HEADS, Heads, HeadScores, load_heads, span_scores
from rag.pairs import MAX_TOKENS
from training.bart import from_bert
from training.batches import Batches
from training.loop import Group, Losses, Training

WEIGHTS = {"ends": 0.25, "span": 0.75, "relevance": 0.5, "decoder": 0.4, "polarity": 0.5}
WARM_UP = 150  # steps


def losses(model: Any, heads: Heads, batch: dict[str, torch.Tensor]) -> Losses:
    """The weighted losses of a batch."""
    states = heads.states(model, batch["ids"], batch["mask"], batch["marks"])
    said = heads(states, batch["answerable"])
    given = batch["given"] > 0
    out = span_losses(said, batch["first"], batch["last"], given)
    out["relevance"] = functional.binary_cross_entropy_with_logits(
        said.relevance, batch["has"].float(), weight=(~given).float()
    )
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
    return Losses({k: WEIGHTS[k] * v for k, v in out.items()}, len(batch["ids"]))


def span_losses(
    said: HeadScores, first: torch.Tensor, last: torch.Tensor, given: torch.Tensor
) -> dict[str, torch.Tensor]:
    """Cross-entropy of the true span, and of its ends apart, which learn the faster (n,).

    "No answer" competes, but not where an answer is `given`.
    """
    scores = span_scores(said)  # (n, t, t)
    scores[given, 0, 0] = said.start[given, 0] = said.end[given, 0] = -1e4
    t = scores.shape[-1]
    return {
        "ends": (
            functional.cross_entropy(said.start, first) + functional.cross_entropy(said.end, last)
        )
        / 2,
        "span": functional.cross_entropy(scores.flatten(1), first * t + last),
    }


def begun(folder: Path) -> tuple[Any, Heads]:
    """A model and heads to train: a reader's, or new ones around a sentence encoder's body."""
    if not (folder / HEADS).is_file():
        model = from_bert(folder)
        return model, Heads(model.config.d_model)
    from transformers import AutoModelForSeq2SeqLM

    model = AutoModelForSeq2SeqLM.from_pretrained(folder, dtype=torch.float32)
    return model, load_heads(folder, model.config.d_model).train()


def shifted(labels: torch.Tensor) -> torch.Tensor:
    """Decoder inputs: the start token, then the labels less their last."""
    inputs = torch.full_like(labels, 2)
    inputs[:, 1:] = labels[:, :-1].clamp(min=0)
    return inputs


def save(model: Any, heads: Heads, tokenizer: Any, folder: Path) -> None:
    """Float16 safetensors, tokenizer and heads, as rag.reader loads them."""
    half = copy.deepcopy(model).to(torch.float16)
    half.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    save_file(
        {k: v.to(torch.float16).contiguous() for k, v in heads.state_dict().items()},
        str(folder / HEADS),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--start", type=Path, required=True, help="an encoder's body or a reader")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=90)
    parser.add_argument("--tokens", type=int, default=4_000, help="tokens a batch")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    from transformers import AutoTokenizer

    torch.manual_seed(args.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    tokenizer = AutoTokenizer.from_pretrained(args.start, model_max_length=MAX_TOKENS * 4)
    model, heads = begun(args.start)
    model, heads = model.to(device).train(), heads.to(device)
    words = model.model.shared.weight
    named = [(n, p) for n, p in model.named_parameters() if p is not words]
    fresh = [p for n, p in named if "decoder" in n] + list(heads.parameters())
    old = [p for n, p in named if "decoder" not in n]

    def source(step: int) -> Iterator[Callable[[], Losses]]:
        examples = Batches(args.data, args.seed + step, tokenizer, args.tokens)
        for batch in DataLoader(examples, batch_size=None, num_workers=1, prefetch_factor=8):
            yield partial(losses, model, heads, {k: v.to(device) for k, v in batch.items()})

    Training(
        modules={"model": model, "heads": heads},
        groups=[Group([words], 3e-4), Group(old, 2e-4), Group(fresh, 5e-4)],
        out=args.out,
        minutes=args.minutes,
        warm_up=WARM_UP,
        device=device,
    ).run(source)
    save(model, heads, tokenizer, args.out / "reader")


if __name__ == "__main__":
    main()
