"""Places in a chunk: clauses, quoted names, loose punctuation."""

from __future__ import annotations

import pytest

from embeddings.chunks import Chunk
from rag import extents


@pytest.mark.parametrize(
    ("text", "words", "name"),
    [
        ("建成“四邻管家‘红色物业’基地”一处", "四邻管家", "四邻管家‘红色物业’基地"),
        ("报送《下活“一盘棋”,解决“两张皮”》获奖", "下活“一盘棋", "《下活“一盘棋”,解决“两张皮”》"),
        ("“办了‘慧学手机’讲座”", "慧学", "慧学手机"),
        ("用好这座“空中花园”,再办集市", "用好这座“空中", "用好这座“空中花园”"),
        ("报送《公约》获奖", "获奖", "获奖"),
        ("“甲”字之后的乙", "乙", "乙"),
        ("他说“" + "很长" * 20 + "的话”", "很长", "很长"),
    ],
)
def test_a_name_in_quotation_marks_is_given_whole(text: str, words: str, name: str) -> None:
    start = text.index(words)
    s, e = extents.quoted(text, start, start + len(words), 30)
    assert text[s:e] == name


def test_no_clause_ends_inside_a_number() -> None:
    text = "投入1,500元、2,300元两笔,于12:30开馆。"
    assert [text[s:e] for s, e in extents.clause_spans(text, 0, len(text))] == [
        "投入1,500元、2,300元两笔,",
        "于12:30开馆。",
    ]


def test_long_sentences_are_cut_to_the_clauses_that_fit() -> None:
    text = "".join(f"第{i}句话说到这里,它还没有完," for i in range(9)) + "完。"
    chunk = Chunk(0, "a", 0, "", text, ((0, len(text)),), ((0, len(text)),))
    start = text.index("第4句话")
    s, e = extents.clauses(chunk, start, start + 4, 29)
    assert text[s:e] == "第4句话说到这里,它还没有完,第5句话说到这里,"
    assert extents.clauses(chunk, start, start + 4, 5) == (start, start + len("第4句话说到这里,"))


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        (" ，三万册。", "三万册"),
        ("“三长四员”", "三长四员"),
        ("“三长四员", "三长四员"),
        ("《公约》", "《公约》"),
        ("“甲”和“乙”", "“甲”和“乙”"),
        ("（试行）办法", "（试行）办法"),
    ],
)
def test_loose_punctuation_is_taken_off(text: str, tidied: str) -> None:
    assert extents.tidy(text) == tidied
