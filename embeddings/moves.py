"""A line and the stories above it in, the decision that it asks for out: moves with features."""

from __future__ import annotations

import math

from .choice import named
from .joins import Link
from .lines import Role, width
from .stories import Decision, Move, State, Story
from .surroundings import Facts, Surroundings, prefixed
from .topics import Topic

_RECENT = 6  # stories that a line may go back to, the last ones touched, besides unfinished ones
_UNFINISHED = 6
_MAYBE_FURNITURE = 8  # Han characters at most; a heading so narrow may be no article's


def placing(page: Surroundings, state: State, n: int) -> Decision:
    """What may be done with line `n`, which is no furniture."""
    role = page.lines[n].role
    if role is Role.BODY:
        return Decision("body", n, _joining(page, state, n) + _telling(page, state, n))
    if role is Role.HEADING:
        return Decision("heading", n, _heading(page, state, n))
    if role is Role.CAPTION:
        return Decision("caption", n, [_as_caption(m) for m in _telling(page, state, n)])
    if role is Role.BYLINE and state.in_hand is not None:
        return Decision("byline", n, _signing(page, state, n, state.in_hand))
    story = state.story_touching(page.above(n)) if role is Role.CREDIT else None
    return Decision("credit", n, [Move("credit", story or state.in_hand, {})])


def _as_caption(move: Move) -> Move:
    return Move("caption", move.story, move.features)


def _joining(page: Surroundings, state: State, n: int) -> list[Move]:
    """The stories whose broken end the line may continue."""
    links = [(s, Link(end, n)) for s in state.stories.values() for end in s.ends]
    links = [(story, link) for story, link in links if link in page.chances]
    likely = sum(page.chances[link] for _, link in links)
    out = []
    for story, link in links:
        chance = page.chances[link]
        facts = {
            **page.context(n),
            **_bond(page, state, story, page.chain(n), n),
            **_outlook(page, story, page.ahead(n)),
            "chance": chance,
            "log chance": math.log(chance),
            "log no chance": math.log(max(1 - chance, 0.01)),
            "log share": math.log(chance / likely),
            "likeliest": float(page.begun.get(n) == link.head),
            "likeliest elsewhere": float(page.goes_on.get(link.head, n) != n),
            "in hand": float(story.number == state.hand),
            "not the last": float(link.head != story.ends[-1]),
        }
        out.append(Move("join", story, named("join", facts), link.head))
    return out


def _telling(page: Surroundings, state: State, n: int) -> list[Move]:
    """For a paragraph or a caption: on with the story in hand, back to another, a new one."""
    chain, ahead, context = page.chain(n), page.ahead(n), page.context(n)
    best, nearest, out = 0.0, 0.0, []
    for story in _within_reach(state):
        action = "stay" if story.number == state.hand else "back"
        facts = {**context, **_bond(page, state, story, chain, n), **_outlook(page, story, ahead)}
        best, nearest = max(best, facts["share"]), max(nearest, facts["alike"])
        out.append(Move(action, story, named(action, facts)))
    facts = {**context, "best share": best, "most alike": nearest}
    return [*out, Move("new", None, named("new", facts))]


def _signing(page: Surroundings, state: State, n: int, hand: Story) -> list[Move]:
    """Under the story in hand (or between its headline and text), or above a new one."""
    after = page.below(n)
    context = {**page.context(n), "report": float(page.lines[n].text.endswith("报道"))}
    ahead = page.ahead(after) if after is not None else Topic()
    facts = {**context, **_outlook(page, hand, ahead), **_bond(page, state, hand, Topic(), n)}
    return [
        Move("foot", hand, named("foot", facts)),
        Move("next", None, named("next", context)),
    ]


def _heading(page: Surroundings, state: State, n: int) -> list[Move]:
    """Headline of what follows or of what has none, part of the one above, subhead, fragment."""
    text, before, own = page.text_below(n), page.above(n), page.topics[n]
    ahead = page.ahead(text) if text is not None else Topic()
    context = {**page.heading(n, ahead), **_ahead_elsewhere(page, state, n, ahead)}
    run = Topic.union(page.topics[k] for k in page.run(n))
    out = []
    if width(page.lines[n].text) <= _MAYBE_FURNITURE and page.holds_text:
        out.append(Move("furniture", None, named("furniture", context)))

    def offer(action: str, story: Story, more: Facts) -> None:
        bond = _bond(page, state, story, own, n)
        facts = {**context, **bond, **more, "run pairs": run.pair_share(story.topic)}
        out.append(Move(action, story, named(action, facts)))

    above = state.story_touching(before)
    if above is not None and before is not None and before in above.headings:
        offer("group", above, page.beside(before, n))
    hand = state.in_hand
    if hand is not None:
        offer("subhead", hand, {})
    for story in _within_reach(state):
        if story.items and not story.headings:
            offer("late", story, {"in hand": float(story.number == state.hand)})
    return [*out, *_joining(page, state, n), Move("title", None, named("title", context))]


def _ahead_elsewhere(page: Surroundings, state: State, n: int, ahead: Topic) -> Facts:
    """What the column below a heading has in common with the stories so far."""
    hand, after = state.in_hand, page.below(n)
    others = [s for s in _within_reach(state) if s is not hand]
    facts = {
        "ahead to others": max((ahead.share(s.topic) for s in others), default=0.0),
        "ahead like others": max((ahead.alike(s.topic) for s in others), default=0.0),
    }
    if hand is None:
        return facts
    return {
        **facts,
        **prefixed("hand", _outlook(page, hand, ahead)),
        **page.parallel(n, page.subheads(hand.items)),
        "hand pairs": page.topics[n].pair_share(hand.topic),
        "hand alike": page.topics[n].alike(hand.topic),
        "hand opened": float(hand.opened),
        "hand authored": float(hand.authored),
        "hand signed": float(hand.signed),
        "hand awaited": _awaited(page, hand, n),
        "hand broken": float(bool(hand.ends)),
        "hand bare": float(not hand.items),
        "hand untitled": float(not hand.headings),
        "before own tail": float(after is not None and page.begun.get(after, -1) in hand.ends),
    }


