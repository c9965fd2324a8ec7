"""Chinese words in, what a reader of English makes of them out: numbers, dates, names, glosses.

Only what can be told from the words alone: nothing here is a translation of a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from embeddings.glosses import dictionary_senses
from embeddings.numerals import chinese_value
from embeddings.terms import HAN
from embeddings.words import segment

from .persons import SURNAMES

Kind = Literal["date", "number", "name"]
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
_DIGITS = r"(?:\d+(?:,\d{3})*(?:\.\d+)?|[零〇一二两三四五六七八九十百千]{1,9})"
_YEAR = r"(?:19|20)\d\d|[一二][零〇一二三四五六七八九]{3}"
_MONTH = r"1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]"
_DAY = r"[12]\d|3[01]|0?[1-9]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九]"
_DATE = (
    rf"(?=(?:{_YEAR})年|(?:{_MONTH})月|(?:{_DAY})[日号])"
    rf"(?:(?P<year>{_YEAR})年)?(?:(?P<month>{_MONTH})月份?)?(?:(?P<day>{_DAY})[日号])?"
)
_NUMBER = (
    rf"(?P<about>约|近|超过|超|逾|不到|不足|至少)?(?P<value>{_DIGITS})(?P<big>万亿|亿|万|千|百)?"
    r"(?P<odd>余|多|来)?(?P<percent>%|％)?(?P<unit>平方公里|平方米|公里|千米|厘米|毫米|米|亩|公顷"
    r"|公斤|吨|万元|亿元|元|岁|年|个月|天|小时|分钟|个百分点)?(?P<bound>以上|以下|左右)?"
)
_PART = re.compile(rf"百分之(?P<share>{_DIGITS})|(?P<date>{_DATE})|(?P<number>{_NUMBER})")
_BIG = {"": 1, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8, "万亿": 10**12}
_BEFORE = {
    **dict.fromkeys(("超过", "超", "逾"), "more than "),
    **dict.fromkeys(("不到", "不足"), "less than "),
    **{"约": "about ", "近": "nearly ", "至少": "at least "},
}
_BOUND = {"以上": "or more", "以下": "or less", "左右": "or so"}
_UNITS = {
    **{"平方公里": "km²", "平方米": "m²", "公里": "km", "千米": "km", "厘米": "cm", "毫米": "mm"},
    **{"米": "m", "亩": "mu", "公顷": "hectares", "公斤": "kg", "吨": "tonnes", "元": "yuan"},
    **{"岁": "years old", "年": "years", "个月": "months", "天": "days", "小时": "hours"},
    **{"分钟": "minutes", "个百分点": "percentage points"},
}
_ORGAN = r"(?:社区|街道|小区|镇|乡|村|区|县|市|省)"
_PLACES = {
    "社区": "Community", "街道": "Subdistrict", "小区": "Estate", "镇": "Town", "乡": "Township",
    "村": "Village", "区": "District", "县": "County", "市": "City", "省": "Province",
}  # fmt: skip
_PLACE = re.compile(rf"(?P<stem>[\u4e00-\u9fff]{{2,3}})(?P<kind>{_ORGAN})(?![\u4e00-\u9fff])")


@dataclass(frozen=True, slots=True)
class Form:
    """Printed words and their English form."""

    printed: str
    english: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Gloss:
    """A Chinese word with what a dictionary says of it."""

    word: str
    pinyin: str  # with tone marks
    senses: tuple[str, ...]  # the first ones; () where the dictionary does not know the word


def forms(text: str) -> tuple[Form, ...]:
    """Dates and numbers of a text in English form, each once, in order.

    A bare number that reads the same in English is left out.
    """
    found = (form for match in _PART.finditer(text) if (form := _form(match)) is not None)
    return tuple(dict.fromkeys(found))


def name(text: str) -> Form | None:
    """A person's or a place's name in pinyin; None for any other text.

    A person is a known surname and one or two characters more that are no dictionary word.
    """
    if place := place_name(text):
        return place
    if not (2 <= len(text) <= 3 and HAN.fullmatch(text)) or text[0] not in SURNAMES:
        return None
    if dictionary_senses(text):
        return None
    given = pinyin(text[1:], tones=False).replace(" ", "")
    return Form(text, f"{pinyin(text[0], tones=False).capitalize()} {given.capitalize()}", "name")


def place_name(text: str) -> Form | None:
    """A place's name by its last characters: 金牛区, Jinniu District; None for any other text."""
    place = _PLACE.fullmatch(text)
    if place is None:
        return None
    spelt = pinyin(place["stem"], tones=False).replace(" ", "").capitalize()
    return Form(text, f"{spelt} {_PLACES[place['kind']]}", "name")


