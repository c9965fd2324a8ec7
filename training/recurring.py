"""Raw articles → questions about what they say twice (recurring spans: Splinter, arXiv 2101.00438).

A clause of one sentence asks for a name, number or term that another sentence of the same article
says too; the sentence that asks is taken out, so that the other one must be found by what else the
two share.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from embeddings.glosses import STOP_WORDS
from training.cloze import (
    DATE,
    DATE_UNITS,
    IN_WHICH_YEAR,
    NUMBER,
    TAGS,
    WHAT,
    WHEN,
    WHERE,
    WHO,
    Cloze,
    Interrogatives,
    clause_around,
    tagger,
    with_interrogative,
)

SENTENCE = re.compile(r"[^。！？!?\n]+?(?:[。！？!?]+[”」』]?|\.(?=\s|$)|(?=\n)|$)")
_EN_TERM = re.compile(
    r"(?:[A-Z][\w'-]+(?: (?:of|the|de|and) (?=[A-Z]))?(?: (?=[A-Z]))?)+|\d[\d,.]*\d"
)
_PLAIN_TAGS = {"n", "nz", "vn", "an", "nrt", "j", "l", "i", "eng", "t", "s"}
HOW_MANY = Interrogatives(("多少", "几"), ("how many", "how much", "what number of"))
TRIES = 6
LONGEST = 14  # characters of a Chinese answer; a longer one is a quotation
REACH = 3_000  # characters to either side of the question's sentence that may answer


@dataclass(frozen=True, slots=True)
class Term:
    """text[start:end] of a sentence, and what may stand for it in a question."""

    start: int
    end: int
    words: Interrogatives


def make(text: str, rng: random.Random, chars: int, chinese: bool, english: bool) -> Cloze | None:
    """One question on about `chars` characters of a `chinese` or an English article, or None.

    With `english` the interrogative of a Chinese question is an English one.
    """
    if len(text) > 3 * REACH:
        at = rng.randrange(len(text) - 3 * REACH)
        text = text[at : at + 3 * REACH]
    sentences = [m for m in SENTENCE.finditer(text) if len(m.group().strip()) > 12]
    if len(sentences) < 4:
        return None
    for _ in range(TRIES):
        chosen = rng.choice(sentences)
        said = chosen.group()
        if len(said) > (120 if chinese else 400):
            continue
        low, high = max(0, chosen.start() - REACH), chosen.end() + REACH
        rest = text[low : chosen.start()] + text[chosen.end() : high]
        terms = _chinese_terms(said) if chinese else _english_terms(said)
        rng.shuffle(terms)
        for term in terms[:4]:
            made = _ask(said, term, terms, rest, chars, rng, english or not chinese)
            if made is not None:
                return made
    return None


def _ask(
    said: str,
    term: Term,
    terms: list[Term],
    rest: str,
    chars: int,
    rng: random.Random,
    english: bool,
) -> Cloze | None:
    """A question for the term, on the place of `rest` that shares most of the other terms."""
    answer = said[term.start : term.end]
    others = {said[t.start : t.end] for t in terms} - {answer}
    others = {o for o in others if o not in answer and answer not in o}
    scored = []
    for m in re.finditer(rf"(?<![A-Za-z\d.]){re.escape(answer)}(?![A-Za-z\d])", rest):
        around = rest[max(0, m.start() - 80) : m.end() + 80]
        scored.append((sum(o in around for o in others), m.start()))
    if not scored or len(scored) > 12:
        return None
    best = max(scored)
    if best[0] < 2:
        return None
    start, end = best[1], best[1] + len(answer)
    left = max(0, start - rng.randrange(chars))
    passage = rest[left : left + chars]
    if passage.count(answer) > 1:
        return None
    cut = SENTENCE.search(rest, left)
    if left and cut and cut.end() < start:
        passage, left = rest[cut.end() : left + chars], cut.end()
    if end > left + len(passage):
        return None
    a, b = clause_around(said, term.start, term.end)
    if b - a - len(answer) < 8:
        a, b = 0, len(said)
    if b - a > 160:
        return None
    mark = "?" if english and said.isascii() else "？"
    asked = with_interrogative(
        said[a : term.start], term.words, said[term.end : b].rstrip(".。 "), rng, english
    )
    return Cloze(passage, asked.strip() + mark, start - left, end - left)


def _chinese_terms(said: str) -> list[Term]:
    """Names, numbers and nouns of a sentence, names that were cut in two put together."""
    out: list[Term] = []
    at, before = 0, ""
    for m in DATE.finditer(said):
        out.append(Term(*m.span(), IN_WHICH_YEAR if m.group().endswith("年") else WHEN))
    for m in NUMBER.finditer(said):
        if len(m.group()) > 1 and m.group()[-1] not in DATE_UNITS:
            out.append(Term(*m.span(), HOW_MANY))
    for word, flag in tagger().lcut(said):
        end = at + len(word)
        words = TAGS.get(flag, WHAT)
        if flag in TAGS or (flag in _PLAIN_TAGS and len(word) > 1):
            last = out[-1] if out else None
            if last is not None and last.end == at and before and end - last.start <= LONGEST:
                out[-1] = Term(last.start, end, words)
            elif len(word) > 1:
                out.append(Term(at, end, words))
            before = flag
        else:
            before = ""
        at = end
    return out


def _english_terms(said: str) -> list[Term]:
    """Names and numbers of a sentence."""
    out = []
    for m in _EN_TERM.finditer(said):
        word = m.group().rstrip(" ,.")
        if word.lower() in STOP_WORDS or len(word) > 60:
            continue
        if word[0].isdigit():
            words = IN_WHICH_YEAR if re.fullmatch(r"1\d{3}|20\d\d", word) else HOW_MANY
        else:
            words = random.Random(word).choice((WHO, WHAT, WHERE, WHAT))
        out.append(Term(m.start(), m.start() + len(word), words))
    return out
