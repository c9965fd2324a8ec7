"""Made newspaper pages: what is told of them is true; the measures of splitting by hand."""

from __future__ import annotations

import json
import lzma
from collections import Counter
from itertools import pairwise as neighbours
from pathlib import Path
from random import Random

import pytest

from benchmarks.articles import baseline, calibration, coverage, report, side_by_side
from benchmarks.newspaper import Page, Story, newspaper_page, newspaper_pages, read_stories, stories
from benchmarks.newspaper.blocks import paragraphs
from benchmarks.newspaper.page import Joint, Line, Truth
from benchmarks.splitting import (
    NOWHERE,
    Joined,
    Split,
    Tally,
    add,
    best_match,
    kinds,
    names,
    owners,
    pairwise,
)

SYLLABLES = "阿波的弗格赫伊杰科勒莫诺佩奇若西特乌维泽安本春德恩方高洪金兰明宁平青山天文新云中"


def invented(number: int) -> Story:
    """A story of nonsense in its own words, so that no two are alike."""
    rng = Random(number)
    words = ["".join(rng.choices(SYLLABLES, k=2)) for _ in range(40)]
    said = []
    for _ in range(rng.randint(6, 16)):
        parts = ["".join(rng.choices(words, k=rng.randint(3, 7))) for _ in range(3)]
        said.append(f"{parts[0]}，“{parts[1]}”，{parts[2]}。")
    title = "".join(rng.choices(words, k=6)) + said[0][:4]
    return Story(title, tuple(said), rng.choice(("village", "school", "")))


STORIES = [invented(number) for number in range(60)]
PAGES = list(newspaper_pages(STORIES, seed=3, count=120))


def perfect(page: Page) -> Split:
    """What a splitter that makes no mistake says."""
    return Split(
        tuple(line.story for line in page.lines),
        tuple(a.title for a in page.articles),
        tuple(a.kicker for a in page.articles),
        tuple("记者 " + " ".join(a.names) if a.names else "" for a in page.articles),
        tuple(Joined(j.head, j.tail, 0.9) for j in page.joints),
        (),
    )


def test_a_page_depends_on_its_number_alone() -> None:
    assert newspaper_page(STORIES, 3, 17) == PAGES[17]
    assert newspaper_page(STORIES, 3, 18) == PAGES[18]
    assert newspaper_page(STORIES, 4, 17).text != PAGES[17].text


def test_lines_hold_all_that_is_printed() -> None:
    for page in PAGES:
        for line in page.lines:
            text = page.text[line.start : line.end]
            assert text and text == text.strip()
        assert all(a.end < b.start for a, b in neighbours(page.lines))
        kept = {at for line in page.lines for at in range(line.start, line.end)}
        lost = {c for at, c in enumerate(page.text) if at not in kept}
        assert lost <= set("\n 　#")


def test_joints_put_broken_sentences_together() -> None:
    source = "\n".join("".join(story.sentences) for story in STORIES)
    half = source.replace("，", ",")
    for page in PAGES:
        ends = {line.end: line.story for line in page.lines}
        starts = {line.start: line.story for line in page.lines}
        for joint in page.joints:
            seam = page.text[joint.head - 4 : joint.head] + page.text[joint.tail : joint.tail + 4]
            assert seam in source or seam in half
            assert ends[joint.head] == starts[joint.tail] != NOWHERE
            between = [n for n in page.lines if joint.head <= n.start < joint.tail]
            assert joint.between == len(between)
            assert joint.foreign == sum(n.story != ends[joint.head] for n in between)


def test_no_column_ends_or_begins_against_the_typesetters_rules() -> None:
    for page in PAGES:
        for joint in page.joints:
            assert page.text[joint.head - 1] not in "。！？：“（《"
            assert page.text[joint.tail] not in "，,。、；;：:！!？?）)》”"


