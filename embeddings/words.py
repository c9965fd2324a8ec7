"""Chinese text in, words out: jieba, loaded on first use, silent, without its cache file."""

from __future__ import annotations

import logging
import math
from functools import lru_cache
from typing import Any


@lru_cache(maxsize=1)
def _tokenizer() -> Any:
    import jieba

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    # Tokenizer.initialize would read and write a marshal file in the shared temporary folder;
    # the dictionary itself is read in half a second.
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    return tokenizer


def segment(text: str, guess: bool = True) -> list[str]:
    """Words of a text, in order; joined they are the text. `guess` finds names by their look."""
    words: list[str] = _tokenizer().lcut(text, HMM=guess)
    return words


def rarity(word: str) -> float:
    """-ln of the word's share in jieba's frequency list; the highest there is for other words."""
    tokenizer = _tokenizer()
    return math.log(tokenizer.total / max(tokenizer.FREQ.get(word, 0), 1))


def is_word(text: str) -> bool:
    """Does jieba's dictionary know the text as a word?"""
    return bool(_tokenizer().FREQ.get(text))
