"""News text → questions that the QA sets hold few of: how, why, lists, counts, names, yes/no.

A clause becomes a question by putting an interrogative in the place of what it says; the passage is
the article around it and the answer the words that were taken out. English questions are made of
the same clauses by dictionary code-switching.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

NUMBER = re.compile(
    r"(?<![\d.A-Za-z第])\d[\d,.]*(?:万|亿)?(?:余|多)?(?:%|(?![的和与及至到在以是为后前起])[\u4e00-\u9fff])?"
)
NAME = re.compile(r"“([^“”，。]{2,14})”")
LIST = re.compile(
    r"([\u4e00-\u9fffA-Za-z0-9“”《》]{2,14}(?:、[\u4e00-\u9fffA-Za-z0-9“”《》]{2,14}){2,6})(?=等|，|。|和|及)"
)
HOW = re.compile(
    r"(通过|利用|采取|依托|采用|借助)([^，。；]{6,60})[，,]([^，。；]{6,40})(?=[，。；])"
)
WHY = re.compile(r"(因为|由于|为了|鉴于)([^，。；]{5,50})[，,]([^，。；]{6,40})(?=[，。；])")
CLAUSE_ENDS = "，。；！？,;!?\n"
DATE_UNITS = "年月日时分"


@dataclass(frozen=True, slots=True)
class Cloze:
    """A made question on `passage`; `polarity`: 1 yes, 0 no, -1 no yes/no question."""

    passage: str
    question: str
    start: int
    end: int
    polarity: int = -1


def clause_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The clause that holds text[start:end], with a short clause before it."""
    left = max(text.rfind(c, 0, start) for c in CLAUSE_ENDS) + 1
    if start - left < 5 and left > 1:
        left = max(text.rfind(c, 0, left - 1) for c in CLAUSE_ENDS) + 1
    right = min((i for i in (text.find(c, end) for c in CLAUSE_ENDS) if i >= 0), default=len(text))
    return left, right


def _number(text: str, m: re.Match[str], rng: random.Random) -> Cloze | None:
    left, right = clause_around(text, *m.span())
    if right - left > 60 or right - left - (m.end() - m.start()) < 6:
        return None
    unit = m.group()[-1] if not m.group()[-1].isdigit() else ""
    clause = text[left:right]
    if rng.random() < 0.35:
        digits = re.search(r"\d+", m.group())
        if digits is None or unit == "":
            return None
        polarity = int(rng.random() < 0.5)
        if polarity == 0:
            value = int(digits.group())
            other = str(max(1, value + rng.choice((-1, 1)) * rng.randint(1, max(2, value // 2))))
            at = m.start() - left + digits.start()
            if other == digits.group():
                return None
            clause = clause[:at] + other + clause[at + len(digits.group()) :]
        asked = rng.choice(
            ("是不是{}？", "{}吗？", "{}，对吗？", "is it true that {}?", "did {}?")
        ).format(clause)
        return Cloze(text, asked, left, right, polarity)
    word = {"%": "百分之多少"}.get(unit, rng.choice(("多少", "几")) + unit)
    if unit in DATE_UNITS and unit:
        word = rng.choice(("什么时候", "哪" + unit, "几" + unit))
    before, after = text[left : m.start()], text[m.end() : right]
    if rng.random() < 0.3:
        word = rng.choice(("how many", "多少", "how much"))
    return Cloze(text, before + word + after + "？", m.start(), m.end())


def _name(text: str, m: re.Match[str], rng: random.Random) -> Cloze | None:
    left, right = clause_around(text, *m.span())
    if right - left > 60 or right - left - len(m.group()) < 8:
        return None
    word = rng.choice(("什么", "叫什么", "what"))
    return Cloze(
        text, text[left : m.start()] + word + text[m.end() : right] + "？", m.start(1), m.end(1)
    )


def _list(text: str, m: re.Match[str], rng: random.Random) -> Cloze | None:
    left, right = clause_around(text, *m.span())
    if right - left - len(m.group()) < 5:
        return None
    word = rng.choice(("哪些", "什么", "哪几个", "which"))
    asked = (text[left : m.start()] + word + text[m.end() : right]).replace("等", "")
    return Cloze(text, asked + "？", m.start(1), m.end(1))


def _how(text: str, m: re.Match[str], rng: random.Random) -> Cloze | None:
    left, _ = clause_around(text, m.start(), m.end())
    subject = text[left : m.start()]
    subject = subject if 2 <= len(subject) <= 14 else ""
    word = rng.choice(("如何", "怎么", "怎样", "靠什么", " how to ", "是怎么"))
    return Cloze(text, subject + word + m.group(3) + "？", m.start(), m.end(2))


def _why(text: str, m: re.Match[str], rng: random.Random) -> Cloze | None:
    word = rng.choice(("为什么", "为何", "why did ", "什么原因让"))
    return Cloze(text, word + m.group(3) + "？", m.start(), m.end(2))


MAKERS = (
    (NUMBER, _number, 0.45),
    (NAME, _name, 0.12),
    (LIST, _list, 0.15),
    (HOW, _how, 0.16),
    (WHY, _why, 0.12),
)


def drop_words(question: str, rng: random.Random) -> str:
    """The question less a stretch of up to six characters at its start, so that it is no copy."""
    if len(question) > 24 and rng.random() < 0.5:
        cut = rng.randrange(0, 7)
        return question[cut:]
    return question


def make(text: str, rng: random.Random, chars: int = 260) -> Cloze | None:
    """One made question on a window of an article, or None where none of the chosen kind fits."""
    if len(text) > chars:
        at = rng.randrange(0, len(text) - chars)
        first = text.find("。", at)
        at = first + 1 if 0 <= first < at + chars // 2 else at
        text = text[at : at + chars]
    pattern, maker, _ = rng.choices(MAKERS, [share for *_, share in MAKERS])[0]
    found = list(pattern.finditer(text))
    if not found:
        return None
    made = maker(text, rng.choice(found), rng)
    if made is None or len(made.question) > 90:
        return None
    return Cloze(made.passage, drop_words(made.question, rng), made.start, made.end, made.polarity)