def homing(page: Surroundings, state: State, lost: Story) -> Decision:
    """For text without a headline or a headline without text: stay alone, or join a story."""
    kind = "title" if lost.headings else "text"
    near = sorted(state.stories.values(), key=lambda s: abs(s.touched - lost.touched))
    others = [s for s in near if s is not lost and s.items and not (lost.headings and s.headings)]
    facts = {
        "items": math.log1p(len(lost.items)),
        "signed": float(bool(lost.signs)),
        "opened": float(lost.opened),
        "authored": float(lost.authored),
        "captions": float(all(page.lines[n].role is not Role.BODY for n in lost.items)),
        "words": math.log1p(sum(len(page.lines[n].text) for n in lost.items)) / 5,
    }
    best, out = 0.0, []
    for other in others[: 2 * _RECENT]:
        first, last = min(lost.lines), max(lost.lines)
        gap = max(min(other.items) - last, first - max(other.items), 0)
        told, telling = page.telling.shared(lost.topic, other.topic)
        bond = {
            **facts,
            "telling": telling,
            "told": math.log1p(told),
            "share": lost.topic.share(other.topic),
            "shared": math.log1p(lost.topic.shared(other.topic)),
            "alike": lost.topic.alike(other.topic),
            "pairs": lost.topic.pair_share(other.topic),
            "title pairs": other.title.pair_share(lost.topic),
            "untitled": float(not other.headings),
            "both opened": float(lost.opened and other.opened),
            "both authored": float(lost.authored and other.authored),
            "before": float(first < min(other.lines)),
            "gap": math.log1p(gap),
            "within": float(gap == 0),
            "lost ends": float(bool(lost.ends)),
            "size": math.log1p(len(other.topic.words)) / 5,
        }
        best = max(best, bond["share"])
        out.append(Move("home", other, named(f"home of {kind}", bond)))
    if kind == "text":
        out += _claims(page, state, lost)
    apart = named(f"alone {kind}", {**facts, "best share": best})
    out.append(Move("stray" if lost.headings else "alone", None, apart))
    return Decision("home", min(lost.lines), out)


def _claims(page: Surroundings, state: State, lost: Story) -> list[Move]:
    """Headings that pass for others and may be this one's headline, the nearest first.

    They are subheads, this story's own among them, and headings beside another story's headline.
    """
    first = min(lost.lines)
    found = [
        (k, story)
        for story in state.stories.values()
        for k in (story.headings if len(story.headings) > 1 else ()) + story.items
        if page.lines[k].role is Role.HEADING and k not in page.goes_on and k not in page.begun
    ]
    found.sort(key=lambda one: abs(one[0] - first))
    out = []
    for k, story in found[:_RECENT]:
        own, rest = page.topics[k], story.without(k, page)
        facts = {
            "pairs": own.pair_share(lost.topic),
            "alike": own.alike(lost.topic),
            "pairs there": own.pair_share(rest.topic),
            "alike there": own.alike(rest.topic),
            "dangling": float(page.below(k) not in story.items),
            "headline": float(k in story.headings),
            "before": float(k < first),
            "gap": math.log1p(abs(k - first)),
            **page.look(k),
        }
        out.append(Move("claim", story, named("claim", facts), claimed=k))
    return out


def _within_reach(state: State) -> list[Story]:
    """Stories that a line may belong to: the one in hand first, then by last touch."""
    recent = sorted(state.stories.values(), key=lambda s: (s.number != state.hand, -s.touched))
    rest = [s for s in recent[_RECENT:] if not s.items or not s.headings]
    return recent[:_RECENT] + rest[:_UNFINISHED]


def _bond(page: Surroundings, state: State, story: Story, topic: Topic, n: int) -> Facts:
    """What a line's topic has in common with a story, and where the story stands."""
    since = page.place[n] - page.place.get(story.touched, 0)
    shared, share = topic.overlap(story.topic)
    told, telling = page.telling.shared(topic, story.topic)
    return {
        "telling": telling,
        "told": math.log1p(told),
        "share": share,
        "shared": math.log1p(shared),
        "alike": topic.alike(story.topic),
        "title alike": topic.alike(story.title),
        "pairs": topic.pair_share(story.topic),
        "title pairs": story.title.pair_share(topic),
        "bare": float(not story.items),
        "bare, titled": float(not story.items and bool(story.headings)),
        "untitled": float(not story.headings),
        "opened": float(story.opened),
        "authored": float(story.authored),
        "signed": float(story.signed),
        "awaited": _awaited(page, story, n),
        "age": math.log1p(state.since(story)),
        "far": math.log1p(since),
        "small": float(len(story.items) == 1),
        "broken": float(bool(story.ends)),
    }


def _awaited(page: Surroundings, story: Story, n: int) -> float:
    """Whether the story is likely to go on below line `n`, where it broke off."""
    return float(any(page.goes_on.get(end, -1) > n for end in story.ends))


def _outlook(page: Surroundings, story: Story, ahead: Topic) -> Facts:
    """What the column below a line has in common with a story."""
    shared, share = ahead.overlap(story.topic)
    told, telling = page.telling.shared(ahead, story.topic)
    return {
        "ahead telling": telling,
        "ahead told": math.log1p(told),
        "ahead": share,
        "ahead shared": math.log1p(shared),
        "ahead alike": ahead.alike(story.topic),
        "ahead title": story.title.pair_share(ahead),
    }
