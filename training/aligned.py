"""Parallel news sentences → English questions that are answered by a Chinese passage.

An English sentence asks, its Chinese twin answers, and the twin's neighbours in the same document
make up the passage: by number ("how many ..."), by statement (is it true that ...), or by matter
(the words of the English sentence, some left out, for the whole Chinese one).
"""

from __future__ import annotations

import random
import re
from pathlib import Path

from training.cloze import Cloze
from training.data import documents

DIGITS = re.compile(r"(?<![\d.,])\d{1,4}(?:\.\d+)?(?![\d.,]*\d)")
UNIT = re.compile(
    r"(?:万|亿)?(?:余|多)?(?:%|[年月日时分个名人件次元岁家位所亩吨米]|公里|小时|美元|英镑|美分)?"
)


class Aligned:
    """News sentence pairs in document order."""

    def __init__(self, data: Path) -> None:
        self.pairs = documents(data)

    def make(self, rng: random.Random) -> Cloze:
        """One made question; the passage is three to seven consecutive Chinese sentences."""
        i = rng.randrange(8, len(self.pairs) - 8)
        first = i - rng.randrange(0, 5)
        last = max(i + 1, first + rng.randrange(3, 8))
        before = "".join(zh for zh, _ in self.pairs[first:i])[-200:]
        zh, en = self.pairs[i]
        passage = (before + zh + "".join(z for z, _ in self.pairs[i + 1 : last]))[:400]
        start, end = len(before), min(len(before) + len(zh.rstrip("。")), 400)
        numbers = [m for m in DIGITS.finditer(en) if zh.count(m.group()) == 1]
        if numbers:
            m = rng.choice(numbers)
            if rng.random() < 0.3:
                polarity = int(rng.random() < 0.5)
                number = (
                    m.group()
                    if polarity
                    else str(int(float(m.group())) + rng.choice((-2, -1, 1, 2, 5, 10)))
                )
                said = en[: m.start()] + number + en[m.end() :]
                asked = rng.choice(("Is it true that {}?", "{}, is it?", "Did {}?")).format(
                    said.rstrip(". ")
                )
                return Cloze(passage, asked, start, end, polarity)
            at = start + zh.index(m.group())
            unit = UNIT.match(zh, at - start + len(m.group()))
            stop = at + len(m.group()) + (len(unit.group()) if unit else 0)
            year = len(m.group()) == 4 and m.group().startswith(("19", "20"))
            word = "when" if year else rng.choice(("how many", "how much", "what number"))
            words = en[: m.start()] + word + en[m.end() :]
            return Cloze(passage, shorten(words, word, rng).rstrip(". ") + "?", at, stop)
        return Cloze(passage, shorten(en, "", rng).rstrip(". ") + "?", start, end)


def shorten(sentence: str, keep: str, rng: random.Random) -> str:
    """The sentence without up to a third of its words at one end, `keep` always kept."""
    words = sentence.split()
    if len(words) < 10:
        return sentence
    cut = rng.randrange(0, len(words) // 3)
    out = " ".join(words[cut:] if rng.random() < 0.5 else words[: len(words) - cut])
    return out if keep in out else sentence
