"""What an answer of a kind looks like: where a text has one, where it ends, what is none.

By look alone: numbers with their units, dates, persons' names, places, lists.
"""

from __future__ import annotations

import re
from functools import lru_cache

from embeddings.chunks import Span
from embeddings.glosses import gloss_terms, stem
from embeddings.terms import fold
from embeddings.words import segment

from .kinds import Kind
from .persons import names_somebody, persons

_NUMERAL = re.compile(
    r"\d|[零一二两三四五六七八九十百千万亿半首]"
    r"|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand"
    r"|million|billion|half|third|quarter|first|once|twice)\b",
    re.IGNORECASE,
)
# question pattern, what the answer must hold; the first that matches decides
_UNITS = (
    (r"电话|热线|号码|phone|hotline", r"\d{5}|\d{3,4}-\d"),
    (
        r"多少(?:万|亿)?[\u3400-\u9fff]{0,4}(?:钱|元|(?<!免)费(?![站者])|资金|收入(?!家)|税)|金额"
        r"|花(?:了|费)?多少(?!时间|天|年|个?月|个?小时)|多少投资"
        r"|how much (?:money|(?:did|does) [^?]*\b(?:cost|pay|spend|invest|earn))",
        r"[元块万亿$€£]|yuan|dollar|million",
    ),
    (r"多大年[纪龄]|多少岁|几岁|how old", r"岁|(?<!\d)\d{1,3}(?![\d\u3400-\u9fff])"),
    (
        r"多长时间|多久|工期多长|会期多长|how long (?:did|does|will|has|have)",
        r"(?:(?<!\d)(?:\d{1,3}|\d{4}(?=天|[多余个]))|[一二两三四五六七八九十百几半数])[多余]?(?:个?[多余半])?"
        r"(?:年|个?月|天|个?星期|周|个?小时|分钟|个?工作日|个?学期)|year|month|day|hour|week|minute",
    ),
    (r"百分之|占比|per ?cent", r"[%成半]|百分|分之|per ?cent"),
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
    (r"(?:多少|(?<!第)几)个?(?:人|[名位](?![额次置]))", r"[人名位]|people|person"),
)
_COUNTED = re.compile(
    r"(?:多少|(?<!第)几)(?:万|亿)?(个(?!小时|亿|百分点)|[件项家户亩吨场次本座条栋台辆种处岁度克升所间幢起宗期轮届批册份架])"
)
# measure words of which a paper may print another one than was asked with
_ALIKE = (
    "个家处座所间",
    "个项件起宗",
    "个名位人",
    "场次期轮回届批",
    "户家",
    "栋幢座",
    "本册份",
    "台辆架",
)
# which place is asked for, what such a place is called
_ALONE = r"(?=[?？,，是在有最被率获先]|$)"  # 哪个村? but not 哪个村民, 哪个村的书记
_ALONE_EN = r"(?=\W*$| \w+ed\b| is| was| has| in)"
_CALLED = (
    (rf"哪一?个?村{_ALONE}|\bwh(?:ich|at) village{_ALONE_EN}", "[村庄屯堡店营寨湾]"),
    (rf"哪一?个?社区{_ALONE}|\bwh(?:ich|at) community{_ALONE_EN}", "社区|小区|家园|[苑居里村]"),
    (rf"哪一?个?(?:街道|镇|乡){_ALONE}", "街道|办事处|[镇乡]"),
)
_ASKED_DATE = re.compile(
    r"几(?P<few>[月年日号点])|(?P<week>周|星期|礼拜)几|哪一?(?P<zh>[月年天日])"
    r"|wh(?:ich|at) (?P<en>date|day|month|year)"
)
_YEAR, _MONTH, _DAY = r"[年日号]|(?:1[5-9]|20)\d\d", "[月日号]", "[天日号周节]|星期|礼拜"
_DATE_NEEDS = {
    **dict.fromkeys(("年", "year"), _YEAR),
    **dict.fromkeys(("月", "month"), _MONTH),
    **dict.fromkeys(("日", "号", "天", "day", "date"), _DAY),
    "week": "周|星期|礼拜|双休",
    "点": r"[点时]|\d[:：]\d",
}
_DATE = re.compile(
    r"[年月日号时点周季初末天晨晚夜午节假汛春夏秋冬]|星期|礼拜|双休|期间|前夕"
    r"|\d[:：]\d\d|\d ?[ap]\.?m\b"
    r"|\b(?:1[5-9]|20)\d\d\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|week|month|year|spring|summer|autumn|winter"
    r"|today|yesterday|tomorrow|morning|night)",
    re.IGNORECASE,
)
_ASKED_NOUN = re.compile(
    r"(?:哪一?[个家位所座条种支户名场类项款间]?|什么)(?P<zh>[\u3400-\u9fff]{2,8})"
    r"|(?:\b(?:which|what)|哪一?个|什么) (?P<en>[a-z]{3,})\b",
    re.IGNORECASE,
)
_SHORTEST_CLAUSE = 5  # characters that may tell how or why
_BY_WHAT = re.compile(r"什么|啥|\bwhat\b")  # may be told in a word: 什么原因, by what means
_LONGEST_NUMBER = 40  # characters of an answer that is to be a number or a date
_HAN = re.compile(r"[\u3400-\u9fff]")
_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
_WHERE = re.compile(r"哪里|哪儿|在哪(?![个座一])|什么地方|何处|\bwhere\b", re.IGNORECASE)
_SMALLER = re.compile(
    r"(?:(?![和与及、])[\u4e00-\u9fff]{1,4}?(?:[市县区镇乡村]|街道|社区)(?!域|长|民|委|级|政府))+"
)
_ITEMS = re.compile(r"[、；;—]|[和与及]|, | and ")
# 居民, 志愿者, 物业公司: nobody's name, but who it was
_SOMEBODY = re.compile(
    r"[人员者民们户生师长委会局部司院校社团队组站所厂府记任士机授亲家表席友客方企哥联关A-Za-z]$"
)
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
        named = "week" if part["week"] else part["few"] or part["zh"] or part["en"]
        return re.compile(_DATE_NEEDS[named])
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
    asked, words = fold(asked), fold(words)
    if kind in (Kind.HOW, Kind.WHY):
        shortest = 2 if _BY_WHAT.search(asked) else _SHORTEST_CLAUSE
        return int(len(words) < shortest or whole(Kind.NUMBER, words, 0, 1)[1] == len(words))
    if kind is Kind.LIST:
        return int(not _ITEMS.search(words))
    if kind is Kind.PERSON:
        return int(not (_SOMEBODY.search(words) or names_somebody(words)))
    if kind not in (Kind.NUMBER, Kind.DATE):
        place = next((called for which, called in _CALLED if re.search(which, asked)), None)
        nowhere = place and _HAN.search(words) and not re.search(place, words)
        return int(bool(nowhere or _HAN.fullmatch(words)))
    told = (_NUMERAL if kind is Kind.NUMBER else _DATE).search(words)
    failed = int(not told or len(words) > _LONGEST_NUMBER)
    needed = _needed(kind, asked)
    chinese = _HAN.search(words) or words.isdigit()
    if needed and (chinese or needed is _DATE or not _HAN.search(needed.pattern[:2])):
        failed += int(not needed.search(words))
    return failed
