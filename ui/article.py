"""An article and what to mark in it go in; its escaped HTML, as it reads, comes out. Pure.

A citation on the page carries a Place; a click sends it back and gets article_html's answer.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import accumulate, pairwise
from typing import Any
from urllib.parse import quote

from embeddings.articles import percent
from embeddings.chunks import Span, cut_spans
from embeddings.errors import QuestionError
from embeddings.lines import NEWLINE
from embeddings.records import IndexedArticle
from rag import Citation
from rag.answers import Language
from rag.rejoined import warning
from ui.markup import doubt_html, escaped, escaped_whole, lang_of, marked

_PARAGRAPH = re.compile(rf"(?:(?!{NEWLINE}).)+", re.DOTALL)
_MOST_SPANS = 200  # that a page may ask to have marked


@dataclass(frozen=True, slots=True)
class _Labels:
    lines: str  # a button: the line ends as they were printed
    link: str  # a button: copy the address that opens this article here
    quote: str  # a button: copy the evidence
    passages: str  # a button: what the article was cut into
    place: str  # in the file, of the evidence
    seam: str  # in the text, where a broken sentence goes on
    seams: str  # what that means, above the text
    elsewhere: str


_LABELS: dict[Language, _Labels] = {
    "zh": _Labels(
        lines="按原文分行",
        link="复制链接",
        quote="复制引文",
        passages="检索段落",
        place="第 {} 字",
        seam="〔{}%〕",
        seams="〔…%〕：原文在此处断栏，接续由程序判断，数字是把握；请核对",
        elsewhere="引文不在这篇文章里：索引已经重建，请重新提问。",
    ),
    "en": _Labels(
        lines="Original lines",
        link="Copy link",
        quote="Copy quote",
        passages="Passages",
        place="characters {}",
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
    def of(cls, sent: Any, articles: Sequence[IndexedArticle] = ()) -> Place:
        """The place that a page sent back; one that names a file is looked for in the articles.

        Raises QuestionError for anything else.
        """
        try:
            language, spans = sent["language"], _spans(sent["spans"])
            article = article_at(articles, sent) if "source" in sent else sent["article"]
            generation = sent.get("generation", "")
            if language not in _LABELS or type(article) is not int or type(generation) is not str:
                raise ValueError
            return cls(article, spans, _spans(sent["also"]), language, generation)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise QuestionError(
                "This leads to no article. A place is "
                '{"article": 0, "spans": [[0, 9]], "also": [], "language": "zh" or "en"}.'
            ) from error


def article_at(articles: Sequence[IndexedArticle], sent: Mapping[str, Any]) -> int:
    """The article of the file that has most of the spans. Raises QuestionError without one."""
    spans = _spans(sent["spans"])
    own = [n for n, article in enumerate(articles) if article.source == sent["source"]]
    if not own:
        raise QuestionError(
            f"There is no file {str(sent['source'])[:80]} in this archive. 这个档案里没有这个文件。"
        )
    return max(own, key=lambda n: (overlap(articles[n].spans, spans), -n))


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
    found = bool(overlap(article.spans, place.spans))
    title = article.title.strip() or article.source
    link = escaped(link_to(article.source, place.spans))
    return (
        f'<article lang="{lang_of(article.text)}" data-link="{link}">'
        "<header>"
        + _line("wj-kicker", article.kicker)
        + f"<h2>{escaped(title)}</h2>"
        + _line("wj-byline", article.byline)
        + f'<p class="wj-file">{escaped(article.source)}</p>'
        + _tools(article, place, labels)
        + ("" if found or not place.spans else doubt_html(labels.elsewhere))
        + (doubt_html(labels.seams) if seams else "")
        + f'</header><div class="wj-body">{text}</div></article>'
    )


def missing_html(message: str) -> str:
    """What stands in an article's place that cannot be shown."""
    return f'<article role="alert">{doubt_html(message)}</article>'


def link_to(source: str, spans: Sequence[Span]) -> str:
    """The end of an address that opens a file's article at its evidence: #cite=file@12-40,60-72.

    "" where there is no evidence: a file holds several articles.
    """
    if not spans:
        return ""
    return f"#cite={quote(source)}@{','.join(f'{start}-{end}' for start, end in spans)}"


def overlap(spans: Sequence[Span], others: Sequence[Span]) -> int:
    """How many characters lie in both."""
    return sum(max(0, min(b, d) - max(a, c)) for a, b in spans for c, d in others)


def _tools(article: IndexedArticle, place: Place, labels: _Labels) -> str:
    evidence = "".join(
        article.text[at : at + end - start]
        for start, end in place.spans
        if (at := _offset(article.spans, start)) >= 0
    )
    copy = (
        f'<button type="button" class="wj-link">{labels.link}</button>'
        f'<button type="button" class="wj-copy" data-text="{escaped_whole(evidence)}">'
        f"{labels.quote}</button>"
    )
    return (
        f'<div class="wj-tools">{_printed_at(place, labels)}'
        '<button type="button" class="wj-lines" aria-pressed="false">'
        f"{labels.lines}</button>"
        f'<button type="button" class="wj-chunks"{place.attribute()}>{labels.passages}</button>'
        f"{copy if evidence else ''}</div>"
    )


def _printed_at(place: Place, labels: _Labels) -> str:
    where = ", ".join(f"{start}–{end}" for start, end in place.spans)
    return f"<span>{labels.place.format(where)}</span>" if where else ""


def _paragraphs(article: IndexedArticle, place: Place, seams: Mapping[int, str]) -> Iterator[str]:
    """Each paragraph as HTML. seams: offset into the article's text → the HTML before it.

    Where the text goes on elsewhere in the file, it was another line in print: a line end stands
    there that is hidden until it is asked for.
    """
    ends = accumulate(end - start for start, end in article.spans)
    before = {
        at: '<br class="wj-break">' + seams.get(at, "")
        for at, ((_, here), (there, _)) in zip(ends, pairwise(article.spans), strict=False)
        if here != there
    }
    for paragraph in _PARAGRAPH.finditer(article.text):
        start, end = paragraph.span()
        cuts = [start, *sorted(at for at in before if start < at < end), end]
        yield "".join(
            (before.get(a, "") if a > start else "")
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
