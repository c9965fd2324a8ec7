"""How long a page takes to split, however odd it is."""

from __future__ import annotations

import gc
import time

import pytest

from embeddings.articles import read_page
from tests.newsprint import NAMES, page_of


def seconds(page: str) -> float:
    """Of this process alone, the best of three: what else the machine does slows it down too."""
    times = []
    gc.collect()
    gc.freeze()  # nor is what other tests left behind to be gone through
    for _ in range(3):
        began = time.process_time()
        read_page(page)
        times.append(time.process_time() - began)
    gc.unfreeze()
    return min(times)


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
    assert seconds(page[:100_000]) < 2


@pytest.mark.parametrize("line", ["村民\n", "村里种了梨树,收入增\n\n", "New Park\n\nIt rains\n\n"])
def test_a_thousand_broken_lines_take_under_two_seconds(line: str) -> None:
    read_page("先读一下词典。村民把网\n\n格划好了。")
    assert seconds(line * 1_000) < 2
