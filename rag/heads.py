"""Encoder states of (question, passage) → span scores, "no answer", relevance and yes/no logits."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import nn


@dataclass(frozen=True, slots=True)
class HeadScores:
    """What the heads say of a batch of n pairs of t tokens; all float32 logits."""

    start: torch.Tensor  # (n, t); position 0 stands for "no answer"
    end: torch.Tensor  # (n, t)
    relevance: torch.Tensor  # (n,) log-odds that the passage answers the question
    polarity: torch.Tensor  # (n, 2) of a yes/no question: no, yes


class Heads(nn.Module):
    """Linear heads on the reader's encoder, stored beside its weights as heads.safetensors."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.span = nn.Linear(width, 2)
        self.pooled = nn.Linear(width, width)
        self.judge = nn.Linear(width, 3)

    def forward(self, states: torch.Tensor, passage: torch.Tensor) -> HeadScores:
        """`states` (n, t, d); `passage` (n, t) bool, True where an answer may stand."""
        allowed = passage.clone()
        allowed[:, 0] = True
        span = self.span(states).float().masked_fill(~allowed.unsqueeze(-1), -1e4)  # (n, t, 2)
        judged = self.judge(torch.tanh(self.pooled(states[:, 0]))).float()  # (n, 3)
        return HeadScores(span[..., 0], span[..., 1], judged[:, 0], judged[:, 1:])
