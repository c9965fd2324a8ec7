"""An Answer's citations go in, numbered cards come out, as escaped HTML. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from embeddings.chunks import Span
from rag import Answer, Citation
from rag.keyterms import keyterms
from rag.rejoined import warning
from ui.article import Place, link_to, place_of
from ui.labels import LABELS, Labels
from ui.markup import doubt_html, escaped, lang_of, marked, places_of

_OPEN_SOURCES = 2  # further ones show their headline and unfold on a click


def sources_html(answer: Answer, sure_join: float) -> str:
    """The citations as cards; those that quote the same passage share one."""
    if not answer.citations:
        return ""
    shared: dict[tuple[str, tuple[Span, ...]], dict[int, Citation]] = {}
    for n, citation in enumerate(answer.citations, 1):
        shared.setdefault((citation.source, citation.passage_spans), {})[n] = citation
    cards = "".join(
        _source(group, answer, sure_join, opened=n < _OPEN_SOURCES)
        for n, group in enumerate(shared.values())
    )
    return (
        f'<div class="wj-sources"><p class="wj-label">{LABELS[answer.language].sources}</p>'
        f'<ol class="wj-list">{cards}</ol></div>'
    )


def near_html(near: Sequence[Citation], answer: Answer, sure_join: float) -> str:
    """What stands nearest to a refused question: cards without numbers, apart from citations."""
    if not near:
        return ""
    cards = "".join(
        _source({0: citation}, answer, sure_join, opened=n == 0) for n, citation in enumerate(near)
    )
    return (
        f'<div class="wj-sources wj-near"><p class="wj-label">{LABELS[answer.language].perhaps}</p>'
        f'<ul class="wj-list">{cards}</ul></div>'
    )


def number_html(number: int, place: Place | None) -> str:
    """A citation's number; where its article can be opened, a click on it does so."""
    if place is None:
        return str(number)
    return f'<button type="button" class="wj-opens"{place.attribute()}>{number}</button>'


def _source(
    numbered: Mapping[int, Citation], answer: Answer, sure_join: float, opened: bool
) -> str:
    """One card: numbers, headline, passage with the evidence marked, file. One passage for all.

    The number 0 stands for none: a passage that is only perhaps of use.
    A click on the passage, or on the words after the file's name, opens the article.
    """
    language = answer.language
    citations = list(numbered.values())
    first = citations[0]
    also = [span for citation in citations[1:] for span in citation.spans]
    notes = _glosses(first, answer.question) if language == "en" else {}
    passage = marked(first.passage, first.passage_spans, first.spans, also, answer.text, notes)
    if "<mark>" not in passage:  # evidence outside the passage: show it by itself
        passage = f"<mark>{escaped(first.quote)}</mark>"
    title = first.title.strip() or first.source
    sure = [c.join_confidence for c in citations if c.join_confidence is not None]
    doubt = warning(min(sure, default=None), sure_join, language)
    place = place_of(citations, language, answer.generation)
    leads = f' class="wj-opens"{place.attribute()}' if place else ""
    words = _open_or_link(first, leads, LABELS[language]) if place else ""
    return (
        f'<li class="wj-source"><details{" open" if opened else ""}><summary>'
        f'<span class="wj-number">{" ".join(str(n) for n in numbered if n) or "?"}</span>'
        f'<span class="wj-title" lang="{lang_of(title)}">{escaped(title)}</span></summary>'
        f'<blockquote lang="{lang_of(first.passage)}"{leads}>{passage}</blockquote>'
        + doubt_html(doubt)
        + f'<div class="wj-foot"><p class="wj-file">{escaped(first.source)}</p>{words}</div>'
        "</details></li>"
    )


def _open_or_link(citation: Citation, leads: str, labels: Labels) -> str:
    """Behind the file's name: a button that opens the article, one that copies its address."""
    link = escaped(link_to(citation.source, citation.spans))
    return (
        f'<span><button type="button"{leads}>{labels.whole}</button>'
        f'<button type="button" class="wj-link" data-link="{link}">{labels.link}</button></span>'
    )


def _glosses(citation: Citation, question: str) -> dict[Span, str]:
    """Key words of the evidence, for readers of English: place in the passage → attributes."""
    quoted = set(places_of(citation.spans))
    places = places_of(citation.passage_spans)
    inside = {at for at, place in enumerate(places) if place in quoted}
    notes: dict[Span, str] = {}
    for term in keyterms(citation.passage, question, inside):
        gloss, word = escaped(f"{term.pinyin} · {term.english}"), escaped(term.word)
        notes[term.start, term.end] = (
            f'class="wj-term" tabindex="0" role="note" aria-label="{word}: {gloss}" '
            f'data-gloss="{gloss}"'
        )
    return notes
