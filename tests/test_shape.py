"""What an answer must look like, in Chinese and in English."""

from __future__ import annotations

import pytest

from rag.question import understand
from rag.shape import misfits


@pytest.mark.parametrize(
    ("question", "words", "failed"),
    [
        ("馆里有多少名读者?", "300名", 0),
        ("馆里有多少名读者?", "300册", 1),
        ("馆里有多少名读者?", "很多", 2),
        ("建馆花了多少钱?", "80余万元", 0),
        ("建馆花了多少钱?", "3座", 1),
        ("How many readers came?", "300名", 0),
        ("How many readers came?", "读者", 1),
        ("开馆是在几月份?", "11月", 0),
        ("开馆是在几月份?", "1亿元", 1),
        ("When did it open?", "2019年", 0),
        ("When did it open?", "三座", 1),
        ("馆长叫什么?", "很多", 0),
    ],
)
def test_misfits_are_counted(question: str, words: str, failed: int) -> None:
    assert misfits(understand(question), question, words) == failed
