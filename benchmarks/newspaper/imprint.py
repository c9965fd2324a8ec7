"""A random generator in; invented names, bylines, headings and page furniture out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random

from embeddings.words import segment

from .stories import clauses

_NOUN = re.compile(r"[\u4e00-\u9fff]{2}")
_SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏"
    "魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵"
    "万钱严覃武戴莫孔向汤"
)
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰涛明超秀霞平刚桂英华玉萍红玲芬燕彬凯浩宇晨佳欣怡梦雪琳倩颖莹璐瑶"
    "婷蕾博文斌鹏飞翔健辉建国志海波林森峰松柏青山川源清泽润雨云天一诺可心若然思远致安宁康泰祥瑞"
    "春夏秋冬晓东南西北中正义礼智信诚善良广厚"
)
_PLACES = "临沧海平安宁清河长丰永泰新昌和定武东西南北江湖山阳城陵川溪泉洲源口桥原"
_PAPERS = "日报 晚报 时报 晨报 都市报 早报"
_ROLES = "本报记者 记者 本报通讯员 通讯员 实习记者 见习记者"
_COLUMNS = (
    "要闻 综合新闻 民生 社区新闻 基层动态 图片新闻 今日关注 一线传真 时政 经济观察 "
    "文化周刊 教育 法治在线 健康 乡村 镇街风采 短讯 简讯 身边事 热点追踪 百姓话题 "
    "记者走基层 新风"
)
_FOUR = (
    "强基固本 惠民利企 提质增效 守正创新 凝心聚力 真抓实干 群策群力 共建共享 以人为本 "
    "因地制宜 服务上门 未雨绸缪 生态优先 绿色发展 综合施策 靶向发力 奋楫争先 向新而行"
)
_THREE = (
    "强基础 惠民生 促发展 重实效 优服务 聚人心 保安全 添活力 解难题 办实事 抓落实 "
    "破瓶颈 稳就业 护生态 传家风 暖民心 提效能 补短板"
)
_OPENINGS = (
    "强化 聚焦 突出 坚持 做优 筑牢 紧盯 打造 深化 创新 "
    "推进 夯实 抓好 严把 擦亮 激活 优化 守护 用好 织密"
)
_SLOGANS = "文明 健康 绿色 环保 节约 诚信 友善 家园 城市 平安 和谐 美好 礼让 爱心 生活 未来"
_PAIRS = "共建 共享 从我做起 人人有责 点滴做起 你我同行 相伴一生 传递真情 成就梦想 守护明天"


@dataclass(frozen=True, slots=True)
class Byline:
    """Who wrote a story, as printed, and the bare names."""

    text: str
    names: tuple[str, ...]


def _one(rng: Random, words: str) -> str:
    return rng.choice(words.split())


def name(rng: Random) -> str:
    """A person's name of two or three characters."""
    given = "".join(rng.choice(_GIVEN) for _ in range(1 + (rng.random() < 0.75)))
    return rng.choice(_SURNAMES) + given


def place(rng: Random) -> str:
    """An invented place of two characters."""
    return "".join(rng.sample(_PLACES, 2))


def _names(rng: Random, most: int) -> tuple[str, ...]:
    return tuple(name(rng) for _ in range(rng.randint(1, most)))


def reporters(rng: Random) -> Byline:
    """记者 X Y 通讯员 Z and its like, without a mark in front."""
    form, first, second = rng.random(), _names(rng, 3), _names(rng, 3)
    space = "" if rng.random() < 0.12 else " "
    if form < 0.35:
        role = rng.choice(("记者", "本报记者", "记者", "通讯员", "本报通讯员", "实习记者"))
        return Byline(f"{role}{space}{' '.join(first)}", first)
    if form < 0.8:
        ours, theirs = rng.choice((("记者", "通讯员"), ("本报记者", "通讯员"), ("记者", "实习生")))
        text = f"{ours}{space}{' '.join(first)} {theirs}{space}{' '.join(second)}"
        return Byline(text, first + second)
    return Byline(f"通讯员{space}{' '.join(second)}", second)


def marked(rng: Random) -> Byline:
    """A byline on a line of its own above or below a story: □记者 X 报道, ■ 本报记者 X, …"""
    form = rng.random()
    if form < 0.3:
        return reporters(rng)
    if form < 0.42:
        names = _names(rng, 3)
        return Byline(f"□{' '.join(names)} 报道", names)
    if form < 0.5:
        names, paper = _names(rng, 2), place(rng) + _one(rng, _PAPERS)
        return Byline(f"■{paper}记者 {' '.join(names)}", names)
    said = reporters(rng)
    mark = rng.choice("□□■■◆●◎") + rng.choice(("", " "))
    return Byline(mark + said.text + rng.choice(("", "", " 报道", " 文/图")), said.names)


