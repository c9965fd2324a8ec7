"""A question and what became of it go in, an Exchange of the conversation comes out. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from rag import Answer, Citation
from ui import render


@dataclass(frozen=True, slots=True)
class Reply:
    """What the page shows of one answer or refusal."""

    answer: Answer
    understood: bool = False  # the question was completed by what was said before
    near: tuple[Citation, ...] = ()  # of a refusal: the nearest passages
    sought: tuple[str, ...] = ()  # of a refusal: the words that were looked for
    trace: str = ""  # name among the Traces; "" where it is no longer kept


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question and what stands below it on the page.

    A refusal and an answer that is still awaited have no text. A failed question is not handed on
    as context: what broke one answer would break the next.
    """

    question: str
    html: str
    text: str | None = None  # the answer; None where there is none
    failed: bool = False
    reply: Reply | None = None  # None for what failed, was stopped or is awaited
    fault: str = ""  # what a failed question's reader is told; "" for a stopped one


def replied(question: str, reply: Reply, sure_join: float) -> Exchange:
    """An answer or a refusal; `sure_join` as Config has it."""
    html = render.answer_html(
        reply.answer,
        sure_join,
        understood=reply.understood,
        near=reply.near,
        sought=reply.sought,
        trace=reply.trace,
    )
    text = None if reply.answer.refused else reply.answer.text
    return Exchange(question, html, text, reply=reply)


def failed(question: str, fault: str) -> Exchange:
    """A question that brought an error."""
    return Exchange(question, render.error_html(fault), failed=True, fault=fault)


def stopped(question: str) -> Exchange:
    """A question whose answer nobody wanted any more."""
    return Exchange(question, render.stopped_html(), failed=True)
