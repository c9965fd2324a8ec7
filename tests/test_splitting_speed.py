"""How long a page takes to split, however odd it is."""

from __future__ import annotations

import time

import pytest

from embeddings.articles import read_page
from tests.newsprint import NAMES, page_of


@pytest.mark.parametrize(
    "page",
    [
        page_of("000_6fa695de1ced5090.txt") * 20,
        "".join(page_of(name) for name in NAMES) * 10,
        "一" * 100_000,
        "“(" * 50_000,
        "村里种了梨树,收入增加了。" * 8_000,
        "The council voted 7 to 2. " * 4_000,
    ],
    ids=["a page over again", "five pages over again", "one word", "marks", "one line", "English"],
)
def test_100_000_characters_take_under_two_seconds(page: str) -> None:
    read_page("先读一下词典。村民把网\n\n格划好了。")
    began = time.process_time()  # of this process alone, whatever else the machine does
    read_page(page[:100_000])
    assert time.process_time() - began < 2


@pytest.mark.parametrize("line", ["村民\n", "村里种了梨树,收入增\n\n", "New Park\n\nIt rains\n\n"])
def test_a_thousand_broken_lines_take_under_two_seconds(line: str) -> None:
    read_page("先读一下词典。村民把网\n\n格划好了。")
    began = time.process_time()
    read_page(line * 1_000)
    assert time.process_time() - began < 2
