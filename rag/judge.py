"""What reader and retrieval say of a candidate → the log-odds that its sentence answers.

A logistic regression; its weights belong to a reader and lie beside it as judge.json, written by
benchmarks/calibrate.py. A reader without one gets cautious weights.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path

from embeddings.errors import ModelError

from .answers import Hit
from .reader import Candidate

FILE = "judge.json"


@dataclass(frozen=True, slots=True)
class Judge:
    """Weights of the features, in log-odds for each unit of them."""

    bias: float = -4.0
    span: float = 0.5  # Candidate.span
    wording: float = 0.0  # Candidate.wording
    relevance: float = 0.0  # Candidate.relevance
    retrieval: float = 2.0  # how far the hit's score is below the best hit's, <= 0
    coverage: float = 4.0  # Hit.coverage

    @classmethod
    def beside(cls, reader: Path) -> Judge:
        """The judge of the reader in a folder. Raises ModelError for a judge.json that is none."""
        path = reader / FILE
        if not path.is_file():
            return cls()
        try:
            return cls(**{k: float(v) for k, v in json.loads(path.read_text("utf-8")).items()})
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise ModelError(
                f"{path} holds no judge's weights: {error}. Run: python -m benchmarks.calibrate"
            ) from error

    def save(self, reader: Path) -> None:
        """Write the weights beside a reader."""
        (reader / FILE).write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")

    def log_odds(self, candidate: Candidate, hit: Hit, top: float) -> float:
        """Log-odds that the candidate's sentence answers; `top` is the best hit's score."""
        return (
            self.bias
            + self.span * candidate.span
            + self.wording * candidate.wording
            + self.relevance * candidate.relevance
            + self.retrieval * (hit.score - top)
            + self.coverage * hit.coverage
        )


def probability(log_odds: float) -> float:
    """The logistic function, in [0, 1]."""
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, log_odds))))
