"""An article goes in; the passages that it is found by come out, as escaped HTML."""

from __future__ import annotations

from collections.abc import Sequence

from embeddings.chunks import Chunk
from embeddings.errors import QuestionError
from embeddings.records import IndexedArticle
from rag import Chatbot
from rag.answers import Language
from ui.article import Place
from ui.markup import escaped, lang_of

_SAYS: dict[Language, tuple[str, str, str]] = {
    "zh": ("检索用的段落：{} 个", "第 {} 字", "{} 句"),
    "en": ("Passages for the search: {}", "characters {}", "sentences: {}"),
}
_GONE = "The index was rebuilt since. Open the article anew. 索引已重建，请重新打开文章。"


def passages_of(bot: Chatbot, place: Place) -> list[Chunk]:
    """The passages of the article at a place. Raises QuestionError where it is gone."""
    index = bot.index
    if place.generation not in ("", bot.generation):
        raise QuestionError(_GONE)
    return [chunk for chunk in index.chunks if chunk.article == place.article]


def passages_html(article: IndexedArticle, passages: Sequence[Chunk], language: Language) -> str:
    """One after the other, with its place in the file; a sentence that the next one repeats
    stands in both.
    """
    head, where, counted = _SAYS[language]
    title = article.title.strip() or article.source
    rows = "".join(
        f'<li><p class="wj-file">{number} · {where.format(_spans(chunk))} · '
        f"{counted.format(len(chunk.sentences))}</p>"
        f'<p class="wj-passage" lang="{lang_of(chunk.text)}">{_sentences(chunk)}</p></li>'
        for number, chunk in enumerate(passages, 1)
    )
    return (
        f'<article class="wj-told"><header><h2 lang="{lang_of(title)}">{escaped(title)}</h2>'
        f'<p class="wj-file">{escaped(article.source)}</p></header>'
        f'<p class="wj-label">{head.format(len(passages))}</p>'
        f'<ol class="wj-passages">{rows}</ol></article>'
    )


def _spans(chunk: Chunk) -> str:
    return ", ".join(f"{start}–{end}" for start, end in chunk.spans)


def _sentences(chunk: Chunk) -> str:
    """The text; each sentence is a span of its own, what stands between them too."""
    parts, at = [], 0
    for start, end in chunk.sentences:
        parts.append(escaped(chunk.text[at:start]))
        parts.append(f'<span class="wj-sentence">{escaped(chunk.text[start:end])}</span>')
        at = end
    return "".join([*parts, escaped(chunk.text[at:])])
