"""The words of a reply on the page, in both languages."""

from __future__ import annotations

from dataclasses import dataclass

from rag.answers import Language


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
    copy: str  # takes the answer to the clipboard
    link: str  # takes a citation's address there
    right: str  # thumbs up and down, and the reason
    wrong: str
    reason: str
    send: str
    thanks: str


LABELS: dict[Language, Labels] = {
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
        copy="复制回答",
        link="复制链接",
        right="答得好",
        wrong="答得不好",
        reason="为什么？（可不填）",
        send="发送",
        thanks="谢谢，已记下。",
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
        copy="Copy answer",
        link="Copy link",
        right="Good answer",
        wrong="Bad answer",
        reason="Why? (optional)",
        send="Send",
        thanks="Thank you, noted.",
    ),
}
