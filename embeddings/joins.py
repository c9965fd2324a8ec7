"""Two pieces of text in, how likely the second goes on where the first breaks off out."""

from __future__ import annotations

from collections.abc import Sequence

from .words import segment

_PAIRS = {"“": "”", "‘": "’", "(": ")", "（": "）", "《": "》", "【": "】", "「": "」", "『": "』"}
_OPENER = {closer: opener for opener, closer in _PAIRS.items()}
_SEAM = 8  # characters on either side that are looked at
CLEAR = 3.0  # from this score on the pieces belong together, wherever they stand


def open_marks(text: str) -> str:
    """The opening quotes and brackets that are not closed in the text, outermost first."""
    stack: list[str] = []
    depth = dict.fromkeys(_PAIRS, 0)  # how often each stands in the stack
    for char in text:
        if char in _PAIRS:
            stack.append(char)
            depth[char] += 1
        elif char in _OPENER and depth[_OPENER[char]]:
            last = ""
            while last != _OPENER[char]:
                last = stack.pop()
                depth[last] -= 1
    return "".join(stack)


def closing_marks(text: str) -> str:
    """The closing quotes and brackets that were not opened in the text, in order."""
    depth: dict[str, int] = {}
    out = ""
    for char in text:
        if char in _PAIRS:
            depth[char] = depth.get(char, 0) + 1
        elif char in _OPENER:
            if depth.get(_OPENER[char], 0):
                depth[_OPENER[char]] -= 1
            else:
                out += char
    return out


def word_across(head: str, tail: str) -> str:
    """The dictionary word that would stand across the seam of head and tail, or ""."""
    left, right = head[-_SEAM:], tail[:_SEAM]
    at = 0
    for word in segment(left + right, guess=False):
        if at < len(left) < at + len(word):
            return word if not word.isascii() else ""
        at += len(word)
    return ""


def continuation_score(head: str, tail: str) -> float:
    """0 where nothing speaks for it; CLEAR and more where a word or a bracket spans the seam."""
    score = 0.0
    if word_across(head, tail):
        score += 3.0
    opened, closed = open_marks(head), closing_marks(tail)
    if opened and closed and _OPENER[closed[0]] == opened[-1]:
        score += 3.0
    elif bool(opened) != bool(closed):
        score -= 1.0
    if tail[:1] in "，,。、；;：:！!？?）)”’》的了等":
        score += 1.0
    return score


def best_continuation(head: str, tails: Sequence[str]) -> int | None:
    """Which of `tails`, nearest first, goes on from head: the nearest, unless a later one is clear.

    None where there is no tail at all.
    """
    if not tails:
        return None
    scores = [continuation_score(head, tail) for tail in tails]
    best = max(range(len(tails)), key=lambda i: (scores[i], -i))
    return best if scores[best] >= CLEAR and scores[best] > scores[0] else 0
