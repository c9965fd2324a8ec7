"""The training data's news file in, sane articles with a headline and whole sentences out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from training.data import news

TOPICS = 36_000  # articles at the beginning of the news file that word vectors are learnt from
HELD_OUT = 12_000  # articles at its end that nothing is fitted to

_LONG = 20  # characters of a sentence that two different articles do not share by chance
_DATE = r"(?:\d{1,2}月)?\d{1,2}日"
_BEGINS = (
    rf"{_DATE}[，,上下早晚]|近日[，,]|日前[，,]|今日[，,]|近年来|近期[，,]|随着|连日来|今年以来|为[^，。]{{4,25}}，"
    r"|中新网|新华社|人民网|本报讯|央视|据[^，。]{2,12}(?:消息|报道)|【"
)
_HEADED = re.compile(
    rf"\s*原标题[：:]\s*(?:(\S[^\n]{{5,45}}?)\s{{3,}}|([^。！？；]{{8,32}}?)(?={_BEGINS}))"
)
_DATELINE = re.compile(
    r"(?:\s|，正文[：:]|【[^】]{2,30}】|[^，。“]{0,24}?(?:讯|电|消息|报道)\s*[（(][^）)]*[）)]"
    r"|[^，。“\s]{2,14}?(?:讯|电)(?:\s+|(?=\d))|[（(][^）)]{0,40}[）)])*[，：:\s]*"
)
_FOREIGN = re.compile(  # what the web page wrote around the article, and captions
    r"(?<!拍)摄(?![影像入氏制取])|[图][）)]?[。]?$|[/／]图|供图|图为|图片|资料图|来源|编辑|责编|审核|校对|https?:|www\.|原标题|返回|二维码|公众号|扫码"
    r"|点击|记者[：:\s]|通讯员|作者|本文|本报|本网|IT之家|搜狐|如下|下图|附件|@|视频截|正文|--|\[|（完）|\(完\)|[|｜#*■□▲●]|小编"
)
_NO_HEADLINE = re.compile(
    r"[【】]|^[这该其他她它我你\d两有被让使通]|^(?:用于|成为|具备|决定|因为|由于|如果|对于)"
    r"|[说称道起后时中前上下内外是]$|(?:表示|宣布|指出|介绍|认为|透露|显示|提醒)$"
)
_SAID_FIRST = re.compile(r"记者|[讯电](?:[（(]|$)|消息，|报道")
_LISTED = re.compile(
    r"(?:^|[。；？！])\s*(?:\d{1,2}[、.．]|0\d(?=[\u4e00-\u9fff]))"
)  # numbered paragraphs
_THEMES = {
    "community": "社区 居民 街道 小区 物业 网格 志愿",
    "village": "村民 农村 乡村 种植 农业 合作社 农户 振兴",
    "school": "学校 学生 教师 教育 大学 家长 孩子",
    "police": "公安 民警 派出所 嫌疑 诈骗 交警",
    "court": "法院 检察 法官 被告 判决 案件 法律",
    "hospital": "医院 患者 医生 医疗 健康 疾病",
    "works": "项目 建设 工程 施工 园区 投资",
    "firms": "公司 企业 市场 产品 品牌 销售",
    "shares": "股份 收盘 证券 基金 净利润 涨幅 同比",
    "travel": "旅游 游客 景区 文化 演出 博物馆",
    "weather": "暴雨 洪水 防汛 救援 台风 受灾 消防",
    "abroad": "总统 美国 俄罗斯 乌克兰 欧洲 日本 外交",
}


@dataclass(frozen=True, slots=True)
class Story:
    """A news article as it was written: full-width punctuation, no paragraphs yet."""

    title: str  # at most 24 characters, without a mark at its end
    sentences: tuple[str, ...]
    theme: str = ""  # stories of one theme are easily taken for parts of one another


def read_stories(data: Path, part: str, limit: int | None = None) -> list[Story]:
    """The stories of the part "fit" or "held out", in file order, `limit` records looked at.

    "fit" are those after the first TOPICS articles and before the last HELD_OUT; "held out" are
    these, less those that share a sentence with an earlier one.
    """
    if part not in ("fit", "held out"):
        raise ValueError(f'part {part!r}: "fit" or "held out" is wanted')
    texts = news(data)
    fit, held = texts[:-HELD_OUT], texts[-HELD_OUT:]
    if part == "fit":
        return [story for text in fit[TOPICS:][:limit] if (story := read_story(text))]
    seen = {hash(s) for text in fit for s in _long_sentences(text)}
    kept = (t for t in held[:limit] if not any(hash(s) in seen for s in _long_sentences(t)))
    return [story for text in kept if (story := read_story(text))]


def _long_sentences(text: str) -> Iterator[str]:
    return (s for s in re.split(r"[。！？]", text) if len(s) >= _LONG)


def read_story(text: str) -> Story | None:
    """One record of the news file; None where headline or sentences cannot be told."""
    headed = _HEADED.match(text)
    if headed is None and "原标题" in text[:40]:
        return None  # the headline runs into the text
    body = _clean(text[headed.end() if headed else 0 :])
    body = body[_DATELINE.match(body).end() :]  # type: ignore[union-attr]
    found = sentences(body)
    if not found or _SAID_FIRST.search(found[0]) or not _sane(found[0]):
        return None
    kept = tuple(s for s in found if _sane(s))
    size = sum(map(len, kept))
    whole = len(kept) >= max(4, 0.8 * len(found)) and len(set(kept)) == len(kept)
    if not whole or not 160 <= size <= 2400 or _LISTED.search(body):
        return None
    title = _clean(headed[1] or headed[2]).strip("。，、：；—") if headed else _made(kept)
    title = re.sub(r"^(.{6,}?)[\s：]?\1$", r"\1", title)  # some are printed twice
    if not 6 <= len(title) <= 24 or _FOREIGN.search(title) or not _balanced(title) or "【" in title:
        return None
    return Story(title, kept, _theme("".join(kept)))


def _clean(text: str) -> str:
    """Spaces kept in Latin text and between the halves of a headline; full-width punctuation."""
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r"(?<=\d) (?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff]) (?=\d)", "", text)
    for half, full in zip(",:;?!()", "，：；？！（）", strict=True):
        text = re.sub(rf"(?<!\d)\{half}|\{half}(?!\d)", full, text)
    return text


def sentences(text: str) -> list[str]:
    """The sentences of a text; an end inside quotes or brackets ends none. The rest is dropped."""
    out, start, depth = [], 0, 0
    for at, char in enumerate(text):
        if char in "“‘（《【":
            depth += 1
        elif char in "”’）》】":
            depth = max(depth - 1, 0)
        quoted = char == "”" and at > 0 and text[at - 1] in "。！？"
        goes_on = text[at + 1 : at + 2] in ("”", "’", "）", "》", "】", "！", "？")
        if depth == 0 and (char in "。！？" or quoted) and not goes_on:
            out.append(re.sub(r"(?<![A-Za-z0-9]) | (?![A-Za-z0-9])", "", text[start : at + 1]))
            start = at + 1
    return out


def _sane(sentence: str) -> bool:
    han = len(re.findall(r"[\u4e00-\u9fff]", sentence))
    return (
        6 <= len(sentence) <= 170
        and han >= 0.6 * len(sentence)
        and bool(re.match(r"[\u4e00-\u9fff“《\dA-Z]", sentence))
        and not _FOREIGN.search(sentence)
        and _balanced(sentence)
    )


def _balanced(text: str) -> bool:
    return all(text.count(a) == text.count(b) for a, b in ("“”", "‘’", "（）", "《》"))


def clauses(text: str) -> list[str]:
    """What stands between the marks of a text, quotes and brackets whole."""
    parts = re.findall(r"(?:“[^”]*”|《[^》]*》|（[^）]*）|[^，。；：！？、“”《》（）])+", text)
    return [part for part in parts if _balanced(part)]


def _made(kept: tuple[str, ...]) -> str:
    """A headline for a story without one: the opening clause that the rest is most about."""
    pairs = Counter(pair for s in kept for pair in bigrams(s))
    best, score = "", 1.0
    for sentence in kept[:3]:
        opening = [
            c for c in clauses(sentence)[:3] if not re.match(r"近|日前|据|[在当]|" + _DATE, c)
        ]
        said = re.sub(
            r"近日|日前|目前|正在|将于|[的了已将]|^[从对为以并也而]", "", "".join(opening[:1])
        )
        if not 8 <= len(said) <= 22 or _NO_HEADLINE.search(said):
            continue
        new = sum(pairs[p] - 1 for p in bigrams(said)) / len(said)
        if new > score:
            best, score = said, new
    return best


def bigrams(text: str) -> set[str]:
    """The pairs of Han characters, letters and digits that stand side by side."""
    return {text[i : i + 2] for i in range(len(text) - 1) if text[i : i + 2].isalnum()}


def _theme(text: str) -> str:
    counts = {name: sum(text.count(w) for w in words.split()) for name, words in _THEMES.items()}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] >= 3 else ""
