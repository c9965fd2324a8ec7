"""An article and what to mark in it go in; its escaped HTML, as it reads, comes out. Pure.

A citation on the page carries a Place; a click sends it back and gets article_html's answer.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from embeddings.articles import percent
from embeddings.chunks import Span, cut_spans
from embeddings.errors import QuestionError
from embeddings.index import IndexedArticle
from embeddings.lines import NEWLINE
from rag import Citation
from rag.answers import Language
from rag.rejoined import warning
from ui.markup import doubt_html, escaped, lang_of, marked

_PARAGRAPH = re.compile(rf"(?:(?!{NEWLINE}).)+", re.DOTALL)
_MOST_SPANS = 200  # that a page may ask to have marked


@dataclass(frozen=True, slots=True)
class _Labels:
    seam: str  # in the text, where a broken sentence goes on
    seams: str  # what that means, above the text
    elsewhere: str


_LABELS: dict[Language, _Labels] = {
    "zh": _Labels(
        seam="〔{}%〕",
        seams="〔…%〕：原文在此处断栏，接续由程序判断，数字是把握；请核对",
        elsewhere="引文不在这篇文章里：索引已经重建，请重新提问。",
    ),
    "en": _Labels(
        seam="〔{} %〕",
        seams="〔… %〕: here the sentence was broken by a column end and rejoined by the program, "
        "this sure: check the page",
        elsewhere="The quote is not in this article: the index was rebuilt. Please ask again.",
    ),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a click on a citation leads, and what of the article is marked there."""

    article: int  # as Citation.article
    spans: tuple[Span, ...]  # the evidence, offsets into the file
    also: tuple[Span, ...]  # other evidence of the same passage, marked lighter
    language: Language  # of the words around the article
    generation: str = ""  # of the index, as Answer.generation

    def attribute(self) -> str:
        """The place as an HTML attribute, with the space before it."""
        return f' data-cited="{html.escape(json.dumps(asdict(self)), quote=True)}"'

    @classmethod
    def of(cls, sent: Any) -> Place:
        """The place that a page sent back. Raises QuestionError for anything else."""
        try:
            language, article = sent["language"], sent["article"]
            generation = sent.get("generation", "")
            if language not in _LABELS or type(article) is not int or type(generation) is not str:
                raise ValueError
            return cls(article, _spans(sent["spans"]), _spans(sent["also"]), language, generation)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise QuestionError(
                "This leads to no article. A place is "
                '{"article": 0, "spans": [[0, 9]], "also": [], "language": "zh" or "en"}.'
            ) from error


def place_of(
    citations: Sequence[Citation], language: Language, generation: str = ""
) -> Place | None:
    """Where citations of one passage lead; None for those of given passages."""
    first = citations[0]
    if first.article is None:
        return None
    also = tuple(span for citation in citations[1:] for span in citation.spans)
    return Place(first.article, first.spans, also, language, generation)


def article_html(article: IndexedArticle, place: Place, sure: float) -> str:
    """The article whole: kicker, headline, byline, file, then the text with the evidence marked.

    Joins that are less than `sure` are marked where the second piece begins.
    """
    labels = _LABELS[place.language]
    seams = {
        _offset(article.spans, join.tail): f'<span class="wj-seam" title="{escaped(doubt)}">'
        f"{labels.seam.format(percent(join.confidence))}</span>"
        for join in article.joins
        if (doubt := warning(join.confidence, sure, place.language))
    }
    text = "".join(f"<p>{p}</p>" for p in _paragraphs(article, place, seams))
    title = article.title.strip() or article.source
    return (
        f'<article lang="{lang_of(article.text)}"><header>'
        + _line("wj-kicker", article.kicker)
        + f"<h2>{escaped(title)}</h2>"
        + _line("wj-byline", article.byline)
        + f'<p class="wj-file">{escaped(article.source)}</p>'
        + ("" if "<mark>" in text else doubt_html(labels.elsewhere))
        + (doubt_html(labels.seams) if seams else "")
        + f'</header><div class="wj-body">{text}</div></article>'
    )


def missing_html(message: str) -> str:
    """What stands in an article's place that cannot be shown."""
    return f'<article role="alert">{doubt_html(message)}</article>'


def _paragraphs(article: IndexedArticle, place: Place, seams: Mapping[int, str]) -> Iterator[str]:
    """Each paragraph as HTML. seams: offset into the article's text → the HTML before it."""
    for paragraph in _PARAGRAPH.finditer(article.text):
        start, end = paragraph.span()
        cuts = [start, *sorted(at for at in seams if start < at < end), end]
        yield "".join(
            seams.get(a, "")
            + marked(article.text[a:b], cut_spans(article.spans, a, b), place.spans, place.also)
            for a, b in zip(cuts, cuts[1:], strict=False)
        )


def _offset(spans: Sequence[Span], place: int) -> int:
    """Where a character of the file stands in the spans' joined text; -1 outside of them."""
    at = 0
    for start, end in spans:
        if start <= place < end:
            return at + place - start
        at += end - start
    return -1


def _line(kind: str, text: str) -> str:
    return f'<p class="{kind}">{escaped(text.strip())}</p>' if text.strip() else ""


def _spans(sent: Any) -> tuple[Span, ...]:
    spans = tuple((start, end) for start, end in sent)
    if len(spans) > _MOST_SPANS or any(type(at) is not int for span in spans for at in span):
        raise ValueError
    return spans
