"""Joins of broken sentences and a quote's spans in; how sure they are out, a number and words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from embeddings.articles import Join, percent
from embeddings.chunks import Span, joins_between

from .answers import Language

_WARNING = {
    "zh": "原文在此处断栏，接续由程序判断（把握{}%），请核对",
    "en": "The sentence was broken by a column end and rejoined by the program ({} % sure): "
    "check the page",
}


def least_confidence(joins: Iterable[Join], spans: Sequence[Span]) -> float | None:
    """In [0, 1], of the least sure join between two of the spans; None where there is none.

    Spans and joins are offsets into the same file, the spans in reading order.
    """
    return min((join.confidence for join in joins_between(spans, joins)), default=None)


def warning(confidence: float | None, sure: float, language: Language) -> str:
    """What a reader is told of a join less than `sure`; "" where there is nothing to say."""
    if confidence is None or confidence >= sure:
        return ""
    return _WARNING[language].format(percent(confidence))
