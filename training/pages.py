"""Made newspaper pages whose articles are known → the weights by which pages are split.

    python -m training.pages --data DIR [--pages 2500]

Writes embeddings/splitting.npz. Each decision that embeddings.joins and embeddings.deal take is put
on record with the one that the truth wants: first after right decisions only, then after those of
the weights so far, since that is where they will have to decide (DAgger, Ross et al. 2011).
"""

from __future__ import annotations

import argparse
import json
from array import array
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from benchmarks.newspaper import Page, newspaper_pages, read_stories
from embeddings.choice import FILE, Choice, Features, save_choices
from embeddings.deal import Chooser, by_weights, dealt_by
from embeddings.joins import Columns, heads, options, propose, tails_of
from embeddings.lines import Line, read_lines
from embeddings.stories import Move, Story
from embeddings.topics import Topic

SEED = 20_000  # of the pages; the benchmark has another, and other news
HIDDEN, EPOCHS, BATCH = 32, 30, 256
RATE, DECAY = 5e-3, 2e-2
Ints = npt.NDArray[np.int64]
HEADS = ("title", "kicker", "subtitle")


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


@dataclass(slots=True)
class Records:
    """Decisions of each kind."""

    taken: dict[str, Table] = field(default_factory=lambda: defaultdict(Table))
    missed: Counter[str] = field(default_factory=Counter)  # no option was right


@dataclass(slots=True)
class Teacher:
    """Takes every decision of a page as the truth wants it, and records it."""

    page: Page
    lines: Sequence[Line]
    records: Records
    pupil: Chooser | None = None  # takes the decisions in its place
    story: list[int] = field(default_factory=list)  # of each line
    role: list[str] = field(default_factory=list)
    goes_on: dict[int, int] = field(default_factory=dict)  # lines to their continuation

    def __post_init__(self) -> None:
        for line in self.lines:
            start, end = line.spans[0]
            true = [t for t in self.page.lines if t.start < end and t.end > start]
            self.story.append(true[0].story if true else -1)
            self.role.append(true[0].role if true else "furniture")

        ends = {line.spans[-1][1]: n for n, line in enumerate(self.lines)}
        starts = {line.spans[0][0]: n for n, line in enumerate(self.lines)}
        joints = [j for j in self.page.joints if j.head in ends and j.tail in starts]
        self.records.missed["join"] += len(self.page.joints) - len(joints)
        self.goes_on.update({ends[j.head]: starts[j.tail] for j in joints})

    def tell_joins(self, topics: Sequence[Topic]) -> None:
        """Put on record where each broken line goes on."""
        columns = Columns(self.lines, topics)
        for head in heads(self.lines):
            tails = tails_of(self.lines, head)
            wanted = self.goes_on.get(head)
            if wanted is not None and wanted not in tails:
                self.records.missed["join"] += 1
            elif tails:
                found = options(columns, head, tails)
                right = 0 if wanted is None else 1 + tails.index(wanted)
                self.records.taken["join"].add(found, right)

    def choose(self, kind: str, n: int, moves: Sequence[Move]) -> tuple[int, float]:
        """As embeddings.stories.Chooser."""
        right = self._right(kind, n, moves)
        if right is None:
            self.records.missed[kind] += 1
            right = len(moves) - 1
        else:
            self.records.taken[kind].add([move.features for move in moves], right)
        return self.pupil(kind, n, moves) if self.pupil else (right, 1.0)

    def _right(self, kind: str, n: int, moves: Sequence[Move]) -> int | None:
        own = [i for i, m in enumerate(moves) if m.story and self._of(m.story) == self.story[n]]
        for i, move in enumerate(moves):
            if self.goes_on.get(move.end, -1) == n:
                return i
        own = [i for i in own if moves[i].action != "join"]
        last = len(moves) - 1
        if kind == "home":
            return own[0] if own else last
        if kind != "heading":
            known = self.story[n] in self.story[:n]
            return own[0] if own else None if known or self.story[n] < 0 else last
        actions = [move.action for move in moves]
        if self.role[n] == "furniture":
            return actions.index("furniture") if "furniture" in actions else None
        wanted = ("group", "late") if self.role[n] in HEADS else ("subhead",)
        if self.role[n] in HEADS and self._told_below(n):
            wanted = ("group",)  # what came before is a picture of it
        fitting = [i for i in own if actions[i] in wanted]
        if fitting:
            return fitting[0]
        return last if self.role[n] in HEADS and not self._headed(n) else None

    def _told_below(self, n: int) -> bool:
        """Is the first paragraph below a headline its own?"""
        below = [k for k in range(n + 1, len(self.role)) if self.role[k] in ("body", "lead")]
        return bool(below) and self.story[below[0]] == self.story[n]

    def _headed(self, n: int) -> bool:
        same = [k for k in range(n) if self.story[k] == self.story[n]]
        return any(self.role[k] in HEADS for k in same)

    def _of(self, story: Story) -> int:
        """The true story of most of its lines."""
        count = Counter(self.story[n] for n in story.lines)
        return count.most_common(1)[0][0]


def fit(table: Table) -> Choice:
    """The network that makes the right options likeliest."""
    torch.manual_seed(0)
    n = len(table.names)
    plain = nn.Parameter(torch.zeros(n))
    layer = nn.Linear(n, HIDDEN)
    out = nn.Parameter(torch.randn(HIDDEN) * 0.1)
    optimizer = torch.optim.AdamW([plain, out, *layer.parameters()], lr=RATE, weight_decay=DECAY)
    epochs = EPOCHS if len(table) > 5_000 else 3 * EPOCHS
    steps = epochs * -(-len(table) // BATCH)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.01, steps)
    for _ in range(epochs):
        for chosen in torch.randperm(len(table)).split(BATCH):
            batch = table.batch(chosen.numpy())
            scores = batch.options @ plain + layer(batch.options).relu() @ out  # (options,)
            odds = scores.clamp(max=60).exp()
            sums = torch.zeros(len(chosen)).index_add(0, batch.owner, odds)
            loss = (sums.log() - scores[batch.right]).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    kept = [part.detach().numpy() for part in (plain, layer.weight.T, layer.bias, out)]
    return Choice(table.names, *kept)


def record_joins(pages: Sequence[Page], records: Records) -> None:
    """Where the broken lines of all pages go on."""
    for page in pages:
        lines = read_lines(page.text)
        topics = [Topic.of(line.text) for line in lines]
        Teacher(page, lines, records).tell_joins(topics)


def record_moves(pages: Sequence[Page], records: Records, pupil: Chooser | None) -> None:
    """What is done with the lines of all pages, each after right moves or after the pupil's."""
    for page in pages:
        lines = read_lines(page.text)
        topics = [Topic.of(line.text) for line in lines]
        teacher = Teacher(page, lines, records, pupil)
        dealt_by(teacher.choose, lines, topics, propose(lines, topics))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pages", type=int, default=2_500)
    parser.add_argument("--rounds", type=int, default=3, help="the first after right moves only")
    args = parser.parse_args()
    pages = list(newspaper_pages(read_stories(args.data, "fit"), SEED, args.pages))
    weights: dict[str, Choice] = {}

    def learn(records: Records) -> None:
        for kind, table in sorted(records.taken.items()):
            weights[kind] = fit(table)
            print(json.dumps({"decision": kind, "of": len(table)}), flush=True)
        save_choices(weights, FILE)

    records = Records()
    record_joins(pages, records)
    learn(records)
    records = Records()
    for number in range(args.rounds):
        record_moves(pages, records, by_weights if number else None)
        learn(records)


if __name__ == "__main__":
    main()
