"""Pages to articles: what the seeds hold, small cases in both languages, and what always holds."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.articles import split_page
from embeddings.cohesion import subject_changes
from embeddings.headlines import decks, headline
from embeddings.lines import Line, Role, read_lines

NEWLINES = ("\n", "\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029")
SEEDS = Path(__file__).resolve().parent.parent / "seeds"
TITLES = {
    "000_6fa695de1ced5090.txt": [
        "党建成非公企业发展“红色引擎”",
        "人大代表工作站：当好群众的贴心人",
        "借力“一带一路” 抢滩海外市场",
        "东营区探索社区治理新路子",
        "",
        "利津县拆旧增绿扮靓乡村",
        "利津：政府购买项目服务社区",
        "垦利区：行政村视频监控全覆盖",
    ],
    "001_3f5061dfe421d184.txt": ["山东东营经济技术开发区： 对标创优学先进 开拓攻坚立新功"],
    "002_df98247efb170a62.txt": [
        "党建品牌“亮”起来 基层治理“活”起来 东昌府区“五社联动”共建幸福社区",
        "市公路事业发展中心 推动党建与业务工作深度融合",
        "",
        "高唐县 紧盯民生领域 开展专项监督",
        "东阿县 “红帮办”为企业精准纾困",
        "“领”出来的幸福路",
    ],
    "003_f81daed37302800f.txt": [
        "牡丹区党建引领开启居民自治新模式",
        "小灯泡照亮村民致富路",
        "牡丹区举办党的十九届六中全会精神报告会",
        "创业贷款助企发展",
        "打造发展新动能",
        "支部领办合作社 乡村振兴有路子",
        "“三个加强”防范一氧化碳中毒",
        "",
        "皇镇街道打造生态农业新格局",
        "提升综合承载力",
    ],
    "004_32eacd7bfa546bd8.txt": [
        "打造红色“院落” 激活基层“微治理”",
        "刁镇街道:实干挺起工业高质量发展“硬脊梁”",
    ],
}
JOINED = {  # broken sentences: in the next paragraph, across a caption, an article, another column
    "000_6fa695de1ced5090.txt": [
        "社区划分网格,设立",
        "墙面开裂,每到",
        "从根本上解决供气问题的同时",
    ],
    "001_3f5061dfe421d184.txt": ["4500余名在职党员", "激活了乡村振兴一池春水"],
    "002_df98247efb170a62.txt": ["全区建设社区党群服务中心", "江苏师范大学", "中心党委以“坚持"],
    "003_f81daed37302800f.txt": ["小区(网格)、楼栋”的党组织", "依托牡丹产业", "建立绿色"],
    "004_32eacd7bfa546bd8.txt": ["最富活力,最具", "党员名单", "重点项目现场观摩调度”机制"],
}


def page_of(name: str) -> str:
    """A seed's text with its newlines as they stand."""
    return (SEEDS / name).read_bytes().decode("utf-8")


@pytest.mark.parametrize("name", TITLES)
def test_seed_headlines(name: str) -> None:
    assert [article.title for article in split_page(page_of(name))] == TITLES[name]


@pytest.mark.parametrize("name", JOINED)
def test_seed_broken_sentences_are_joined(name: str) -> None:
    text = "".join(article.text for article in split_page(page_of(name)))
    assert [part for part in JOINED[name] if part not in text] == []


@pytest.mark.parametrize("name", TITLES)
def test_seed_body_is_whole(name: str) -> None:
    page = page_of(name)
    articles = split_page(page)
    check_invariants(page)
    for article in articles:
        assert not any(word in article.text for word in ("编辑:", "扫码下载", "公益广告", "供图\n"))
    long = [line for line in page.split("\n") if len(line) > 60]
    kept = "".join(article.text for article in articles)
    assert [line for line in long if line.strip().lstrip("◆▲")[:40] not in kept] == []


def check_invariants(page: str) -> None:
    """Spans give the text, do not overlap, and hold all but headings, bylines and furniture."""
    seen: set[int] = set()
    articles = split_page(page)
    titles = {article.title for article in articles}
    for article in articles:
        assert "".join(page[s:e] for s, e in article.spans) == article.text
        for start, end in article.spans:
            places = set(range(start, end))
            assert places and not places & seen
            seen |= places
    for line in read_lines(page):
        inside = {i for s, e in line.spans for i in range(s, e) if not page[i].isspace()}
        if line.role in (Role.BODY, Role.CAPTION):
            assert inside <= seen
        if line.role is Role.HEADING and len(line.text) > 6 and line.text not in titles:
            assert inside <= seen


LINES = [
    "# 标题", "## 小标题", "社区治理新路子", "生产美 生活美", "□记者 张三 报道",
    "本报讯 (记者 李四)", "本报讯(记者 王五)今天开会。", "▲工人在车间忙碌。", "王五 摄",
    "记者 李四", "编辑:赵六 组版:钱七", "村里种了梨树,收入增", "加了三成。",
    "“我们很高兴。”村民说。", "他说:“这样", "很好。”", "A New Park", "By Jane Doe",
    "The council voted 7 to 2.", "公益广告", "", "", "  ", "全角　空格。", "\ufeff开头",
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(LINES), max_size=14),
    st.sampled_from([*NEWLINES, "\n\n", "\n\n\n\n"]),
)
def test_invariants_on_shuffled_lines(lines: list[str], newline: str) -> None:
    check_invariants(newline.join(lines))


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_invariants_on_any_text(page: str) -> None:
    check_invariants(page)


