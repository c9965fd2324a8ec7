"""An Answer goes in, escaped HTML comes out: the short answer, and what a reader does with it.

Pure functions. Everything that comes from a question, a file or a model is escaped.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag import Answer, Citation
from rag.answers import Language
from rag.english import forms, name
from ui.article import place_of
from ui.feedback import REASON_CHARS
from ui.labels import LABELS, Labels
from ui.markup import escaped, escaped_whole, lang_of
from ui.sources import near_html, number_html, sources_html

_SHOWN_QUESTION_CHARS = 600
_SHORT_CHARS = 24  # longer answers are set smaller
_SHOWN_WORDS = 12  # of a refused question
_THUMB = (
    '<svg viewBox="0 0 24 24" width="16" height="16" aria-hidden="true"><path fill="none" '
    'stroke="currentColor" stroke-width="2" stroke-linejoin="round" d="M7 10v10H3V10zm0 0 5-8c2 0 '
    '3 1.300 2.600 3.200L14 9h6c1 0 1.700 1 1.400 2l-2.400 7.500c-.3.900-1 1.500-2 1.500H7"/></svg>'
)


def confidence_words(confidence: float, language: Language) -> str:
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
        f"&NoBreak;<sup>{number_html(n, place)}</sup>"
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
        f"</span><span>{took}</span>{_copy(answer, labels)}{_why(trace, labels)}"
        f"{_thumbs(trace, labels)}</p>{_reason(trace, labels)}</div>"
        + sources_html(answer, sure_join)
        + (near_html(near, answer, sure_join) if answer.refused else "")
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


def _copy(answer: Answer, labels: Labels) -> str:
    if answer.refused:
        return ""
    text = escaped_whole(answer.text)
    return f'<button type="button" class="wj-copy" data-text="{text}">{labels.copy}</button>'


def _thumbs(trace: str, labels: Labels) -> str:
    """Two buttons that say what the reader thinks; none where nobody knows the answer any more."""
    if not trace:
        return ""
    buttons = "".join(
        f'<button type="button" class="wj-thumb wj-{verdict}" data-verdict="{verdict}" '
        f'data-trace="{escaped(trace)}" aria-pressed="false" aria-label="{words}" title="{words}">'
        f"{_THUMB}</button>"
        for verdict, words in (("up", labels.right), ("down", labels.wrong))
    )
    return f'<span class="wj-thumbs">{buttons}</span>'


def _reason(trace: str, labels: Labels) -> str:
    """A line for the reason, there once a thumb was clicked."""
    if not trace:
        return ""
    return (
        f'<form class="wj-reason" data-thanks="{labels.thanks}" hidden>'
        f'<input name="reason" maxlength="{REASON_CHARS}" autocomplete="off" '
        f'placeholder="{labels.reason}" aria-label="{labels.reason}">'
        f'<button>{labels.send}</button><span role="status"></span></form>'
    )


def _dots(answer: Answer) -> str:
    """Three dots, as many of them full as the confidence words stand high."""
    words = confidence_words(answer.confidence, answer.language)
    steps = [step for _, step in LABELS[answer.language].confidence]
    full = len(steps) - steps.index(words)
    dots = '<i class="wj-on"></i>' * full + "<i></i>" * (len(steps) - full)
    return f'<span class="wj-dots" aria-hidden="true">{dots}</span>'
