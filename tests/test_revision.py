"""Stories that are two, or part of another: what may be done with them, and what becomes of it."""

from __future__ import annotations

import pytest

from embeddings.deal import reviewed
from embeddings.joins import Link, propose
from embeddings.lines import read_lines
from embeddings.revision import parted, revised, revising
from embeddings.stories import Decision, Move, State, Story
from embeddings.surroundings import Surroundings
from embeddings.topics import Telling, Topic

LINES = (
    "果农种下千亩梨树",  # 0
    "春分时节,果园里的果农忙着给梨树剪枝、施肥。",
    "果农王大爷说,今年的梨树比去年多。",
    "法院开庭审理盗窃案",  # 3
    "本报讯(记者 李四)近日,法院公开开庭审理一起盗窃案。",
    "被告人当庭认罪,法院将择日宣判。",
)


def page_of(*lines: str) -> Surroundings:
    read = read_lines("\n\n".join(lines) + "\n")
    topics = [Topic.of(line.text) for line in read]
    return Surroundings(read, topics, propose(read, topics))


@pytest.fixture
def page() -> Surroundings:
    return page_of(*LINES)


def story(page: Surroundings, number: int, headings: str, items: str) -> Story:
    return Story(number).with_lines(page, tuple(map(int, headings)), (), tuple(map(int, items)))


def state_of(*stories: Story) -> State:
    return State().holding({s.number: s for s in stories}, None)


def move_of(decision: Decision, action: str) -> Move:
    return next(m for m in decision.moves if m.action == action)


def test_a_story_is_cut_where_a_heading_stands_in_it(page: Surroundings) -> None:
    whole = story(page, 0, "0", "12345")
    decision = revising(page, state_of(whole), whole)
    assert decision.kind == "whole" and decision.moves[-1].action == "keep"
    cuts = [move.cut for move in decision.moves if move.action == "cut"]
    assert cuts == [3, 4]  # the heading, and the line that opens a report
    after = revised(page, state_of(whole), whole, move_of(decision, "cut"), 0.7)
    first, second = after.stories.values()
    assert (first.headings, first.items) == ((0,), (1, 2))
    assert (second.headings, second.items) == ((3,), (4, 5))
    assert second.number == 1 and first.certainty == second.certainty == 0.7
    assert second.authored and not first.authored


def test_no_cut_goes_through_a_sentence(page: Surroundings) -> None:
    whole = story(page, 0, "0", "12345")
    state = State(stories={0: whole}, joins={Link(2, 4): 0.9})
    assert [m.cut for m in revising(page, state, whole).moves if m.action == "cut"] == []


def test_a_story_becomes_part_of_another(page: Surroundings) -> None:
    first, second = story(page, 0, "0", "12"), story(page, 1, "3", "45")
    state = state_of(first, second)
    decision = revising(page, state, second)
    for action, headings, items in (
        ("under", (0,), (1, 2, 3, 4, 5)),
        ("over", (3,), (0, 1, 2, 4, 5)),
        ("with", (0, 3), (1, 2, 4, 5)),
    ):
        (both,) = revised(page, state, second, move_of(decision, action), 0.6).stories.values()
        assert (both.headings, both.items, both.certainty) == (headings, items, 0.6)
        assert both.title.pairs == Topic.union(page.topics[n] for n in headings).pairs
    assert revised(page, state, second, decision.moves[-1], 0.6).stories == state.stories


def test_subheads_alone_make_no_headline(page: Surroundings) -> None:
    _, second = parted(page, story(page, 0, "0", "123"), 3)
    assert (second.headings, second.items) == ((), (3,))


def test_each_part_of_a_story_is_looked_at_again(page: Surroundings) -> None:
    whole = story(page, 0, "0", "12345")
    asked: list[int] = []

    def cut_the_first(decision: Decision) -> tuple[int, float]:
        asked.append(decision.line)
        which = 0 if len(asked) == 1 else len(decision.moves) - 1
        return which, 1.0

    after = reviewed(page, state_of(whole), cut_the_first)
    assert asked == [0, 3] and len(after.stories) == 2


def test_telling_pairs_are_those_of_few_lines() -> None:
    lines = [Topic.of(text) for text in ("梨树", "梨树", "法院", *["村民"] * 9)]
    telling = Telling(lines)
    assert telling.weights.keys() == {"梨树"}  # 法院 stands once, 村民 in too many
    shared, part = telling.shared(lines[0], lines[1])
    assert shared == pytest.approx(1.79, abs=0.01)  # ln(12 / 2)
    assert part == 1.0
    assert (
        telling.shared(lines[2], lines[0]) == telling.shared(Topic.of(""), lines[0]) == (0.0, 0.0)
    )


@pytest.mark.parametrize(
    ("one", "other", "start", "shape"),
    [
        ("强化服务 小区换新颜", "强化治理 邻里更和睦", 1.0, 1.0),
        ("强化服务 小区换新颜", "强化社区治理", 1.0, 0.0),
        ("以服务促和谐 小区换新颜", "以治理促发展 邻里更和睦", 0.5, 1.0),
        ("果农种下千亩梨树", "法院开庭审理盗窃案", 0.0, 0.0),
    ],
)
def test_headings_that_are_worded_alike(one: str, other: str, start: float, shape: float) -> None:
    page = page_of(one, "果农忙着给梨树剪枝、施肥。", other, "今年的梨树比去年多。")
    found = {"parallel start": start, "parallel shape": shape}
    assert page.parallel(0, page.headings_below(0)) == found
    assert page.parallel(2, [0, 2]) == found
    assert page.headings_below(2) == []
