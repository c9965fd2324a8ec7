"""The values that the online half gives out: answers, citations and search hits."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from embeddings.chunks import Chunk, Span

Language = Literal["zh", "en"]

REFUSAL = {
    "zh": "这些文章里没有这个问题的答案。",
    "en": "The articles do not answer this question.",
}


@dataclass(frozen=True, slots=True)
class Citation:
    """Printed words that prove an answer.

    `quote` is "".join(text[s:e] for s, e in spans) of the file's text, always; `passage` is the
    chunk around it, cut out of the same file by `passage_spans`.
    """

    source: str  # file name in the corpus folder
    title: str  # the article's headline, "" where none is printed
    quote: str
    spans: tuple[Span, ...]  # character offsets into the file's text, in reading order
    score: float  # in [0, 1]: how likely this passage answers the question
    passage: str
    passage_spans: tuple[Span, ...]
    article: int | None = None  # Chatbot.article(article) is the whole; None for given passages
    # in [0, 1]: of the quote's sentences that a column's end broke and the program put together
    # again, how sure it is of the least sure one; None where the quote is printed in one piece
    join_confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question gets. A refused answer has no citations and says so in `text`."""

    text: str
    refused: bool
    confidence: float  # in [0, 1]
    citations: tuple[Citation, ...]  # best first
    language: Language  # of the question
    question: str  # as it was understood: with what a follow-up leaves out
    timings: dict[str, float] = field(default_factory=dict)  # seconds per stage
    generation: str = ""  # of the index, all of it; "" for given passages

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Hit:
    """One chunk that retrieval found; a leg's rank (from 1) and score are None where it did not."""

    chunk: Chunk
    score: float  # after fusion and the sentence-level rerank; only the order means something
    coverage: float = 0.0  # share of the question's terms, by weight, in the chunk and its headline
    sentence_scores: tuple[float, ...] = ()  # of the chunk's sentences, as the rerank scored them
    lexical_rank: int | None = None
    lexical_score: float | None = None
    dense_rank: int | None = None
    dense_score: float | None = None  # in [-1, 1], Index.search_dense
    printed: str = ""  # all of its article: kicker, headline and text
