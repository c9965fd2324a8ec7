"""Search hits and articles go in; the lists that show them come out, as escaped HTML. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from embeddings.records import IndexedArticle
from embeddings.terms import fold
from rag import Citation
from rag.answers import Language
from rag.explanation import Passage
from ui.article import Place, place_of
from ui.markup import escaped, lang_of, marked
from ui.why import leg, match_html, shortened

_MOST = 200  # articles listed; further ones are found by the filter
_NONE: dict[Language, str] = {"zh": "没有找到。", "en": "Nothing found."}
_LEGS: dict[Language, str] = {"zh": "字词 {} · 语义 {}", "en": "words {} · meaning {}"}
_LENGTH: dict[Language, str] = {"zh": "{:,} 字", "en": "{:,} characters"}
_MORE: dict[Language, str] = {
    "zh": "另有 {} 篇，请用筛选。",
    "en": "{} more: use the filter.",
}


def hits_html(
    found: Sequence[tuple[Passage, Citation]], language: Language, generation: str = ""
) -> str:
    """Passages with the sentence that fits best marked, the legs' ranks and the terms matched."""
    if not found:
        return _nothing(language)
    cards = "".join(
        _hit(passage, place_of([best], language, generation), best, n, language)
        for n, (passage, best) in enumerate(found, 1)
    )
    return f'<ol class="wj-list wj-hits">{cards}</ol>'


def _hit(
    passage: Passage, place: Place | None, best: Citation, number: int, language: Language
) -> str:
    title = passage.title.strip() or passage.source
    leads = f' class="wj-opens"{place.attribute()}' if place else ""
    legs = _LEGS[language].format(
        leg(passage.lexical_rank, passage.lexical_score),
        leg(passage.dense_rank, passage.dense_score),
    )
    return (
        f'<li class="wj-source"><h3><span class="wj-number">{number}</span>'
        f'<button type="button"{leads}><bdi lang="{lang_of(title)}">{escaped(title)}</bdi>'
        f'</button></h3><blockquote lang="{lang_of(passage.text)}"{leads}>'
        f"{marked(passage.text, passage.spans, best.spans)}</blockquote>"
        f'<div class="wj-foot"><p class="wj-file">{escaped(passage.source)} · {legs}</p>'
        f"<p>{' '.join(match_html(match, language) for match in passage.matches)}</p></div></li>"
    )


def articles_html(
    articles: Sequence[IndexedArticle],
    wanted: str = "",
    language: Language = "zh",
    generation: str = "",
) -> str:
    """The articles that hold every word of the filter; a click opens one of that generation."""
    words = fold(wanted).split()
    kept: Sequence[int] = range(len(articles))  # none of a large archive is read for nothing
    if words:
        kept = [n for n, a in enumerate(articles) if all(word in _folded(a) for word in words)]
    if not kept:
        return _nothing(language)
    rows = "".join(_row(Place(n, (), (), language, generation), articles[n]) for n in kept[:_MOST])
    more = len(kept) - _MOST
    note = f'<p class="wj-label">{_MORE[language].format(more)}</p>' if more > 0 else ""
    return f'<ul class="wj-list wj-articles">{rows}</ul>{note}'


def _row(place: Place, article: IndexedArticle) -> str:
    title = shortened(article.title.strip() or article.text)
    facts = [
        article.byline.strip(),
        _LENGTH[place.language].format(len(article.text)),
        article.source,
    ]
    return (
        f'<li><button type="button" class="wj-opens"{place.attribute()}>'
        f'<bdi lang="{lang_of(title)}">{escaped(title)}</bdi></button>'
        f'<p class="wj-file">{escaped(" · ".join(filter(None, facts)))}</p></li>'
    )


def _folded(article: IndexedArticle) -> str:
    return fold("\n".join((article.title, article.byline, article.source, article.text)))


def _nothing(language: Language) -> str:
    return f'<p class="wj-label" role="status">{_NONE[language]}</p>'
