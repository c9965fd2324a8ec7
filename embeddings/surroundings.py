"""A page's lines in, what stands around each of them out: neighbours, columns, likely joins."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice
from os.path import commonprefix

from .headlines import COLUMN_NAME, closes_signed, opens_signed
from .joins import Proposal
from .lines import Line, Role, has_breaks, is_complete, is_spaced, width
from .topics import Topic

Facts = dict[str, float]

_HEADINGS = 5  # headings of a run, or of a story, that are looked at
_SIGHT = 20  # lines below a heading among which its text is sought
_SCOPE = 40  # lines below a heading among which others like it are sought
_PARTS = re.compile(r"[ \u3000:：]+")
_AHEAD = 3  # paragraphs below a line that tell what its column is about


class Surroundings:
    """What can be said of a page's lines before any of them is given to a story."""

    def __init__(self, lines: Sequence[Line], topics: Sequence[Topic], proposal: Proposal) -> None:
        self.lines, self.topics, self.telling = lines, topics, proposal.telling
        self.chances, self.begins = proposal.chances, proposal.begins
        self.goes_on = {link.head: link.tail for link in proposal.likeliest}
        self.begun = {link.tail: link.head for link in proposal.likeliest}
        self.kept = [n for n, line in enumerate(lines) if line.role is not Role.FURNITURE]
        self.place = {n: at for at, n in enumerate(self.kept)}
        self._wanted = [0.0] * len(lines)  # how likely each line continues any other
        for link, chance in proposal.chances.items():
            self._wanted[link.tail] += chance
        self.chain = lru_cache(maxsize=None)(self._chain)
        self.ahead = lru_cache(maxsize=None)(self._ahead)
        self.context = lru_cache(maxsize=None)(self._context)
        self.opens_signed = [opens_signed(line.text) for line in lines]
        self.closes_signed = [closes_signed(line.text) for line in lines]
        self.run = lru_cache(maxsize=None)(self._run)
        self.holds_text = any(self._is_text(n) for n in self.kept)

    def above(self, n: int) -> int | None:
        """The line before line `n` that is no furniture; None for the first."""
        at = self.place[n] - 1
        return self.kept[at] if at >= 0 else None

    def below(self, n: int) -> int | None:
        """The line after line `n` that is no furniture; None for the last."""
        at = self.place[n] + 1
        return self.kept[at] if at < len(self.kept) else None

    def breaks_off(self, n: int) -> bool:
        """Does line `n`, text of an article, stop in the middle of a sentence?"""
        if self.lines[n].role is Role.BODY:
            return not is_complete(self.lines[n].text)
        return self.lines[n].role is Role.HEADING and n in self.goes_on

    def _run(self, n: int) -> Sequence[int]:
        """A heading and those directly below it, a few at most."""
        run = [n]
        while len(run) < _HEADINGS and (below := self.below(run[-1])) is not None:
            if self.lines[below].role is not Role.HEADING or self.lines[below].picture_gap:
                break
            run.append(below)
        return run

    def text_below(self, n: int) -> int | None:
        """The first line not far below line `n` that is text of an article."""
        at = self.place[n] + 1
        return next((k for k in self.kept[at : at + _SIGHT] if self._is_text(k)), None)

    def _is_text(self, n: int) -> bool:
        return self.lines[n].role in (Role.BODY, Role.CAPTION) or n in self.goes_on

    def _chain(self, n: int) -> Topic:
        """The topic of a paragraph with all pieces that it was likely broken into."""
        pieces = [n]
        while pieces[-1] in self.goes_on:
            pieces.append(self.goes_on[pieces[-1]])
        return Topic.union(self.topics[piece] for piece in pieces)

    def _ahead(self, n: int) -> Topic:
        """The topic of the paragraph at `n` and of those that stand below it in its column."""
        column = [self.chain(n)]
        for at in range(self.place[n] + 1, min(self.place[n] + 1 + _AHEAD, len(self.kept))):
            line, above = self.lines[self.kept[at]], self.kept[at - 1]
            broken = above in self.goes_on and self.goes_on[above] != self.kept[at]
            if line.role is not Role.BODY or line.opens or line.picture_gap or broken:
                break
            column.append(self.chain(self.kept[at]))
        return Topic.union(column)

    def _context(self, n: int) -> Facts:
        """What a line's typography and its neighbours say, whatever the story."""
        line, before, after = self.lines[n], self.above(n), self.below(n)
        facts = {
            "opens": float(line.opens),
            "opens signed": float(self.opens_signed[n]),
            "closes signed": float(self.closes_signed[n]),
            "gap": float(line.picture_gap),
            "breaks off": float(n in self.goes_on),
            "wanted": min(self._wanted[n], 1.0),
            "begun": float(n in self.begun),
            "begins": self.begins[n],
            "short": float(width(line.text) < 40),
        }
        for side, other in (("after", before), ("before", after)):
            role = self.lines[other].role.value if other is not None else "nothing"
            facts[f"{side} {role}"] = 1.0
        if before is not None:
            facts["after broken"] = float(before in self.goes_on)
            facts["after signed"] = float(self.closes_signed[before])
            facts["after tail"] = float(before in self.begun)
            facts["after unended"] = float(
                self.lines[before].role is Role.BODY
                and before not in self.goes_on
                and not is_complete(self.lines[before].text)
            )
        if after is not None:
            facts["before tail"] = float(after in self.begun)
            facts["before opening"] = float(self.lines[after].opens)
            facts["before signed opening"] = float(self.opens_signed[after])
            facts["before gap"] = float(self.lines[after].picture_gap)
        return facts

    def heading(self, n: int, ahead: Topic) -> Facts:
        """What a heading looks like, and what it has in common with the column `ahead`."""
        own, run, text = self.topics[n], self.run(n), self.text_below(n)
        return {
            **self.context(n),
            **self.look(n),
            "run": float(len(run) > 1),
            "ahead": own.pair_share(ahead),
            "ahead words": own.share(ahead),
            "ahead shared words": math.log1p(own.shared(ahead)),
            "ahead alike": own.alike(ahead),
            "below": 0.0 if text is None else own.pair_share(self.chain(text)),
            "below alike": 0.0 if text is None else own.alike(self.chain(text)),
            "run ahead": Topic.union(self.topics[k] for k in run).pair_share(ahead),
            **prefixed("below", self.parallel(n, self.headings_below(n))),
            "lines to text": 3.0 if text is None else math.log1p(self.place[text] - self.place[n]),
        }

    def look(self, n: int) -> Facts:
        """What a heading looks like by itself."""
        line = self.lines[n]
        return {
            "length": width(line.text) / 20,
            "column": float(width(line.text) <= COLUMN_NAME),
            "dash": float(line.text[0] in "—-"),
            "spaced": float(is_spaced(line.text)),
            "marks": float(has_breaks(line.text)),
            "level": float(line.level),
        }

    def parallel(self, n: int, others: Iterable[int]) -> Facts:
        """How much a heading is worded like others, as the subheads of one article are."""
        text, alike = self.lines[n].text, [self.lines[k].text for k in others if k != n]
        return {
            "parallel start": max((len(commonprefix((text, o))[:2]) for o in alike), default=0) / 2,
            "parallel shape": float(any(_shape(text) == _shape(o) != (1,) for o in alike)),
        }

    def subheads(self, lines: Sequence[int]) -> list[int]:
        """The headings among the lines, the last ones first, a few at most."""
        found = (n for n in reversed(lines) if self.lines[n].role is Role.HEADING)
        return list(islice(found, _HEADINGS))

    def headings_below(self, n: int) -> list[int]:
        """A few headings below line `n` that are not in one run with it."""
        first = self.place[self.run(n)[-1]] + 1
        return self.subheads(self.kept[first : first + _SCOPE][::-1])

    def beside(self, above: int, n: int) -> Facts:
        """How a heading looks beside the one above it."""
        line, other = self.lines[n], self.lines[above]
        return {
            "same level": float(other.level == line.level),
            "marks above": float(has_breaks(other.text)),
            "spaced above": float(is_spaced(other.text)),
            "column above": float(width(other.text) <= COLUMN_NAME),
        }


def prefixed(name: str, facts: Facts) -> Facts:
    """The facts of one of several things, under its name."""
    return {f"{name} {fact}": value for fact, value in facts.items()}


def _shape(text: str) -> tuple[int, ...]:
    """How long the parts of a heading are, the last one aside; (1,) for one part alone."""
    parts = _PARTS.split(text)
    return (len(parts), *map(len, parts[:-1]))
