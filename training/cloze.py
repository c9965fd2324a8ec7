"""News text → questions that the QA sets hold few of: who, where, when, how, why, lists, yes/no.

A clause becomes a question by putting an interrogative in the place of what it says; the passage is
the article around it and the answer the words that were taken out. A question that is to be put
into English word by word has an English interrogative, mostly ahead of all.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from embeddings.terms import HAN
from rag.kinds import INTERROGATIVE

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
CLAUSE = re.compile(r"[^，。；！？,;!?\n]+")
DATE = re.compile(
    r"(?<!\d)(?:(?:(?:19|20)\d\d年|[今去前明]年)(?:\d{1,2}月(?:\d{1,2}日|份|底|初)?)?"
    r"|\d{1,2}月(?:\d{1,2}日|份|底|初)|\d{1,2}日)(?:上午|下午|晚)?"
)
DATE_UNITS = "年月日时分"


@dataclass(frozen=True, slots=True)
class Cloze:
    """A made question on `passage`; `polarity`: 1 yes, 0 no, -1 no yes/no question."""

    passage: str
    question: str
    start: int
    end: int
    polarity: int = -1


@dataclass(frozen=True, slots=True)
class Interrogatives:
    """What may stand for the words that were taken out, by language."""

    zh: tuple[str, ...]
    en: tuple[str, ...]


YES_NO = ("是不是{}？", "{}吗？", "{}，对吗？", "是否{}？")
WHO = Interrogatives(("谁", "谁", "哪位", "什么人"), ("who", "who", "which person", "whose name"))
WHERE = Interrogatives(
    ("哪里", "哪儿", "什么地方", "哪"), ("where", "which place", "in which place")
)
BY_WHOM = Interrogatives(
    ("哪个单位", "什么机构", "哪家"), ("which organisation", "what", "which institution")
)
WHAT = Interrogatives(("什么", "叫什么", "哪个"), ("what", "which", "what is called"))
WHICH = Interrogatives(("哪些", "什么", "哪几个"), ("which", "what", "which ones", "what are"))
WHEN = Interrogatives(("什么时候", "何时", "哪天", "几时"), ("when", "on which date", "what day"))
IN_WHICH_YEAR = Interrogatives(("哪一年", "哪年", "什么时候"), ("in which year", "when"))
HOW_WORDS = Interrogatives(
    ("如何", "怎么", "怎样", "靠什么", "是怎么"), ("how did", "how to", "how")
)
WHY_WORDS = Interrogatives(("为什么", "为何", "什么原因让"), ("why did", "why", "for what reason"))
# of jieba's tagger
TAGS = {"nr": WHO, "nrt": WHO, "nrfg": WHO, "ns": WHERE, "nt": BY_WHOM}


def clause_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The clause that holds text[start:end], with a short clause before it."""
    left = max(text.rfind(c, 0, start) for c in CLAUSE_ENDS) + 1
    if start - left < 5 and left > 1:
        left = max(text.rfind(c, 0, left - 1) for c in CLAUSE_ENDS) + 1
    right = min((i for i in (text.find(c, end) for c in CLAUSE_ENDS) if i >= 0), default=len(text))
    return left, right


def with_interrogative(
    before: str, words: Interrogatives, after: str, rng: random.Random, english: bool
) -> str:
    """The clause with an interrogative in the place of what was taken out, or ahead of it."""
    word = rng.choice(words.en if english else words.zh)
    if rng.random() < (0.7 if english else 0.1):
        return f"{word} {before}{after}" if english else f"{word}{before}{after}"
    return f"{before} {word} {after}" if english else before + word + after


def _about(
    words: Interrogatives, least: int, text: str, start: int, end: int, rng: random.Random, en: bool
) -> Cloze | None:
    """A question for text[start:end] of a clause with at least so many other characters."""
    left, right = clause_around(text, start, end)
    if right - left > 60 or right - left - (end - start) < least:
        return None
    asked = with_interrogative(text[left:start], words, text[end:right], rng, en)
    return Cloze(text, asked + "？", start, end)


def _number(text: str, m: re.Match[str], rng: random.Random, english: bool) -> Cloze | None:
    unit = m.group()[-1] if not m.group()[-1].isdigit() else ""
    if unit and unit in DATE_UNITS:
        return None
    if rng.random() < 0.35:
        return _statement(text, m, rng, english) if unit else None
    zh = (rng.choice(("多少", "几")) + unit,) if unit != "%" else ("百分之多少",)
    en = (f"how many {unit}", "how many", "how much", "what number of")
    words = Interrogatives(zh, en if unit != "%" else ("what percentage", "how many percent"))
    return _about(words, 6, text, m.start(), m.end(), rng, english)


