"""Modules and a source of losses → trained modules: AdamW by the clock, resumable, logged."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import nn

LOG_STEPS = 50
SAVE_SECONDS = 600.0
LEAST_RATE = 0.02  # of the peak, at the end


@dataclass(frozen=True, slots=True)
class Group:
    """Parameters that learn at one peak rate."""

    parameters: Sequence[nn.Parameter]
    rate: float


@dataclass(frozen=True, slots=True)
class Losses:
    """The weighted losses of one batch, by name, and how many texts it held."""

    parts: Mapping[str, torch.Tensor]
    visits: int


@dataclass(slots=True)
class Progress:
    """How far a training has come; kept in its checkpoint."""

    seconds: float = 0.0  # spent on steps
    step: int = 0
    visits: int = 0


@dataclass(slots=True)
class Training:
    """One run in a folder: checkpoint.pt and log.jsonl."""

    modules: Mapping[str, nn.Module]
    groups: Sequence[Group]
    out: Path
    minutes: float  # of steps, where their number is not given
    warm_up: int  # steps
    device: str
    steps: int | None = None
    check: Callable[[], Mapping[str, float]] = dict  # figures that are logged with each checkpoint
    progress: Progress = field(default_factory=Progress)

    def run(self, batches: Callable[[int], Iterator[Callable[[], Losses]]]) -> None:
        """Train until the steps are done or the minutes spent, from the checkpoint if there is one.

        `batches(step)` gives the losses' sources from a step on, as functions to be called under
        autocast; the rates rise over the warm-up and fall to nothing towards the end.
        """
        self.out.mkdir(parents=True, exist_ok=True)
        optimizer = torch.optim.AdamW(
            [{"params": list(g.parameters), "lr": g.rate} for g in self.groups],
            weight_decay=0.01,
            fused=True,
        )
        self._resume(optimizer)
        everything = [p for g in self.groups for p in g.parameters]
        sums: dict[str, list[float]] = defaultdict(list)
        saved = self.progress.seconds
        source = batches(self.progress.step)
        while self.left() > 0:
            began = time.perf_counter()
            losses_of = next(source)
            self._set_rates(optimizer)
            with torch.autocast(self.device, torch.bfloat16):
                losses = losses_of()
            optimizer.zero_grad()
            torch.stack(list(losses.parts.values())).sum().backward()
            nn.utils.clip_grad_norm_(everything, 1.0)
            optimizer.step()
            for name, value in losses.parts.items():
                sums[name].append(value.item())
            self.progress.step += 1
            self.progress.visits += losses.visits
            self.progress.seconds += time.perf_counter() - began
            if self.progress.step % LOG_STEPS == 0:
                self._log({k: round(sum(v) / len(v), 3) for k, v in sorted(sums.items())})
                sums.clear()
            if self.progress.seconds - saved > SAVE_SECONDS:
                saved = self.progress.seconds
                self._save(optimizer)
                self._log(self.check())
        self._save(optimizer)
        self._log(self.check())

    def left(self) -> float:
        """The share of the training that is still to come."""
        if self.steps is not None:
            return 1 - self.progress.step / self.steps
        return 1 - self.progress.seconds / (60 * self.minutes)

    def _set_rates(self, optimizer: torch.optim.Optimizer) -> None:
        share = min(1.0, (self.progress.step + 1) / self.warm_up) * max(LEAST_RATE, self.left())
        for chosen, group in zip(optimizer.param_groups, self.groups, strict=True):
            chosen["lr"] = group.rate * share

    def _resume(self, optimizer: torch.optim.Optimizer) -> None:
        path = self.out / "checkpoint.pt"
        if not path.is_file():
            return
        kept = torch.load(path, weights_only=True)
        for name, module in self.modules.items():
            module.load_state_dict(kept[name])
        optimizer.load_state_dict(kept["optimizer"])
        self.progress = Progress(**kept["progress"])

    def _save(self, optimizer: torch.optim.Optimizer) -> None:
        p = self.progress
        kept: dict[str, object] = {n: m.state_dict() for n, m in self.modules.items()}
        kept["optimizer"] = optimizer.state_dict()
        kept["progress"] = {"seconds": p.seconds, "step": p.step, "visits": p.visits}
        torch.save(kept, self.out / "checkpoint.part")
        (self.out / "checkpoint.part").replace(self.out / "checkpoint.pt")

    def _log(self, values: Mapping[str, float]) -> None:
        p = self.progress
        minutes = round(p.seconds / 60, 1)
        line = json.dumps({"step": p.step, "visits": p.visits, "minutes": minutes, **values})
        print(line, flush=True)
        with (self.out / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(line + "\n")
