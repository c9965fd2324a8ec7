"""Decisions of one kind with the right option of each → the network that takes them."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from embeddings.choice import Choice, Features

HIDDEN, EPOCHS, BATCH = 32, 30, 256
RATE, DECAY = 5e-3, 2e-2
MEMBERS = 4  # networks whose mean is kept
SHOWN = 0.75  # of the decisions, to each of them
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Batch:
    """Some decisions: their options one after the other."""

    options: torch.Tensor  # (options, features)
    owner: torch.Tensor  # (options,) the decision that each belongs to
    right: torch.Tensor  # (decisions,) the row of the right one


@dataclass(slots=True)
class Table:
    """Decisions of one kind, their options as sparse rows, and which of them is right."""

    names: dict[str, int] = field(default_factory=dict)  # feature to column
    values: array[float] = field(default_factory=lambda: array("f"))
    columns: array[int] = field(default_factory=lambda: array("i"))
    rows: array[int] = field(default_factory=lambda: array("q", [0]))  # where each option ends
    starts: array[int] = field(default_factory=lambda: array("q", [0]))  # first option of each
    right: array[int] = field(default_factory=lambda: array("q"))

    def __len__(self) -> int:
        return len(self.right)

    def add(self, options: Sequence[Features], right: int) -> None:
        """Put one decision on record."""
        for features in options:
            for name, value in features.items():
                self.values.append(value)
                self.columns.append(self.names.setdefault(name, len(self.names)))
            self.rows.append(len(self.values))
        self.right.append(self.starts[-1] + right)
        self.starts.append(len(self.rows) - 1)

    def batch(self, chosen: Ints) -> Batch:
        """The decisions of these numbers."""
        starts, rows = np.frombuffer(self.starts, np.int64), np.frombuffer(self.rows, np.int64)
        first, sizes = starts[chosen], starts[chosen + 1] - starts[chosen]
        option = _ranges(first, sizes)  # (options,)
        lengths = rows[option + 1] - rows[option]
        place = _ranges(rows[option], lengths)  # (values,)
        table = np.zeros((len(option), len(self.names)), dtype=np.float32)
        column = np.frombuffer(self.columns, np.int32)[place]
        table[np.repeat(np.arange(len(option)), lengths), column] = np.frombuffer(
            self.values, np.float32
        )[place]
        right = np.frombuffer(self.right, np.int64)[chosen] - first + np.cumsum(sizes) - sizes
        owner = np.repeat(np.arange(len(chosen)), sizes)
        return Batch(*map(torch.from_numpy, (table, owner, right)))


def _ranges(starts: Ints, sizes: Ints) -> Ints:
    """starts[0], starts[0] + 1, ... sizes[0] of them, then the same of the next."""
    ends = np.cumsum(sizes)
    return np.repeat(starts - ends + sizes, sizes) + np.arange(ends[-1] if len(ends) else 0)


def fit(table: Table, epochs: int = EPOCHS) -> Choice:
    """The network that makes the right options likeliest; short tables are read more often.

    It is MEMBERS networks side by side, whose scores are averaged: each begins elsewhere and is
    shown its own part of the decisions, so that what one of them has by chance counts for less.
    """
    torch.manual_seed(0)
    n = len(table.names)
    plain = nn.Parameter(torch.zeros(n, MEMBERS))
    layer = nn.Linear(n, MEMBERS * HIDDEN)
    out = nn.Parameter(torch.randn(MEMBERS, HIDDEN) * 0.1)
    optimizer = torch.optim.AdamW([plain, out, *layer.parameters()], lr=RATE, weight_decay=DECAY)
    epochs *= 1 if len(table) > 5_000 else 3
    steps = epochs * -(-len(table) // BATCH)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.01, steps)
    shown = torch.rand(len(table), MEMBERS) < SHOWN
    for _ in range(epochs):
        for chosen in torch.randperm(len(table)).split(BATCH):
            batch = table.batch(chosen.numpy())
            hidden = layer(batch.options).relu().view(-1, MEMBERS, HIDDEN)
            scores = batch.options @ plain + (hidden * out).sum(dim=2)  # (options, members)
            odds = scores.clamp(max=60).exp()
            sums = torch.zeros(len(chosen), MEMBERS).index_add(0, batch.owner, odds)
            losses = (sums.log() - scores[batch.right]) * shown[chosen]  # (decisions, members)
            optimizer.zero_grad()
            losses.mean(dim=0).sum().backward()
            optimizer.step()
            schedule.step()
    means = plain.mean(dim=1), layer.weight.T, layer.bias, out.flatten() / MEMBERS
    return Choice(table.names, *(part.detach().numpy() for part in means))
