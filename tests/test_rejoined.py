"""Sentences put together again: a quote's least sure join, and what is said of it."""

from __future__ import annotations

import pytest

from embeddings import Config
from embeddings.articles import Article, Join, percent
from embeddings.chunks import Chunk, chunk_articles
from rag.__main__ import show
from rag.answers import Language
from rag.evidence import cite
from rag.rejoined import warning
from tests.standin import an_answer, citation

ZH = ("馆长说,买了3", "万册图书。他又说,通过整", "合资源。")
EN = ("The library bought three ", "thousand books. It also sa", "ved money.")
NOTE_ZH = "原文在此处断栏\uff0c接续由程序判断\uff08把握62%\uff09\uff0c请核对"
NOTE_EN = (
    "The sentence was broken by a column end and rejoined by the program (62 % sure): "
    "check the page"
)


def chunk_of(pieces: tuple[str, ...]) -> tuple[Chunk, str]:
    """A chunk of the pieces, joined 90 % and 60 % sure, and its file, where they stand apart."""
    file = "".join(f"{piece}\n别的文章。\n" for piece in pieces)
    spans = tuple((file.index(piece), file.index(piece) + len(piece)) for piece in pieces)
    joins = tuple(
        Join(head, tail, sure)
        for (_, head), (tail, _), sure in zip(spans, spans[1:], (0.9, 0.6), strict=False)
    )
    article = Article("题", "".join(pieces), spans, joins=joins)
    (chunk,) = chunk_articles("a.txt", [article], chunk_chars=400, first_article=2)
    return chunk, file


@pytest.mark.parametrize(
    ("pieces", "quote", "least"),
    [
        (ZH, "馆长说,买了3万册图书。", 0.9),
        (ZH, "他又说,通过整合资源。", 0.6),
        (ZH, "".join(ZH), 0.6),
        (ZH, "3万", 0.9),
        (ZH, "馆长说,买了3", None),  # broken off at the join
        (ZH, "万册图书。", None),  # begins at it
        (EN, "The library bought three thousand books.", 0.9),
        (EN, "It also saved money.", 0.6),
        (EN, "".join(EN), 0.6),
        (EN, "thousand books.", None),
    ],
)
def test_a_citation_tells_its_least_sure_join(
    pieces: tuple[str, ...], quote: str, least: float | None
) -> None:
    chunk, file = chunk_of(pieces)
    start = chunk.text.index(quote)
    cited = cite(chunk, (start, start + len(quote)), 0.0)
    assert cited.quote == quote == "".join(file[s:e] for s, e in cited.spans)
    assert (cited.join_confidence, cited.article) == (least, 2)


@pytest.mark.parametrize(("language", "note"), [("zh", NOTE_ZH), ("en", NOTE_EN)])
def test_a_reader_is_told_of_unsure_joins_alone(language: Language, note: str) -> None:
    assert warning(0.62, 0.8, language) == note
    assert [warning(sure, 0.8, language) for sure in (0.8, 1.0, None)] == ["", "", ""]


def test_per_cent_are_never_rounded_up() -> None:
    assert [percent(sure) for sure in (0.0, 0.29, 0.58, 0.7999, 1.0)] == [0, 29, 58, 79, 100]


@pytest.mark.parametrize(("language", "note"), [("zh", NOTE_ZH), ("en", NOTE_EN)])
def test_the_command_line_tells_it_below_the_quote(language: Language, note: str) -> None:
    cited = (citation(join_confidence=0.62), citation(join_confidence=0.9), citation())
    lines = show(an_answer(citations=cited, language=language), Config()).split("\n")
    assert lines[2:4] == ["      藏书3万册", f"      ({note})"]
    assert [line for line in lines if note in line] == lines[3:4]
    bold = Config(sure_join=0.6)
    assert note not in show(an_answer(citations=cited, language=language), bold)
