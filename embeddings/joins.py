"""A page's lines in, the joins between pieces of broken sentences out, all of a page together.

A line that stops without a sentence's end goes on in a later one, near or far. What speaks for a
pair is weighed for each broken line (choice.py), with "its end is not on this page" among
the options; the joins are the assignment of ends to beginnings with the highest sum.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

import numpy as np

from .choice import Features, probabilities
from .lines import Line, Role, has_breaks, is_complete, is_spaced, width
from .marks import OPENER, closing_marks, open_marks
from .seams import Seams
from .topics import Telling, Topic
from .words import is_word, segment

_SEAM = 8  # characters on either side that are looked at
_COLUMN = 3  # paragraphs before or after a seam that tell what a column is about
_LEAST_CHANCE = 0.01  # of a join that is thought of at all
_MOST_RIVALS = 1_000  # broken lines that are weighed against each other at a time
_REACH = 24  # lines after a broken one among which its continuation is sought


@dataclass(frozen=True, slots=True)
class Link:
    """Line number `tail` goes on where line number `head` breaks off."""

    head: int
    tail: int


def word_across(head: str, tail: str) -> str:
    """The dictionary word that would stand across the seam of head and tail, or ""."""
    left, right = head[-_SEAM:], tail[:_SEAM]
    if left[-1:].isascii() and right[:1].isascii():
        return ""
    if not any(is_word(left[-i:] + right[:j]) for i in range(1, 4) for j in range(1, 5 - i)):
        return ""
    at = 0
    for word in segment(left + right, guess=False):
        if at < len(left) < at + len(word):
            return word if not word.isascii() else ""
        at += len(word)
    return ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the lines themselves say of a page's joins, before its stories are known."""

    begins: Sequence[float]  # how much each line looks like a sentence's beginning, in nats
    chances: Mapping[Link, float]  # in [0, 1]; those of one broken line add up to 1 at most
    likeliest: frozenset[Link]  # the best assignment of ends to beginnings
    telling: Telling  # of the page's lines


class Columns:
    """What the columns above and below the lines of a page are about."""

    def __init__(self, lines: Sequence[Line], topics: Sequence[Topic]) -> None:
        self.lines, self.topics = lines, topics
        self.telling = Telling(topics)
        self.below = lru_cache(maxsize=None)(self._below)
        self._before = {  # how many lines of a role stand before each line
            role: list(accumulate((line.role is role for line in lines), initial=0))
            for role in (Role.BODY, Role.HEADING, Role.BYLINE)
        }
        # how much each line looks like the beginning of a sentence: as what follows a full stop
        self.begins = Seams.load().scores("。", [line.text for line in lines])

    def between(self, role: Role, head: int, tail: int) -> int:
        """How many lines of a role, one of the three, stand between two lines."""
        return self._before[role][tail] - self._before[role][head + 1]

    def above(self, head: int) -> Topic:
        """A broken line and the few paragraphs before it in its column."""
        first = head
        while first > 0 and head - first < _COLUMN and _is_whole(self.lines[first - 1]):
            first -= 1
        return Topic.union(self.topics[first : head + 1])

    def _below(self, tail: int) -> Topic:
        """A line and the few paragraphs after it in its column."""
        last, lines = tail, self.lines
        while last + 1 < len(lines) and last - tail < _COLUMN and is_complete(lines[last].text):
            if lines[last + 1].role is not Role.BODY or lines[last + 1].opens:
                break
            last += 1
        return Topic.union(self.topics[tail : last + 1])


def propose(lines: Sequence[Line], topics: Sequence[Topic]) -> Proposal:
    """The joins that a page may hold, and the best ones taken together."""
    columns = Columns(lines, topics)
    chances: dict[Link, float] = {}
    worth: dict[Link, float] = {}  # log of the odds that the line goes on there, not nowhere
    for head in heads(lines):
        tails = tails_of(lines, head)
        if tails:
            none, *found = probabilities("join", options(columns, head, tails))
            for tail, chance in zip(tails, found, strict=True):
                if chance >= _LEAST_CHANCE:
                    chances[Link(head, tail)] = chance
                    worth[Link(head, tail)] = math.log(chance / max(none, 1e-9))
    return Proposal(columns.begins, chances, _assignment(worth), columns.telling)


