"""A page's text in, its printed lines with the role that each plays out.

Roles are told by newspaper typography alone: length, marks, end punctuation, fixed formulas such as
本报讯 or 记者 … 摄. No rule knows a place or a person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum
from statistics import median_low

Span = tuple[int, int]

# Where a line ends, here and in articles and chunks: the newlines that Unicode knows (UAX 14).
NEWLINE = r"(?:\r\n|[\n\r\x0b\x0c\x85\u2028\u2029])"
BLANKS = " \t\u3000\ufeff\xa0"  # what may stand around a line and is no part of it


class Role(Enum):
    """What a line is on the printed page."""

    HEADING = "heading"  # headline, kicker, subtitle or subhead: told apart later, by neighbours
    BYLINE = "byline"
    CAPTION = "caption"  # tells what a picture shows
    CREDIT = "credit"  # who took the picture
    FURNITURE = "furniture"  # editors, page numbers, advertisements
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Line:
    """One printed paragraph or line. `text` is the page's text cut by `spans`."""

    text: str
    spans: tuple[Span, ...]
    role: Role = Role.BODY
    level: int = 0  # number of # in front of a Markdown heading
    picture_gap: bool = False  # more empty lines before it than this page has as a rule
    opens: bool = False  # begins as the first paragraph of an article does: 本报讯, ◆


HEADING_WIDTH = 45  # Han characters; a Latin letter counts half
_CAPTION_CHARS = 60

_MARKS = "□■◆◇●○◎★☆"
_POINTERS = "▲▼△▽◀▶←→↑↓"
_COMPLETE = re.compile(r"[。！？!?…；;：:.][”’\"'）)》】」』]*$")
# (本报记者 X 通讯员 Y), (X 摄), （下转3版） after the last sentence
_SIGNED_END = re.compile(
    r"[(（](?:[^()（）。]{0,8}(?:记者|通讯员|实习生)[^()（）。]*|[^()（）。]*摄影?|下转[^()（）。]*)[)）]$"
    r"|(?:记者|通讯员)\s*[\u4e00-\u9fff·\s]{2,12}摄$"
)
_CALL = re.compile(r"(?:[？?！!]|……)[”’]*$")  # how headlines end that end like a sentence
_BREAKS = re.compile(r"[。；;]|[,，、](?!\d{3})")
_INNER_END = re.compile(r"[。；;][^。；;？?！!”’\"'）)》】」』\s]")
_DATELINE = re.compile(
    r"(?:本报|本刊|本台|本网|新华社)[^\s,，。:：(（]{0,12}?[讯电](?=[\s(（:：,，]|[^\w]|$)\s*"
)
_DATELINE_ONLY = re.compile(_DATELINE.pattern + r"(?:[(（][^()（）]*[)）])?$")
_NAME = re.compile(
    r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]*报道|[\u4e00-\u9fff]+(?:·[\u4e00-\u9fff]+)+"
)
_BETWEEN_NAMES = re.compile(r"文[/／]图|[/／、,，|:：\s]")
_HAS_REPORTER = re.compile(r"(?:记者|通讯员|实习生|撰稿人?|作者|报道组|摄影报道)(?=[\s:：]|$)")
_ROLE_NAME = re.compile(
    r"((?:^|\s)\W?\s*(?:本报|实习|见习|特约)?(?:记者|通讯员|实习生))(?=[\u4e00-\u9fff]{2,3}(?:\s|$))"
)
_BYLINE_EN = re.compile(
    r"(?:By|BY|Reported by|Reporting by)\s+[A-Z][\w.'-]+(?:[\s,&]+[\w.'-]+){0,8}$"
)
_CREDIT = re.compile(
    r"(?:摄影?|供图|制图|绘图|[/／]图|图[/／][\u4e00-\u9fff·\s]+)[)）]?$|^Photos? (?:by|:)"
)
_FURNITURE = re.compile(
    r"^(?:本版|责任|值班|执行|视觉|图文|美术)?"
    r"(?:编辑|责编|美编|主编|编审|组版|版式|校对|排版|统筹|监制)\s*[:：]|^(?:地址|邮编|电话|热线|传真|邮箱|网址|国内统一刊号|邮发代号)\s*[:：]"
    r"|^(?:本版|责任|值班|执行|视觉|图文|美术)(?:编辑|责编|美编|主编|编审)\s|(?:热线|电话)\s*[:：]\s*[\d-]{7,}$"
    r"|^扫码|扫一扫|扫描二维码|公益广告$|^广告$|^第?\s*[A-Z]?\d{1,3}\s*版?$|^https?://\S+$"
    r"|^\d{4}年\d{1,2}月\d{1,2}日\s*(?:星期.)?$|^(?:Page \d+|Editors?:|Advertisement$)"
)
_ADVERTISEMENT = re.compile(r"广告$|^Advertisement$")


def is_complete(text: str) -> bool:
    """Does the text end as a sentence ends, or with who wrote it or took the picture?"""
    return bool(_COMPLETE.search(text) or _SIGNED_END.search(text))


def has_breaks(text: str) -> bool:
    """Does the text hold a comma or another mark that headlines do without?"""
    return bool(_BREAKS.search(text))


