"""A piece of text in, the quotes and brackets that it leaves open, or closes unopened, out."""

from __future__ import annotations

_PAIRS = {"“": "”", "‘": "’", "(": ")", "（": "）", "《": "》", "【": "】", "「": "」", "『": "』"}
OPENER = {closer: opener for opener, closer in _PAIRS.items()}


def open_marks(text: str) -> str:
    """The opening quotes and brackets that are not closed in the text, outermost first."""
    stack: list[str] = []
    depth = dict.fromkeys(_PAIRS, 0)  # how often each stands in the stack
    for char in text:
        if char in _PAIRS:
            stack.append(char)
            depth[char] += 1
        elif char in OPENER and depth[OPENER[char]]:
            last = ""
            while last != OPENER[char]:
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
        elif char in OPENER:
            if depth.get(OPENER[char], 0):
                depth[OPENER[char]] -= 1
            else:
                out += char
    return out