def test_every_article_is_on_its_page_with_its_title() -> None:
    for page in PAGES:
        assert 3 <= len(page.articles) <= 9
        assert {line.story for line in page.lines} - {NOWHERE} == set(range(len(page.articles)))
        for number, article in enumerate(page.articles):
            printed = [
                page.text[line.start : line.end]
                for line in page.lines
                if line.story == number and line.role == "title"
            ]
            assert printed == ([article.title] if article.title else [])
            text = "\n".join(
                page.text[line.start : line.end] for line in page.lines if line.story == number
            )
            assert all(name in text for name in article.names)


def test_what_pages_do_to_articles_occurs() -> None:
    seen: Counter[str] = Counter()
    for page in PAGES:
        seen.update(kind for joint in page.joints for kind in kinds(joint))
        seen["nameless"] += sum(not a.title for a in page.articles)
        seen["signed"] += sum(bool(a.names) for a in page.articles)
        for number in range(len(page.articles)):
            lines = [line for line in page.lines if line.story == number]
            seen["late title"] += any(
                a.role == "body" and b.role == "title" for a, b in neighbours(lines)
            )
            seen.update({line.role for line in lines})
        seen["furniture"] += any(line.role == "furniture" for line in page.lines)
    joints = seen["all"]
    assert 0.4 < seen["adjacent"] / joints < 0.75
    assert seen["cut within a word"] + seen["cut between words"] > 0.7 * joints
    rare = (
        "7+ foreign lines",
        "4-6 foreign lines",
        "1 foreign line",
        "only its own captions between",
    )
    roles = ("kicker", "subtitle", "subhead", "lead", "credit", "furniture")
    wanted = (*rare, *roles, "cut at a mark", "nameless", "late title")
    assert {kind: seen[kind] for kind in wanted if seen[kind] < 5} == {}


def test_paragraphs_are_whole_sentences() -> None:
    texts = paragraphs(Random(1), STORIES[0].sentences)
    assert "".join(texts) == "".join(STORIES[0].sentences)
    assert all(text.endswith("。") for text in texts)


BODY = (
    "为让老人吃上热饭，青石县河口镇开办了食堂。食堂每天供应三餐，老人每餐只付六元。"
    "“菜软和，也不咸。”七十岁的周大爷说。镇里还给走不动的老人送饭上门。"
    "青石县计划明年再开办十二家食堂，让更多老人在家门口吃上热饭。下一步，食堂还将增加早市服务，方便附近的上班族和学生，"
    "并请志愿者教老人用手机点餐和结账，让食堂成为大家愿意来、留得住的地方。老人们说，有了食堂以后，孩子在外打工也放心多了。"
)


@pytest.mark.parametrize(
    ("record", "title"),
    [
        ("原标题：河口镇老人吃上热乎饭" + BODY, "河口镇老人吃上热乎饭"),
        ("原标题：河口镇老人吃上热乎饭    青石网讯（记者 甲乙）" + BODY, "河口镇老人吃上热乎饭"),
        ("原标题：河口镇老人吃上热乎饭食堂开张。" + BODY, None),  # runs into the text
        ("1、" + BODY, None),
        (BODY.replace("“菜", "菜"), None),
    ],
)
def test_a_record_of_the_news_file_becomes_a_story(record: str, title: str | None) -> None:
    story = stories.read_story(record)
    if title is None:
        assert story is None
    else:
        assert story == Story(title, tuple(stories.sentences(BODY)), story.theme if story else "")


