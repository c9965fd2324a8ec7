"""What reader and retrieval say of a candidate → its place among others, and how far to trust it.

Two linear models over the same features: one orders candidates (fitted as a softmax over those of a
question), one gives the log-odds that the first one's sentence holds the answer (logistic
regression). Their weights belong to a reader and lie beside it as judge.json, written by
benchmarks/calibrate.py. A reader without one gets cautious weights.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass
from pathlib import Path

from embeddings.errors import ModelError

from .answers import Hit
from .reader import Candidate

FILE = "judge.json"


@dataclass(frozen=True, slots=True)
class Features:
    """What is weighed of a candidate, or the weights of it."""

    span: float = 0.0  # Candidate.span
    wording: float = 0.0  # Candidate.wording
    relevance: float = 0.0  # Candidate.relevance
    retrieval: float = 0.0  # how far the hit's score is below the best hit's, <= 0
    coverage: float = 0.0  # Hit.coverage, in [0, 1]
    sentence: float = 0.0  # how far its sentence's score is below the best sentence's, <= 0

    def dot(self, other: Features) -> float:
        """The weighted sum."""
        return sum(a * b for a, b in zip(astuple(self), astuple(other), strict=True))


def features(candidates: Sequence[Candidate], hits: Sequence[Hit]) -> list[Features]:
    """The features of all candidates that were read in these hits."""
    best_hit = max((h.score for h in hits), default=0.0)
    best_sentence = max((s for h in hits for s in h.sentence_scores), default=0.0)
    return [
        Features(
            span=c.span,
            wording=c.wording,
            relevance=c.relevance,
            retrieval=hits[c.passage].score - best_hit,
            coverage=hits[c.passage].coverage,
            sentence=_sentence_score(c, hits[c.passage]) - best_sentence,
        )
        for c in candidates
    ]


def _sentence_score(candidate: Candidate, hit: Hit) -> float:
    """The rerank's score of the sentence that the candidate begins in."""
    scored = zip(hit.chunk.sentences, hit.sentence_scores, strict=False)
    return next((x for (_, end), x in scored if end > candidate.start), 0.0)


@dataclass(frozen=True, slots=True)
class Judge:
    """The weights of both models."""

    order: Features = Features(span=0.5, retrieval=1.0, coverage=0.5, sentence=1.0)
    trust: Features = Features(span=0.3, retrieval=1.0, coverage=3.0, sentence=1.0)
    bias: float = -3.0  # of trust

    @classmethod
    def beside(cls, reader: Path) -> Judge:
        """The judge of the reader in a folder. Raises ModelError for a judge.json that is none."""
        path = reader / FILE
        if not path.is_file():
            return cls()
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            order, trust = ({k: float(v) for k, v in kept[x].items()} for x in ("order", "trust"))
            return cls(Features(**order), Features(**trust), float(kept["bias"]))
        except (OSError, ValueError, TypeError, AttributeError, KeyError) as error:
            raise ModelError(
                f"{path} holds no judge's weights: {error!r}. Run: python -m benchmarks.calibrate"
            ) from error

    def save(self, reader: Path) -> None:
        """Write the weights beside a reader."""
        (reader / FILE).write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")

    def log_odds(self, what: Features) -> float:
        """Log-odds that the candidate's sentence holds the answer."""
        return self.bias + self.trust.dot(what)


def probability(log_odds: float) -> float:
    """The logistic function, in [0, 1]."""
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, log_odds))))
