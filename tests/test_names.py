"""Pinyin names written as they are printed."""

from __future__ import annotations

import pytest

from rag.names import as_printed

TEXTS = ["垦利区明水街道社区党委书记陈小龙说", "东阿县,袁灵"]


@pytest.mark.parametrize(
    ("question", "printed"),
    [
        ("Who leads Mingshui Subdistrict?", "Who leads 明水 Subdistrict?"),
        ("What did Chen Xiaolong say?", "What did 陈小龙 say?"),
        ("Is Yuan Ling from Dong'e County?", "Is 袁灵 from 东阿 County?"),
        ("Where is Kenli District?", "Where is 垦利 District?"),
        ("Where does mingshui lie?", "Where does mingshui lie?"),
        ("Who leads Beijing?", "Who leads Beijing?"),
        ("明水街道怎么样?", "明水街道怎么样?"),
        ("", ""),
    ],
)
def test_names_are_written_as_they_are_printed(question: str, printed: str) -> None:
    said = as_printed(question, TEXTS)
    assert said.replace("垦利区", "垦利").replace("东阿县", "东阿") == printed


def test_without_passages_nothing_changes() -> None:
    assert as_printed("Who leads Mingshui?", []) == "Who leads Mingshui?"
