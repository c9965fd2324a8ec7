"""Lines and what is done with each in, the stories of a page so far out. All values are frozen."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from .choice import Features
from .joins import Link
from .lines import Role
from .surroundings import Surroundings
from .topics import Topic


@dataclass(frozen=True, slots=True)
class Story:
    """An article while it is being put together; lines by their numbers, in page order."""

    number: int  # stories are counted as they begin
    headings: tuple[int, ...] = ()
    signs: tuple[int, ...] = ()  # bylines and picture credits
    items: tuple[int, ...] = ()  # subheads, paragraphs, captions
    ends: tuple[int, ...] = ()  # items that break off and go on nowhere yet
    topic: Topic = field(default_factory=Topic)
    title: Topic = field(default_factory=Topic)
    touched: int = -1  # its last line so far
    opened: bool = False  # it has a first paragraph that opens as such: 本报讯, ◆
    authored: bool = False  # it is said who wrote it
    signed: bool = False  # that is said below text of it
    certainty: float = 1.0  # the least probability with which a line was given to it

    @property
    def lines(self) -> tuple[int, ...]:
        """All of its lines."""
        return self.headings + self.items + self.signs

    def with_lines(
        self,
        page: Surroundings,
        headings: tuple[int, ...],
        signs: tuple[int, ...],
        items: tuple[int, ...],
    ) -> Story:
        """This story with these lines alone; what can be said of it is gathered anew."""
        bylines = [n for n in signs if page.lines[n].role is Role.BYLINE]
        closed = any(page.closes_signed[n] for n in items)
        return replace(
            self,
            headings=headings,
            signs=signs,
            items=items,
            ends=tuple(n for n in self.ends if n in items),
            topic=Topic.union(page.topics[n] for n in headings + items),
            title=Topic.union(page.topics[n] for n in headings),
            touched=max(headings + signs + items, default=-1),
            opened=any(page.lines[n].opens for n in items),
            authored=closed or bool(bylines) or any(page.opens_signed[n] for n in items),
            signed=closed or any(n > items[0] for n in bylines if items),
        )

    def only(self, kept: Callable[[int], bool], page: Surroundings) -> Story:
        """This story with those of its lines that are to be kept."""
        headings, signs, items = (
            tuple(filter(kept, part)) for part in (self.headings, self.signs, self.items)
        )
        return self.with_lines(page, headings, signs, items)

    def without(self, n: int, page: Surroundings) -> Story:
        """This story less one of its headings or subheads."""
        return self.only(lambda k: k != n, page)

    def unheaded(self, page: Surroundings) -> Story:
        """This story with its headings as subheads."""
        return self.with_lines(page, (), self.signs, tuple(sorted(self.headings + self.items)))

    def doubted(self, chance: float, number: int | None = None) -> Story:
        """This story, no surer than a move with this chance; with another number if it has one."""
        number = self.number if number is None else number
        return replace(self, number=number, certainty=min(self.certainty, chance))

    def headed_by(self, n: int, chance: float, page: Surroundings) -> Story:
        """This story with line `n` as its headline."""
        return replace(
            self,
            headings=tuple(sorted((*self.headings, n))),
            topic=Topic.union((self.topic, page.topics[n])),
            title=Topic.union((self.title, page.topics[n])),
            touched=max(self.touched, n),
            certainty=min(self.certainty, chance),
        )

    def joined_by(self, other: Story, chance: float) -> Story:
        """This story with another's lines as its own."""
        return replace(
            self,
            headings=tuple(sorted(self.headings + other.headings)),
            signs=tuple(sorted(self.signs + other.signs)),
            items=tuple(sorted(self.items + other.items)),
            topic=Topic.union((self.topic, other.topic)),
            title=Topic.union((self.title, other.title)),
            touched=max(self.touched, other.touched),
            opened=self.opened or other.opened,
            authored=self.authored or other.authored,
            signed=self.signed or other.signed,
            certainty=min(self.certainty, other.certainty, chance),
        )


@dataclass(frozen=True, slots=True)
class Move:
    """One thing to do with a line; `story` is None where a new one begins or none is meant."""

    action: str
    story: Story | None
    features: Features
    end: int = -1  # the broken line that is continued
    claimed: int = -1  # the heading that is taken from the story
    cut: int = -1  # the line that another story begins with


@dataclass(frozen=True, slots=True)
class Decision:
    """What may be done with a line; exactly one of the moves is made."""

    kind: str  # "body", "heading", "caption", "byline", "credit"; "home", "whole" of a story
    line: int
    moves: Sequence[Move]


@dataclass(frozen=True, slots=True)
class State:
    """The stories of a page down to a line, the one in hand, and the joins with their chances."""

    stories: Mapping[int, Story] = field(default_factory=dict)
    hand: int | None = None  # number of the story that was last worked on
    joins: Mapping[Link, float] = field(default_factory=dict)
    touches: Sequence[int] = ()  # the last line of each story, sorted

    def since(self, story: Story) -> int:
        """How many stories were worked on after this one."""
        return len(self.touches) - bisect_right(self.touches, story.touched)

    @property
    def in_hand(self) -> Story | None:
        return None if self.hand is None else self.stories[self.hand]

    def story_touching(self, n: int | None) -> Story | None:
        """The story whose last line so far is line `n`."""
        return next((s for s in self.stories.values() if s.touched == n), None)

    def fresh(self) -> Story:
        """A story that begins."""
        return Story(max(self.stories, default=-1) + 1)

    def keeping(self, story: Story, hand: int | None) -> State:
        """With this story as it is now."""
        return self.holding({**self.stories, story.number: story}, hand)

    def holding(self, stories: Mapping[int, Story], hand: int | None) -> State:
        """With these stories alone."""
        touches = sorted(s.touched for s in stories.values())
        return replace(self, stories=stories, hand=hand, touches=touches)


def applied(state: State, move: Move, chance: float, n: int, page: Surroundings) -> State:
    """The stories after a move with line `n`, which had this chance."""
    story = move.story or state.fresh()
    if move.action == "furniture":
        return state
    if move.action in ("title", "group", "late"):
        hand = state.hand if move.action == "late" else story.number
        return state.keeping(story.headed_by(n, chance, page), hand)
    if move.action in ("foot", "next", "credit"):
        return state.keeping(_signed(story, n, chance, move.action), story.number)
    if move.action == "join":
        state = replace(state, joins={**state.joins, Link(move.end, n): chance})
    given = _given(story, n, chance, page, move.end)
    is_caption = move.action == "caption" and state.hand is not None
    return state.keeping(given, state.hand if is_caption else given.number)


def _signed(story: Story, n: int, chance: float, action: str) -> Story:
    foot = action == "foot" and bool(story.items)
    certainty = min(story.certainty, chance) if action == "foot" else story.certainty
    return replace(
        story,
        signs=(*story.signs, n),
        touched=n,
        authored=story.authored or action != "credit",
        signed=story.signed or foot,
        certainty=certainty,
    )


def _given(story: Story, n: int, chance: float, page: Surroundings, end: int) -> Story:
    ends = tuple(e for e in story.ends if e != end)
    return replace(
        story,
        items=(*story.items, n),
        ends=(*ends, n) if page.breaks_off(n) else ends,
        topic=Topic.union((story.topic, page.topics[n])),
        touched=n,
        opened=story.opened or page.lines[n].opens,
        authored=story.authored or page.opens_signed[n] or page.closes_signed[n],
        signed=story.signed or page.closes_signed[n],
        certainty=min(story.certainty, chance),
    )
