"""An Answer goes in, escaped HTML comes out: the short answer, and beside it its numbered sources.

Pure functions. Everything that comes from a question, a file or a model passes through _text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from embeddings.chunks import Span
from rag import Answer, Citation

_SHOWN_QUESTION_CHARS = 600
_SHORT_CHARS = 24  # longer answers are set smaller
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
    numbers = "".join(f"&NoBreak;<sup>{n}</sup>" for n in range(1, len(answer.citations) + 1))
    words = confidence_words(answer.confidence, answer.language)
    if answer.refused:
        kind, state = "wj-refused", labels.refused
    else:
        kind, state = "wj-answered", _dots(answer) + words
    size = " wj-long" if len(answer.text) > _SHORT_CHARS else ""
    took = labels.seconds.format(sum(answer.timings.values()))
    return (
        f'<div class="wj-turn {kind}">'
        f'<div class="wj-answer" lang="{_lang(answer.text)}">'
        f'<p class="wj-text{size}"><bdi>{_text(answer.text)}</bdi>{numbers}</p>'
        f'<p class="wj-meta"><span class="wj-state" title="{answer.confidence:.2f}">{state}</span>'
        f"<span>{took}</span></p></div>"
        f"{_sources(answer.citations, labels.sources)}</div>"
    )


def marked(
    passage: str,
    passage_spans: Sequence[Span],
    spans: Sequence[Span],
    also: Sequence[Span] = (),
) -> str:
    """The passage as HTML: what lies in spans inside <mark>, what lies only in also marked lighter.

    passage is the text of passage_spans joined; all spans are (start, end) offsets into the file.
    Parts of them outside the passage have nothing to mark.
    """
    places = [place for start, end in passage_spans for place in range(start, end)]

    def tag(at: int) -> str:
        for wanted, opening in ((spans, "<mark>"), (also, '<mark class="wj-also">')):
            if any(start <= places[at] < end for start, end in wanted):
                return opening
        return ""

    parts: list[str] = []
    for opening, run in groupby(range(len(places)), key=tag):
        inside = _text("".join(passage[at] for at in run))
        parts.append(f"{opening}{inside}</mark>" if opening else inside)
    return "".join(parts)


def _sources(citations: Sequence[Citation], heading: str) -> str:
    """The citations as cards; those that quote the same passage share one."""
    if not citations:
        return ""
    shared: dict[tuple[str, tuple[Span, ...]], list[int]] = {}
    for i, citation in enumerate(citations):
        shared.setdefault((citation.source, citation.passage_spans), []).append(i)
    cards = "".join(
        _source([i + 1 for i in group], [citations[i] for i in group], opened=n < _OPEN_SOURCES)
        for n, group in enumerate(shared.values())
    )
    return (
        f'<div class="wj-sources"><p class="wj-label">{heading}</p>'
        f'<ol class="wj-list">{cards}</ol></div>'
    )


def _source(numbers: Sequence[int], citations: Sequence[Citation], opened: bool) -> str:
    """One card: numbers, headline, passage with the evidence marked, file. One passage for all."""
    first = citations[0]
    also = [span for citation in citations[1:] for span in citation.spans]
    passage = marked(first.passage, first.passage_spans, first.spans, also)
    if "<mark>" not in passage:  # evidence outside the passage: show it by itself
        passage = f"<mark>{_text(first.quote)}</mark>"
    title = first.title.strip() or first.source
    number = " ".join(str(n) for n in numbers)
    return (
        f'<li class="wj-source"><details{" open" if opened else ""}><summary>'
        f'<span class="wj-number">{number}</span>'
        f'<span class="wj-title" lang="{_lang(title)}">{_text(title)}</span></summary>'
        f'<blockquote lang="{_lang(first.passage)}">{passage}</blockquote>'
        f'<p class="wj-file">{_text(first.source)}</p></details></li>'
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
