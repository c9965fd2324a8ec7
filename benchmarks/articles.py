"""Newspaper pages whose articles are known → how well they are told apart and mended.

    python -m benchmarks.articles --data DIR [--pages 500] [--seed 1] [--json] [--show N]

DIR is the training data folder; the pages are made (benchmarks/newspaper) of news articles that
nothing was fitted to. The baseline takes every line for a paragraph and a short line without a
sentence's end for a headline, which begins an article; it joins nothing.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from embeddings.articles import read_page
from embeddings.lines import is_complete

from .newspaper import Page, newspaper_page, read_stories
from .splitting import NOWHERE, Joined, Split, Tally, add, owners

Splitter = Callable[[Page], Split]
_BINS = 5


def ours(page: Page) -> Split:
    """The product's splitter."""
    began = time.perf_counter()
    read = read_page(page.text)
    seconds = time.perf_counter() - began
    taken = [[*a.spans, *a.headings] for a in read.articles]
    faults = [
        f"spans of {a.title!r} do not give its text"
        for a in read.articles
        if "".join(page.text[s:e] for s, e in a.spans) != a.text
    ]
    faults += coverage(page.text, [*taken, list(read.furniture)])
    joins = {
        _trimmed(page.text, j.head, j.tail, j.confidence) for a in read.articles for j in a.joins
    }
    return Split(
        owners(page, taken),
        tuple(a.title for a in read.articles),
        tuple(a.kicker for a in read.articles),
        tuple(a.byline for a in read.articles),
        tuple(sorted(joins, key=lambda j: (j.head, j.tail))),
        tuple(faults),
        seconds,
    )


def coverage(text: str, taken: list[list[tuple[int, int]]]) -> list[str]:
    """What breaks the promise that each printed character is in one article or in the furniture."""
    owner: dict[int, int] = {}
    twice, lost = [], []
    for number, spans in enumerate(taken):
        for at in {at for start, end in spans for at in range(start, end)}:
            if owner.setdefault(at, number) != number and not text[at].isspace():
                twice.append(at)
    lost = [at for at, char in enumerate(text) if not char.isspace() and at not in owner]
    out = [f"{len(lost)} characters in no article: {_near(text, lost[0])}"] if lost else []
    return out + ([f"{len(twice)} in two: {_near(text, twice[0])}"] if twice else [])


def _near(text: str, at: int) -> str:
    return repr(text[max(at - 10, 0) : at] + "|" + text[at : at + 10])


def _trimmed(text: str, head: int, tail: int, confidence: float) -> Joined:
    while head and text[head - 1].isspace():
        head -= 1
    while tail < len(text) and text[tail].isspace():
        tail += 1
    return Joined(head, tail, confidence)


def baseline(page: Page) -> Split:
    """Short lines without a sentence's end begin articles; all other lines go on."""
    said: list[int] = []
    titles: list[str] = []
    short_before = False
    for line in page.lines:
        text = page.text[line.start : line.end]
        short = len(text) <= 30 and not is_complete(text)
        if not titles or (short and not short_before):
            titles.append(text if short else "")
        said.append(len(titles) - 1)
        short_before = short
    blank = ("",) * len(titles)
    return Split(tuple(said), tuple(titles), blank, blank, (), ())


