"""A question and the turns before it → its language, kind, parts and stand-alone form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Literal, TypedDict

from embeddings.errors import QuestionError

from .answers import Language


class Turn(TypedDict):
    """One message of a conversation, as chat libraries write it."""

    role: Literal["user", "assistant", "system"]
    content: str


class Kind(Enum):
    """What shape an answer to the question has."""

    WORDS = "words"  # a name, a place, a thing
    NUMBER = "number"
    DATE = "date"
    LIST = "list"
    HOW = "how"
    WHY = "why"
    YES_NO = "yes/no"


# The first that matches decides. English interrogatives stand in mixed questions too.
_KINDS = (
    (
        Kind.WHY,
        r"为什么|为何|为啥|怎么[又会还就]|什么原因|何以|\bwhy\b"
        r"|\bwhat (?:was|is) (?:really )?behind\b|\breasons?\b",
    ),
    (
        Kind.YES_NO,
        r"吗[?？。]*$|是不是|有没有|是否|能否|会不会|能不能|有无|对不对"
        r"|^(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)\b",
    ),
    (
        Kind.LIST,
        r"哪些|哪几|[是为有]哪[二两三四五六七八九十\d]|分别|都有(?:谁|什么)"
        r"|\bwhich (?:\w+ )?(?:two|three|four|five|six|seven|\d+)\b|\bwhat are\b|\bname the\b"
        r"|\bwhich (?:\w+ ){0,2}(?:companies|villages|fields|areas|items|people)\b|\blist\b",
    ),
    (
        Kind.NUMBER,
        r"多少|几[个名人件项次家户位种条元天年岁万亿成等]|多[大高长久远重]"
        r"|\bhow (?:many|much|old|long|far|big|large|high|tall|often)\b"
        r"|\bwhat (?:score|percentage|percent|number|amount|share|age)\b|百分之几|比例",
    ),
    (
        Kind.DATE,
        r"什么时候|何时|哪[一]?[天年月日]|几[月号日点]|\bwhen\b"
        r"|\b(?:what|which) (?:date|day|year|month|time)\b",
    ),
    (
        Kind.HOW,
        r"怎么|如何|怎样|咋|靠什么|用什么(?:办法|方式|方法)|什么(?:办法|措施|路子|方式)|\bhow\b",
    ),
)
_FOLLOW_UP = re.compile(
    r"^(?:那(?!么多|里|时)|那么|它|他|她|这|其|还有呢|and\b|what about|how about|then\b|so\b)"
    r"|呢[?？]?$|^(?:他们|她们|它们)"
    r"|\b(?:it|its|they|them|their|he|she|his|her|that one|the other one|those|these)\b",
    re.IGNORECASE,
)
_PART = re.compile(
    r"(?:[,，;；?？]\s*(?:and|又|另外|还有|那|以及|同时)?\s*|\s+and\s+)(?=[^,，;；]*?(?:多少|几[^十百千万]|哪|谁|什么|怎么|how|what|which|who|where|when))",
    re.IGNORECASE,
)
_INTERROGATIVE = re.compile(
    r"多少|几[^十百千万]|哪|谁|什么|怎么|怎样|如何|为何|how|what|which|who|where|when|why",
    re.IGNORECASE,
)
_EACH = re.compile(
    r"(?P<first>[^,，;；?？]*?)(?:和|与|跟|\band\b)(?P<second>[^,，;；?？]+?)"
    r"(?P<rest>(?:[,，][^和与?？]*?)?各)"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[A-Za-z]{2,}")


@dataclass(frozen=True, slots=True)
class Question:
    """A question as the rest of the pipeline takes it."""

    asked: str  # as typed, trimmed
    text: str  # stand-alone: what a follow-up leaves out put back
    language: Language
    kind: Kind
    parts: tuple[str, ...]  # stand-alone questions to be answered one by one; one or two
    told: str  # what the conversation has answered already; "" at its start


def language_of(text: str) -> Language:
    """ "zh" where Han characters, two to a word, outweigh the Latin words."""
    return "zh" if len(_HAN.findall(text)) >= 2 * len(_WORD.findall(text)) else "en"


def kind_of(text: str) -> Kind:
    """What shape the answer should have, by the question's interrogatives."""
    for kind, pattern in _KINDS:
        if re.search(pattern, text.strip().lower()):
            return kind
    return Kind.WORDS


def split_parts(text: str) -> tuple[str, ...]:
    """The two questions in "A多少, B又多少?", "A和B各多少?" "how many A, and what B?"."""
    each = _EACH.search(text)
    if each:
        head, tail = text[: each.start()], each["rest"] + text[each.end() :]
        return head + each["first"] + tail, head + each["second"] + tail
    for cut in _PART.finditer(text):
        left, right = text[: cut.start()], text[cut.end() :]
        if _INTERROGATIVE.search(left) and _INTERROGATIVE.search(right) and len(right) >= 5:
            return left, right
    return (text,)


def understand(question: str, history: Sequence[Turn] = (), max_chars: int = 500) -> Question:
    """Take a question apart. Raises QuestionError for one that is no text or is empty."""
    if not isinstance(question, str):
        raise QuestionError(f"A question is a str, not {type(question).__name__}.")
    asked = " ".join(question.split())[:max_chars]
    if not asked:
        raise QuestionError("The question is empty. Type what you want to know.")
    before = [t for t in history if t.get("role") in ("user", "assistant") and t.get("content")]
    users = [t["content"] for t in before if t["role"] == "user"]
    text, told = asked, ""
    if users and _FOLLOW_UP.search(asked):
        told = next((t["content"] for t in reversed(before) if t["role"] == "assistant"), "")
        text = stand_alone(asked, users[-1][:max_chars])
    parts = split_parts(text) if text == asked else (text,)
    return Question(asked, text, language_of(asked), kind_of(asked), parts, told)


def stand_alone(asked: str, previous: str) -> str:
    """A follow-up after the question before it, in which its year takes the other year's place."""
    new, old = _YEAR.findall(asked), _YEAR.findall(previous)
    if len(new) == 1 and len(old) == 1:
        previous = previous.replace(old[0], new[0])
    return f"{previous.rstrip('?？。 ')} {asked}"
