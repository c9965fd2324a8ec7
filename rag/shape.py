"""A question → what its answer must look like: a numeral, a unit, a date."""

from __future__ import annotations

import re
from functools import lru_cache

from .question import Kind, Question

_NUMERAL = r"\d|[零一二两三四五六七八九十百千万亿半]"
# question pattern, what the answer must hold; the first that matches decides
_UNITS = (
    (r"多少钱|多少(?:万|亿)?元|how much (?:money|did .* (?:cost|earn|pay))", r"[元块万亿]"),
    (r"多大年[纪龄]|多少岁|几岁|how old", r"岁|\d"),
    (r"多长时间|多久|how long (?:did|does|will|has|have)", r"[年月天日时分周]"),
    (r"百分之|占比|per ?cent", r"[%成]|百分|分之"),
    (r"多[长远高宽]|how (?:long|far|high|tall)", r"[米里寸]"),
    (r"(?:多少|几)[人名位]", r"[人名位]"),
)
_COUNTED = re.compile(r"(?:多少|几)(?:万|亿)?([个件项家户亩吨场次本座条栋台辆种处岁度克升])")
_DATE = re.compile(r"[年月日号时点周季初末]|期间|前夕")


@lru_cache(maxsize=256)
def _needed(kind: Kind, asked: str) -> re.Pattern[str] | None:
    if kind is Kind.DATE:
        month = re.search(r"几(月|年|日|号|点)|哪(年|月|天)", asked)
        return re.compile(f"[{month.group(1) or month.group(2)}日号]") if month else _DATE
    if kind is not Kind.NUMBER:
        return None
    for question, answer in _UNITS:
        if re.search(question, asked, re.IGNORECASE):
            return re.compile(answer)
    counted = _COUNTED.search(asked)
    return re.compile(counted.group(1)) if counted else None


def misfits(question: Question, part: str, words: str) -> int:
    """How many of two demands `words` fail as an answer to one part: a numeral, and its unit.

    0 for every question that asks for neither a number nor a date.
    """
    if question.kind not in (Kind.NUMBER, Kind.DATE):
        return 0
    needed = _needed(question.kind, part)
    return int(not re.search(_NUMERAL, words)) + int(bool(needed and not needed.search(words)))