def test_held_out_stories_are_no_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stories, "HELD_OUT", 2)
    monkeypatch.setattr(stories, "TOPICS", 0)
    kept = BODY.replace("青石", "白沙").replace("老人", "孩子").replace("食堂", "书屋")
    texts = [f"原标题：第{n}家镇上食堂开张了" + body for n, body in enumerate((BODY, BODY, kept))]
    with lzma.open(tmp_path / "text_zh_news_crud.jsonl.xz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps({"date": "", "text": text}) + "\n" for text in texts)
    assert [s.title[1] for s in read_stories(tmp_path, "fit")] == ["0"]
    assert [s.title[1] for s in read_stories(tmp_path, "held out")] == ["2"]  # 1 was seen before
    with pytest.raises(ValueError, match="held out"):
        read_stories(tmp_path, "test")


@pytest.mark.parametrize(
    ("true", "said", "precision", "recall"),
    [
        ([0, 0, 1, 1], [5, 5, 7, 7], 1.0, 1.0),
        ([0, 0, 1, 1], [0, 0, 0, 0], 2 / 6, 1.0),
        ([0, 0, 0], [0, 0, 1], 1.0, 1 / 3),
        ([0, 0, NOWHERE], [0, 0, 0], 1 / 3, 1.0),  # furniture in an article
        ([0, 0, 0], [0, 0, NOWHERE], 1.0, 1 / 3),  # an article's line in the furniture
        ([NOWHERE], [NOWHERE], 1.0, 1.0),
    ],
)
def test_pairs_of_lines(true: list[int], said: list[int], precision: float, recall: float) -> None:
    assert pairwise(true, said) == (pytest.approx(precision), pytest.approx(recall))


PAGE = Page(
    "标题\n甲乙\n广告\n丙丁",
    (
        Line(0, 2, 0, "title"),
        Line(3, 5, 0, "body"),
        Line(6, 8, -1, "furniture"),
        Line(9, 11, 0, "body"),
    ),
    (Truth("标题", "", ("张三",)),),
    (Joint(5, 9, 1, 1, "words"),),
)


def test_lines_belong_to_what_holds_most_of_them() -> None:
    assert owners(PAGE, [[(0, 4)], [(4, 5), (9, 11)], [(6, 7)]]) == (0, 0, 2, 1)
    assert owners(PAGE, []) == (NOWHERE,) * 4
    split = Split((0, 1, NOWHERE, 1), ("a", "b"), ("", ""), ("", ""), (), ())
    assert best_match(PAGE, split) == [1]


def test_characters_in_no_article_or_in_two_are_faults() -> None:
    assert coverage("甲 乙", [[(0, 1)], [(2, 3)]]) == []
    lost, twice = coverage("甲 乙丙", [[(0, 3)], [(2, 3)]])
    assert lost.startswith("1 characters in no article") and twice.startswith("1 in two")


def test_a_perfect_splitter_gets_full_marks_and_the_baseline_does_not() -> None:
    best, plain = Tally(), Tally()
    for page in PAGES[:30]:
        add(best, page, perfect(page))
        add(plain, page, baseline(page))
    figures, base = report(best), report(plain)
    full = ("pair f1", "joins right", "titles right", "kickers right", "bylines right")
    assert [figures[key] for key in full] == [1.0] * 5
    assert figures["furniture precision"] == figures["furniture recall"] == 1.0
    assert figures["joins wrong, of predicted"] == 0.0
    assert base["joins right"] == 0.0 and base["pair f1"] < 0.9


def test_wrong_joins_are_counted() -> None:
    tally = Tally()
    joins = (Joined(5, 9, 0.9), Joined(2, 3, 0.1))
    add(tally, PAGE, Split((0, 0, NOWHERE, 0), ("标 题",), ("",), ("记者 张三",), joins, ()))
    figures = report(tally)
    assert figures["joins right"] == 1.0 and figures["joins wrong, of predicted"] == 0.5
    assert figures["titles right"] == figures["bylines right"] == 1.0
    assert figures["joins right by kind"] == {
        "1 foreign line": "1/1",
        "all": "1/1",
        "cut between words": "1/1",
    }
    assert "OK true→3 said→3" in side_by_side(PAGE, Split((0,) * 4, ("",), ("",), ("",), joins, ()))


def test_confidence_is_held_against_what_came_true() -> None:
    assert calibration([(0.1, False), (0.15, True), (1.0, True)]) == [
        {"joins": 2, "confidence": 0.125, "right": 0.5},
        {"joins": 1, "confidence": 1.0, "right": 1.0},
    ]


@pytest.mark.parametrize(
    ("byline", "found"),
    [
        ("□记者 张三 通讯员 李四明 报道", {"张三", "李四明"}),
        ("■本报记者 王五", {"王五"}),
        ("本报讯(记者张三 李四)", {"张三", "李四"}),
        ("■某某日报记者 王五 文/图", {"王五"}),
        ("", set()),
    ],
)
def test_names_in_bylines(byline: str, found: set[str]) -> None:
    assert names(byline) == found
