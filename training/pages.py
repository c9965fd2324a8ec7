"""Made newspaper pages whose articles are known → the weights by which pages are split.

    python -m training.pages --data DIR --pages 1600

Writes embeddings/splitting.npz. Each decision that embeddings.joins and embeddings.deal take is put
on record with the one that the truth wants: first after right decisions only, then after those of
the weights so far, since that is where they will have to decide (DAgger, Ross et al. 2011).
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.newspaper import Page, newspaper_pages, read_stories
from embeddings.choice import FILE, Choice, save_choices
from embeddings.deal import Chooser, by_weights, dealt, reviewed
from embeddings.joins import Columns, heads, options, propose, tails_of
from embeddings.lines import Line, read_lines
from embeddings.stories import Decision, Move, Story
from embeddings.surroundings import Surroundings
from embeddings.topics import Topic
from training.choice import EPOCHS, Table, fit

SEED = 20_000  # of the pages; the benchmark has another, and other news
HEADS = ("title", "kicker", "subtitle")


@dataclass(slots=True)
class Records:
    """Decisions of each kind."""

    taken: dict[str, Table] = field(default_factory=lambda: defaultdict(Table))
    missed: Counter[str] = field(default_factory=Counter)  # no option was right


@dataclass(slots=True)
class Teacher:
    """Takes every decision of a page as the truth wants it, and records it."""

    page: Page
    lines: Sequence[Line]
    records: Records
    pupil: Chooser | None = None  # takes the decisions in its place
    story: list[int] = field(default_factory=list)  # of each line
    role: list[str] = field(default_factory=list)
    goes_on: dict[int, int] = field(default_factory=dict)  # lines to their continuation

    def __post_init__(self) -> None:
        for line in self.lines:
            start, end = line.spans[0]
            true = [t for t in self.page.lines if t.start < end and t.end > start]
            self.story.append(true[0].story if true else -1)
            self.role.append(true[0].role if true else "furniture")

        ends = {line.spans[-1][1]: n for n, line in enumerate(self.lines)}
        starts = {line.spans[0][0]: n for n, line in enumerate(self.lines)}
        joints = [j for j in self.page.joints if j.head in ends and j.tail in starts]
        self.records.missed["join"] += len(self.page.joints) - len(joints)
        self.goes_on.update({ends[j.head]: starts[j.tail] for j in joints})

    def tell_joins(self, topics: Sequence[Topic]) -> None:
        """Put on record where each broken line goes on."""
        columns = Columns(self.lines, topics)
        for head in heads(self.lines):
            tails = tails_of(self.lines, head)
            wanted = self.goes_on.get(head)
            if wanted is not None and wanted not in tails:
                self.records.missed["join"] += 1
            elif tails:
                found = options(columns, head, tails)
                right = 0 if wanted is None else 1 + tails.index(wanted)
                self.records.taken["join"].add(found, right)

    def choose(self, decision: Decision) -> tuple[int, float]:
        """As embeddings.deal.Chooser."""
        kind, moves = decision.kind, decision.moves
        right = self._right(decision)
        if right is None:
            self.records.missed[kind] += 1
            right = len(moves) - 1
        else:
            self.records.taken[kind].add([move.features for move in moves], right)
        return self.pupil(decision) if self.pupil else (right, 1.0)

    def _right(self, decision: Decision) -> int | None:
        """Which move is right; None where none of them is."""
        n, moves = decision.line, decision.moves
        if decision.kind == "whole":
            return self._right_whole(moves)
        for i, move in enumerate(moves):
            if self.goes_on.get(move.end, -1) == n:
                return i
        own = [
            i
            for i, move in enumerate(moves)
            if move.action not in ("join", "claim")
            and move.story
            and self._of(move.story) == self.story[n]
        ]
        last = len(moves) - 1
        if decision.kind == "home":
            return own[0] if own else self._right_claim(n, moves)
        if decision.kind == "heading":
            return self._right_heading(n, moves, own)
        known = self.story[n] in self.story[:n]
        return own[0] if own else None if known or self.story[n] < 0 else last

    def _right_heading(self, n: int, moves: Sequence[Move], own: Sequence[int]) -> int | None:
        """As _right; `own` are the moves that give a heading to its story."""
        actions = [move.action for move in moves]
        if self.role[n] == "furniture":
            return actions.index("furniture") if "furniture" in actions else None
        wanted = ("group", "late") if self.role[n] in HEADS else ("subhead",)
        if self.role[n] in HEADS and self._told_below(n):
            wanted = ("group",)  # what came before is a picture of it
        fitting = [i for i in own if actions[i] in wanted]
        if fitting:
            return fitting[0]
        return len(moves) - 1 if self.role[n] in HEADS and not self._headed(n) else None

    def _right_claim(self, n: int, moves: Sequence[Move]) -> int:
        """Which move gives a story its headline back; the last one where none does."""
        for i, move in enumerate(moves):
            k = move.claimed
            if k >= 0 and self.story[k] == self.story[n] and self.role[k] == "title":
                return i
        return len(moves) - 1

    def _right_whole(self, moves: Sequence[Move]) -> int:
        """Which move mends a story; the last one where it is as it should be."""
        story = moves[-1].story
        assert story is not None
        own, titled = self._of(story), self._titled(story)
        for i, move in enumerate(moves):
            other = move.story
            if other is None or other is story or self._of(other) != own:
                continue
            theirs = self._titled(other)
            if move.action == ("with" if titled and theirs else "over" if titled else "under"):
                return i
        strays = [
            self._strays(n for n in story.lines if n < move.cut)
            + self._strays(n for n in story.lines if n >= move.cut)
            if move.action in ("cut", "keep")
            else len(story.lines)
            for move in moves
        ]
        return min(reversed(range(len(moves))), key=strays.__getitem__)

    def _titled(self, story: Story) -> bool:
        """Is a headline of its own among its headings?"""
        own = self._of(story)
        return any(self.role[n] in HEADS and self.story[n] == own for n in story.headings)

    def _strays(self, lines: Iterable[int]) -> int:
        """How many lines are of another story than most of them."""
        count = Counter(self.story[n] for n in lines)
        return count.total() - max(count.values(), default=0)

    def _told_below(self, n: int) -> bool:
        """Is the first paragraph below a headline its own?"""
        below = [k for k in range(n + 1, len(self.role)) if self.role[k] in ("body", "lead")]
        return bool(below) and self.story[below[0]] == self.story[n]

    def _headed(self, n: int) -> bool:
        same = [k for k in range(n) if self.story[k] == self.story[n]]
        return any(self.role[k] in HEADS for k in same)

    def _of(self, story: Story) -> int:
        """The true story of most of its lines."""
        count = Counter(self.story[n] for n in story.lines)
        return count.most_common(1)[0][0]


def record_joins(pages: Sequence[Page], records: Records) -> None:
    """Where the broken lines of all pages go on."""
    for page in pages:
        lines = read_lines(page.text)
        topics = [Topic.of(line.text) for line in lines]
        Teacher(page, lines, records).tell_joins(topics)


def surroundings(page: Page) -> Surroundings:
    """A made page as the splitter reads it."""
    lines = read_lines(page.text)
    topics = [Topic.of(line.text) for line in lines]
    return Surroundings(lines, topics, propose(lines, topics))


def record_moves(pages: Sequence[Page], records: Records, pupil: Chooser | None) -> None:
    """What is done with the lines of all pages, each after right moves or after the pupil's."""
    for page in pages:
        around = surroundings(page)
        dealt(around, Teacher(page, around.lines, records, pupil).choose)


