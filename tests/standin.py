"""A bot that answers from a table, with real Answers and Citations over a text of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import SimpleNamespace

from embeddings import Config
from embeddings.articles import Join
from embeddings.chunks import Chunk
from embeddings.errors import QuestionError
from embeddings.records import IndexedArticle
from rag import Answer, Citation, Hit
from rag.answers import Language
from rag.evidence import Found
from rag.question import Turn, understand
from rag.reader import Candidate
from rag.steps import Reading, Retrieved

EXAMPLES = ("how did 明水街道 reduce complaints?", "图书馆藏书多少?")
FILE = "page_1.txt"
TITLE = "河边新开<b>图书馆</b>"
TEXT = (
    "河边新开<b>图书馆</b>\n\n昨天,图书馆在河边开馆,藏书3万册,每天开放12小时。\n\n"
    "A second library opens in May.\n"
)
QUOTE = "藏书3万册"
# The file goes on: the end of a sentence whose beginning is printed below it, and rooms.
TAIL = "对外开放。\n"
HEAD = "一楼的<i>阅览室</i>下月"
ROOMS = "".join(f"第{n}阅览室有座位{n}0个,朝南。\n" for n in range(1, 41))
PAGE = TEXT + TAIL + ROOMS + HEAD + "\n"


def whole() -> IndexedArticle:
    """The article in PAGE: rooms, the broken sentence (62 % sure), then TEXT's paragraphs."""
    tail, rooms, head = len(TEXT), len(TEXT + TAIL), len(TEXT + TAIL + ROOMS)
    body = TEXT.index("昨天")
    spans = ((rooms, head), (head, head + len(HEAD)), (tail, rooms), (body, tail))
    return IndexedArticle(
        source=FILE,
        title=TITLE,
        kicker="文化<u>惠民</u>",
        byline="记者 张三",
        text="".join(PAGE[s:e] for s, e in spans),
        spans=spans,
        joins=(Join(head + len(HEAD), tail, 0.62),),
        confidence=0.9,
    )


def citation(
    quote: str = QUOTE,
    passage: str = TEXT,
    article: int | None = 0,
    join_confidence: float | None = None,
) -> Citation:
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
        article=article,
        join_confidence=join_confidence,
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


def a_hit() -> Hit:
    """The passage TEXT as retrieval finds it."""
    evidence = (TEXT.index("昨天"), len(TEXT) - 1)
    chunk = Chunk(0, FILE, 0, TITLE, TEXT, ((0, len(TEXT)),), (evidence,))
    return Hit(chunk, 1.5, 0.75, (1.5,), 1, 7.25, 2, 0.5)


def a_found() -> Found:
    """The answer 3万册 as the reader proposes it."""
    at = TEXT.index("3万册")
    return Found(Candidate(0, at, at + 3, 4.0, 2.0, 3.0, None), a_hit(), 3.5, 2.2)


class StandIn:
    """answer(), steps(), search() and articles as the Chatbot has them; remembers what is asked.

    A question with "slow" in it is answered once `gate` is set. There is one article, number 0.
    """

    config = Config()
    generation = ""

    def __init__(self) -> None:
        self.asked: list[tuple[str, list[Turn]]] = []
        self.gate = threading.Event()
        self.at_once = self.most_at_once = 0

    def answer(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            return self._answer(question, list(history))
        finally:
            self.at_once -= 1

    def steps(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Retrieved | Reading]:
        asked = understand(question, history) if question.strip() else understand("?")
        yield Retrieved(asked, (a_hit(),))
        answer = replace(self.answer(question, history), question=asked.text)
        yield Reading(asked, (a_hit(),), (() if answer.refused else (a_found(),),), answer)

    def search(self, question: str, k: int = 20) -> list[Hit]:
        return [a_hit()] if "图书馆" in question or "library" in question else []

    @property
    def index(self) -> SimpleNamespace:
        """Its passages alone."""
        return SimpleNamespace(chunks=(a_hit().chunk,))

    def newest(self) -> None:
        """There is one generation."""

    def articles(self, generation: str | None = None) -> Sequence[IndexedArticle]:
        return (whole(),)

    def article(self, number: int, generation: str | None = None) -> IndexedArticle:
        if number != 0:
            raise QuestionError(f"There is no article {number}; this index has <one>.")
        return whole()

    def _answer(self, question: str, history: list[Turn]) -> Answer:
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
        if "broken" in question:
            return an_answer(citations=(citation(join_confidence=0.62),), language="en")
        return an_answer()
