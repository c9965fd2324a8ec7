"""An Answer goes in, escaped HTML comes out: the short answer, and beside it its numbered sources.

Pure functions. Everything that comes from a question, a file or a model is escaped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from embeddings.chunks import Span
from rag import Answer, Citation
from rag.answers import Language
from rag.english import forms, name
from rag.rejoined import warning
from ui.article import Place, place_of
from ui.markup import doubt_html, escaped, lang_of, marked

_SHOWN_QUESTION_CHARS = 600
_SHORT_CHARS = 24  # longer answers are set smaller
_SHOWN_WORDS = 12  # of a refused question
_OPEN_SOURCES = 2  # further ones show their headline and unfold on a click


@dataclass(frozen=True, slots=True)
class Labels:
    """The page's own words in one language."""

    confidence: tuple[tuple[float, str], ...]  # (at least, in words), highest first
    refused: str
    sources: str
    whole: str  # opens a cited article
    seconds: str
    looking: str  # stages of a pending answer
    reading: str
    understood: str  # before what a follow-up was understood as
    correct: str
    why: str
    sought: str  # before the words that a refused question was searched by
    perhaps: str  # above the passages nearest to a refused question


LABELS = {
    "zh": Labels(
        confidence=((0.85, "很有把握"), (0.65, "比较有把握"), (0.0, "把握不大，请核对原文")),
        refused="未作答",
        sources="原文依据",
        whole="读全文",
        seconds="{:.2f} 秒",
        looking="正在检索 …",
        reading="找到 {} 段，正在阅读 …",
        understood="理解为",
        correct="改一改",
        why="为什么这样答",
        sought="查找了",
        perhaps="没有把握的相关段落，也许有用",
    ),
    "en": Labels(
        confidence=(
            (0.85, "confident"),
            (0.65, "fairly confident"),
            (0.0, "unsure: check the text"),
        ),
        refused="No answer",
        sources="The lines that say so",
        whole="Read the whole article",
        seconds="{:.2f} s",
        looking="Searching …",
        reading="Found {} passages, reading …",
        understood="Understood as",
        correct="Correct it",
        why="Why this answer",
        sought="Looked for",
        perhaps="Perhaps of use: the nearest passages",
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
    return f'<p class="wj-question">{escaped(shown)}</p>'


def pending_html() -> str:
    """What stands in the answer's place at once."""
    return _pending(f"{LABELS['en'].looking} {LABELS['zh'].looking}")


def reading_html(passages: int, language: Language) -> str:
    """What stands there once that many passages were found."""
    return _pending(LABELS[language].reading.format(passages))


def stopped_html() -> str:
    """What stands below a question whose answer nobody wants any more."""
    return '<div class="wj-turn wj-stopped"><p class="wj-label">Stopped 已停止</p></div>'


def _pending(words: str) -> str:
    return f'<p class="wj-pending" role="status">{words}</p>'


def error_html(message: str) -> str:
    """A question that failed: what went wrong and what to do."""
    return (
        '<div class="wj-turn wj-error" role="alert"><p class="wj-label">Not answered 未能回答</p>'
        f"<p>{escaped(message)}</p></div>"
    )


def answer_html(
    answer: Answer,
    sure_join: float,
    *,
    understood: bool = False,
    near: Sequence[Citation] = (),
    sought: Sequence[str] = (),
    trace: str = "",
) -> str:
    """One whole reply: answer, confidence and time, then the numbered citations.

    A quote with a join less sure than `sure_join` has a warning beside it. understood: the question
    was completed by what was said before, and is shown as it was understood. near, sought: what a
    refusal shows. trace: leads to why it was answered so; "" for nowhere.
    """
    labels = LABELS[answer.language]
    numbers = "".join(
        f"&NoBreak;<sup>{_number(n, place)}</sup>"
        for n, citation in enumerate(answer.citations, 1)
        for place in [place_of([citation], answer.language, answer.generation)]
    )
    words = confidence_words(answer.confidence, answer.language)
    if answer.refused:
        kind, state = "wj-refused", labels.refused
    else:
        kind, state = "wj-answered", _dots(answer) + words
    size = " wj-long" if len(answer.text) > _SHORT_CHARS else ""
    took = labels.seconds.format(sum(answer.timings.values()))
    return (
        f'<div class="wj-turn {kind}"><div class="wj-answer" lang="{lang_of(answer.text)}">'
        + (_understood(answer) if understood else "")
        + f'<p class="wj-text{size}"><bdi>{escaped(answer.text)}</bdi>{numbers}</p>'
        + (_sought(sought, labels) if answer.refused else _in_english(answer))
        + f'<p class="wj-meta"><span class="wj-state" title="{answer.confidence:.2f}">{state}'
        f"</span><span>{took}</span>{_why(trace, labels)}</p></div>"
        + _sources(answer, sure_join)
        + (_near(near, answer, sure_join) if answer.refused else "")
        + "</div>"
    )


def _understood(answer: Answer) -> str:
    """How a follow-up was understood; a click takes it to the question box."""
    labels, question = LABELS[answer.language], escaped(answer.question)
    return (
        f'<p class="wj-understood">{labels.understood}: <q>{question}</q> '
        f'<button type="button" class="wj-correct" data-question="{question}">'
        f"{labels.correct}</button></p>"
    )


def _in_english(answer: Answer) -> str:
    """Numbers, dates and a name of the answer in English form, for a question in English."""
    if answer.language != "en":
        return ""
    told = [name(answer.text), *forms(answer.text)]
    rows = "".join(
        f'<div><dt lang="zh-CN">{escaped(form.printed)}</dt><dd>{escaped(form.english)}</dd></div>'
        for form in told
        if form is not None
    )
    return f'<dl class="wj-english" lang="en">{rows}</dl>' if rows else ""


def _sought(words: Sequence[str], labels: Labels) -> str:
    told = "".join(f"<li><bdi>{escaped(word)}</bdi></li>" for word in words[:_SHOWN_WORDS])
    return f'<div class="wj-sought">{labels.sought}<ul>{told}</ul></div>' if told else ""


def _why(trace: str, labels: Labels) -> str:
    if not trace:
        return ""
    return (
        f'<button type="button" class="wj-why" data-trace="{escaped(trace)}">{labels.why}</button>'
    )


def _near(near: Sequence[Citation], answer: Answer, sure_join: float) -> str:
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


def _number(number: int, place: Place | None) -> str:
    """A citation's number; where its article can be opened, a click on it does so."""
    if place is None:
        return str(number)
    return f'<button type="button" class="wj-opens"{place.attribute()}>{number}</button>'


def _sources(answer: Answer, sure_join: float) -> str:
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
    passage = marked(first.passage, first.passage_spans, first.spans, also, answer.text)
    if "<mark>" not in passage:  # evidence outside the passage: show it by itself
        passage = f"<mark>{escaped(first.quote)}</mark>"
    title = first.title.strip() or first.source
    sure = [c.join_confidence for c in citations if c.join_confidence is not None]
    doubt = warning(min(sure, default=None), sure_join, language)
    place = place_of(citations, language, answer.generation)
    leads = f' class="wj-opens"{place.attribute()}' if place else ""
    words = f'<button type="button"{leads}>{LABELS[language].whole}</button>' if place else ""
    return (
        f'<li class="wj-source"><details{" open" if opened else ""}><summary>'
        f'<span class="wj-number">{" ".join(str(n) for n in numbered if n) or "?"}</span>'
        f'<span class="wj-title" lang="{lang_of(title)}">{escaped(title)}</span></summary>'
        f'<blockquote lang="{lang_of(first.passage)}"{leads}>{passage}</blockquote>'
        + doubt_html(doubt)
        + f'<div class="wj-foot"><p class="wj-file">{escaped(first.source)}</p>{words}</div>'
        "</details></li>"
    )


def _dots(answer: Answer) -> str:
    """Three dots, as many of them full as the confidence words stand high."""
    words = confidence_words(answer.confidence, answer.language)
    steps = [step for _, step in LABELS[answer.language].confidence]
    full = len(steps) - steps.index(words)
    dots = '<i class="wj-on"></i>' * full + "<i></i>" * (len(steps) - full)
    return f'<span class="wj-dots" aria-hidden="true">{dots}</span>'
