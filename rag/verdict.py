"""A yes/no question and the clause that decides it → yes or no, by numbers and by the reader."""

from __future__ import annotations

import re

from embeddings.numerals import numbers
from embeddings.terms import fold

from .answers import Language

SPOKEN = {"zh": ("否", "是"), "en": ("No", "Yes")}
_MORE = re.compile(r"more than|at least|over|exceed|超过|多于|不少于|至少|以上")
_LESS = re.compile(r"less than|fewer than|at most|under|below|不到|少于|不超过|至多|以下|不足")
_ENGLISH = (
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    "|sixteen|seventeen|eighteen|nineteen|twenty"
)
_ENGLISH_NUMBER = re.compile(rf"\b(?:{_ENGLISH})\b")


def verdict(question: str, clause: str, yes: float | None, language: Language) -> str:
    """Yes or no in the question's language; "" where neither numbers nor reader decide.

    `yes` is the reader's log-odds of yes, None where it has none.
    """
    decided = by_numbers(question, clause)
    if decided is None:
        decided = None if yes is None else yes > 0
    return "" if decided is None else SPOKEN[language][decided]


def by_numbers(question: str, clause: str) -> bool | None:
    """What the numbers that only one side names decide; None where they leave it open."""
    asked, printed = _numbers(question), _numbers(clause)
    both = asked & printed
    asked, printed = asked - both, printed - both
    if not asked or not printed:
        return None
    folded = fold(question)
    if _MORE.search(folded):
        return max(printed) >= min(asked)
    if _LESS.search(folded):
        return min(printed) <= max(asked)
    return False


def _numbers(text: str) -> set[float]:
    """The numbers in a text, English words up to twenty among them."""
    folded = _ENGLISH_NUMBER.sub(lambda m: str(_ENGLISH.split("|").index(m.group())), fold(text))
    return {float(n) for n in numbers(folded)}
