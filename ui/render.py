"""An Answer goes in, escaped HTML comes out: the short answer, and beside it its numbered sources.

Pure functions. Everything that comes from a question, a file or a model passes through _text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from embeddings.chunks import Span
from rag import Answer, Citation

_SHOWN_QUESTION_CHARS = 600
_OPEN_SOURCES = 2  # further ones show their headline and unfold on a click


@dataclass(frozen=True, slots=True)
class Labels:
    """The page's own words in one language."""

    confidence: tuple[tuple[float, str], ...]  # (at least, in words), highest first
    refused: str
    sources: str
    seconds: str


LABELS = {
    "zh": Labels(
        confidence=((0.85, "很有把握"), (0.65, "比较有把握"), (0.0, "把握不大，请核对原文")),
        refused="未作答",
        sources="原文依据",
        seconds="{:.2f} 秒",
    ),
    "en": Labels(
        confidence=(
            (0.85, "confident"),
            (0.65, "fairly confident"),
            (0.0, "unsure: check the text"),
        ),
        refused="No answer",
        sources="The lines that say so",
        seconds="{:.2f} s",
    ),
}


def confidence_words(confidence: float, language: str) -> str:
    """Confidence in [0, 1] in words."""
    steps = LABELS[language].confidence
    return next((words for least, words in steps if confidence >= least), steps[-1][1])


def question_html(question: str) -> str:
    """The asker's message; one past 600 characters is shown shortened."""
    shown = question.strip()
    if len(shown) > _SHOWN_QUESTION_CHARS:
        shown = shown[:_SHOWN_QUESTION_CHARS].rstrip() + " …"
    return f'<p class="wj-question">{_text(shown)}</p>'


def pending_html() -> str:
    """What stands in the answer's place until it is there."""
    return '<p class="wj-pending" role="status">Reading 正在翻阅 …</p>'


def error_html(message: str) -> str:
    """A question that failed: what went wrong and what to do."""
    return (
        '<div class="wj-turn wj-error" role="alert"><p class="wj-label">Not answered 未能回答</p>'
        f"<p>{_text(message)}</p></div>"
    )


def answer_html(answer: Answer) -> str:
    """One whole reply: answer, confidence and time, then the numbered citations."""
    labels = LABELS[answer.language]
    numbers = "".join(f"<sup>{n}</sup>" for n in range(1, len(answer.citations) + 1))
    words = confidence_words(answer.confidence, answer.language)
    if answer.refused:
        kind, state = "wj-refused", labels.refused
    else:
        kind, state = "wj-answered", _dots(answer) + words
    took = labels.seconds.format(sum(answer.timings.values()))
    return (
        f'<div class="wj-turn {kind}">'
        f'<div class="wj-answer" lang="{_lang(answer.text)}">'
        f'<p class="wj-text">{_text(answer.text)}{numbers}</p>'
        f'<p class="wj-meta"><span class="wj-state" title="{answer.confidence:.2f}">{state}</span>'
        f"<span>{took}</span></p></div>"
        f"{_sources(answer.citations, labels.sources)}</div>"
    )


def marked(passage: str, passage_spans: Iterable[Span], spans: Sequence[Span]) -> str:
    """The passage as HTML with the parts that lie in spans inside <mark>.

    passage is the text of passage_spans joined; both kinds of spans are (start, end) offsets into
    the file. Parts of spans outside the passage have nothing to mark.
    """
    parts: list[str] = []
    at = 0  # offset into passage
    for start, end in passage_spans:
        inside = sorted((max(s, start), min(e, end)) for s, e in spans if s < end and e > start)
        here = start
        for s, e in inside:
            if e <= here:
                continue
            s = max(s, here)
            parts.append(_text(passage[at + here - start : at + s - start]))
            parts.append(f"<mark>{_text(passage[at + s - start : at + e - start])}</mark>")
            here = e
        parts.append(_text(passage[at + here - start : at + end - start]))
        at += end - start
    return "".join(parts).replace("</mark><mark>", "")


def _sources(citations: Sequence[Citation], heading: str) -> str:
    if not citations:
        return ""
    cards = "".join(_source(n, citation) for n, citation in enumerate(citations, 1))
    return (
        f'<div class="wj-sources"><p class="wj-label">{heading}</p>'
        f'<ol class="wj-list">{cards}</ol></div>'
    )


def _source(number: int, citation: Citation) -> str:
    passage = marked(citation.passage, citation.passage_spans, citation.spans)
    if "<mark>" not in passage:  # evidence outside the passage: show it by itself
        passage = f"<mark>{_text(citation.quote)}</mark>"
    title = citation.title.strip() or citation.source
    opened = " open" if number <= _OPEN_SOURCES else ""
    return (
        f'<li class="wj-source"><details{opened}><summary><span class="wj-number">{number}</span>'
        f'<span class="wj-title" lang="{_lang(title)}">{_text(title)}</span></summary>'
        f'<blockquote lang="{_lang(citation.passage)}">{passage}</blockquote>'
        f'<p class="wj-file">{_text(citation.source)}</p></details></li>'
    )


def _dots(answer: Answer) -> str:
    """Three dots, as many of them full as the confidence words stand high."""
    words = confidence_words(answer.confidence, answer.language)
    steps = [step for _, step in LABELS[answer.language].confidence]
    full = len(steps) - steps.index(words)
    dots = '<i class="wj-on"></i>' * full + "<i></i>" * (len(steps) - full)
    return f'<span class="wj-dots" aria-hidden="true">{dots}</span>'


def _lang(text: str) -> str:
    """The lang attribute of a text: it picks the Chinese forms of the characters."""
    return "zh-CN" if re.search(r"[\u3400-\u9fff\uf900-\ufaff]", text) else "en"


def _text(text: str) -> str:
    """Escaped; a run of line ends is one <br>, because a blank line would end an HTML block."""
    return re.sub(r"\s*[\r\n]\s*", "<br>", html.escape(text, quote=True))
