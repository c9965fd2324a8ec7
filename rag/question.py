"""A question and the turns before it → its language, parts and stand-alone form."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypedDict

from embeddings.errors import QuestionError
from embeddings.words import segment

from .answers import REFUSAL, Language
from .kinds import INTERROGATIVE, Kind, kind_of, unframed
from .places import SUFFIX

PREVIOUS_TOKENS = 50  # of the question before, at least, that a follow-up may take over


class Turn(TypedDict):
    """One message of a conversation, as chat libraries write it."""

    role: Literal["user", "assistant", "system"]
    content: str


_FOLLOW_UP = re.compile(
    r"^(?:那(?!么多)|它|他|她|这|其|还有呢|and\b|what about|how about|then\b|so\b)|呢[?？]?$"
    r"|\b(?:it|its|they|them|their|he|she|his|her|that one|the other one|those|these)\b",
    re.IGNORECASE,
)
_PART = re.compile(
    r"(?:[,，;；?？]\s*(?:and|又|另外|还有|那|以及|同时)?\s*|\s+and\s+)"
    r"(?=[^,，;；?？]*?(?:多少|几[^十百千万]|哪|谁|什么|怎么|how|what|which|who|where|when))",
    re.IGNORECASE,
)
# "each" of two: before a verb or an interrogative, not "各单位", "各项", "各村"
_EACH = re.compile(r"各(?:自|有|是|叫|为|占|分|收|得|投|种|建|招|花|用|来自|多少|几|什么|哪)")
_WHEN = re.compile(r"(?:(?:19|20)\d\d年|去年|今年|每年)$")
_YEAR = re.compile(r"(?:19|20)\d\d")
# what frames an ellipsis: 那…呢? (but not 那边, 那个, 那天), what about …?
_ELLIPSIS = re.compile(
    r"^(?:那(?:么(?!多))?(?![边里个天些年种位样次儿])"
    r"|(?:and|so|then)?\s*(?:what|how) about\b|and\b)\s*|呢?[?？。!！]*$",
    re.IGNORECASE,
)
_PLACE = re.compile(rf"(?:{SUFFIX}|省)$")
_TIME = re.compile(r"^(?:[今去前明每]?[年天日]|[上本下]?周.?|[上本下]?月|\d+[年月日号]?)$")
CARRIED_WORDS = 2  # of the question before, ahead of its interrogative
NAME_CHARS = 20  # of a reply that is itself a name
_PRONOUN = re.compile(r"它们?|[他她]们?|\b(?:it|they|them|he|she|him|her)\b", re.IGNORECASE)
# 《…》, “…”, or what an English reply prints in Chinese
_NAMED = re.compile(r"(?P<name>《[^《》]+》)|[“(（](?P<other>[\u4e00-\u9fff]{2,14})[”)）]")
_DIGIT = re.compile(r"\d")
_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[A-Za-z]{2,}")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Part:
    """One of the questions in a question."""

    text: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Question:
    """A question as the rest of the pipeline takes it."""

    asked: str  # as typed, trimmed
    text: str  # stand-alone: what a follow-up leaves out put back
    language: Language
    parts: tuple[Part, ...]  # to be answered one by one; one or two
    told: str  # the reply before a follow-up; "" for any other question


def language_of(text: str) -> Language:
    """ "zh" where Han characters, two to a word, outweigh the Latin words."""
    return "zh" if len(_HAN.findall(text)) >= 2 * len(_WORD.findall(text)) else "en"


def split_parts(text: str) -> tuple[str, ...]:
    """The two questions in "A多少, B又多少?", "A和B各多少?", "how many A, and what B?"."""
    rest = unframed(text)
    for cut in _PART.finditer(rest):
        left, right = rest[: cut.start()], rest[cut.end() :]
        both = INTERROGATIVE.search(left) and INTERROGATIVE.search(right)
        of_what = re.sub(r"\W", "", INTERROGATIVE.sub("", left))  # where and when: one question
        if both and of_what and len(right) >= 5:
            return left, right
    return _each_of_two(text) or (text,)


def _each_of_two(text: str) -> tuple[str, ...]:
    each = _EACH.search(text)
    if not each or not INTERROGATIVE.search(text, each.start()):
        return ()
    clause_end = max(text.rfind(mark, 0, each.start()) for mark in ",，")
    subjects_end = clause_end if clause_end >= 0 else each.start()
    subjects_start = max(text.rfind(mark, 0, subjects_end) for mark in ",，;；。") + 1
    if not re.search(r"和|与|跟|\band\b", text[subjects_start:subjects_end]):
        subjects_start, subjects_end = clause_end + 1, each.start()
    at = subjects_start
    for word in segment(text[subjects_start:subjects_end]):
        if word in {"和", "与", "跟", "and"}:
            first = text[subjects_start:at].strip()
            second = text[at + len(word) : subjects_end].strip()
            when = _WHEN.search(second)
            if len(first) > 1 and len(second) > 1:
                head, rest = text[:subjects_start], text[subjects_end:]
                if when:
                    second, rest = second[: when.start()], when.group() + rest
                return head + first + rest, head + second + rest
        at += len(word)
    return ()


def understand(question: str, history: Sequence[Turn] = (), max_chars: int = 500) -> Question:
    """Take a question apart. Raises QuestionError for an empty one and for what is no text."""
    asked = _clean(question, max_chars)
    if not asked:
        raise QuestionError("The question is empty. Type what you want to know.")
    turns = [_turn(t) for t in history]
    before, told = "", ""
    for turn in turns:
        if turn["role"] == "user":
            before = _stand_alone(_clean(turn["content"], max_chars), before)
        elif turn["role"] == "assistant":
            told = "" if turn["content"] in REFUSAL.values() else turn["content"]
    alone = _resolved(asked, told)
    text = _stand_alone(alone, before)
    if text == asked:
        parts = tuple(Part(p, kind_of(p)) for p in split_parts(text))
        return Question(asked, text, language_of(asked), parts, "")
    # what was asked before helps to find the passages; to read them by, it is one question too many
    part = alone if INTERROGATIVE.search(_ELLIPSIS.sub("", asked)) else _carried(text, alone)
    return Question(asked, text, language_of(asked), (Part(part, kind_of(part)),), told)


def _stand_alone(asked: str, before: str) -> str:
    """A follow-up behind the question before it, in which its year takes the other year's place."""
    if not before or not _FOLLOW_UP.search(asked):
        return asked
    new = _YEAR.findall(asked)
    if len(new) == 1 and len(set(_YEAR.findall(before))) == 1:
        before = _YEAR.sub(new[0], before)
        if not re.sub(r"那么?|年|呢|的|\W|(?i:and|what|how|about|in)|" + new[0], "", asked):
            return before
    most = PREVIOUS_TOKENS if language_of(before) == "zh" else 4 * PREVIOUS_TOKENS  # characters
    return f"{before[:most].rstrip('?？。 ')} {asked}"


