"""A page's truth and what a splitter made of it in; counts of what is right and wrong out."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from .newspaper.page import Joint, Page

NOWHERE = -1  # the article number of page furniture
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Joined:
    """A predicted join; `head` is moved before, `tail` behind white space."""

    head: int
    tail: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Split:
    """What a splitter makes of a page."""

    owners: tuple[int, ...]  # per line of the truth its article, NOWHERE for furniture
    titles: tuple[str, ...]  # per article
    kickers: tuple[str, ...]
    bylines: tuple[str, ...]
    joins: tuple[Joined, ...]
    faults: tuple[str, ...]  # broken promises: characters lost or in two places, wrong spans
    seconds: float = 0.0  # that it took


@dataclass(slots=True)
class Tally:
    """Sums over pages. Ratios are made by `report`."""

    pages: int = 0
    pair_precision: float = 0.0  # per page, summed
    pair_recall: float = 0.0
    pair_f1: float = 0.0
    joints: Counter[str] = field(default_factory=Counter)  # true ones per kind
    found: Counter[str] = field(default_factory=Counter)  # those that were predicted
    joins: int = 0  # predicted ones
    false_joins: int = 0
    sure: list[tuple[float, bool]] = field(default_factory=list)  # confidence, right
    articles: int = 0
    titles: int = 0  # right ones
    untitled: int = 0
    untitled_right: int = 0
    kickers: int = 0
    kickers_right: int = 0
    bylines: int = 0
    bylines_right: int = 0
    furniture: Counter[str] = field(default_factory=Counter)  # true, predicted, both
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0


def owners(page: Page, articles: Sequence[Iterable[Span]]) -> tuple[int, ...]:
    """The article that holds most of each line; NOWHERE for a line that none holds half of."""
    starts = [line.start for line in page.lines]
    held: list[Counter[int]] = [Counter() for _ in page.lines]
    for number, spans in enumerate(articles):
        for start, end in spans:
            at = max(bisect_right(starts, start) - 1, 0)
            while at < len(starts) and starts[at] < end:
                line = page.lines[at]
                common = min(end, line.end) - max(start, line.start)
                held[at][number] += max(common, 0)
                at += 1
    out = []
    for line, counts in zip(page.lines, held, strict=True):
        best, most = max(counts.items(), key=lambda x: (x[1], -x[0]), default=(NOWHERE, 0))
        out.append(best if 2 * most >= line.end - line.start else NOWHERE)
    return tuple(out)


def pairwise(true: Sequence[int], said: Sequence[int]) -> tuple[float, float]:
    """Precision and recall of "these two lines are of one article", over all pairs of lines.

    A pair is true where both lines are of the same article, predicted where both were put into the
    same article. Furniture is in no article: a furniture line in a predicted article makes false
    pairs with each of its lines (precision falls); an article's line that is taken for furniture
    loses its true pairs (recall falls). No pairs at all count as 1.
    """
    both = _pairs(Counter((t, s) for t, s in zip(true, said, strict=True) if NOWHERE not in (t, s)))
    truly = _pairs(Counter(t for t in true if t != NOWHERE))
    predicted = _pairs(Counter(s for s in said if s != NOWHERE))
    return (both / predicted if predicted else 1.0), (both / truly if truly else 1.0)


def _pairs(counts: Counter[int] | Counter[tuple[int, int]]) -> int:
    return sum(n * (n - 1) // 2 for n in counts.values())


_FAR = ((0, "only its own captions between"), (1, "1 foreign line"), (3, "2-3 foreign lines"))
_SEAMS = {"word": "cut within a word", "words": "cut between words", "clause": "cut at a mark"}


def kinds(joint: Joint) -> tuple[str, ...]:
    """The phenomena that a joint is counted under."""
    far = next((name for most, name in _FAR if joint.foreign <= most), "")
    far = far or ("4-6 foreign lines" if joint.foreign <= 6 else "7+ foreign lines")
    return "all", far if joint.between else "adjacent", _SEAMS[joint.seam]


def best_match(page: Page, split: Split) -> list[int]:
    """Per true article the predicted one that holds most of its characters, or NOWHERE."""
    counts: list[Counter[int]] = [Counter() for _ in page.articles]
    for line, said in zip(page.lines, split.owners, strict=True):
        if line.story != NOWHERE and said != NOWHERE:
            counts[line.story][said] += line.end - line.start
    return [max(c, key=lambda n: (c[n], -n), default=NOWHERE) for c in counts]


def add(tally: Tally, page: Page, split: Split) -> None:
    """Count one page."""
    true = [line.story for line in page.lines]
    precision, recall = pairwise(true, split.owners)
    tally.pages += 1
    tally.seconds += split.seconds
    tally.pair_precision += precision
    tally.pair_recall += recall
    tally.pair_f1 += 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    tally.faults += split.faults
    for t, s in zip(true, split.owners, strict=True):
        tally.furniture["true"] += t == NOWHERE
        tally.furniture["predicted"] += s == NOWHERE
        tally.furniture["both"] += t == s == NOWHERE
    _add_joins(tally, page, split)
    _add_headings(tally, page, split)


def _add_joins(tally: Tally, page: Page, split: Split) -> None:
    truth = {(j.head, j.tail): j for j in page.joints}
    said = {(j.head, j.tail) for j in split.joins}
    tally.joins += len(split.joins)
    tally.false_joins += sum((j.head, j.tail) not in truth for j in split.joins)
    tally.sure += [(j.confidence, (j.head, j.tail) in truth) for j in split.joins]
    for place, joint in truth.items():
        for kind in kinds(joint):
            tally.joints[kind] += 1
            tally.found[kind] += place in said


def _add_headings(tally: Tally, page: Page, split: Split) -> None:
    for truth, at in zip(page.articles, best_match(page, split), strict=True):
        known = at != NOWHERE
        right = known and bare(split.titles[at]) == bare(truth.title)
        tally.articles += 1
        tally.titles += right
        tally.untitled += not truth.title
        tally.untitled_right += right and not truth.title
        if truth.kicker:
            tally.kickers += 1
            tally.kickers_right += known and bare(split.kickers[at]) == bare(truth.kicker)
        if truth.names:
            tally.bylines += 1
            tally.bylines_right += known and names(split.bylines[at]) == set(truth.names)


def bare(text: str) -> str:
    """The text without its white space."""
    return re.sub(r"\s", "", text)


def names(byline: str) -> set[str]:
    """The names of people in a byline as printed."""
    text = re.sub(r"本报\w{0,3}讯(?!员)|报道|文[/／]图", " ", byline)
    text = re.sub(r"\w*?(?:记者|通讯员|实习生)", " ", text)
    return set(re.findall(r"[\u4e00-\u9fff·]{2,4}", text))