@pytest.mark.parametrize(
    ("page", "titles", "texts"),
    [
        ("", [], []),
        ("\n \r\n\t", [], []),
        ("梨园流转土地60亩。", [""], ["梨园流转土地60亩。"]),
        ("梨园流转土地", ["梨园流转土地"], ["梨园流转土地"]),
        ("It rained.", [""], ["It rained."]),
        ("记者 张三\n社区治理新路子\n# 标题", ["", "标题"], ["社区治理新路子\n", "标题"]),
        ("By Jane Doe\nNew Park\n# Title", ["", "Title"], ["New Park\n", "Title"]),
        ("▲工人在忙碌。\n王五 摄\n", [""], ["工人在忙碌。\n"]),
        ("▲Workers are busy.\nPhoto by Li\n", [""], ["Workers are busy.\n"]),
    ],
)
def test_small_pages(page: str, titles: list[str], texts: list[str]) -> None:
    articles = split_page(page)
    assert [a.title for a in articles] == titles
    assert [a.text for a in articles] == texts


def test_chinese_page() -> None:
    page = (
        "村民种树忙增收\n\n山绿了 水清了 人笑了\n\n□记者 张三 报道\n本报讯 村民种了树。\n\n"
        "怎样浇水\n\n水从山上来。\n\n编辑:李四\n"
    )
    (article,) = split_page(page)
    assert article.title == "村民种树忙增收"
    assert article.text == "山绿了 水清了 人笑了\n本报讯 村民种了树。\n怎样浇水\n水从山上来。\n"


def test_english_page() -> None:
    page = (
        "City Council Approves Park\n\nBy Jane Doe\n\nThe council voted 7 to 2.\n\n"
        "What comes next\n\nWork starts in May.\n\nPage 4\n"
    )
    (article,) = split_page(page)
    assert article.title == "City Council Approves Park"
    assert article.text == "The council voted 7 to 2.\nWhat comes next\nWork starts in May.\n"


@pytest.mark.parametrize("newline", NEWLINES)
def test_any_newline_parts_paragraphs(newline: str) -> None:
    lines = [
        "某县种树造林扮靓乡村",
        "村民种了树。",
        "村里通了路,村民",
        "都说好。",
        "It rained.\xa0",
        "完了。",
    ]
    (article,) = split_page((newline * 2).join(lines) + newline)
    assert article.text.split(newline) == [
        "村民种了树。",
        "村里通了路,村民都说好。",
        *lines[4:],
        "",
    ]


def test_windows_newlines_give_the_same_articles() -> None:
    page = page_of("003_f81daed37302800f.txt")
    ours = split_page(page.replace("\n", "\r\n"))
    assert [a.text.replace("\r\n", "\n") for a in ours] == [a.text for a in split_page(page)]


def test_wrapped_english_lines_are_one_paragraph() -> None:
    page = "The council voted Tuesday to\nbuild a park by the river\nthat residents asked for.\n"
    assert [a.text for a in split_page(page)] == [page]


def test_wrapped_chinese_lines_are_one_paragraph() -> None:
    page = (
        "村民们在春天里种下了很多很多梨树\n秋天的时候每家每户都收获了不少的\n梨子，大家都很高兴。\n"
    )
    assert [a.text for a in split_page(page)] == [page.replace("\n", "") + "\n"]


def test_a_long_page_takes_under_two_seconds() -> None:
    page = (page_of("000_6fa695de1ced5090.txt") * 20)[:100_000]
    split_page("先读一下词典。")
    began = time.perf_counter()
    split_page(page)
    assert time.perf_counter() - began < 2
    began = time.perf_counter()
    split_page("一" * 100_000)
    split_page("“(" * 50_000)
    assert time.perf_counter() - began < 4


def test_headline_among_kicker_and_subtitle() -> None:
    def lines(*texts: str) -> list[Line]:
        return [Line(text, ((0, len(text)),), Role.HEADING) for text in texts]

    assert headline(lines("山美 水美 人美", "某县种树造林扮靓乡村")) == "某县种树造林扮靓乡村"
    assert headline(lines("某县种树造林扮靓乡村", "山美,人也美")) == "某县种树造林扮靓乡村"
    assert headline(lines("专栏名", "某县种树造林扮靓乡村")) == "某县种树造林扮靓乡村"
    three = lines("专栏名", "山美 水美 人美丽", "某县种树造林扮靓乡村", "山美了,人也美了")
    assert headline(three) == "某县种树造林扮靓乡村"
    assert [line.text for line in decks(three)] == ["山美 水美 人美丽", "山美了,人也美了"]
    assert headline([]) == "" and decks([]) == []


def test_another_subject_is_seen() -> None:
    trees = "梨园里的梨树今年结果很多,果农忙着采摘,收购商开着卡车来运梨。" * 2
    more = "采摘之后果农还要给梨树修剪枝条,明年梨园结的果会更多更甜。" * 2
    fire = "消防大队昨天检查了商场的灭火器,要求经理更换过期的消防设备。" * 2
    assert subject_changes([trees, more], "梨园丰收") == []
    assert subject_changes([trees, more, fire], "梨园丰收") == [2]
    assert subject_changes([], "") == []
