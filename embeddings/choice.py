"""The options of a decision as features in, the probability of each out.

P(option) = exp(score) / the sum of the same over all options (McFadden 1974), where the score is
a small network's: linear in the features plus one hidden layer. The networks are in splitting.npz,
which training/pages.py writes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

Features = dict[str, float]
Floats = npt.NDArray[np.float32]
FILE = Path(__file__).resolve().parent / "splitting.npz"


@dataclass(frozen=True, slots=True)
class Choice:
    """How one kind of decision is made; features that are not named count as 0."""

    names: Mapping[str, int]  # feature to column
    plain: Floats  # (features,)
    hidden: Floats  # (features, h)
    bias: Floats  # (h,)
    out: Floats  # (h,)

    def probabilities(self, options: Sequence[Features]) -> list[float]:
        """One for each option, adding up to 1."""
        table = feature_table(options, self.names)  # (options, features)
        hidden = np.maximum(table @ self.hidden + self.bias, 0)  # (options, h)
        scores = (table @ self.plain + hidden @ self.out).astype(np.float64)  # (options,)
        odds = np.exp(scores - scores.max())
        found: list[float] = (odds / odds.sum()).tolist()
        return found


def named(action: str, facts: Features) -> Features:
    """The features of an option: what it is, and what is known of it, under its name."""
    return {action: 1.0, **{f"{action}: {k}": value for k, value in facts.items() if value}}


def feature_table(options: Sequence[Features], names: Mapping[str, int]) -> Floats:
    """(options, features) float32."""
    table = np.zeros((len(options), len(names)), dtype=np.float32)
    for row, features in enumerate(options):
        for name, value in features.items():
            column = names.get(name)
            if column is not None:
                table[row, column] = value
    return table


@lru_cache(maxsize=1)
def choices() -> Mapping[str, Choice]:
    """The decisions of the page splitter by name."""
    with np.load(FILE, allow_pickle=False) as kept:
        kinds = sorted({name.partition(".")[0] for name in kept.files})
        return {
            kind: Choice(
                names={str(name): i for i, name in enumerate(kept[f"{kind}.names"])},
                **{
                    part: kept[f"{kind}.{part}"].astype(np.float32)
                    for part in ("plain", "hidden", "bias", "out")
                },
            )
            for kind in kinds
        }


def probabilities(kind: str, options: Sequence[Features]) -> list[float]:
    """Of each option of this kind of decision; where there is but one, nothing is weighed."""
    return [1.0] if len(options) == 1 else choices()[kind].probabilities(options)


def likeliest(chances: Sequence[float]) -> tuple[int, float]:
    """Which of the probabilities is the highest, the first of equals, and how high it is."""
    best = max(range(len(chances)), key=chances.__getitem__)
    return best, chances[best]


def save_choices(found: Mapping[str, Choice], path: Path) -> None:
    """Write what choices() reads, in float16, and have it read anew."""
    arrays: dict[str, npt.NDArray[np.generic]] = {}
    for kind, choice in sorted(found.items()):
        arrays[f"{kind}.names"] = np.array(list(choice.names))
        for part in ("plain", "hidden", "bias", "out"):
            arrays[f"{kind}.{part}"] = getattr(choice, part).astype(np.float16)
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]
    choices.cache_clear()
