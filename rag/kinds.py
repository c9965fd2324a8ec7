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


# 几乎, 好几 and 十几 ask nothing
_FEW = r"(?<![十百千好])几(?![十百千万乎何经])"
INTERROGATIVE = re.compile(
    rf"多少|{_FEW}|多[大高长久远重]|哪|谁|什么|啥|怎么|怎样|如何|为何|缘何|咋|何时|吗|是不是|有没有|是否"
    r"|\b(?:how|what|which|who|whose|whom|where|when|why)\b",
    re.IGNORECASE,
)
# The first one in the question decides, of those in one place the first here: "How do they know
# when …" does not ask for a date. English interrogatives stand in mixed questions too.
_KINDS = (
    (
        Kind.WHY,
        r"为什么|为何|缘何|为啥|[怎咋]么?[又会还就不没]|什么原因|何以|\bwhy\b|\bhow come\b"
        r"|\b(?:what |which )?(?:(?:is|was|are|were) )?(?:\w+ ){0,2}reasons?\b"
        r"|\bwhat (?:is|was|lay|lies)\b.*\bbehind\b"
        r"|\bwhat (?:made|led|caused|prompted|drove)\b",
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
        r"|\bname the\b|\blist\b|\bwhich \w+[^s\W]s\b(?! (?:is|was|has|does)\b)"
        r"|\bwhich \w+ \w+[^s\W]s (?:are|were|have|do|did|will|can)\b",
    ),
    (
        Kind.DATE,
        r"什么(?:时候|时间|日子|季节)|何时|哪[一]?[天年月日]|几[月号日点]|(?:周|星期|礼拜)几|\bwhen\b"
        r"|\b(?:what|which) (?:date|day|year|month|time)\b",
    ),
    (
        Kind.NUMBER,
        rf"多少|{_FEW}(?!.*(?:怎么|怎样|如何|什么|哪|谁))|多[大高长久远重]|百分之几|什么比例|比例|比重|占比"
        r"|\bhow (?:many|much|old|long|far|big|large|high|tall|often)\b"
        r"|\bwhat (?:(?:is|was|are|were) the )?(?:\w+ )?"
        r"(?:score|price|rate|rank|size|age|number|amount|share|percent(?:age)?)\b",
    ),
    (
        Kind.HOW,
        r"怎么|如何|怎样|咋|[靠凭]的?是?(?:什么|啥)|什么(?:办法|措施|方式|方法|途径|手段|路子)|\bhow\b"
        r"|\bwhat (?:steps|measures|methods?|means|ways?|approach)\b",
    ),
    (
        Kind.PERSON,
        r"谁|哪一?位|[他她记任理师长员人授生民匠]各?叫什么|什么人|何人|姓名|\bwho(?:m|se)?\b"
        r"|\b(?:which|what) (?:(?!(?:do|did|does|is|was|are|were|ha[sd]|the|of)\b)\w+ ){0,3}"
        r"(?:person|man|woman|official|secretary|director|leader|head"
        r"|mayor|teacher|doctor|farmer|villager|resident|volunteer|worker|engineer|expert|judge"
        r"|student)\b|\bwhat (?:is|was) the (?:\w+ )?name of\b.*\bwho\b",
    ),
    (Kind.WORDS, r"什么|啥|哪|\b(?:what|which|where)\b"),
)
_ASKS = re.compile(r"[?？][”’」』\"')）]*$")


def kind_of(text: str) -> Kind:
    """What shape the answer should have."""
    text = text.strip().lower()
    found = [(m.start(), kind) for kind, pattern in _KINDS if (m := re.search(pattern, text))]
    return min(found, key=lambda f: f[0])[1] if found else Kind.WORDS


def asks(sentence: str) -> bool:
    """Does a sentence end in a question mark, whatever quotation marks and brackets follow it?"""
    return bool(_ASKS.search(sentence.rstrip()))
