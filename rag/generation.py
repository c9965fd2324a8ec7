"""(question, passages) → what a seq2seq model without heads says, found again in the passages."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from embeddings.chunks import Span
from embeddings.terms import fold

if TYPE_CHECKING:
    from .reader import Passage

MAX_NEW_TOKENS = 48
PROMPT = "question: {question} context: {passage}"


def generate(
    model: Any, tokenizer: Any, question: str, passage: Passage
) -> tuple[Span, float] | None:
    """Where the greedy answer stands in the passage, and its log-odds; None where it does not.

    The log-odds are of the geometric mean probability of its tokens.
    """
    import torch

    prompt = PROMPT.format(question=question, passage=f"{passage.title} {passage.text}".strip())
    limit = min(tokenizer.model_max_length, 512)
    batch = tokenizer(prompt, truncation=True, max_length=limit, return_tensors="pt")
    out = model.generate(**batch, max_new_tokens=MAX_NEW_TOKENS, num_beams=1, do_sample=False)
    span = locate(tokenizer.decode(out[0], skip_special_tokens=True), passage.text)
    if span is None:
        return None
    words = out[0, 1:]  # without the start token
    logits = model(**batch, decoder_input_ids=out[:, :-1]).logits[0].float()  # (t, vocabulary)
    likely = torch.log_softmax(logits, dim=-1).gather(1, words.unsqueeze(1)).mean()
    p = min(max(math.exp(float(likely)), 1e-6), 1 - 1e-6)
    return span, math.log(p / (1 - p))


def locate(words: str, text: str) -> Span | None:
    """Where `words` stand in `text`, whatever their width, case, script and white space."""
    folded, origin = [], []
    for i, char in enumerate(text):
        for c in fold(char):
            if not c.isspace():
                folded.append(c)
                origin.append(i)
    wanted = "".join(fold(words).split())
    start = "".join(folded).find(wanted) if wanted else -1
    return (origin[start], origin[start + len(wanted) - 1] + 1) if start >= 0 else None


__all__ = ["generate", "locate"]