def _assignment(worth: Mapping[Link, float]) -> frozenset[Link]:
    """The links with the highest sum that share no head and no tail; none below zero."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    links = [link for link, value in worth.items() if value > 0]
    if not links:
        return frozenset()
    nodes = {end: i for i, end in enumerate(dict.fromkeys(e for x in links for e in _ends(x)))}
    edges = np.array([[nodes[end] for end in _ends(link)] for link in links]).T  # (2, links)
    graph = csr_matrix((np.ones(len(links)), edges), shape=(len(nodes), len(nodes)))
    _, part = connected_components(graph, directed=False)  # (nodes,)
    rivals: dict[int, list[Link]] = {}
    for link, number in zip(links, part[edges[0]].tolist(), strict=True):
        rivals.setdefault(number, []).append(link)
    return frozenset(link for group in rivals.values() for link in _best_of(group, worth))


def _ends(link: Link) -> tuple[str, str]:
    return f"head {link.head}", f"tail {link.tail}"


def _best_of(links: Sequence[Link], worth: Mapping[Link, float]) -> list[Link]:
    """The assignment of some links that are rivals, in one way or another."""
    from scipy.optimize import linear_sum_assignment

    rows = {head: i for i, head in enumerate(sorted({link.head for link in links}))}
    columns = {tail: i for i, tail in enumerate(sorted({link.tail for link in links}))}
    if len(rows) > _MOST_RIVALS:  # not on any real page: the best first
        links = sorted(links, key=lambda link: (-worth[link], link.head, link.tail))
        free: set[str] = {end for link in links for end in _ends(link)}
        chosen = []
        for link in links:
            if free.issuperset(_ends(link)):
                free.difference_update(_ends(link))
                chosen.append(link)
        return chosen
    table = np.zeros((len(rows), len(columns)))
    for link in links:
        table[rows[link.head], columns[link.tail]] = worth[link]
    ends, beginnings = list(rows), list(columns)
    pairs = zip(*linear_sum_assignment(table, maximize=True), strict=True)
    return [Link(ends[r], beginnings[c]) for r, c in pairs if table[r, c] > 0]


def heads(lines: Sequence[Line]) -> list[int]:
    """Numbers of the lines that stop without a sentence's end."""
    return [
        n
        for n, line in enumerate(lines)
        if line.role in (Role.BODY, Role.HEADING) and not line.level and not is_complete(line.text)
    ]


def tails_of(lines: Sequence[Line], head: int) -> list[int]:
    """Numbers of the lines that a broken one may go on in, nearest first."""
    reach = range(head + 1, min(head + 1 + _REACH, len(lines)))
    return [
        n
        for n in reach
        if lines[n].role in (Role.BODY, Role.HEADING) and not lines[n].level and not lines[n].opens
    ]


def options(columns: Columns, head: int, tails: Sequence[int]) -> list[Features]:
    """What speaks for "no tail on this page" and for each of the tails, in this order."""
    lines = columns.lines
    line = lines[head]
    heading = float(line.role is Role.HEADING)
    none: Features = {
        "none": 1.0,
        "none:heading": heading,
        "none:long heading": heading * (width(line.text) > 24),
        "none:after body": heading * (head > 0 and lines[head - 1].role is Role.BODY),
        "none:last": float(head + 1 == len(lines)),
        "none:open": float(bool(open_marks(line.text))),
        "none:comma": float(line.text[-1] in "，,、"),
        "none:heading with marks": heading * has_breaks(line.text),
        "none:spaced heading": heading * is_spaced(line.text),
        "none:short": heading * (width(line.text) < 12),
        "none:before heading": float(
            head + 1 < len(lines) and lines[head + 1].role is not Role.BODY
        ),
    }
    scores = Seams.load().scores(line.text, [lines[n].text for n in tails])
    above = columns.above(head)
    return [none] + [
        _pair(columns, above, head, tail, score) for tail, score in zip(tails, scores, strict=True)
    ]


def _pair(columns: Columns, above: Topic, head: int, tail: int, seam: float) -> Features:
    lines, topics = columns.lines, columns.topics
    before, after = lines[head].text, lines[tail].text
    between = tail - head - 1
    opened, closed = open_marks(before), closing_marks(after)
    matched = bool(opened and closed) and OPENER[closed[0]] == opened[-1]
    column, previous = columns.below(tail), lines[tail - 1]
    topic_shared, topic_share = topics[tail].overlap(above)
    column_shared, column_share = column.overlap(above)
    told, telling = columns.telling.shared(column, above)
    return {
        "seam": max(min(seam, 8.0), -8.0),
        "seam below": min(seam, 0.0),
        "begins": columns.begins[tail],
        "seam or beginning": seam - columns.begins[tail],
        "word across": float(bool(word_across(before, after))),
        "marks match": float(matched),
        "marks differ": float(bool(opened) != bool(closed)),
        "tail punctuation": float(after[0] in "，,、；;：:！!？?。)）)”’》"),
        "next": float(not between),
        "distance": math.log1p(between),
        "paragraphs between": math.log1p(columns.between(Role.BODY, head, tail)),
        "heading between": float(columns.between(Role.HEADING, head, tail) > 0),
        "byline between": float(columns.between(Role.BYLINE, head, tail) > 0),
        "after break": float(between > 0 and not is_complete(previous.text)),
        "after heading": float(previous.role is Role.HEADING and previous is not lines[head]),
        "after byline": float(previous.role is Role.BYLINE),
        "tail gap": float(lines[tail].picture_gap),
        "tail heading": float(lines[tail].role is Role.HEADING),
        "tail heading ended": float(lines[tail].role is Role.HEADING and is_complete(after)),
        "heading pair": float(lines[tail].role is lines[head].role is Role.HEADING),
        "head heading": float(lines[head].role is Role.HEADING),
        "heading repeated": topics[head].pair_share(topics[tail])
        * (lines[head].role is Role.HEADING),
        "topic": topic_share,
        "topic size": math.log1p(topic_shared),
        "topic alike": topics[tail].alike(above),
        "column telling": telling,
        "column told": math.log1p(told),
        "column": column_share,
        "column size": math.log1p(column_shared),
        "column alike": column.alike(above),
    }


def _is_whole(line: Line) -> bool:
    return line.role is Role.BODY and is_complete(line.text)