def _statement(text: str, m: re.Match[str], rng: random.Random, english: bool) -> Cloze | None:
    """Whether a clause is true, its number left as it is or altered."""
    left, right = clause_around(text, *m.span())
    digits = re.search(r"\d+", m.group())
    if digits is None or right - left > 60 or right - left - len(m.group()) < 6:
        return None
    clause = text[left:right]
    polarity = int(rng.random() < 0.5)
    if polarity == 0:
        value = int(digits.group())
        other = str(max(1, value + rng.choice((-1, 1)) * rng.randint(1, max(2, value // 2))))
        at = m.start() - left + digits.start()
        if other == digits.group():
            return None
        clause = clause[:at] + other + clause[at + len(digits.group()) :]
    forms = ("is it true that {}?", "did {}?", "{}, is it?") if english else YES_NO
    return Cloze(text, rng.choice(forms).format(clause), left, right, polarity)


def _date(text: str, m: re.Match[str], rng: random.Random, english: bool) -> Cloze | None:
    words = IN_WHICH_YEAR if m.group().endswith("年") else WHEN
    return _about(words, 6, text, m.start(), m.end(), rng, english)


def _name(text: str, m: re.Match[str], rng: random.Random, english: bool) -> Cloze | None:
    left, right = clause_around(text, *m.span())
    if right - left > 60 or right - left - len(m.group()) < 8:
        return None
    asked = with_interrogative(text[left : m.start()], WHAT, text[m.end() : right], rng, english)
    return Cloze(text, asked + "？", m.start(1), m.end(1))


def _list(text: str, m: re.Match[str], rng: random.Random, english: bool) -> Cloze | None:
    made = _about(WHICH, 5, text, m.start(1), m.end(1), rng, english)
    return made and Cloze(text, made.question.replace("等", ""), made.start, made.end)


def _how(text: str, m: re.Match[str], rng: random.Random, english: bool) -> Cloze | None:
    left, _ = clause_around(text, m.start(), m.end())
    subject = text[left : m.start()]
    subject = subject if 2 <= len(subject) <= 14 else ""
    asked = with_interrogative(subject, HOW_WORDS, m.group(3), rng, english)
    return Cloze(text, asked + "？", m.start(), m.end(2))


def _why(text: str, m: re.Match[str], rng: random.Random, english: bool) -> Cloze | None:
    asked = with_interrogative("", WHY_WORDS, m.group(3), rng, english)
    return Cloze(text, asked + "？", m.start(), m.end(2))


def _tagged(text: str, rng: random.Random, english: bool) -> Cloze | None:
    """A question for a person, a place or an institution, as jieba's tagger finds them."""
    clauses = [m for m in CLAUSE.finditer(text) if m.end() - m.start() >= 8]
    if not clauses:
        return None
    chosen = rng.choice(clauses)
    at, before = chosen.start(), ""
    found: list[tuple[int, int, Interrogatives]] = []
    for word, flag in tagger().lcut(chosen.group()):
        words = TAGS.get(flag)
        if words is not None and words is TAGS.get(before) and found and found[-1][1] == at:
            found[-1] = (found[-1][0], at + len(word), words)
        elif words is not None and len(word) > 1:
            found.append((at, at + len(word), words))
        before, at = flag, at + len(word)
    if not found:
        return None
    start, end, words = rng.choice(found)
    return _about(words, 6, text, start, end, rng, english)


@lru_cache(maxsize=1)
def tagger() -> Any:
    from jieba import posseg

    return posseg.POSTokenizer()


def _matched(
    pattern: re.Pattern[str],
    maker: Callable[[str, re.Match[str], random.Random, bool], Cloze | None],
    text: str,
    rng: random.Random,
    english: bool,
) -> Cloze | None:
    """A question for one of the places where the pattern is found."""
    found = list(pattern.finditer(text))
    return maker(text, rng.choice(found), rng, english) if found else None


MAKERS: tuple[tuple[Callable[[str, random.Random, bool], Cloze | None], float], ...] = (
    (partial(_matched, NUMBER, _number), 0.26),
    (partial(_matched, DATE, _date), 0.1),
    (_tagged, 0.25),
    (partial(_matched, NAME, _name), 0.08),
    (partial(_matched, LIST, _list), 0.1),
    (partial(_matched, HOW, _how), 0.12),
    (partial(_matched, WHY, _why), 0.09),
)


def drop_words(question: str, rng: random.Random) -> str:
    """The question less a stretch of up to six characters at its start, so that it is no copy."""
    if len(question) > 24 and HAN.match(question) and rng.random() < 0.5:
        cut = rng.randrange(0, 7)
        return question if INTERROGATIVE.search(question[: cut + 2]) else question[cut:]
    return question


def make(text: str, rng: random.Random, chars: int = 260, english: bool = False) -> Cloze | None:
    """One made question on a window of an article, or None where none of the chosen kind fits.

    With `english` its interrogative is English.
    """
    if len(text) > chars:
        at = rng.randrange(0, len(text) - chars)
        first = text.find("。", at)
        at = first + 1 if 0 <= first < at + chars // 2 else at
        text = text[at : at + chars]
    (maker,) = rng.choices([m for m, _ in MAKERS], [share for _, share in MAKERS])
    made = maker(text, rng, english)
    if made is None or len(made.question) > 90:
        return None
    return Cloze(made.passage, drop_words(made.question, rng), made.start, made.end, made.polarity)
