"""What the seeds hold, whatever their newlines and marks."""

from __future__ import annotations

import random
import re

import pytest

from embeddings.articles import Page, read_page, split_page
from tests.invariants import check_invariants
from tests.newsprint import NAMES, page_of

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


def test_every_seed_is_read() -> None:
    assert sorted(TITLES) == sorted(JOINED) == NAMES


@pytest.mark.parametrize("name", TITLES)
def test_seed_headlines(name: str) -> None:
    assert [article.title for article in split_page(page_of(name))] == TITLES[name]


@pytest.mark.parametrize("name", JOINED)
def test_seed_broken_sentences_are_joined(name: str) -> None:
    page = page_of(name)
    articles = split_page(page)
    text = "".join(article.text for article in articles)
    assert [part for part in JOINED[name] if part not in text] == []
    around = [page[j.head - 20 : j.head] + page[j.tail :][:20] for a in articles for j in a.joins]
    assert [part for part in JOINED[name] if not any(part in text for text in around)] == []


@pytest.mark.parametrize("name", TITLES)
def test_seed_body_is_whole(name: str) -> None:
    page = page_of(name)
    articles = check_invariants(page).articles
    for article in articles:
        assert not any(word in article.text for word in ("编辑:", "扫码下载", "公益广告", "供图\n"))
    long = [line for line in page.split("\n") if len(line) > 60]
    kept = "".join(article.text for article in articles)
    assert [line for line in long if line.strip().lstrip("◆▲")[:40] not in kept] == []


@pytest.mark.parametrize("name", TITLES)
def test_seed_bylines_name_reporters_and_no_captions(name: str) -> None:
    for article in split_page(page_of(name)):
        assert len(article.byline) < 50
        assert not re.search(r"[。!?]|[摄图]$", article.byline)


@pytest.mark.parametrize("name", TITLES)
def test_invariants_on_shuffled_seeds(name: str) -> None:
    lines = page_of(name).split("\n")
    for seed in range(3):
        check_invariants("\n".join(random.Random(seed).sample(lines, len(lines))))


def shape(page: Page) -> list[tuple[object, ...]]:
    """All offsets of a page and no text."""
    return [(a.spans, a.headings, a.joins) for a in page.articles] + [page.furniture]


@pytest.mark.parametrize("name", TITLES)
def test_windows_newlines_give_the_same_articles(name: str) -> None:
    page = page_of(name)
    ours = check_invariants(page.replace("\n", "\r\n")).articles
    plain = split_page(page)
    assert [a.text.replace("\r\n", "\n") for a in ours] == [a.text for a in plain]
    names = [(a.title, a.kicker, a.byline, a.confidence) for a in plain]
    assert [(a.title, a.kicker, a.byline, a.confidence) for a in ours] == names


@pytest.mark.parametrize("name", TITLES)
def test_marks_of_full_and_half_width_give_the_same_articles(name: str) -> None:
    page, half, full = page_of(name), ",:;!?()", "，：；！？（）"
    wide = read_page(page.translate(str.maketrans(half, full)))
    narrow = read_page(page.translate(str.maketrans(full, half)))
    assert [a[:2] for a in shape(wide)] == [a[:2] for a in shape(narrow)]
    assert [len(a.joins) for a in wide.articles] == [len(a.joins) for a in narrow.articles]


def test_a_page_reads_the_same_twice() -> None:
    page = page_of("003_f81daed37302800f.txt")
    assert read_page(page) == read_page(page)
