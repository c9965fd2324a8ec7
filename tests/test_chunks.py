"""Articles to chunks: exact offsets, whole sentences, nothing lost."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.articles import Article, Join, split_page
from embeddings.chunks import (
    Chunk,
    chunk_articles,
    cut_spans,
    joins_between,
    split_sentences,
)
from tests.newsprint import LINES, NAMES, NEWLINES, page_of


def sentences(text: str) -> list[str]:
    """The sentences as text."""
    return [text[s:e] for s, e in split_sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("村里种树。人都笑了!", ["村里种树。", "人都笑了!"]),
        ("“好。”他说。", ["“好。”", "他说。"]),
        ("他说:“好!”大家笑了。", ["他说:“好!”", "大家笑了。"]),
        ("行了……走吧。", ["行了……", "走吧。"]),
        ("增长3.5%，很好；再来。", ["增长3.5%，很好；", "再来。"]),
        *[(f"题目{newline}正文。", ["题目", "正文。"]) for newline in NEWLINES],
        *[(f"Title{newline}Text.", ["Title", "Text."]) for newline in NEWLINES],
        ("Dr. Li came. It rained.", ["Dr. Li came.", "It rained."]),
        ("It cost 3.5 million. Really?", ["It cost 3.5 million.", "Really?"]),
        ("He said “no.” Then he left.", ["He said “no.”", "Then he left."]),
        ("  \n ", []),
        ("", []),
    ],
)
def test_split_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@given(st.text(alphabet="村树。！？”“.a 1\n…；", max_size=60))
def test_sentences_hold_every_character_once(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())
    spans = split_sentences(text)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))


def check_chunks(page: str, limit: int, overlap: int) -> list[Chunk]:
    """All that holds for the chunks of any page."""
    articles = split_page(page)
    chunks = chunk_articles("p", articles, chunk_chars=limit, overlap_sentences=overlap)
    assert [chunk.id for chunk in chunks] == list(range(len(chunks)))
    for chunk in chunks:
        assert chunk.text == "".join(page[s:e] for s, e in chunk.spans)
        assert chunk.title == articles[chunk.article].title
        assert chunk.sentences[0][0] == 0 and chunk.sentences[-1][1] == len(chunk.text)
        assert all(a[1] <= b[0] for a, b in pairwise(chunk.sentences))
        held = {i for s, e in articles[chunk.article].spans for i in range(s, e)}
        assert {i for s, e in chunk.spans for i in range(s, e)} <= held
        assert len(chunk.text) <= 1.5 * limit
        told = set(articles[chunk.article].joins)
        both = {(a[1], b[0]) for a, b in pairwise(chunk.spans)}
        assert set(chunk.joins) == {join for join in told if (join.head, join.tail) in both}
    want = {i for a in articles for s, e in a.spans for i in range(s, e) if not page[i].isspace()}
    got = {i for c in chunks for s, e in c.spans for i in range(s, e) if not page[i].isspace()}
    assert want == got
    return chunks


@pytest.mark.parametrize("name", NAMES)
def test_seed_chunks(name: str) -> None:
    for limit, overlap in ((220, 0), (220, 1), (60, 2)):
        check_chunks(page_of(name), limit, overlap)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=12), st.integers(1, 40), st.integers(0, 3))
def test_chunks_of_shuffled_lines(lines: list[str], limit: int, overlap: int) -> None:
    check_chunks("\n".join(lines), limit, overlap)


def test_overlap_repeats_whole_sentences() -> None:
    article = Article("题", "一二三。四五六。七八九。十百千。", ((5, 21),))
    texts = [
        [chunk.text for chunk in chunk_articles("p", [article], chunk_chars=8, overlap_sentences=n)]
        for n in (0, 1)
    ]
    assert texts[0] == ["一二三。四五六。", "七八九。十百千。"]
    assert texts[1] == ["一二三。四五六。", "四五六。七八九。十百千。"]


def test_overlap_is_left_out_where_it_would_be_too_long() -> None:
    text = "一二三四五六七。八九十。甲乙丙丁戊己庚辛壬。"
    article = Article("", text, ((0, len(text)),))
    chunks = chunk_articles("p", [article], chunk_chars=9, overlap_sentences=2)
    assert [c.text for c in chunks] == [text[:12], text[12:]]
    chunks = chunk_articles("p", [article], chunk_chars=10, overlap_sentences=2)
    assert [c.text for c in chunks] == [text[:12], text[8:]]


def test_a_sentence_is_cut_only_where_no_chunk_holds_it() -> None:
    text = "It rained all day, and the council met. It voted."
    article = Article("", text, ((0, len(text)),))
    parts = [[c.text for c in chunk_articles("p", [article], chunk_chars=n)] for n in (26, 25)]
    assert parts[0] == ["It rained all day, and the council met.", "It voted."]
    assert parts[1] == ["It rained all day, and", "the council met. It voted."]


def test_ids_count_on() -> None:
    article = Article("", "一。", ((0, 2),))
    (chunk,) = chunk_articles("p", [article], chunk_chars=9, first_chunk=7, first_article=3)
    assert (chunk.id, chunk.article, chunk.source) == (7, 3, "p")


SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 6)), max_size=5).map(
    lambda pairs: tuple((s, s + n) for s, n in pairs)
)


@given(SPANS, st.integers(0, 40), st.integers(0, 40))
def test_cut_spans_against_a_list_of_places(
    spans: tuple[tuple[int, int], ...], start: int, end: int
) -> None:
    places = [i for s, e in spans for i in range(s, e)]
    got = cut_spans(spans, start, end)
    assert [i for s, e in got for i in range(s, e)] == places[start:end]
    assert all(a[1] != b[0] for a, b in pairwise(got))


def test_locate_in_a_joined_chunk() -> None:
    page = "牡丹区有42个老旧小\n\n区得到治理。"
    article = Article("", "牡丹区有42个老旧小区得到治理。", ((0, 10), (12, 18)))
    (chunk,) = chunk_articles("p", [article], chunk_chars=200)
    assert chunk.locate(7, 11) == ((7, 10), (12, 13))
    assert "".join(page[s:e] for s, e in chunk.locate(7, 11)) == "老旧小区"
    assert chunk.locate(3, 3) == ()
    for start, end in ((-1, 2), (2, 1), (0, 99)):
        with pytest.raises(ValueError, match="No characters"):
            chunk.locate(start, end)


@pytest.mark.parametrize(
    ("page", "pieces"),
    [
        ("牡丹区有老旧小\n\n区。村民都说\n\n好。", ((0, 7), (9, 15), (17, 19))),
        ("The old quar\n\nter. People are\n\nglad.", ((0, 12), (14, 29), (31, 36))),
    ],
)
def test_a_chunk_has_the_joins_of_its_own_sentences(
    page: str, pieces: tuple[tuple[int, int], ...]
) -> None:
    joins = tuple(Join(a[1], b[0], 0.9) for a, b in pairwise(pieces))
    article = Article("", "".join(page[s:e] for s, e in pieces), pieces, joins=joins)
    first, second = chunk_articles("p", [article], chunk_chars=len(article.text) // 2)
    assert (first.joins, second.joins) == (joins[:1], joins[1:])
    (whole,) = chunk_articles("p", [article], chunk_chars=99)
    assert whole.joins == joins and whole.spans == pieces
    assert joins_between(pieces[:1], joins) == joins_between((), joins) == ()
    assert joins_between((pieces[0], pieces[2]), joins) == ()