def record_reviews(pages: Sequence[Page], records: Records) -> None:
    """What is to be mended in the readings of all pages."""
    for page in pages:
        around = surroundings(page)
        read = dealt(around, by_weights)
        reviewed(around, read, Teacher(page, around.lines, records).choose)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pages", type=int, default=2_400)
    parser.add_argument("--rounds", type=int, default=3, help="the first after right moves only")
    args = parser.parse_args()
    made = list(newspaper_pages(read_stories(args.data, "fit"), SEED, 4 * args.pages))
    pages, others = made[: args.pages], made[args.pages :]
    weights: dict[str, Choice] = {}

    def learn(records: Records, epochs: int = EPOCHS) -> None:
        for kind, table in sorted(records.taken.items()):
            weights[kind] = fit(table, epochs)
            print(json.dumps({"decision": kind, "of": len(table)}), flush=True)
        save_choices(weights, FILE)

    records = Records()
    record_joins(pages, records)
    learn(records)
    records = Records()
    for number in range(args.rounds):
        record_moves(pages, records, by_weights if number else None)
        learn(records, EPOCHS if number == args.rounds - 1 else EPOCHS // 3)
    records = Records()
    record_reviews(others, records)  # on pages that the rest was fitted to there is less to mend
    learn(records)


if __name__ == "__main__":
    main()
