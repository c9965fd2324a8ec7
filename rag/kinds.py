"""A question's interrogatives → the shape of answer it wants; a number's unit, a date's parts."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache

from embeddings.glosses import gloss_terms, stem
from embeddings.words import segment


class Kind(Enum):
    """What shape an answer to the question has."""

    WORDS = "words"  # a name, a place, a thing
    NUMBER = "number"
    DATE = "date"
    LIST = "list"
    HOW = "how"
    WHY = "why"
    YES_NO = "yes/no"


INTERROGATIVE = re.compile(
    r"多少|几[^十百千万]|多[大高长久远重]|哪|谁|什么|啥|怎么|怎样|如何|为何|咋|何时|吗|是不是|有没有|是否"
    r"|\b(?:how|what|which|who|whose|whom|where|when|why)\b",
    re.IGNORECASE,
)
# The first that matches decides. English interrogatives stand in mixed questions too.
_KINDS = (
    (
        Kind.WHY,
        r"为什么|为何|为啥|怎么[又会还就]|什么原因|何以|\bwhy\b|\breasons?\b"
        r"|\bwhat (?:is|was|lay|lies)\b.*\bbehind\b",
    ),
    (
        Kind.YES_NO,
        r"吗[?？。]*$|是不是|有没有|是否|能否|会不会|能不能|有无|对不对"
        r"|^(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)\b",
    ),
    (
        Kind.LIST,
        r"哪些|哪几|[是为有]哪[二两三四五六七八九十\d]|分别|都有(?:谁|什么)"
        r"|\bwhich (?:two|three|four|five|six|seven|eight|nine|ten|\d+)\b|\bwhat are\b"
        r"|\bname the\b|\blist\b|\bwhich (?:\w+ )?\w+[^s\W]s\b(?! (?:is|was|has|does)\b)",
    ),
    (
        Kind.NUMBER,
        r"多少|几[个名人件项次家户位种条元天年岁万亿成等]|多[大高长久远重]|百分之几|比例"
        r"|\bhow (?:many|much|old|long|far|big|large|high|tall|often)\b"
        r"|\bwhat (?:score|price|rate|rank|size|age|number|amount|share|percent(?:age)?)\b",
    ),
    (
        Kind.DATE,
        r"什么时候|何时|哪[一]?[天年月日]|几[月号日点]|\bwhen\b"
        r"|\b(?:what|which) (?:date|day|year|month|time)\b",
    ),
    (
        Kind.HOW,
        r"怎么|如何|怎样|咋|靠什么|什么(?:办法|措施|方式|方法|途径|手段|路子)|\bhow\b",
    ),
)
_NUMERAL = re.compile(
    r"\d|[零一二两三四五六七八九十百千万亿半]"
    r"|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand"
    r"|million|billion|half|third|quarter|first|once|twice)\b",
    re.IGNORECASE,
)
# question pattern, what the answer must hold; the first that matches decides
_UNITS = (
    (r"电话|热线|号码|phone|hotline", r"\d{5}|\d{3,4}-\d"),
    (
        r"多少(?:万|亿)?[\u3400-\u9fff]{0,4}(?:钱|元|费|资金|收入|税)|金额"
        r"|花(?:了|费)?多少|多少投资"
        r"|how much (?:money|did|does)",
        r"[元块万亿$€£]|yuan|dollar|million",
    ),
    (r"多大年[纪龄]|多少岁|几岁|how old", r"岁|(?<!\d)\d{1,3}(?!\d)"),
    (
        r"多长时间|多久|how long (?:did|does|will|has|have)",
        r"[年月天日时分周]|year|month|day|hour|week|minute",
    ),
    (r"百分之|占比|per ?cent", r"[%成]|百分|分之|per ?cent"),
    (
        r"多[长远高宽]|how (?:long|far|high|tall)",
        r"[米里寸]|met(?:er|re)|mile|feet|foot|\b[ck]?m\b",
    ),
    (r"how many (?:kilomet|km\b)", r"公里|千米|km|kilomet"),
    (r"how many tons|how many tonnes", r"吨|ton"),
    (r"how many yuan", r"元|yuan"),
    (r"how many (?:mu|acres)\b", r"亩|acre"),
    (r"how many (?:households|families)", r"[户家]|household|famil"),
    (r"how many (?:people|persons|residents|workers|volunteers)", r"[人名位]|people|person"),
    (r"(?:多少|几)个?[人名位]", r"[人名位]|people|person"),
)
_COUNTED = re.compile(r"(?:多少|几)(?:万|亿)?([个件项家户亩吨场次本座条栋台辆种处岁度克升])")
_ASKED_DATE = re.compile(
    r"几(?P<few>[月年日号点])|哪一?(?P<zh>[月年天日])|wh(?:ich|at) (?P<en>date|day|month|year)"
)
_DATE_PARTS = {"date": "日", "day": "日", "month": "月", "year": "年"}
_DATE = re.compile(
    r"[年月日号时点周季初末]|期间|前夕|\b(?:1[5-9]|20)\d\d\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug"
    r"|sep|oct|nov|dec|(?:mon|tues|wednes|thurs|fri|satur|sun)day|week|month|year|spring|summer"
    r"|autumn|winter|today|yesterday)",
    re.IGNORECASE,
)
_ASKED_NOUN = re.compile(
    r"(?:哪一?[个家位所座条种支户名场类项款间]?|什么)(?P<zh>[\u3400-\u9fff]{2,8})"
    r"|\b(?:which|what) (?P<en>[a-z]{3,})\b",
    re.IGNORECASE,
)
_HAN = re.compile(r"[\u3400-\u9fff]")
_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
_ASKS = re.compile(r"[?？][”’」』\"')）]*$")
_WHOLE = {
    Kind.DATE: re.compile(
        r"(?:\d{4}年|[今去前明]年)?(?:\d{1,2}月份?)?(?:\d{1,2}[日号])?(?:至\d{1,2}[日号])?"
    ),
    Kind.NUMBER: re.compile(
        r"\d[\d,.]*(?:万|亿)?(?:余|多)?(?:公里|平方米|千米|厘米|小时|分钟|个月"
        r"|[%个件项家户亩吨场次本座条栋台辆种处岁度克升人名位元年月日天米里倍分]元?)?"
    ),
}


def kind_of(text: str) -> Kind:
    """What shape the answer should have."""
    for kind, pattern in _KINDS:
        if re.search(pattern, text.strip().lower()):
            return kind
    return Kind.WORDS


def asks(sentence: str) -> bool:
    """Does a sentence end in a question mark, whatever quotation marks and brackets follow it?"""
    return bool(_ASKS.search(sentence.rstrip()))


@lru_cache(maxsize=256)
def _needed(kind: Kind, asked: str) -> re.Pattern[str] | None:
    if kind is Kind.DATE:
        part = _ASKED_DATE.search(asked.lower())
        if not part:
            return _DATE
        named = part["few"] or part["zh"] or _DATE_PARTS[part["en"]]
        return re.compile(f"[{named}日号]")
    for question, answer in _UNITS:
        if re.search(question, asked, re.IGNORECASE):
            return re.compile(answer, re.IGNORECASE)
    counted = _COUNTED.search(asked)
    return re.compile(counted.group(1)) if counted else None


def whole(kind: Kind, text: str, start: int, end: int) -> tuple[int, int]:
    """text[start:end], or the number with its unit, or the date, that it is a piece of."""
    pattern = _WHOLE.get(kind)
    for found in pattern.finditer(text) if pattern else ():
        if found.start() <= start and end <= found.end() and found.end() > found.start():
            return found.span()
    return start, end


def completed(asked: str, text: str, start: int, end: int) -> tuple[int, int]:
    """text[start:end], with the words behind it up to the noun that is asked for.

    Who asks which community (哪个社区) is told 向阳社区, not 向阳.
    """
    found = _ASKED_NOUN.search(asked)
    if not found:
        return start, end
    noun = segment(found["zh"])[0] if found["zh"] else stem(found["en"].lower())
    behind = _HAN_RUN.match(text, end, end + 12)
    at = end
    for word in segment(behind.group())[:3] if behind else ():
        at += len(word)
        if len(noun) > 1 and (word.endswith(noun) or noun in gloss_terms(word, 1)):
            return (start, end) if noun in text[start:end] else (start, at)
    return start, end


def misfits(kind: Kind, asked: str, words: str) -> int:
    """How many of two demands `words` fail as an answer: a numeral or date, and its unit.

    0 for every question that asks for neither a number nor a date. A Chinese measure word is not
    asked of English words.
    """
    if kind not in (Kind.NUMBER, Kind.DATE):
        return 0
    failed = int(not (_NUMERAL if kind is Kind.NUMBER else _DATE).search(words))
    needed = _needed(kind, asked)
    chinese = _HAN.search(words) or words.isdigit()
    if needed and (chinese or needed is _DATE or not _HAN.search(needed.pattern[:2])):
        failed += int(not needed.search(words))
    return failed
