"""Typeset stories in; their blocks in the order in which a page's text gives them out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from random import Random

from . import imprint
from .blocks import FURNITURE, Block, Typeset
from .stories import bigrams
from .style import Style

_FAR = 8  # printed lines between two pieces of a sentence, about, at most


def laid_out(rng: Random, style: Style, stories: list[Typeset]) -> list[Block]:
    """All blocks of a page in printed order."""
    return _Press(rng, style, stories).run()


@dataclass(slots=True)
class _Press:
    """Prints column after column; what is left of the stories is kept in `open` and `waiting`."""

    rng: Random
    style: Style
    stories: list[Typeset]
    out: list[Block] = field(default_factory=list)
    done: list[int] = field(default_factory=list)  # columns printed of each story
    left: list[int] = field(default_factory=list)  # where the last column of each ends in `out`
    headed: set[int] = field(default_factory=set)
    late: list[int] = field(default_factory=list)  # stories whose headline is still to come
    extras: dict[int, list[tuple[Block, ...]]] = field(default_factory=dict)

    def run(self) -> list[Block]:
        """Print the page."""
        count = len(self.stories)
        self.done, self.left = [0] * count, [0] * count
        self.extras = {n: list(story.extras) for n, story in enumerate(self.stories)}
        self._furniture(imprint.head_furniture(self.rng))
        waiting = list(range(count))
        pending: list[int] = []  # stories that others have interrupted, the last one last
        current = waiting.pop(0)
        while True:
            self._begin(current, waiting)
            self._column(current)
            if not pending:
                self._lose(current)
            if self._finished(current):
                self._end(current)
                if pending and not (waiting and self._room(pending, waiting[0], 0.2)):
                    current = pending.pop()
                elif waiting:
                    current = waiting.pop(0)
                else:
                    break
            elif (other := self._other(current, pending, waiting)) is not None:
                pending.append(current)
                current = other
            else:
                self._between(current)
        for number in list(self.late):
            self._headline(number)
        self._furniture(imprint.foot_furniture(self.rng))
        return self.out

    def _finished(self, number: int) -> bool:
        return self.done[number] == len(self.stories[number].columns)

    def _furniture(self, lines: list[str]) -> None:
        tight = self.rng.random() < 0.4
        for at, line in enumerate(lines):
            self.out.append(Block(line, "furniture", FURNITURE, tight=tight and at > 0))

    def _begin(self, number: int, waiting: list[int]) -> None:
        """The headline of a story about to begin: here, with another's, later or never."""
        story, rng = self.stories[number], self.rng
        if self.done[number] or number in self.headed:
            return
        self.headed.add(number)
        if not story.head:
            return
        chance = rng.random()
        safe = self._tells(number) and (self._opens(number) or rng.random() < 0.4)
        if safe and chance < 0.15:
            self.late.append(number)
        elif safe and chance < 0.22:
            self.stories[number] = _beheaded(story)
        elif self._tells(number) and 0.22 < chance < 0.28 and waiting and self._tells(waiting[0]):
            pair = [number, waiting[0]]
            self.headed.add(waiting[0])
            for one in rng.sample(pair, 2):
                self.out += self.stories[one].head
        else:
            if rng.random() < 0.07:
                self._furniture([imprint.column(rng)])
            self.out += story.head

    def _opens(self, number: int) -> bool:
        """Would a reader see without a headline, and before reading on, that a story begins here?

        A byline on a line of its own may as well end an unsigned story that stands before it.
        """
        first = self.stories[number].columns[0][0]
        apart = not self.out or self.out[-1].role in ("byline", "credit", "furniture")
        return first.text.startswith("本报") or (apart and first.role in ("byline", "lead"))

    def _tells(self, number: int) -> bool:
        """Would a reader know whose headline it is, wherever it stands?"""
        story = self.stories[number]
        if not story.head or story.picture:
            return False
        said = bigrams("".join(block.text for block in story.head if block.role == "title"))
        body = "".join(block.text for column in story.columns for block in column)
        shares = [len(said & bigrams(o.text)) for n, o in enumerate(self.stories) if n != number]
        own = len(said & bigrams(body))
        return own >= 4 and own >= 2 * max(shares, default=0)

    def _column(self, number: int) -> None:
        last = self.done[number] == len(self.stories[number].columns) - 1
        for extra in [e for e in self.extras[number] if last and e[0].role == "lead"]:
            self.out += extra  # a lead stands within its story at the latest here
            self.extras[number].remove(extra)
        self.out += self.stories[number].columns[self.done[number]]
        self.done[number] += 1
        self.left[number] = len(self.out)

    def _lose(self, number: int) -> None:
        """One story in twenty ends in the middle of a sentence: the rest is on another page."""
        columns = self.stories[number].columns
        last = self.done[number] == len(columns) - 1
        if last and self._cut(number) and self._clear(number) and self.rng.random() < 0.06:
            self.done[number] += 1
            if self.rng.random() < 0.3:
                text = f"{self.out[-1].text}（下转{self.rng.randint(2, 16)}版）"
                self.out[-1] = replace(self.out[-1], text=text)

    def _end(self, number: int) -> None:
        """What is left of a story: its pictures; perhaps the headline of one that ended before."""
        for extra in self.extras[number]:
            self.out += extra
        self.extras[number] = []
        for late in list(self.late):
            if self._finished(late) and self.rng.random() < 0.5:
                self._headline(late)

    def _headline(self, number: int) -> None:
        head = list(self.stories[number].head)
        head[0] = replace(head[0], gap=self.rng.random() < 0.4)
        self.out += head
        self.late.remove(number)

    def _between(self, number: int) -> None:
        """What stands at a column's end before the next column of the same story."""
        rng = self.rng
        if self.extras[number] and rng.random() < 0.5:
            self.out += self.extras[number].pop(0)
        elif rng.random() < 0.15 and (guests := self._guests(number)):
            guest = rng.choice(guests)
            self.out += self.extras[guest].pop(0)
        elif rng.random() < 0.03:
            self._furniture([rng.choice((f"A{rng.randint(2, 24):02}", imprint.column(rng)))])
        elif self.late and self._finished(self.late[0]) and rng.random() < 0.15:
            self._headline(self.late[0])

    def _guests(self, number: int) -> list[int]:
        """Other stories with a picture left that shows by its words whose it is."""
        out = []
        for guest, extras in self.extras.items():
            if guest == number or not extras or extras[0][0].role != "caption":
                continue
            caption = extras[0][0].text
            said = bigrams(caption)
            texts = [story.text.replace(caption.lstrip("▲▶"), "") for story in self.stories]
            shares = [len(said & bigrams(text)) for text in texts]
            if shares[guest] >= 4 + 1.5 * max(s for n, s in enumerate(shares) if n != guest):
                out.append(guest)
        return out

    def _cut(self, number: int) -> bool:
        """Does the story's last printed column end in the middle of a sentence?"""
        column = self.stories[number].columns[self.done[number] - 1][-1]
        after = self.stories[number].columns[self.done[number]][0]
        return column.chain >= 0 and column.chain == after.chain

    def _clear(self, number: int) -> bool:
        """Would a reader know where the story goes on, whatever else stands between?"""
        column = self.stories[number].columns[self.done[number] - 1][-1]
        after = self.stories[number].columns[self.done[number]][0]
        if self._cut(number):
            return column.text[-1].isalnum() and after.text[0].isalnum()
        said = bigrams(after.text)
        parts = [len(said & bigrams(o.text)) for n, o in enumerate(self.stories) if n != number]
        own = "".join(b.text for col in self.stories[number].columns for b in col if b is not after)
        return len(said & bigrams(own)) >= 1.5 * max(parts, default=0) + 3

    def _other(self, current: int, pending: list[int], waiting: list[int]) -> int | None:
        """The story that the page goes on with instead of the current one; None to stay."""
        overdue = bool(pending) and len(self.out) - self.left[pending[0]] >= _FAR - 2
        if not overdue and self.rng.random() >= self.style.mixed or not self._clear(current):
            return None
        if waiting and len(pending) < 2 and not overdue:
            heads = [*pending, current]
            if self._room(heads, waiting[0], 0.6 if pending else 1.0):
                return waiting.pop(0)
        return pending.pop(0) if pending else None

    def _room(self, heads: list[int], other: int, chance: float) -> bool:
        """May another story begin while these wait to go on?"""
        story = self.stories[other]
        whole = self.rng.random() < 0.7
        lines = len(story.head) + sum(map(len, story.columns[: None if whole else 1]))
        gone = len(self.out) - min(self.left[head] for head in heads)
        return gone + lines <= _FAR and self.rng.random() < chance


def _beheaded(story: Typeset) -> Typeset:
    """The story without headline, nor a subhead at its beginning, which would pass for one."""
    first, *others = story.columns
    at = next(n for n, block in enumerate(first) if block.role != "byline")
    kept = first[:at] + first[at + 1 :] if first[at].role == "subhead" else first
    return replace(story, head=(), columns=(kept, *others))
