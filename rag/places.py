"""The places that a question names, and the articles that tell of others instead.

What is true of one county is no answer about the next one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from embeddings.glosses import gloss_terms, pinyin_terms
from embeddings.terms import fold
from embeddings.words import segment

SUFFIX = "街道|社区|小区|[县市区镇乡村]"
_PLACE = re.compile(rf"(?P<name>(?![哪某各])[\u4e00-\u9fff]{{2,4}}?)(?P<suffix>{SUFFIX})")
_NO_NAME = re.compile(r"[地新社小辖市特]$|^(?:主城|城中|新城|三下)$")  # 沿海地区, 浦东新区


@dataclass(frozen=True, slots=True)
class Place:
    """丰南县 is 丰南, a 县."""

    name: str
    suffix: str


@lru_cache(maxsize=1024)
def places(text: str) -> tuple[Place, ...]:
    """The places with a name that is no other word; 老旧小区 and 开发区 have none."""
    words = segment(fold(text))
    out = []
    for word, behind in zip(words, [*words[1:], ""], strict=True):
        apart = len(word) > 1 and re.fullmatch(SUFFIX, behind)
        found = _PLACE.fullmatch(word + behind) if apart else _PLACE.fullmatch(word)
        if found and not _NO_NAME.search(found["name"]) and _is_name(found["name"]):
            out.append(Place(found["name"], found["suffix"]))
    return tuple(out)


def elsewhere(asked: Sequence[Place], articles: Sequence[str]) -> list[bool]:
    """Which of the articles name none of the places, but another county, town or village instead.

    None of them where none names a place in full: it may be printed otherwise.
    """
    if not asked:
        return [False] * len(articles)
    suffixes = {place.suffix for place in asked}
    told = [places(text) for text in articles]
    if not any(place in named for place in asked for named in told):
        return [False] * len(articles)
    texts = map(fold, articles)
    return [
        any(other.suffix in suffixes for other in named)
        and not any(place.name in text for place in asked)
        for named, text in zip(told, texts, strict=True)
    ]


def _is_name(word: str) -> bool:
    """Do the dictionaries know it by its sound alone, or not at all?"""
    meanings = gloss_terms(word, 1)
    return not meanings or bool({*meanings} & {*pinyin_terms(word)})
