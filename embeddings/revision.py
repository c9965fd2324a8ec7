"""A page's stories in, what only whole stories show out: that one is two, or part of another.

Two stories on one matter may pass for one, and a subhead for a headline.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from .choice import named
from .lines import Role
from .stories import Decision, Move, State, Story
from .surroundings import Facts, Surroundings, prefixed
from .topics import Topic

_NEAR = 6  # stories that another may be a part of, the nearest ones
_PLACES = 8  # where a story may be cut in two, the first ones


def revising(page: Surroundings, state: State, story: Story) -> Decision:
    """Is a story one? It may be cut in two, given to another, or kept as it is."""
    moves = [*_cuts(page, state, story), *_mergers(page, state, story)]
    keep = Move("keep", story, named("keep", _portrait(page, story)))
    return Decision("whole", min(story.lines), [*moves, keep])


def revised(page: Surroundings, state: State, story: Story, move: Move, chance: float) -> State:
    """The stories after such a move, which had this chance."""
    stories, other = dict(state.stories), move.story
    if move.action == "cut":
        first, second = parted(page, story, move.cut)
        number = max(stories) + 1
        stories[story.number] = first.doubted(chance)
        stories[number] = second.doubted(chance, number)
    elif move.action != "keep" and other is not None:
        mine = story.unheaded(page) if move.action == "under" else story
        theirs = other.unheaded(page) if move.action == "over" else other
        stories[other.number] = theirs.joined_by(mine, chance)
        del stories[story.number]
    return state.holding(stories, None)


def parted(page: Surroundings, story: Story, cut: int) -> tuple[Story, Story]:
    """The lines above line `cut`, and the rest: subheads at its top are its headings if need be."""
    first, second = story.only(lambda n: n < cut, page), story.only(lambda n: n >= cut, page)
    top = second.items[:0]
    for n in second.items if not second.headings else ():
        if page.lines[n].role is not Role.HEADING or (top and page.above(n) != top[-1]):
            break
        top += (n,)
    if not top or len(top) == len(second.items):
        return first, second
    rest = second.items[len(top) :]
    return first, second.with_lines(page, top, second.signs, rest)


def _cuts(page: Surroundings, state: State, story: Story) -> Iterator[Move]:
    """The places where another story may begin, with a heading or a signature as a rule."""
    joins = [(link.head, link.tail) for link in state.joins if link.head in story.items]
    found = 0
    for before, at in zip(story.items, story.items[1:], strict=False):
        between = [n for n in story.headings + story.signs if before < n < at]
        headed = page.lines[at].role is Role.HEADING and page.lines[before].role is not Role.HEADING
        signed = page.opens_signed[at] or page.closes_signed[before]
        if not (headed or between or signed or page.lines[at].opens):
            continue
        cut = min([at, *between])
        if any(head < cut <= tail for head, tail in joins):
            continue
        facts = _cut_facts(page, story, *parted(page, story, cut), at)
        facts["between"] = float(len(between))
        yield Move("cut", story, named("cut", facts), cut=cut)
        found += 1
        if found == _PLACES:
            return


def _cut_facts(page: Surroundings, story: Story, first: Story, second: Story, at: int) -> Facts:
    line = page.lines[at]
    headed = line.role is Role.HEADING
    own = page.topics[at] if headed else Topic()
    told, telling = page.telling.shared(second.topic, first.topic)
    return {
        **prefixed("whole", _portrait(page, story)),
        **prefixed("first", _portrait(page, first)),
        **prefixed("second", _portrait(page, second)),
        **(_heading_facts(page, at, first, second) if headed else {}),
        "alike": first.topic.alike(second.topic),
        "share": second.topic.share(first.topic),
        "share back": first.topic.share(second.topic),
        "told": math.log1p(told),
        "telling": telling,
        "title of first": first.title.pair_share(first.topic),
        "title of second": first.title.pair_share(second.topic),
        "title like first": first.title.alike(first.topic),
        "title like second": first.title.alike(second.topic),
        "later title of first": second.title.pair_share(first.topic),
        "later title of second": second.title.pair_share(second.topic),
        "heading": float(headed),
        "heading of first": own.pair_share(first.topic),
        "heading like first": own.alike(first.topic),
        "heading like second": own.alike(second.topic),
        "opens": float(line.opens),
        "opens signed": float(page.opens_signed[at]),
        "closed before": float(any(page.closes_signed[n] for n in first.items[-1:])),
        "both authored": float(first.authored and second.authored),
        "begins": page.begins[at],
        "gap": float(line.picture_gap),
        "apart": math.log1p(page.place[at] - page.place[first.touched]),
    }


def _heading_facts(page: Surroundings, at: int, first: Story, second: Story) -> Facts:
    """What the heading looks like that a story is cut at, and whether others are like it."""
    return {
        **page.look(at),
        **page.parallel(at, page.subheads(first.items)),
        **prefixed("later", page.parallel(at, page.subheads(second.items))),
    }


def _mergers(page: Surroundings, state: State, story: Story) -> Iterator[Move]:
    """The stories that this one may be a part of: under their headings, over them, or with them."""
    first, last = min(story.lines), max(story.lines)

    def gap(other: Story) -> int:
        return max(min(other.lines) - last, first - max(other.lines), 0)

    others = [s for s in state.stories.values() if s is not story and s.lines]
    own = _portrait(page, story)
    for other in sorted(others, key=lambda s: (gap(s), s.number))[:_NEAR]:
        told, telling = page.telling.shared(story.topic, other.topic)
        facts = {
            **own,
            **prefixed("other", _portrait(page, other)),
            "alike": story.topic.alike(other.topic),
            "share": story.topic.share(other.topic),
            "told": math.log1p(told),
            "telling": telling,
            "title there": story.title.pair_share(other.topic),
            "title like other": story.title.alike(other.topic),
            "other title here": other.title.pair_share(story.topic),
            "other title like this": other.title.alike(story.topic),
            **_parallels(page, story, other),
            "gap": math.log1p(gap(other)),
            "after": float(first > min(other.lines)),
            "next": float(page.above(first) in other.lines),
            "within": float(gap(other) == 0 and first > min(other.lines)),
            "around": float(gap(other) == 0 and last > max(other.lines)),
            "both authored": float(story.authored and other.authored),
            "both opened": float(story.opened and other.opened),
        }
        for action in ("under", "over", "with"):
            yield Move(action, other, named("part", facts) | named(action, facts))


def _parallels(page: Surroundings, story: Story, other: Story) -> Facts:
    """Whether the headings of either are worded like subheads of the other."""
    facts: Facts = {}
    for name, one, two in (("own", story, other), ("other", other, story)):
        if one.headings:
            found = page.parallel(one.headings[0], page.subheads(two.items))
            facts |= prefixed(name, found)
    return facts


def _portrait(page: Surroundings, story: Story) -> Facts:
    """What a story looks like by itself."""
    body = Topic.union(page.topics[n] for n in story.items)
    head = page.look(story.headings[0]) if story.headings else {}
    return {
        **prefixed("title", head),
        "title": story.title.pair_share(body),
        "title alike": story.title.alike(body),
        "titled": float(bool(story.headings)),
        "bare": float(not story.items),
        "size": math.log1p(len(story.items)),
        "words": math.log1p(len(story.topic.words)) / 5,
        "authored": float(story.authored),
        "opened": float(story.opened),
        "broken": float(bool(story.ends)),
        "doubt": -math.log(max(story.certainty, 0.01)),
    }
