"""Candidates turned to words and citations: nothing that is not printed, nothing out of place."""

from __future__ import annotations

import pytest

from embeddings.articles import Article
from embeddings.chunks import Chunk, chunk_articles
from rag import evidence
from rag.answers import Hit
from rag.question import understand
from rag.reader import Candidate

FILE = (
    "【标题】\n\n图书馆新购图书3万册,绘本、小说、报刊等都有。\n\n"
    "馆长说,通过整合社区资源,把书送到了村里,借书的人多了一倍。去年没有讲座。"
)


def chunk_of(text: str) -> Chunk:
    start = FILE.index(text)
    article = Article(title="图书馆", text=text, spans=((start, start + len(text)),))
    return chunk_articles("a.txt", [article], chunk_chars=400)[0]


CHUNK = chunk_of(FILE[6:])


def found(words: str, span: float = 5.0, yes: float = 1.0, chunk: Chunk = CHUNK) -> evidence.Found:
    start = chunk.text.index(words)
    candidate = Candidate(0, start, start + len(words), span, 0.0, 1.0, yes)
    return evidence.Found(candidate, Hit(chunk, 1.0, coverage=0.5), span)


@pytest.mark.parametrize(
    ("question", "words", "said"),
    [
        ("新购多少册?", "3万册", "3万册"),
        ("有哪些书?", "小说", "绘本、小说、报刊等都有"),
        (
            "怎么让借书的人多起来?",
            "整合社区资源",
            "馆长说,通过整合社区资源,把书送到了村里,借书的人多了一倍",
        ),
        (
            "How did readers double?",
            "整合社区资源",
            "馆长说,通过整合社区资源,把书送到了村里,借书的人多了一倍",
        ),
        ("是不是新购了3万册?", "3万册", "是：图书馆新购图书3万册,绘本、小说、报刊等都有"),
        ("是不是新购了5万册?", "3万册", "否：图书馆新购图书3万册,绘本、小说、报刊等都有"),
        ("Did it buy 30,000 books?", "3万册", "Yes: 图书馆新购图书3万册,绘本、小说、报刊等都有"),
    ],
)
def test_the_words_have_the_shape_that_the_question_asks_for(
    question: str, words: str, said: str
) -> None:
    assert evidence.words(understand(question), found(words)) == said


def test_the_readers_no_is_a_no() -> None:
    said = evidence.words(understand("去年有没有讲座?"), found("没有讲座", yes=-2.0))
    assert said == "否：去年没有讲座"


def test_a_citation_is_cut_out_of_the_file() -> None:
    (citation,) = evidence.citations([[found("3万册")]])
    assert citation.quote == "图书馆新购图书3万册,绘本、小说、报刊等都有。"
    assert "".join(FILE[s:e] for s, e in citation.spans) == citation.quote
    assert "".join(FILE[s:e] for s, e in citation.passage_spans) == citation.passage


def test_a_sentence_is_cited_once_and_weak_ones_not_at_all() -> None:
    best, same = found("3万册"), found("小说", span=4.5)
    near, weak = found("整合社区资源", span=3.0), found("去年没有讲座", span=-2.0)
    quotes = [c.quote for c in evidence.citations([[best, same, near, weak]])]
    assert len(quotes) == 2
    assert quotes[1].startswith("馆长说")


def test_a_number_question_prefers_a_number() -> None:
    hits = [Hit(CHUNK, 1.0, coverage=0.5)]
    a, b = found("报刊", span=5.0).candidate, found("3万册", span=4.0).candidate
    ranked = evidence.rank(understand("新购多少册图书?"), "新购多少册图书?", hits, [a, b])
    assert CHUNK.text[ranked[0].candidate.start : ranked[0].candidate.end] == "3万册"
    ranked = evidence.rank(understand("新购了什么?"), "新购了什么?", hits, [a, b])
    assert CHUNK.text[ranked[0].candidate.start : ranked[0].candidate.end] == "报刊"


def test_a_follow_up_is_not_told_the_same_again() -> None:
    hits = [Hit(CHUNK, 1.0, coverage=0.5)]
    history = [
        {"role": "user", "content": "图书馆新购多少册图书?"},
        {"role": "assistant", "content": "３万册"},
    ]
    asked = understand("那借书的人呢?", history)  # type: ignore[arg-type]
    candidates = [found("3万册").candidate, found("多了一倍", span=1.0).candidate]
    ranked = evidence.rank(asked, asked.text, hits, candidates)
    assert [CHUNK.text[f.candidate.start : f.candidate.end] for f in ranked] == ["多了一倍"]


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        (" ，三万册。", "三万册"),
        ("“三长四员”", "三长四员"),
        ("“三长四员", "三长四员"),
        ("《公约》", "《公约》"),
        ("“甲”和“乙”", "“甲”和“乙”"),
    ],
)
def test_loose_punctuation_is_taken_off(text: str, tidied: str) -> None:
    assert evidence.tidy(text) == tidied


def test_confidence_grows_with_the_score_and_stays_in_its_range() -> None:
    values = [evidence.confidence(found("3万册", span=s)) for s in (-1e9, -5.0, 0.0, 5.0, 1e9)]
    assert values == sorted(values)
    assert all(0.0 <= v <= 1.0 for v in values)
