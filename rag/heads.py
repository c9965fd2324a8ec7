"""Tokens of (question, passage) → encoder states → span scores, "no answer", relevance, yes/no."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import nn

from .overlap import MARKS

MATCHED = 64  # dimensions in which the starts and ends of spans are matched
MAX_SPAN_TOKENS = 48  # of an answer
HEADS = "heads.safetensors"  # the file beside a reader's weights


@dataclass(frozen=True, slots=True)
class HeadScores:
    """What the heads say of a batch of n pairs of t tokens; all float32 logits."""

    start: torch.Tensor  # (n, t); position 0 stands for "no answer"
    end: torch.Tensor  # (n, t)
    match: torch.Tensor  # (n, t, t) how well a start (row) and an end (column) go together
    relevance: torch.Tensor  # (n,) log-odds that the passage answers the question
    polarity: torch.Tensor  # (n, 2) of a yes/no question: no, yes


class Heads(nn.Module):
    """What the reader's encoder has at either end, beside its weights as heads.safetensors.

    Vectors of the marks (overlap.py) are added to its word vectors, linear heads read its states.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.marks = nn.Embedding(MARKS, width)
        nn.init.zeros_(self.marks.weight)
        self.span = nn.Linear(width, 2)
        self.starts, self.ends = (nn.Linear(width, MATCHED, bias=False) for _ in range(2))
        nn.init.zeros_(self.ends.weight)
        self.pooled = nn.Linear(width, width)
        self.judge = nn.Linear(width, 3)

    def states(
        self, model: Any, ids: torch.Tensor, mask: torch.Tensor, marks: torch.Tensor
    ) -> torch.Tensor:
        """(n, t, d) states of a seq2seq model's encoder; `ids`, `mask` and `marks` are (n, t)."""
        encoder = model.get_encoder()
        words = encoder.embed_tokens(ids) + self.marks(marks)  # (n, t, d)
        states: torch.Tensor = encoder(inputs_embeds=words, attention_mask=mask)[0]
        return states

    def forward(self, states: torch.Tensor, passage: torch.Tensor) -> HeadScores:
        """`states` (n, t, d); `passage` (n, t) bool, True where an answer may stand."""
        allowed = passage.clone()
        allowed[:, 0] = True
        span = self.span(states).float().masked_fill(~allowed.unsqueeze(-1), -1e4)  # (n, t, 2)
        judged = self.judge(torch.tanh(self.pooled(states[:, 0]))).float()  # (n, 3)
        match = (self.starts(states) @ self.ends(states).transpose(1, 2)).float() / MATCHED**0.5
        return HeadScores(span[..., 0], span[..., 1], match, judged[:, 0], judged[:, 1:])


def span_scores(said: HeadScores) -> torch.Tensor:
    """(n, t, t) logits of the spans from token (row) to token (column); [0, 0] is "no answer"."""
    scores = said.start.unsqueeze(2) + said.end.unsqueeze(1) + said.match
    band = torch.ones_like(scores[0], dtype=torch.bool).triu().tril(MAX_SPAN_TOKENS - 1)
    return scores.masked_fill(~band, -1e9)


def load_heads(folder: Path, width: int) -> Heads:
    """The heads of the reader in a folder, float32, in evaluation mode."""
    heads = Heads(width)
    heads.load_state_dict({k: v.float() for k, v in load_file(str(folder / HEADS)).items()})
    return heads.eval()
