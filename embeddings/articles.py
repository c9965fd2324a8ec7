"""A newspaper page's text in, its articles in reading order out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from .cohesion import subject_changes
from .headlines import decks, headline, owner
from .joins import CLEAR, best_continuation, continuation_score, open_marks
from .lines import BLANKS, NEWLINE, Line, Role, Span, has_breaks, is_complete, read_lines

_LINE_END = re.compile(rf"[{BLANKS}]*{NEWLINE}")
_REACH = 6  # paragraphs after a broken one among which its continuation is sought


@dataclass(frozen=True, slots=True)
class Article:
    """One article of a page: "".join(page[s:e] for s, e in spans) == text."""

    title: str  # the headline as printed, "" where there is none
    text: str  # kicker, subtitle, subheads, paragraphs; each ends with the file's newline
    spans: tuple[Span, ...]  # into the page's text, in reading order


@dataclass(slots=True)
class _Story:
    """An article while it is being put together."""

    headings: list[Line] = field(default_factory=list)
    items: list[Line] = field(default_factory=list)  # subheads, body and captions
    picture: bool = False  # a headline over a picture with its caption
    signed: bool = False  # its byline was seen

    @property
    def start(self) -> int:
        """Where in the page its first line stands."""
        return min(line.spans[0][0] for line in self.headings + self.items)


def split_page(text: str) -> list[Article]:
    """The articles of a page, in the order in which they begin; bodies in reading order.

    Headlines are titles; kickers and subtitles begin the text, subheads stand in it; bylines,
    picture credits, names of columns and page furniture are left out. A headline without any text
    is an article of its own words. Never raises.
    """
    lines = _with_fragments(read_lines(text))
    stories, lost = _stories(lines)
    stories = _parted(stories)
    _give_titles(stories, lost)
    stories += [_Story(headings=[line]) for line in lost]
    stories = [story for story in stories if story.headings or story.items]
    return [_article(text, story) for story in sorted(stories, key=lambda story: story.start)]


def _with_fragments(lines: list[Line]) -> list[Line]:
    """Short lines that are broken-off body text and no headings get the role of body."""
    out = list(lines)
    for at, line in enumerate(lines):
        if line.role is Role.HEADING and not line.level and _is_fragment(out, at):
            out[at] = Line(line.text, line.spans, Role.BODY, 0, line.picture_gap)
    return out


def _is_fragment(lines: list[Line], at: int) -> bool:
    line = lines[at]
    following = lines[at + 1 : at + 1 + _REACH]
    if following and (following[0].role is Role.BYLINE or following[0].opens):
        return False
    bodies = [n for n in following if n.role is Role.BODY and not n.opens]
    after_body = at > 0 and lines[at - 1].role in (Role.BODY, Role.CAPTION)
    before_body = bool(following) and following[0].role is Role.BODY
    if open_marks(line.text):
        return at == 0 or lines[at - 1].role is not Role.HEADING or before_body
    if " " not in line.text and any(
        continuation_score(line.text, body.text) >= CLEAR for body in bodies[:2]
    ):
        return True
    return after_body and before_body and has_breaks(line.text) and " " not in line.text


def _stories(lines: list[Line]) -> tuple[list[_Story], list[Line]]:
    """Lines dealt out to articles; headlines that nothing follows come back beside them."""
    stories: list[_Story] = []
    lost: list[Line] = []
    current = _Story()
    resumed = current  # what a body line after a picture's caption belongs to
    at = 0
    while at < len(lines):
        line = lines[at]
        if line.role is Role.HEADING:
            end = _run_end(lines, at)
            run, at = lines[at:end], end
            kind = _kind(lines, run, end, bool(current.items) or current.signed)
            if kind == "lost":
                lost += run
            elif kind == "subhead":
                current.items += run
                if current not in stories:  # below a byline with nothing above it
                    stories.append(current)
            else:
                current = _Story(headings=run, picture=kind == "picture")
                stories.append(current)
                resumed = resumed if current.picture else current
            continue
        at += 1
        if line.role is Role.BYLINE and not current.picture:
            if current.items and not _signs_lead(current):
                current = _after_byline(lines, at, current, stories)
                resumed = current
            current.signed = True
        elif line.role in (Role.BODY, Role.CAPTION):
            if current.picture and current.items and line.role is Role.BODY:
                current = resumed
            current.items.append(line)
            if current not in stories:
                stories.append(current)
    return stories, lost


def _run_end(lines: list[Line], at: int) -> int:
    """The end of the headlines that stand together from `at` on."""
    level = lines[at].level
    at += 1
    while at < len(lines) and lines[at].role is Role.HEADING:
        if lines[at].picture_gap or lines[at].level != level:
            break
        at += 1
    return at


def _kind(lines: list[Line], run: list[Line], end: int, inside: bool) -> str:
    """What a run of headings does: begins an article or a picture, heads a part, or is lost."""
    follow = next((n for n in lines[end:] if n.role is not Role.FURNITURE), None)
    if run[0].level:
        return "article" if run[0].level == 1 or not inside else "subhead"
    if follow is None or (follow.role is Role.HEADING and follow.picture_gap):
        return "lost"
    if follow.role is Role.CAPTION and not follow.picture_gap:
        return "picture"
    if follow.role is Role.BYLINE or follow.opens or not inside or run[0].picture_gap:
        return "article"
    return "subhead"


def _signs_lead(story: _Story) -> bool:
    """Is all there is of the article so far a lead between headline and byline?"""
    return not story.signed and len(story.items) == 1 and story.items[0].opens


def _after_byline(lines: list[Line], at: int, current: _Story, stories: list[_Story]) -> _Story:
    """The article that goes on after a byline that stands below body text.

    A byline after a picture gap begins an article; any other ends one, which may have begun in
    the middle of another: after a paragraph that is taken up again below, or after a picture gap.
    """
    byline, follow = lines[at - 1], next((n for n in lines[at:] if n.role is Role.BODY), None)
    if byline.picture_gap or byline.text.endswith("报道"):
        return _Story()
    for cut in range(len(current.items) - 1, -1, -1):
        head = current.items[cut]
        if follow and _breaks_off(head) and not _goes_on(current.items, cut):
            if continuation_score(head.text, follow.text) >= CLEAR:
                stories.append(_Story(items=current.items[cut + 1 :]))
                del current.items[cut + 1 :]
                return current
        elif head.picture_gap and cut:
            stories.append(_Story(items=current.items[cut:]))
            del current.items[cut:]
            return current
    return _Story()


def _breaks_off(line: Line) -> bool:
    return line.role is Role.BODY and not is_complete(line.text)


def _goes_on(items: list[Line], at: int) -> bool:
    """Does the paragraph after a broken one clearly continue it?"""
    return at + 1 < len(items) and continuation_score(items[at].text, items[at + 1].text) >= CLEAR


def _parted(stories: list[_Story]) -> list[_Story]:
    """Stories cut where another subject begins without a headline; joined paragraphs stay whole."""
    out: list[_Story] = []
    for story in stories:
        paragraphs = list(_joined(story.items))
        texts = ["".join(piece.text for piece in pieces) for pieces in paragraphs]
        cuts = [0, *subject_changes(texts, headline(story.headings)), len(paragraphs)]
        for number, (start, end) in enumerate(zip(cuts, cuts[1:], strict=False)):
            items = [piece for pieces in paragraphs[start:end] for piece in pieces]
            out.append(_Story(story.headings if number == 0 else [], items))
    return out


def _give_titles(stories: list[_Story], lost: list[Line]) -> None:
    """Lost headlines to those articles without one that they belong to."""
    for line in list(lost):
        nameless = [story for story in stories if not story.headings and story.items]
        texts = ["".join(item.text for item in story.items) for story in nameless]
        found = owner(line.text, texts)
        if found is not None:
            nameless[found].headings = [line]
            lost.remove(line)


def _joined(items: list[Line]) -> Iterable[list[Line]]:
    """Paragraphs, each as the pieces that it was broken into, in reading order."""
    left = list(items)
    while left:
        pieces = [left.pop(0)]
        while _breaks_off(pieces[-1]):
            reach = next((i for i, n in enumerate(left) if n.role is Role.HEADING), len(left))
            places = [i for i in range(min(reach, _REACH)) if left[i].role is Role.BODY]
            best = best_continuation(pieces[-1].text, [left[i].text for i in places])
            if best is None or left[places[best]].opens:
                break
            pieces.append(left.pop(places[best]))
        yield pieces


def _article(page: str, story: _Story) -> Article:
    spans: list[Span] = []
    above = decks(story.headings) if story.items else story.headings
    for pieces in _joined([*above, *story.items]):
        spans += [span for piece in pieces for span in piece.spans]
        start, end = spans[-1]
        newline = _LINE_END.match(page, end)
        spans[-1] = (start, newline.end() if newline else end)
    text = "".join(page[s:e] for s, e in spans)
    return Article(headline(story.headings), text, tuple(spans))
