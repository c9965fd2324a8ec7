"""Candidates turned to words and citations: nothing that is not printed, nothing out of place."""

from __future__ import annotations

import pytest

from embeddings import Config
from embeddings.articles import Article
from embeddings.chunks import Chunk, chunk_articles
from rag import evidence
from rag.answers import Hit
from rag.judge import Judge
from rag.question import understand
from rag.reader import Candidate
from rag.verdict import by_numbers, verdict

FILE = (
    "【标题】\n\n图书馆新购图书3万册,绘本、小说、报刊等都有。\n\n"
    "馆长说,通过整合社区资源,把书送到了村里,借书的人多了一倍。去年没有讲座。"
)


def chunk_of(text: str) -> Chunk:
    start = FILE.index(text)
    article = Article(title="图书馆", text=text, spans=((start, start + len(text)),))
    return chunk_articles("a.txt", [article], chunk_chars=400, first_article=2)[0]


CHUNK = chunk_of(FILE[6:])


def found(
    words: str, span: float = 5.0, yes: float | None = 1.0, chunk: Chunk = CHUNK
) -> evidence.Found:
    start = chunk.text.index(words)
    candidate = Candidate(0, start, start + len(words), span, 0.0, 1.0, yes)
    return evidence.Found(candidate, Hit(chunk, 1.0, coverage=0.5), span, span)


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
    assert evidence.say(understand(question), [[found(words)]], Config()) == said


def test_a_verdict_is_the_readers_or_none() -> None:
    asked = understand("去年有没有讲座?")
    assert evidence.say(asked, [[found("没有讲座", yes=-2.0)]], Config()) == "否：去年没有讲座"
    assert evidence.say(asked, [[found("没有讲座", yes=None)]], Config()) == "去年没有讲座"


@pytest.mark.parametrize(
    ("question", "clause", "decided"),
    [
        ("2019年是不是有8个?", "2019年建了5个", False),
        ("2019年是不是有5个?", "2019年建了5个", None),
        ("Did it open six branches?", "新设5家分馆", False),
        ("Did it open five branches?", "新设5家分馆", None),
        ("Did it buy 30,000 books?", "购书3万册", None),
        ("Are there more than 400 readers?", "全区读者432名", True),
        ("Are there more than 500 readers?", "全区读者432名", False),
        ("读者不到500名吗?", "全区读者432名", True),
        ("馆长是不是姓李?", "馆长姓王", None),
    ],
)
def test_numbers_that_one_side_alone_names_decide(
    question: str, clause: str, decided: bool | None
) -> None:
    assert by_numbers(question, clause) is decided
    if decided is not None:
        assert (
            verdict(question, clause, 9.0 if not decided else -9.0, "en") == ["No", "Yes"][decided]
        )


def test_a_short_sentence_is_cited_with_the_one_before_it() -> None:
    chunk = chunk_of(FILE[6:])
    quotes = [c.quote for c in evidence.citations([[found("没有讲座", chunk=chunk)]], Config())]
    assert quotes == ["馆长说,通过整合社区资源,把书送到了村里,借书的人多了一倍。去年没有讲座。"]


def test_a_second_part_is_not_answered_as_the_first() -> None:
    first, second = found("3万册"), found("一倍")
    ranked = evidence.apart([[first, second], [first, second]])
    assert [r[0].words for r in ranked] == ["3万册", "一倍"]
    assert [r[0].words for r in evidence.apart([[first], [first]])] == ["3万册", "3万册"]


def test_a_citation_is_cut_out_of_the_file() -> None:
    (citation,) = evidence.citations([[found("3万册")]], Config())
    assert citation.quote == "图书馆新购图书3万册,绘本、小说、报刊等都有。"
    assert "".join(FILE[s:e] for s, e in citation.spans) == citation.quote
    assert "".join(FILE[s:e] for s, e in citation.passage_spans) == citation.passage
    assert (citation.article, citation.join_confidence) == (2, None)


def test_a_sentence_is_cited_once_and_weak_ones_not_at_all() -> None:
    best, same = found("3万册"), found("小说", span=4.5)
    near, weak = found("整合社区资源", span=3.0), found("去年没有讲座", span=-2.0)
    quotes = [c.quote for c in evidence.citations([[best, same, near, weak]], Config())]
    assert len(quotes) == 2
    assert quotes[1].startswith("馆长说")


def ranked(question: str, *candidates: evidence.Found, told: str = "") -> list[str]:
    """The words of the candidates as they are ranked."""
    history = [
        {"role": "user", "content": "图书馆买了什么?"},
        {"role": "assistant", "content": told},
    ]
    asked = understand(question, history if told else [])  # type: ignore[arg-type]
    found = evidence.rank(
        asked.parts[0],
        [Hit(CHUNK, 1.0, coverage=0.5)],
        [c.candidate for c in candidates],
        Judge(),
        Config(),
        asked.told,
    )
    return [f.words for f in found]


def test_a_number_question_prefers_a_number_of_its_unit() -> None:
    thing, count = found("报刊", span=5.0), found("3万册", span=4.0)
    assert ranked("新购多少册图书?", thing, count)[0] == "3万册"
    assert ranked("新购了什么?", thing, count)[0] == "报刊"


def test_a_follow_up_prefers_what_was_not_said() -> None:
    said, new = found("3万册", span=3.0), found("多了一倍", span=2.0)
    assert ranked("那借书的人呢?", said, new, told="３万册")[0] == "多了一倍"
    assert ranked("那借书的人呢?", said, told="３万册") == ["3万册"]
    assert ranked("借书的人多了几倍?", said, new)[0] == "3万册"


def test_what_stands_in_a_longer_number_was_not_said() -> None:
    assert not evidence.stands_in("5个", "共有15个小区")
    assert evidence.stands_in("5个", "共有5个小区")
    assert not evidence.stands_in("5", "50")


@pytest.mark.parametrize(
    ("text", "coverage", "demands"),
    [
        ("买了3万册书。", 0.5, 0),
        ("买了多少册书?”", 0.5, 1),
        ("How many books were bought?", 0.5, 1),
        ("买了3万册书。", 0.0, 1),
        ("买了多少册书?", 0.0, 2),
    ],
)
def test_questions_and_passages_beside_the_point_are_marked_down(
    text: str, coverage: float, demands: int
) -> None:
    article = Article(title="", text=text, spans=((0, len(text)),))
    hit = Hit(chunk_articles("a.txt", [article], chunk_chars=400)[0], 1.0, coverage=coverage)
    candidate = Candidate(0, 0, 2, 5.0, 0.0, 1.0, None)
    (part,) = understand("买了什么?").parts
    config, judge = Config(wrong_shape=2.0), Judge()
    (first,) = evidence.rank(part, [hit], [candidate], judge, config)
    (free,) = evidence.rank(part, [hit], [candidate], judge, Config(wrong_shape=0.0))
    assert free.score - first.score == pytest.approx(demands * 2.0)
    assert free.log_odds - first.log_odds == pytest.approx(demands * 2.0)


def test_punctuation_alone_is_no_answer() -> None:
    assert ranked("新购了什么?", found("、")) == []