def glosses(text: str, senses: int = 3) -> Iterator[Gloss | str]:
    """The text in order: its Chinese words of two characters and more as Gloss, the rest as str."""
    for word in segment(text):
        if len(word) > 1 and HAN.fullmatch(word):
            yield Gloss(word, pinyin(word), tuple(dictionary_senses(word)[:senses]))
        else:
            yield word


def pinyin(word: str, tones: bool = True) -> str:
    """The syllables of a Chinese word, a space between them."""
    from pypinyin import Style, lazy_pinyin

    return " ".join(lazy_pinyin(word, style=Style.TONE if tones else Style.NORMAL, v_to_u=True))


def _form(match: re.Match[str]) -> Form | None:
    printed = match.group()
    if match["share"]:
        value = _value(match["share"])
        return None if value is None else Form(printed, f"{_plain(value)}%", "number")
    if match["date"]:
        date = _date(match["year"], match["month"], match["day"])
        return Form(printed, date, "date") if date else None
    english = _number(match)
    same = english.replace(",", "") == printed.replace(",", "")  # 12345 may be no quantity
    return None if same or not english else Form(printed, english, "number")


def _date(year: str | None, month: str | None, day: str | None) -> str:
    """2 January 2023; "" where a part is out of range."""
    parts = [] if day is None else [_value(day)]
    if any(part is None for part in parts):
        return ""
    told = [_plain(part) for part in parts if part is not None]
    if month:
        number = _value(month)
        if number is None or not 1 <= number <= 12:
            return ""
        told.append(MONTHS[int(number) - 1])
    elif day:
        return f"the {_ordinal(int(told[0]))}"
    if year:
        told.append(year if year.isdecimal() else str(chinese_value(year)))
    return " ".join(told)


def _number(match: re.Match[str]) -> str:
    value, unit = _value(match["value"]), match["unit"] or ""
    if value is None:
        return ""
    # one Chinese digit alone is as often part of a word as it is a number
    if not match["value"][0].isdigit() and len(match["value"]) == 1 and not (unit or match["big"]):
        return ""
    big = match["big"] or ""
    if unit in ("万元", "亿元"):
        big, unit = big + unit[0], "元"
    if big not in _BIG:
        return ""
    whole = value * _BIG[big]
    before = "more than " if match["odd"] else _BEFORE.get(match["about"] or "", "")
    after = f" {_BOUND[match['bound']]}" if match["bound"] else ""
    told = f"{before}{_spoken(whole)}{'%' if match['percent'] else ''}"
    return f"{told} {_UNITS[unit]}{after}" if unit else told + after


def _spoken(value: float) -> str:
    """3.5 million, 316 million, 1,500."""
    for size, word in ((10**12, "trillion"), (10**9, "billion"), (10**6, "million")):
        if value >= size:
            return f"{_plain(round(value / size, 6))} {word}"
    return _plain(value)


def _plain(value: float) -> str:
    return f"{value:,.6f}".rstrip("0").rstrip(".")


def _ordinal(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number in (11, 12, 13) else ending}"


def _value(numeral: str) -> float | None:
    bare = numeral.replace(",", "")
    return float(bare) if bare[0].isdigit() else chinese_value(bare)
