"""Raw text and QA sets → training pairs: passages cut about an answer, weak query–passage pairs."""

from __future__ import annotations

import random
import re

from training.data import Question

SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]?[”」』]?")


def sentences(text: str) -> list[str]:
    """Sentences of at least eight characters, in order."""
    return [s.strip() for s in SENTENCE.findall(text) if len(s.strip()) >= 8]


def passage_window(q: Question, chars: int, rng: random.Random) -> tuple[str, int]:
    """About `chars` characters of the context around the answer, and where the window starts.

    The window begins and ends at sentence ends where it can; the answer stands anywhere in it.
    """
    if len(q.context) <= chars:
        return q.context, 0
    anchor = q.start if q.start >= 0 else rng.randrange(len(q.context))
    lead = rng.randrange(0, max(1, chars - min(chars - 1, len(q.answer))))
    start = max(0, min(anchor - lead, len(q.context) - chars))
    if start > 0:
        cut = max(q.context.rfind(c, start, anchor) for c in "。！？.!?;；\n")
        first = min(
            (i for i in (q.context.find(c, start, anchor) for c in "。！？.!?\n") if i >= 0),
            default=-1,
        )
        start = first + 1 if first >= 0 else (cut + 1 if cut >= 0 else start)
    return q.context[start : start + chars], start


def lead_pair(text: str, rng: random.Random, chars: int = 240) -> tuple[str, str] | None:
    """(first sentence, later text) or (any sentence, its surroundings) of one article."""
    parts = sentences(text)
    if len(parts) < 4:
        return None
    if rng.random() < 0.5:
        query, body = parts[0], "".join(parts[1:])
        return query[:80], body[:chars]
    i = rng.randrange(1, len(parts) - 1)
    around = (
        parts[max(0, i - 2) : i]
        + (parts[i : i + 1] if rng.random() < 0.1 else [])
        + parts[i + 1 : i + 4]
    )
    return parts[i][:80], "".join(around)[:chars]


def stretches(text: str, most: int, rng: random.Random, chars: int = 500) -> list[str]:
    """Up to `most` parts of one article that do not overlap, of about `chars` characters each."""
    parts = sentences(text)
    out, size = [""], 0
    for part in parts:
        if size >= chars:
            out.append("")
            size = 0
        out[-1] += part
        size += len(part)
    return rng.sample(out, min(most, len(out)))