def report(tally: Tally) -> dict[str, Any]:
    """The figures of a tally: shares of 1, rounded."""

    def share(part: float, whole: float) -> float | None:
        return round(part / whole, 4) if whole else None

    furniture = tally.furniture
    return {
        "pages": tally.pages,
        "pair precision": share(tally.pair_precision, tally.pages),
        "pair recall": share(tally.pair_recall, tally.pages),
        "pair f1": share(tally.pair_f1, tally.pages),
        "joints": tally.joints["all"],
        "joins right": share(tally.found["all"], tally.joints["all"]),
        "joins wrong, of predicted": share(tally.false_joins, tally.joins),
        "joins wrong, to true ones": share(tally.false_joins, tally.joints["all"]),
        "titles right": share(tally.titles, tally.articles),
        "titles right where none is": share(tally.untitled_right, tally.untitled),
        "kickers right": share(tally.kickers_right, tally.kickers),
        "bylines right": share(tally.bylines_right, tally.bylines),
        "furniture precision": share(furniture["both"], furniture["predicted"]),
        "furniture recall": share(furniture["both"], furniture["true"]),
        "faults": len(tally.faults),
        "seconds per page": share(tally.seconds, tally.pages),
        "joins right by kind": {
            kind: f"{tally.found[kind]}/{count}" for kind, count in sorted(tally.joints.items())
        },
        "joins by confidence": calibration(tally.sure),
    }


def calibration(sure: list[tuple[float, bool]]) -> list[dict[str, float]]:
    """Predicted joins in five bins of confidence: how many, how sure, how many are right."""
    out = []
    for number in range(_BINS):
        inside = [(c, r) for c, r in sure if min(int(c * _BINS), _BINS - 1) == number]
        if inside:
            n = len(inside)
            mean, right = sum(c for c, _ in inside) / n, sum(r for _, r in inside) / n
            out.append({"joins": n, "confidence": round(mean, 3), "right": round(right, 3)})
    return out


def side_by_side(page: Page, split: Split) -> str:
    """The page line by line: true article and role, predicted article, joints and joins."""
    truth = {j.head: j.tail for j in page.joints}
    said = {j.head: j.tail for j in split.joins}
    begins = {line.start: number for number, line in enumerate(page.lines)}
    rows = []
    for number, (line, owner) in enumerate(zip(page.lines, split.owners, strict=True)):
        text = page.text[line.start : line.end]
        shown = text if len(text) <= 44 else f"{text[:24]} … {text[-16:]}"
        true = "--" if line.story == NOWHERE else f"{line.story:2}"
        mine = "--" if owner == NOWHERE else f"{owner:2}"
        row = f"{number:3} {true} {line.role:9} | {mine} | {shown}"
        goes, went = truth.get(line.end), said.get(line.end)
        if goes is not None or went is not None:
            places = [begins.get(x, "?") if x is not None else "" for x in (goes, went)]
            row += f"  {'OK' if goes == went else '!!'} true→{places[0]} said→{places[1]}"
        rows.append(row)
    titles = [f"true {n:2} {a}" for n, a in enumerate(page.articles)]
    titles += [
        f"said {n:2} {' / '.join(x)}"
        for n, x in enumerate(zip(split.titles, split.kickers, split.bylines, strict=True))
    ]
    return "\n".join([*rows, *titles, *split.faults])


def main() -> None:
    """Print the figures, or one page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--part", choices=("held out", "fit"), default="held out")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--show", type=int, metavar="N", help="print page N and what is made of it")
    args = parser.parse_args()
    stories = read_stories(args.data, args.part, limit=None if args.part == "held out" else 12_000)
    if args.show is not None:
        page = newspaper_page(stories, args.seed, args.show)
        print(page.text, side_by_side(page, ours(page)), sep="\n" + "=" * 80 + "\n")
        return
    methods: dict[str, Splitter] = {"ours": ours, "baseline": baseline}
    tallies = {name: Tally() for name in methods}
    for number in range(args.pages):
        page = newspaper_page(stories, args.seed, number)
        for name, split in methods.items():
            add(tallies[name], page, split(page))
    reports = {name: report(tally) for name, tally in tallies.items()}
    if args.json:
        print(json.dumps(reports, ensure_ascii=False))
        return
    for name, figures in reports.items():
        print(f"\n{name}")
        for key, value in figures.items():
            print(f"  {key}: {value}")
    for fault in tallies["ours"].faults[:10]:
        print("  fault:", fault)


if __name__ == "__main__":
    main()
