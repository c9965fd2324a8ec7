"""What answers of a kind look like: found in a text, made whole, missed in words."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from embeddings.chunks import Span
from rag.kinds import Kind, kind_of
from rag.shapes import completed, misfits, proposals, whole, whole_place


def grown(text: str, words: str, grow: Callable[[str, int, int], Span]) -> str:
    """What the place of the words in the text becomes."""
    at = text.index(words)
    start, end = grow(text, at, at + len(words))
    return text[start:end]


@pytest.mark.parametrize(
    ("kind", "text", "piece", "said"),
    [
        (Kind.NUMBER, "共处理8件", "8", "8件"),
        (Kind.NUMBER, "收入1,500.5万元左右", "500", "1,500.5万元左右"),
        (Kind.NUMBER, "用了不到1个月时间", "1", "不到1个月"),
        (Kind.NUMBER, "管网36公里", "36", "36公里"),
        (Kind.NUMBER, "分成三份", "三份", "三份"),
        (Kind.DATE, "2022年11月25日,通报", "2022", "2022年11月25日"),
        (Kind.DATE, "在11月份,首次", "11", "11月份"),
        (Kind.DATE, "去年春天", "春天", "春天"),
        (Kind.WORDS, "共处理8件", "8", "8"),
    ],
)
def test_a_number_is_given_with_its_unit_and_a_date_whole(
    kind: Kind, text: str, piece: str, said: str
) -> None:
    assert grown(text, piece, partial(whole, kind)) == said


@pytest.mark.parametrize(
    ("question", "text", "words", "said"),
    [
        ("哪个社区建了食堂?", "由向阳社区建成", "向阳", "向阳社区"),
        ("Which community built it?", "由向阳社区建成", "向阳", "向阳社区"),
        ("哪一所大学来了?", "江苏师范大学来人", "江苏", "江苏师范大学"),
        ("Which university came?", "江苏师范大学来人", "江苏", "江苏师范大学"),
        ("建在哪个 community?", "由向阳社区建成", "向阳", "向阳社区"),
        ("哪个社区?", "向阳社区社区食堂", "向阳社区", "向阳社区"),
        ("哪个社区?", "向阳、红旗社区", "向阳", "向阳"),
        ("谁来了?", "向阳社区", "向阳", "向阳"),
    ],
)
def test_a_name_is_given_up_to_the_noun_that_is_asked_for(
    question: str, text: str, words: str, said: str
) -> None:
    assert grown(text, words, partial(completed, question)) == said


@pytest.mark.parametrize(
    ("question", "text", "words", "said"),
    [
        ("赛事在哪里收官?", "在东山市河湾区落幕", "东山市", "东山市河湾区"),
        ("Where did it end?", "在东山市河湾区落幕", "东山市", "东山市河湾区"),
        ("在哪个市收官?", "在东山市河湾区落幕", "东山市", "东山市"),
        ("在哪里?", "东山市区域中心", "东山市", "东山市"),
        ("在哪里?", "东山市和河湾区", "东山市", "东山市"),
    ],
)
def test_where_is_told_down_to_the_smallest_place(
    question: str, text: str, words: str, said: str
) -> None:
    assert grown(text, words, partial(whole_place, question)) == said


@pytest.mark.parametrize(
    ("kind", "text", "shaped"),
    [
        (Kind.PERSON, "馆长周明远说", ["周明远", "周明"]),
        (Kind.PERSON, "欧阳静在高新区", ["欧阳静", "阳静"]),
        (Kind.NUMBER, "不到1个月,两万册", ["不到1个月", "两万册"]),
        (Kind.DATE, "2022年11月25日开馆", ["2022年11月25日"]),
        (Kind.LIST, "设有“种”、养、加三个基地,很好。", ["设有“种”、养、加三个基地"]),
        (Kind.LIST, "馆—站—点,三级", ["馆—站—点"]),
        (Kind.WORDS, "馆长周明远", []),
    ],
)
def test_what_has_the_shape_of_an_answer_is_found(kind: Kind, text: str, shaped: list[str]) -> None:
    assert [text[s:e] for s, e in proposals(kind, "", text)] == shaped


@pytest.mark.parametrize(
    ("question", "words", "failed"),
    [
        ("馆里有多少名读者?", "300名", 0),
        ("馆里有多少名读者?", "300册", 1),
        ("馆里有多少名读者?", "很多", 2),
        ("How many readers came?", "300名", 0),
        ("How many readers came?", "three hundred", 0),
        ("How many readers came?", "读者", 1),
        ("建馆花了多少钱?", "80余万元", 0),
        ("建馆花了多少钱?", "3座", 1),
        ("How much money did it cost?", "$3.5 million", 0),
        ("How long is the road?", "36 km", 0),
        ("How many kilometres are there?", "36公里", 0),
        ("How many kilometres are there?", "12000万元", 1),
        ("How many tons of rice?", "三基地", 1),
        ("How many people came?", "36名", 0),
        ("How many people came?", "36亩", 1),
        ("How long is the road?", "36公里", 0),
        ("How long is the road?", "36名", 1),
        ("开馆是在几月份?", "11月", 0),
        ("开馆是在几月份?", "1亿元", 2),
        ("When did it open?", "2019年", 0),
        ("When did it open?", "Tuesday in May", 0),
        ("When did it open?", "三座", 2),
        ("哪一天开馆?", "2019", 1),
        ("星期几盘点?", "每周六", 0),
        ("星期几盘点?", "12月6日", 1),
        ("办了多少家分馆?", "11处", 0),
        ("办了多少家分馆?", "11名", 1),
        ("设在哪个村?", "河东村", 0),
        ("设在哪个村?", "读书小组", 1),
        ("哪个村的支部书记?", "王强", 0),
        ("几点开馆?", "上午9时", 0),
        ("几点开馆?", "8:30", 0),
        ("哪天闭馆?", "周一", 0),
        ("什么时候开馆?", "国庆节", 0),
        ("哪年开馆?", "1998", 0),
        ("有几个志愿者?", "30名", 0),
        ("占比是多少?", "50％", 0),
        ("多少人免费借书?", "300人", 0),
        ("修了多长时间?", "一个多月", 0),
        ("什么原因闭馆?", "台风", 0),
        ("怎么闭馆的?", "台风", 1),
        ("谁负责?", "党支部书记", 0),
        ("On which date did it open?", "2019", 1),
        ("On which date did it open?", "2019年5月3日", 0),
        ("On which date did it open?", "May 3", 0),
        ("来了几个人?", "5个", 1),
        ("来了几个人?", "14名", 0),
        ("修了多久?", "2022年", 1),
        ("馆长多大年纪?", "24盏", 1),
        ("馆长多大年纪?", "馆长周明远(61", 0),
        ("修了多久?", "不到3个月", 0),
        (
            "馆里有多少本书?",
            "一座有3万本书的图书馆,由村民一本一本捐来,放在村里的老祠堂里,每天从早到晚都开着门",
            1,
        ),
        ("馆长叫什么?", "剪得一手好纸花", 1),
        ("馆长叫什么?", "馆长周明远", 0),
        ("谁捐的书?", "村里的老人", 0),
        ("先后来了哪些人?", "工作法", 1),
        ("先后来了哪些人?", "老师、学生", 0),
        ("馆名叫什么?", "很多", 0),
        ("What is it called?", "many", 0),
    ],
)
def test_words_that_have_not_the_shape_of_an_answer_are_told(
    question: str, words: str, failed: int
) -> None:
    assert misfits(kind_of(question), question, words) == failed