def credit(rng: Random) -> Byline:
    """Who took a picture."""
    form, names = rng.random(), _names(rng, 2)
    if form < 0.4:
        return Byline(f"{_one(rng, _ROLES)} {' '.join(names)} 摄", names)
    if form < 0.6:
        return Byline(f"{' '.join(names)} 摄", names)
    if form < 0.75:
        return Byline(f"{place(rng)}{rng.choice(('市', '县', '区', '镇'))}融媒体中心供图", ())
    if form < 0.85:
        return Byline(f"{names[0]} 供图", names[:1])
    if form < 0.93:
        return Byline(f"({_one(rng, _ROLES)} {names[0]} 摄)", names[:1])
    return Byline(f"摄影/{names[0]}", names[:1])


def slogan(rng: Random) -> str:
    """A kicker: parts side by side, with a space between them."""
    words = (_THREE if rng.random() < 0.6 else _FOUR).split()
    return " ".join(rng.sample(words, 3 if len(words[0]) == 3 else 2))


def column(rng: Random) -> str:
    """The name of a column of the paper, at most six characters."""
    return _one(rng, _COLUMNS)


def opening(rng: Random) -> str:
    """The word that all subheads of a story begin with; "" for most stories."""
    return _one(rng, _OPENINGS) if rng.random() < 0.35 else ""


def subhead(rng: Random, paragraph: str, story: str, opening: str) -> str:
    """A heading for the part of a story that the paragraph opens; "" where none can be made.

    Half of them leave out words of what they are made of, since few are printed again below.
    """
    if not opening and rng.random() < 0.1:
        return slogan(rng)
    fits = _headings(paragraph)
    if not fits:
        return ""
    nouns = [word for word in segment(paragraph, guess=False) if _NOUN.fullmatch(word)]
    if opening and nouns:
        return opening + rng.choice(nouns) + rng.choice("： ") + rng.choice(fits)
    form = rng.random()
    parts = rng.sample(fits, 2) if len(fits) > 1 and form < 0.6 else [rng.choice(fits)]
    if form < 0.6 and (elsewhere := _headings(story)) and rng.random() < 0.3:
        parts = [parts[0], rng.choice(elsewhere)]
    if rng.random() < 0.5:
        parts = [_worn(rng, part) for part in parts]
    return (" " if form < 0.5 else "：").join(parts)


def _headings(text: str) -> list[str]:
    return [c for c in clauses(text) if 5 <= len(c) <= 14 and c[0] not in "这该其并也而在的"]


def _worn(rng: Random, text: str) -> str:
    """The text without one word in four, as far as four characters are left."""
    kept = "".join(w for w in segment(text, guess=False) if rng.random() < 0.75)
    return kept if len(kept) > 3 else text


def head_furniture(rng: Random) -> list[str]:
    """What is printed over the first story of a page."""
    paper = place(rng) + _one(rng, _PAPERS)
    date = f"202{rng.randint(0, 4)}年{rng.randint(1, 12)}月{rng.randint(1, 28)}日"
    lines = [
        rng.choice(
            (f"{rng.randint(2, 16):02}", f"A{rng.randint(2, 24):02}", f"第{rng.randint(2, 8)}版")
        ),
        date + rng.choice(("", " 星期" + rng.choice("一二三四五六日"))),
        f"{paper} 新闻热线:0{rng.randint(310, 999)}-{rng.randint(2000000, 8999999)}",
        column(rng),
    ]
    return [line for line in lines if rng.random() < 0.4]


def foot_furniture(rng: Random) -> list[str]:
    """Editors, QR codes, page numbers and advertisements under the last story."""
    editor, setter, reader = (name(rng) for _ in range(3))
    editors = rng.choice(
        (
            f"编辑:{editor} 组版:{setter}",
            f"责任编辑:{editor} 美术编辑:{setter}",
            f"本版编辑 {editor} 版式 {setter} 校对 {reader}",
            f"责编:{editor}",
        )
    )
    paper = place(rng) + _one(rng, _PAPERS)
    codes = (f"扫码下载{paper}客户端", f"扫一扫 关注{paper}微信", "扫描二维码 观看视频")
    lines = [code for code in codes if rng.random() < 0.12]
    lines += [editors] if rng.random() < 0.45 else []
    lines += [f"{rng.randint(2, 16):02}"] if rng.random() < 0.15 else []
    return lines + (advertisement(rng, paper) if rng.random() < 0.2 else [])


def advertisement(rng: Random, paper: str) -> list[str]:
    """A public service advertisement and its slogans."""
    words, ends = _SLOGANS.split(), _PAIRS.split()[:2] + _PAIRS.split()[4:]
    lines = [f"{paper} 公益广告"]
    for _ in range(rng.randint(1, 2)):
        a, b = rng.sample(words, 2)
        lines.append(" ".join(w + rng.choice(ends) for w in (a, b)))
    return lines