def _carried(text: str, asked: str) -> str:
    """An ellipsis (那东馆的呢?) with the last words of the question before: 东馆的 一共有多少册?

    A place or time among these gives way to the ellipsis's own. The text as it is where it does not
    end in the ellipsis, or where that follows what begins by asking.
    """
    before, own = text.removesuffix(asked).strip(), _ELLIPSIS.sub("", asked).strip()
    asks = INTERROGATIVE.search(before)
    if text == before or not own or not asks or not asks.start():
        return text
    lead = segment(re.split(r"[,，;；]", before[: asks.start()])[-1])
    if asks.group() != "吗":
        lead = lead[-CARRIED_WORDS:]
    words = segment(own)
    for kind in (_PLACE, _TIME):
        if any(kind.search(word) for word in words):
            lead = [word for word in lead if not kind.search(word)]
    return f"{own} {''.join(lead).strip()}{before[asks.start() :]}?"


def _resolved(asked: str, told: str) -> str:
    """A follow-up with the one name that the reply before gives beside its first pronoun."""
    named = [m["name"] or m["other"] for m in _NAMED.finditer(told)]
    if not named and len(told) <= NAME_CHARS and not _DIGIT.search(told):
        named = [told.strip(" .。")]
    if len(set(named)) != 1 or not named[0] or not _FOLLOW_UP.search(asked):
        return asked
    return " ".join(_PRONOUN.sub(lambda m: f"{m.group()} {named[0]} ", asked, count=1).split())


def _clean(text: str, max_chars: int) -> str:
    """Text on one line without control characters and broken surrogates, cut at max_chars."""
    if not isinstance(text, str):
        raise QuestionError(f"A question is a str, not {type(text).__name__}.")
    text = text[: 2 * max_chars].encode("utf-8", "replace").decode("utf-8")
    return " ".join(_CONTROL.sub(" ", text).split())[:max_chars]


def _turn(turn: Turn) -> Turn:
    if not isinstance(turn, Mapping) or not isinstance(turn.get("content"), str):
        raise QuestionError(
            f"A turn of the history is {turn!r:.80}; give a dict with role and content, both str."
        )
    return turn
