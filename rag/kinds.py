"""A question's interrogatives → what kind of answer it wants."""

from __future__ import annotations

import re
from enum import Enum


class Kind(Enum):
    """What shape an answer to the question has."""

    WORDS = "words"  # a name, a place, a thing
    PERSON = "person"
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
    (
        Kind.PERSON,
        r"谁|哪一?位|[他她记任理师长员人授生民匠]各?叫什么|什么人|何人|姓名|\bwho(?:m|se)?\b"
        r"|\b(?:which|what) (?:\w+ )?(?:person|man|woman|official|secretary|director|leader|head"
        r"|mayor|teacher|doctor|farmer|villager|resident|volunteer|worker|engineer|expert|judge"
        r"|student)\b",
    ),
)
_ASKS = re.compile(r"[?？][”’」』\"')）]*$")


def kind_of(text: str) -> Kind:
    """What shape the answer should have."""
    for kind, pattern in _KINDS:
        if re.search(pattern, text.strip().lower()):
            return kind
    return Kind.WORDS


def asks(sentence: str) -> bool:
    """Does a sentence end in a question mark, whatever quotation marks and brackets follow it?"""
    return bool(_ASKS.search(sentence.rstrip()))
