"""Roles of single lines."""

from __future__ import annotations

import time

import pytest

from embeddings.headlines import signature
from embeddings.lines import Line, Role, read_lines
from embeddings.marks import closing_marks, open_marks

HOSTILE = [
    "一" * 44 + "5", "一" * 44 + "·", "■" + "一" * 43 + "5", "记者" * 22 + "5", "记者 " * 14 + "5",
    "文图" * 22 + "5", "文/图" * 14 + "5", "、 " * 40 + "5", "■" + " " * 80 + "5", "一·" * 22 + "5",
    "图/" * 22 + "5", "By A" + " a" * 40 + "!", "本报" * 22, "#" * 88, "By " + "A.'-" * 20 + "!",
    "（" * 22 + "摄" + "）" * 21, "编辑" * 22, "“" * 20_000 + "(" + ")“(" * 20_000,
]  # fmt: skip


@pytest.mark.parametrize("line", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_lines_take_no_time(line: str) -> None:
    read_lines("先读一下词典。")
    began = time.perf_counter()
    read_lines(line)
    read_lines(line.replace("5", "他"))
    open_marks(line)
    closing_marks(line)
    signature([Line(line, ((0, len(line)),), Role.BYLINE)], [])
    signature([], [line])
    assert time.perf_counter() - began < 0.5


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("记者 张三 通讯员 李四", Role.BYLINE),
        ("本报记者张三、李四 文/图", Role.HEADING),  # ends with no reporter, bears no mark
        ("■张三 文/图 李四", Role.BYLINE),
        ("□本报通讯员 张三丰 李四/文图", Role.BYLINE),
        ("■张 李四", Role.BODY),
        ("特约撰稿人 欧阳·张三", Role.BYLINE),
        ("张三 李四", Role.HEADING),
        ("By Jane Doe and John Roe", Role.BYLINE),
    ],
)
def test_bylines(line: str, role: Role) -> None:
    assert [found.role for found in read_lines(line)] == [role]


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("梨树种上山,村民笑开颜!", Role.HEADING),
        ("山上种了三千棵梨树,后来……", Role.HEADING),
        ("村民把树种上了山。大家都说:“真好!”", Role.BODY),
        ("合作社请来了农科院的专家,专家给村民讲了半天梨树怎么剪枝、怎么浇水!", Role.BODY),
    ],
)
def test_headlines_may_end_like_sentences(line: str, role: Role) -> None:
    assert [found.role for found in read_lines(line)] == [role]
