"""An Explanation goes in; the sheet that says why comes out, as escaped HTML. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.answers import Language
from rag.explanation import Explanation, Passage, Proposal, Reason
from rag.matches import By, Match
from ui.markup import escaped, lang_of

_SHOWN_CHARS = 60  # of the words proposed and of a headline


@dataclass(frozen=True, slots=True)
class _Labels:
    title: str
    reasons: dict[Reason, str]
    confidence: str
    question: str
    sought: str
    timings: str
    stages: dict[str, str]
    proposals: str
    proposal_columns: tuple[str, ...]
    passages: str
    passage_columns: tuple[str, ...]
    by: dict[By, str]
    told_before: str
    misfit: str
    passed: str
    export: str


_LABELS: dict[Language, _Labels] = {
    "zh": _Labels(
        title="为什么这样答",
        reasons={
            "answered": "把握达到门槛，所以作答。",
            "unsure": "最好的候选答案把握不到门槛，所以不作答。",
            "nothing found": "没有检索到任何段落，所以不作答。",
            "nothing proposed": "阅读模型没有提出任何候选答案，所以不作答。",
        },
        confidence="把握 {:.2f}，门槛 {:.2f}",
        question="问题理解为",
        sought="检索用词",
        timings="用时",
        stages={"retrieve": "检索", "read": "阅读", "cite": "引证"},
        proposals="候选答案，由好到差",
        proposal_columns=("候选", "段落", "得分", "把握", "选段", "措辞", "切题", "核对"),
        passages="读过的段落",
        passage_columns=("", "段落", "字词", "语义", "总分", "命中", "命中的词"),
        by={
            "word": "同词",
            "characters": "同字",
            "number": "数字",
            "pinyin": "拼音",
            "gloss": "英译",
        },
        told_before="上一轮说过",
        misfit="不合要求",
        passed="通过",
        export="导出 JSON",
    ),
    "en": _Labels(
        title="Why this answer",
        reasons={
            "answered": "Answered: the confidence reaches the threshold.",
            "unsure": "Refused: the best candidate's confidence is below the threshold.",
            "nothing found": "Refused: no passage was found.",
            "nothing proposed": "Refused: the reader proposed no answer.",
        },
        confidence="Confidence {:.2f}, threshold {:.2f}",
        question="Question, as understood",
        sought="Searched for",
        timings="Time",
        stages={"retrieve": "retrieval", "read": "reading", "cite": "citing"},
        proposals="Candidate answers, best first",
        proposal_columns=(
            *("Candidate", "Passage", "Score", "Confidence", "Span", "Wording", "Relevance"),
            "Checks",
        ),
        passages="Passages read",
        passage_columns=("", "Passage", "Words", "Meaning", "Total", "Covered", "Matched terms"),
        by={
            "word": "same word",
            "characters": "same characters",
            "number": "number",
            "pinyin": "pinyin",
            "gloss": "English gloss",
        },
        told_before="said before",
        misfit="fails a demand",
        passed="passed",
        export="Export as JSON",
    ),
}


def why_html(told: Explanation, trace: str) -> str:
    """The whole sheet; trace names it for the export."""
    labels = _LABELS[told.language]
    times = " · ".join(
        f"{labels.stages.get(stage, stage)} {seconds * 1000:.0f} ms"
        for stage, seconds in told.timings.items()
    )
    facts = [
        (labels.question, escaped(told.question)),
        (labels.sought, escaped(" · ".join(told.sought))),
        (labels.timings, escaped(times)),
    ]
    language = "zh-CN" if told.language == "zh" else "en"
    return (
        f'<article class="wj-told" lang="{language}"><header><h2>{labels.title}</h2>'
        f'<p class="wj-verdict">{labels.reasons[told.reason]} '
        + labels.confidence.format(told.confidence, told.refuse_below)
        + f'</p><div class="wj-tools"><button type="button" class="wj-export" '
        f'data-trace="{escaped(trace)}">{labels.export}</button></div></header>'
        + "<dl>"
        + "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts if value)
        + "</dl>"
        + _table(
            labels.proposals,
            labels.proposal_columns,
            (_proposal(proposal, labels) for proposal in told.proposals),
        )
        + _table(
            labels.passages,
            labels.passage_columns,
            (_passage(n, passage, labels) for n, passage in enumerate(told.passages, 1)),
        )
        + "</article>"
    )


def match_html(match: Match, language: Language) -> str:
    """One matched term: the question's word, the printed one where it differs, and by what."""
    by = _LABELS[language].by[match.by]
    pair = match.asked if match.asked == match.printed else f"{match.asked} → {match.printed}"
    return f'<span class="wj-match wj-by-{match.by}" title="{by}"><bdi>{escaped(pair)}</bdi></span>'


def leg(rank: int | None, score: float | None) -> str:
    """A leg's rank and score as text; a dash where it did not find the passage."""
    return "–" if rank is None or score is None else f"{rank}. ({score:.2f})"


def shortened(text: str, most: int = _SHOWN_CHARS) -> str:
    """The text on one line, with an ellipsis where it is longer than `most`."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[:most] + "…"


def _proposal(proposal: Proposal, labels: _Labels) -> Sequence[str]:
    wrong = [labels.misfit] * bool(proposal.failed_demands)
    wrong += [labels.told_before] * proposal.told_before
    words = shortened(proposal.words)
    return (
        f'<bdi lang="{lang_of(words)}">{escaped(words)}</bdi>',
        str(proposal.passage),
        *(f"{value:.2f}" for value in (proposal.score, proposal.confidence)),
        *(f"{value:.2f}" for value in (proposal.span, proposal.wording, proposal.relevance)),
        ", ".join(wrong) or labels.passed,
    )


def _passage(number: int, passage: Passage, labels: _Labels) -> Sequence[str]:
    language: Language = "zh" if labels is _LABELS["zh"] else "en"
    title = shortened(passage.title.strip() or passage.text, 30)
    return (
        str(number),
        f'<bdi lang="{lang_of(title)}">{escaped(title)}</bdi>'
        f'<br><span class="wj-file">{escaped(passage.source)}</span>',
        leg(passage.lexical_rank, passage.lexical_score),
        leg(passage.dense_rank, passage.dense_score),
        f"{passage.score:.2f}",
        f"{passage.coverage:.0%}",
        " ".join(match_html(match, language) for match in passage.matches),
    )


def _table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; its cells are HTML already."""
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    head = "".join(f'<th scope="col">{escaped(column)}</th>' for column in columns)
    return (
        f'<div class="wj-scroll" tabindex="0" role="region" aria-label="{escaped(caption)}">'
        f"<table><caption>{escaped(caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
