"""A page's lines and the joins that they may hold in, the stories they belong to out.

The page is read from the top down with one story in hand. What each line does (goes on with a
story, begins one, heads or signs one, continues a broken sentence) is decided by what it shares
with the stories so far, by its neighbours and by its typography. Then each story is looked at as a
whole, since a later line may show what was wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .choice import likeliest, probabilities
from .joins import Proposal
from .lines import Line
from .moves import homing, placing
from .revision import revised, revising
from .stories import Decision, State, applied
from .surroundings import Surroundings
from .topics import Topic

_HOME = 0.2  # probability with which a headline without text is given to text without a headline

Chooser = Callable[[Decision], tuple[int, float]]  # which of the moves, its probability


def by_weights(decision: Decision) -> tuple[int, float]:
    """The likeliest move, the first of equals; a headline stays without text only if it must."""
    chances = probabilities(decision.kind, [move.features for move in decision.moves])
    which, chance = likeliest(chances)
    if decision.moves[which].action == "stray" and len(chances) > 1:
        home, odds = likeliest(chances[:-1])
        if odds >= _HOME:
            return home, odds
    return which, chance


def deal(lines: Sequence[Line], topics: Sequence[Topic], proposal: Proposal) -> State:
    """Every line to its story, every end of a broken sentence to its beginning.

    Lines that are in no story are the page's furniture.
    """
    page = Surroundings(lines, topics, proposal)
    return reviewed(page, dealt(page, by_weights), by_weights)


def dealt(page: Surroundings, choose: Chooser) -> State:
    """The stories of a page read once, every move chosen by `choose` where there are two."""
    state = State()
    for n in page.kept:
        decision = placing(page, state, n)
        which, chance = choose(decision) if len(decision.moves) > 1 else (0, 1.0)
        state = applied(state, decision.moves[which], chance, n, page)
    return settled(page, state, choose)


def settled(page: Surroundings, state: State, choose: Chooser) -> State:
    """Brings home what stands alone: text without a headline, a headline without text.

    Two headlines may stand together above the text of one: text may also claim its own from there,
    or from among subheads.
    """
    for number in list(state.stories):
        story = state.stories.get(number)  # as it is by now: it may have taken in another
        if story is None or not story.lines or (story.headings and story.items):
            continue
        decision = homing(page, state, story)
        which, chance = choose(decision)
        home, claimed = decision.moves[which].story, decision.moves[which].claimed
        if home is None:
            continue
        stories = dict(state.stories)
        if claimed >= 0:
            stories[home.number] = home.without(claimed, page)
            stories[number] = stories[number].headed_by(claimed, chance, page)
        else:
            stories[home.number] = home.joined_by(story, chance)
            del stories[number]
        state = state.holding(stories, None)
    return state


def reviewed(page: Surroundings, state: State, choose: Chooser) -> State:
    """Cuts stories that are two and puts together those that are one, each looked at once."""
    waiting = list(state.stories)
    for number in waiting:
        story = state.stories.get(number)
        if story is None or not story.lines:
            continue
        decision = revising(page, state, story)
        which, chance = choose(decision) if len(decision.moves) > 1 else (0, 1.0)
        known = set(state.stories)
        state = revised(page, state, story, decision.moves[which], chance)
        waiting += [n for n in state.stories if n not in known]  # the second of a story cut in two
    return state