def is_spaced(text: str) -> bool:
    """Does the text fall into parts with a space between them?"""
    return " " in text or "\u3000" in text


def width(text: str) -> float:
    """How wide the text is set: in Han characters; a Latin letter or a digit counts half."""
    return sum(0.5 if ord(char) < 0x2E80 else 1.0 for char in text)


def read_lines(page: str) -> list[Line]:
    """The page's lines that are not empty, in the order of the file, with their roles."""
    found = [_classified(line) for line in _unwrapped(page)]
    out: list[Line] = []
    advertised = False
    for at, line in enumerate(found):
        if line.role is Role.BODY and line.picture_gap and _is_caption(found, at):
            line = replace(line, role=Role.CAPTION)
        if advertised and line.role is Role.HEADING and not line.level:
            line = replace(line, role=Role.FURNITURE)  # the slogans of an advertisement
        advertised = bool(_ADVERTISEMENT.search(line.text)) or (
            advertised and line.role is Role.FURNITURE
        )
        out.append(line)
    return out


def _is_caption(lines: list[Line], at: int) -> bool:
    text = lines[at].text
    credited = at + 1 < len(lines) and lines[at + 1].role is Role.CREDIT
    inner = is_complete(text) and not re.search(r"[。！？!?].", text)
    return credited or (inner and len(text) <= _CAPTION_CHARS)


def _classified(line: Line) -> Line:
    text = line.text
    marked = re.match(r"(#{1,6})\s+(?=\S)", text)
    if marked:
        return replace(_cut(line, marked.end()), role=Role.HEADING, level=len(marked.group(1)))
    short = width(text) <= HEADING_WIDTH
    if not re.search(r"\w", text) or (short and _FURNITURE.search(text)):
        return replace(line, role=Role.FURNITURE)
    if short and not _COMPLETE.search(text):
        if _CREDIT.search(text) and not has_breaks(text):
            return replace(line, role=Role.CREDIT)
        if _is_byline(text):
            return replace(line, role=Role.BYLINE)
    if text[0] in _POINTERS:
        return replace(_cut(line, 1), role=Role.CAPTION)
    if _DATELINE_ONLY.fullmatch(text):
        return replace(line, role=Role.BYLINE, opens=True)
    if text[0] in _MARKS:
        return replace(_cut(line, 1), opens=True)
    if _DATELINE.match(text):
        return replace(line, opens=True)
    calls = bool(_CALL.search(text)) and width(text) <= HEADING_WIDTH / 2
    if short and not _INNER_END.search(text) and (calls or not is_complete(text)):
        return replace(line, role=Role.HEADING)
    return line


def _is_byline(text: str) -> bool:
    if _BYLINE_EN.match(text):
        return True
    marked = text[0] in _MARKS
    text = _ROLE_NAME.sub(r"\1 ", text)
    parts = [part for part in _BETWEEN_NAMES.split(text[marked:]) if part]
    named = all(_NAME.fullmatch(part) or _HAS_REPORTER.search(part) for part in parts)
    return named and (marked or bool(_HAS_REPORTER.search(text)))


def _cut(line: Line, count: int) -> Line:
    """The line without its first `count` characters and the white space after them."""
    count += len(line.text[count:]) - len(line.text[count:].lstrip())
    (start, end), *rest = line.spans
    return replace(line, text=line.text[count:], spans=((start + count, end), *rest))


def _unwrapped(page: str) -> list[Line]:
    """Lines as paragraphs: blocks that were wrapped at a fixed width become one again."""
    blocks: list[tuple[int, list[Span]]] = []  # empty lines before it, lines
    empty = 0
    at = 0
    for newline in re.finditer(NEWLINE + r"|\Z", page):
        raw = page[at : newline.start()]
        kept = raw.strip(BLANKS)
        if kept:
            start = at + raw.index(kept)
            span = (start, start + len(kept))
            if blocks and empty <= 1:
                blocks[-1][1].append(span)
            else:
                blocks.append((empty, [span]))
            empty = 0
        empty += 1
        at = newline.end()
    usual = max(median_low([gap for gap, _ in blocks]), 2) if blocks else 0
    out: list[Line] = []
    for gap, spans in blocks:
        out += _block(page, spans, picture_gap=gap > usual and bool(out))
    return out


def _block(page: str, spans: list[Span], picture_gap: bool) -> list[Line]:
    lengths = [e - s for s, e in spans]
    longest = max(lengths)
    even = sum(length >= 0.7 * longest for length in lengths[:-1])
    broken = sum(not is_complete(page[s:e]) for s, e in spans[:-1])
    if len(spans) >= 3 and longest >= 12 and min(even, broken) >= 0.7 * (len(spans) - 1):
        latin = page[spans[0][0] : spans[0][1]].isascii()
        kept = ((spans[0][0], spans[-1][1]),) if latin else tuple(spans)
        text = "".join(page[s:e] for s, e in kept)
        return [Line(text, kept, picture_gap=picture_gap)]
    return [
        Line(page[s:e], ((s, e),), picture_gap=picture_gap and number == 0)
        for number, (s, e) in enumerate(spans)
    ]
