"""Text in, its numbers as plain digits out: thousands commas, 万 and 亿, Chinese numerals."""

from __future__ import annotations

import re

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_BIG = {"万": 10**4, "亿": 10**8}
_NUMERAL = re.compile(r"[零〇一二两三四五六七八九十百千万亿]{1,16}")
_COUNTED = "个名位件家年月日号条项次人村元户处座级岁万亿余多辆盏场所届期本块成大种类路栋楼步"
_THOUSANDS = re.compile(r"(?<=\d)[,，](?=\d{3}(?!\d))")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_TIMES = re.compile(r"(\d{1,15}(?:\.\d+)?)(万亿|万|亿)")


def without_thousands_commas(text: str) -> str:
    """12,345 becomes 12345; other commas stand."""
    return _THOUSANDS.sub("", text)


def chinese_value(numeral: str) -> int | None:
    """The value of a Chinese numeral, or None: 三百二十 is 320, 二〇一九 is 2019, 万 is none."""
    if all(c in _DIGITS for c in numeral):
        return int("".join(str(_DIGITS[c]) for c in numeral))
    if numeral[0] in _BIG or numeral[0] in "百千":
        return None
    total = section = digit = 0
    for char in numeral:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char in _UNITS:
            section += (digit or 1) * _UNITS[char]
            digit = 0
        else:
            total = (total + section + digit) * _BIG[char]
            section = digit = 0
    return total + section + digit


def numbers(text: str) -> list[str]:
    """The numbers of a text as digits, in order: 3.16亿 gives 3.16 and 316000000, 三百名 gives 300.

    One Chinese digit alone counts only before a counted thing (五名, not 一直).
    """
    text = without_thousands_commas(text)
    out = _NUMBER.findall(text)
    out += [_plain(float(n) * _multiple(big)) for n, big in _TIMES.findall(text)]
    for match in _NUMERAL.finditer(text):
        if match.start() and text[match.start() - 1].isdigit():
            continue
        if len(match.group()) == 1 and text[match.end() : match.end() + 1] not in tuple(_COUNTED):
            continue
        value = chinese_value(match.group())
        if value is not None:
            out.append(str(value))
    return out


def _multiple(units: str) -> int:
    product = 1
    for char in units:
        product *= _BIG[char]
    return product


def _plain(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".")
