"""A conversation goes in, Markdown comes out: questions, answers, numbered citations. Pure.

Whatever comes from a question, a file or a model stands there as text: no Markdown, no HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone

from rag import Answer, Citation
from rag.answers import Language
from ui.kept import Kept
from ui.render import confidence_words

_ASCII_MARKS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&$:@^=])")
# they would turn round what stands after them
_TURNING = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class _Labels:
    exported: str
    place: str
    refused: str
    perhaps: str
    stopped: str


_LABELS: dict[Language, _Labels] = {
    "zh": _Labels("问据对话，导出于 {}", "第 {} 字", "未作答", "没有把握的相关段落", "已停止"),
    "en": _Labels(
        "A conversation with Wenju, exported {}",
        "characters {}",
        "No answer",
        "Perhaps of use",
        "Stopped",
    ),
}


def markdown(name: str, exchanges: Sequence[Kept], language: Language) -> str:
    """The conversation under its name; `language` is that of the words around it."""
    today = datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
    parts = [f"# {text(name)}", _LABELS[language].exported.format(today)]
    for number, kept in enumerate(exchanges, 1):
        parts.append(f"## {number}\\. {text(kept.question)}")
        parts += _told(kept, language)
    return "\n\n".join(parts) + "\n"


def text(words: str) -> str:
    """Words on one line that Markdown shows as they are."""
    line = " ".join(_TURNING.sub("", words).split())
    return _ASCII_MARKS.sub(r"\\\1", line)


def _told(kept: Kept, language: Language) -> Iterator[str]:
    labels = _LABELS[language]
    if kept.reply is None:
        yield text(kept.fault or labels.stopped)
        return
    answer = kept.reply.answer
    numbers = "".join(f"\\[{n}\\]" for n in range(1, len(answer.citations) + 1))
    yield f"**{text(answer.text)}** {numbers}".rstrip()
    yield _how_sure(answer, language)
    if answer.citations:
        yield "\n".join(_cited(n, c, labels) for n, c in enumerate(answer.citations, 1))
    if kept.reply.near:
        yield f"{labels.perhaps}:"
        yield "\n".join(_cited(None, citation, labels) for citation in kept.reply.near)


def _how_sure(answer: Answer, language: Language) -> str:
    if answer.refused:
        return _LABELS[language].refused
    return f"{confidence_words(answer.confidence, language)} ({answer.confidence:.2f})"


def _cited(number: int | None, citation: Citation, labels: _Labels) -> str:
    """One item of a list: headline, file, place in it, and the evidence as a quotation."""
    bullet = "-" if number is None else f"{number}."
    indent = " " * (len(bullet) + 1)
    spans = ", ".join(f"{start}–{end}" for start, end in citation.spans)
    file = f"{text(citation.source)}, {labels.place.format(spans)}"
    title = citation.title.strip()
    head = f"**{text(title)}** — {file}" if title else file
    quoted = f"\n{indent}> ".join(filter(None, map(text, citation.quote.splitlines())))
    return f"{bullet} {head}\n\n{indent}> {quoted}"
