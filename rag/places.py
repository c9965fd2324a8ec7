"""The places that a question names, and whether an article speaks of them or of others.

What is true of one county is no answer about the next one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from embeddings.glosses import gloss_terms, pinyin_terms
from embeddings.words import segment

_SUFFIX = "街道|社区|小区|[县市区镇乡村]"
_PLACE = re.compile(rf"(?P<name>(?![哪某各])[\u4e00-\u9fff]{{2,4}}?)(?P<suffix>{_SUFFIX})")
_NO_NAME = re.compile(r"[地新社小辖]$")  # 沿海地区, 浦东新区


@dataclass(frozen=True, slots=True)
class Place:
    """丰南县 is 丰南, a 县."""

    name: str
    suffix: str

    def told_in(self, text: str) -> bool:
        """Is it named there, or spoken of as a local paper does: 全市, 我县, 本镇?"""
        return self.name in text or any(f"{ours}{self.suffix}" in text for ours in "全我本")


def places(text: str) -> list[Place]:
    """The places with a name that is no other word; 老旧小区 and 开发区 have none."""
    words = segment(text)
    out = []
    for word, behind in zip(words, [*words[1:], ""], strict=True):
        apart = len(word) > 1 and re.fullmatch(_SUFFIX, behind)
        found = _PLACE.fullmatch(word + behind) if apart else _PLACE.fullmatch(word)
        if found and not _NO_NAME.search(found["name"]) and _is_name(found["name"]):
            out.append(Place(found["name"], found["suffix"]))
    return out


def elsewhere(asked: Sequence[Place], articles: Sequence[str]) -> list[bool]:
    """Which of the articles tell of none of the places, although others of them do."""
    told = [any(place.told_in(text) for place in asked) for text in articles]
    known = any(place.name in text for place in asked for text in articles)
    return [known and not it for it in told]


def _is_name(word: str) -> bool:
    """Do the dictionaries know it by its sound alone, or not at all?"""
    meanings = gloss_terms(word, 1)
    return not meanings or bool({*meanings} & {*pinyin_terms(word)})
