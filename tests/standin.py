"""A bot that answers from a table, with real Answers and Citations over a text of its own."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from embeddings.errors import QuestionError
from rag import Answer, Citation
from rag.answers import Language

FILE = "page_1.txt"
TITLE = "河边新开<b>图书馆</b>"
TEXT = (
    "河边新开<b>图书馆</b>\n\n昨天,图书馆在河边开馆,藏书3万册,每天开放12小时。\n\n"
    "A second library opens in May.\n"
)
QUOTE = "藏书3万册"


def citation(quote: str = QUOTE, passage: str = TEXT) -> Citation:
    """The citation of a quote that stands in TEXT, inside a passage of TEXT."""
    at, start = TEXT.index(quote), TEXT.index(passage)
    return Citation(
        source=FILE,
        title=TITLE,
        quote=quote,
        spans=((at, at + len(quote)),),
        score=0.9,
        passage=passage,
        passage_spans=((start, start + len(passage)),),
    )


def an_answer(
    text: str = "3万册",
    *,
    refused: bool = False,
    confidence: float = 0.9,
    citations: tuple[Citation, ...] | None = None,
    language: Language = "zh",
    timings: dict[str, float] | None = None,
) -> Answer:
    return Answer(
        text=text,
        refused=refused,
        confidence=confidence,
        citations=(citation(),) if citations is None else citations,
        language=language,
        question="图书馆藏书多少?",
        timings={"read": 0.25} if timings is None else timings,
    )


class StandIn:
    """answer() as the Chatbot has it; remembers what it was given.

    A question with "slow" in it is answered once `gate` is set.
    """

    def __init__(self) -> None:
        self.asked: list[tuple[str, list[dict[str, str]]]] = []
        self.gate = threading.Event()
        self.at_once = self.most_at_once = 0

    def answer(self, question: str, history: Sequence[dict[str, str]] = ()) -> Answer:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            return self._answer(question, list(history))
        finally:
            self.at_once -= 1

    def _answer(self, question: str, history: list[dict[str, str]]) -> Answer:
        self.asked.append((question, history))
        if not question.strip():
            raise QuestionError("The question is empty; ask at least one word.")
        if "slow" in question:
            assert self.gate.wait(30), "nobody opened the gate"
        if "fail" in question:
            raise RuntimeError("reader <broke>")
        if "tea" in question:
            return an_answer(
                "The articles do not answer this.", refused=True, citations=(), language="en"
            )
        return an_answer()
