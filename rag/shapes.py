"""What an answer of a kind looks like: where a text has one, where it ends, what is none.

By look alone: numbers with their units, dates, persons' names, places, lists.
"""

from __future__ import annotations

import re
from functools import lru_cache

from embeddings.chunks import Span
from embeddings.glosses import gloss_terms, stem
from embeddings.words import segment

from .kinds import Kind
from .persons import names_somebody, persons

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
    (r"多大年[纪龄]|多少岁|几岁|how old", r"岁|(?<!\d)\d{1,3}(?![\d\u3400-\u9fff])"),
    (
        r"多长时间|多久|how long (?:did|does|will|has|have)",
        r"(?:(?<!\d)\d{1,3}|[一二两三四五六七八九十百几半数])[多余]?(?:个?半)?"
        r"(?:年|个月|天|个?星期|周|个?小时|分钟|个?学期)|year|month|day|hour|week|minute",
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
_COUNTED = re.compile(
    r"(?:多少|几)(?:万|亿)?([个件项家户亩吨场次本座条栋台辆种处岁度克升所间幢起宗期轮届批册份架])"
)
# measure words of which a paper may print another one than was asked with
_ALIKE = ("个家处座所间", "项件起宗个", "场次期轮回届批", "户家", "栋幢座", "本册份", "台辆架")
# what a place of a kind is called: who asks for a village is told one
_PLACES = (
    (r"哪一?个?村|\b(?:which|what) village", "[村庄屯]"),
    (r"哪一?个?社区|\b(?:which|what) community", "社区|村|居委会"),
    (r"哪一?个?(?:街道|镇|乡)|\b(?:which|what) (?:subdistrict|township|town)", "街道|[镇乡]"),
    (r"哪一?个?县|\b(?:which|what) county", "[县区市旗]"),
    (r"哪一?个?市|\b(?:which|what) city", "[市州]"),
)
_ASKED_DATE = re.compile(
    r"几(?P<few>[月年日号点])|(?P<week>周|星期|礼拜)几|哪一?(?P<zh>[月年天日])"
    r"|wh(?:ich|at) (?P<en>date|day|month|year)"
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
    r"|(?:\b(?:which|what)|哪一?个|什么) (?P<en>[a-z]{3,})\b",
    re.IGNORECASE,
)
_SHORTEST_CLAUSE = 5  # characters that may tell how or why
_LONGEST_NUMBER = 40  # characters of an answer that is to be a number or a date
_HAN = re.compile(r"[\u3400-\u9fff]")
_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
_WHERE = re.compile(r"哪里|哪儿|在哪(?![个座一])|什么地方|何处|\bwhere\b", re.IGNORECASE)
_SMALLER = re.compile(
    r"(?:(?![和与及、])[\u4e00-\u9fff]{1,4}?(?:[市县区镇乡村]|街道|社区)(?!域|长|民|委|级|政府))+"
)
_ITEMS = re.compile(r"[、；;—]|[和与及]|, | and ")
# 居民, 志愿者, 物业公司: nobody's name, but who it was
_SOMEBODY = re.compile(r"[人员者民们户生师长委会局部司院校社团队组站所厂府A-Za-z]$")
_ITEM = r"(?:“[^“”\n]*”|[^，。；：！？,;:!?\n、—“”])+"
_ENUMERATED = re.compile(rf"{_ITEM}(?:(?:、|—+){_ITEM})+")
_WHOLE = {
    Kind.DATE: re.compile(
        r"每?(?:周|星期|礼拜)[一二三四五六日天]"
        r"|(?:\d{4}年|[今去前明]年)?(?:\d{1,2}月份?)?(?:\d{1,2}[日号])?(?:至\d{1,2}[日号])?"
    ),
    Kind.NUMBER: re.compile(
        r"(?:不到|不足|超过?|逾|近|约|至少|最多)?"
        r"(?:\d[\d,.]*|[一二两三四五六七八九十百千半]{1,7}(?=[万亿余多成公平千厘小分个件项家户亩吨场次册]))"
        r"(?:万|亿)?(?:余|多)?(?:公里|平方米|千米|厘米|小时|分钟|个月"
        r"|[%个件项家户亩吨场次本座条栋台辆种处岁度克升册人名位元年月日天米里倍分期轮届批所间幢起宗份]元?)?"
        r"(?:以上|以下|左右)?"
    ),
}


@lru_cache(maxsize=256)
def _needed(kind: Kind, asked: str) -> re.Pattern[str] | None:
    if kind is Kind.DATE:
        part = _ASKED_DATE.search(asked.lower())
        if not part:
            return _DATE
        if part["week"]:
            return re.compile("周|星期|礼拜")
        named = part["few"] or part["zh"] or _DATE_PARTS[part["en"]]
        return re.compile(f"[{named}日号]")
    for question, answer in _UNITS:
        if re.search(question, asked, re.IGNORECASE):
            return re.compile(answer, re.IGNORECASE)
    counted = _COUNTED.search(asked)
    if not counted:
        return None
    unit = counted.group(1)
    return re.compile(f"[{unit}{''.join(words for words in _ALIKE if unit in words)}]")


def whole(kind: Kind, text: str, start: int, end: int) -> Span:
    """text[start:end], with all of the number with its unit, or of the date, that it begins in."""
    pattern = _WHOLE.get(kind)
    for found in pattern.finditer(text) if pattern else ():
        if found.start() <= start < found.end():
            return found.start(), max(end, found.end())
    return start, end


def completed(asked: str, text: str, start: int, end: int) -> Span:
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


def whole_place(asked: str, text: str, start: int, end: int) -> Span:
    """text[start:end], with the rest of the place behind it where the question asks where.

    Who asks where in the province is told 某市某县, not 某市 alone, nor 某 alone.
    """
    if not _WHERE.search(asked) or not _HAN_RUN.fullmatch(text, start, end):
        return start, end
    behind = _SMALLER.match(text, end)
    return (start, behind.end()) if behind else (start, end)


def proposals(kind: Kind, asked: str, text: str) -> list[Span]:
    """Where the text has what the question asks for, as far as its look tells.

    A reader picks spans whatever is asked for; it is to score these as well. Whether there are more
    than 400 is decided by a number.
    """
    if kind is Kind.PERSON:
        return list(persons(text))
    if kind is Kind.YES_NO and _NUMERAL.search(asked):
        kind = Kind.NUMBER
    pattern = _ENUMERATED if kind is Kind.LIST else _WHOLE.get(kind)
    found = pattern.finditer(text) if pattern else ()
    return [m.span() for m in found if m.end() > m.start()]


def misfits(kind: Kind, asked: str, words: str) -> int:
    """How many demands `words` fail as an answer, of two at most.

    A number needs a numeral and the unit that is asked for, a date likewise; a list two items; who
    is asked for is a person or somebody in office; how and why are told by more than a number or a
    word; other kinds demand more than one character, and a village is called one. A Chinese measure
    word is not asked of English words.
    """
    if kind in (Kind.HOW, Kind.WHY):
        return int(
            len(words) < _SHORTEST_CLAUSE or whole(Kind.NUMBER, words, 0, 1)[1] == len(words)
        )
    if kind is Kind.LIST:
        return int(not _ITEMS.search(words))
    if kind is Kind.PERSON:
        return int(not (_SOMEBODY.search(words) or names_somebody(words)))
    if kind not in (Kind.NUMBER, Kind.DATE):
        place = next((a for q, a in _PLACES if re.search(q, asked, re.IGNORECASE)), None)
        nowhere = place and _HAN.search(words) and not re.search(place, words)
        return int(bool(nowhere or _HAN.fullmatch(words)))
    told = (_NUMERAL if kind is Kind.NUMBER else _DATE).search(words)
    failed = int(not told or len(words) > _LONGEST_NUMBER)
    needed = _needed(kind, asked)
    chinese = _HAN.search(words) or words.isdigit()
    if needed and (chinese or needed is _DATE or not _HAN.search(needed.pattern[:2])):
        failed += int(not needed.search(words))
    return failed
