"""A question's interrogatives → what kind of answer it wants."""

from __future__ import annotations

import re
from enum import Enum

from embeddings.terms import fold


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


# 几乎, 几十, 好几, 十几, 这几年 ask nothing; nor do 许多大企业, 困难多重, 哪怕, 任何人
_FEW = r"(?<![十百千好这那近])(?<!过去)(?<!最近)几(?![十百千万乎何经]|年来|年前|天来|天前)"
_HOW_MUCH = r"多少|(?<![许很更众诸最不太])多[大高长久远宽深快厚]"
_WHICH = r"哪(?![怕吒])"
# Latin words stand beside Han characters without a space in mixed questions: \b is to see them
INTERROGATIVE = re.compile(
    rf"{_HOW_MUCH}|{_FEW}|{_WHICH}|谁|为什么|为啥|什么|啥|怎么|怎样|如何|为何|缘何|咋|何[时处以]|(?<!任)何人"
    r"|吗|是不是|有没有|是否|能否|会不会|能不能"
    r"|\b(?:how|what|which|who|whose|whom|where|when|why)\b",
    re.IGNORECASE | re.ASCII,
)
_AUXILIARY = (
    r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|must|may|shall)"
)
# said before a question proper: 请问能不能告诉我, could you tell me, 无论如何, when it rains, …
_FRAME = re.compile(
    r"^(?:请问)?(?:(?:你|您)?(?:能否|能不能|可以|可否)(?:告诉我|介绍一下|说一下|说说))?"
    r"|^(?:can|could|do|would) you (?:please )?(?:tell me|know|say)\b"
    r"|^(?:无论|不论|不管|要想知道)[^,，]*[,，]|^当[^,，]*时[,，]"
    rf"|^when (?!{_AUXILIARY}\b|and\b)[^,]*,\s*",
    re.IGNORECASE | re.ASCII,
)
# The first one in the question decides, of those in one place the first here: "How do they know
# when …" does not ask for a date. English interrogatives stand in mixed questions too.
_KINDS = (
    (
        Kind.WHY,
        r"为什么|为何|缘何|为啥|[怎咋]么?[又会还就不没]|什么原因|何以|\bwhy\b|\bhow come\b"
        r"|\b(?:what|which) (?:(?:is|was|are|were) )?(?:\w+ ){0,2}reasons?\b|\bthe reasons?\b"
        r"|\bwhat (?:is|was|lay|lies) (?:\w+ ){0,2}behind\b"
        r"|\bwhat (?:made|led|caused|prompted|drove)\b",
    ),
    (
        Kind.YES_NO,
        r"是不是|有没有|是否|能否|会不会|能不能|有无|对不对"
        rf"|^{_AUXILIARY}\b",
    ),
    (
        Kind.LIST,
        r"哪些|哪几|哪[二两三四五六七八九十\d]|分别|都有(?:谁|什么)"
        r"|\bwhich (?:two|three|four|five|six|seven|eight|nine|ten|\d+)\b|\bwhat are\b"
        r"|\bname the\b|\blist\b"
        r"|\bwhich (?!bus\b|gas\b|sports\b|news\b)\w+[^\Ws]s\b(?! (?:is|was|has|does)\b)"
        r"|\bwhich \w+ \w+[^\Ws]s (?:are|were|have|do|did|will|can)\b",
    ),
    (
        Kind.DATE,
        r"什么(?:时候|时间|日子|季节)|[何几]时|哪一?[天年月日]|几[月号日]|几点(?!建议|要求|措施|意见)"
        r"|(?:周|星期|礼拜)几|\bwhen\b|\b(?:what|which) (?:date|day|year|month|time)\b",
    ),
    (
        Kind.NUMBER,
        rf"{_HOW_MUCH}|{_FEW}(?!.*(?:怎么|怎样|如何|什么|哪|谁))|百分之几|什么比例"
        r"|(?:比例|比重|占比)(?=[\s?？。]*$|是)"
        r"|\bhow (?:many|much|long|far|large|tall|often|fast|wide|deep|heavy)\b(?!-)"
        r"|\bhow (?:old|big|high)\b(?! (?:people|data|school))"
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
        r"谁|哪一?位|[他她记任理师长员人授生民匠]各?叫什么|什么人|(?<!任)何人|姓名(?=[\s?？。]*$|是)"
        r"|(?<!people )(?<!those )(?<!families )\bwho(?:m|se)?\b"
        rf"|\b(?:which|what) (?:(?!(?:{_AUXILIARY}|the|of|an?|for|to|in|by)\b)\w+ ){{0,3}}"
        r"(?:person|man|woman|official|secretary|director|leader|head"
        r"|mayor|teacher|doctor|farmer|villager|resident|volunteer|worker|engineer|expert|judge"
        r"|student)\b(?! (?:programme|program|training|group|team))"
        r"|\bwhat (?:is|was) the (?:\w+ )?name of\b.*\bwho\b",
    ),
    (Kind.WORDS, rf"什么|啥|{_WHICH}|\b(?:what|which|where)\b"),
)
_PATTERNS = [(kind, re.compile(pattern, re.ASCII)) for kind, pattern in _KINDS]
# whatever else such a question holds: 还有什么困难吗? But 你知道是谁吗? asks who.
_YES_OR_NO = re.compile(r"^(?!.*(?:知道|清楚|告诉|了解)).*吗[\s?？。!！]*$")
_ASKS = re.compile(r"[?？][”’」』\"')）]*$")


def unframed(text: str) -> str:
    """The question without what is said before it: could you tell me, 请问, when it rains.

    The text as it is where nothing would be left that asks.
    """
    rest = _FRAME.sub("", text).strip()
    return rest if INTERROGATIVE.search(rest) else text


def kind_of(text: str) -> Kind:
    """What shape the answer should have."""
    text = unframed(fold(text).strip())
    if _YES_OR_NO.search(text):
        return Kind.YES_NO
    found = [(m.start(), kind) for kind, pattern in _PATTERNS if (m := pattern.search(text))]
    return min(found, key=lambda f: f[0])[1] if found else Kind.WORDS


def asks(sentence: str) -> bool:
    """Does a sentence end in a question mark, whatever quotation marks and brackets follow it?"""
    return bool(_ASKS.search(sentence.rstrip()))
