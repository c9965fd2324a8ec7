"""A question goes in, an Exchange of the conversation comes out; nothing here knows Gradio.

What a browser or another program sends is put in order here: text that is no valid Unicode, and
conversations in the forms that chat libraries write.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from embeddings.errors import QuestionError, WenjuError
from rag import Answer, Chatbot
from rag.question import Turn
from ui import render
from ui.article import Place, article_html, missing_html

log = logging.getLogger(__name__)

_FORM = '{"role": "user" or "assistant", "content": "text"}'


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


@dataclass(slots=True, eq=False)
class Talk:
    """One visitor's conversation, grown in place: of two events at once both see the same one.

    New closes it; a reply that comes after that is for nobody.
    """

    exchanges: list[Exchange] = field(default_factory=list)  # answered, oldest first
    waiting: bool = False  # for an answer; another question is not taken meanwhile
    closed: bool = False


class Desk:
    """A Chatbot that answers one question at a time, whoever asks.

    An answer takes all cores: two at once would each come later than one after the other.
    """

    def __init__(self, bot: Chatbot) -> None:
        self._bot = bot
        self._free = threading.Lock()
        self._taking = threading.Lock()

    def take(self, talk: Talk) -> bool:
        """Whether the conversation takes a question now; if so, it waits for the answer."""
        with self._taking:
            if talk.waiting or talk.closed:
                return False
            talk.waiting = True
            return True

    def answer(self, question: str, history: Sequence[Turn]) -> Answer:
        """As Chatbot.answer; waits for its turn."""
        with self._free:
            return self._bot.answer(question, history=history)

    def reply(self, question: str, talk: Talk) -> Exchange | None:
        """The exchange that answers the conversation's next question; None once it is closed.

        Never raises: a failure becomes text in the chat.
        """
        try:
            with self._free:
                if talk.closed:
                    return None
                answer = self._bot.answer(question, history=history_of(talk.exchanges))
        except WenjuError as error:
            return Exchange(question, render.error_html(str(error)), failed=True)
        except Exception as error:  # a fault of ours: the log has the traceback, the reader a line
            log.exception("no answer to %.200r", question)
            what = f"{type(error).__name__}: {error}"
            return Exchange(question, render.error_html(what), failed=True)
        text = None if answer.refused else answer.text
        page = render.answer_html(answer, self._bot.config.sure_join)
        return Exchange(question, page, text)

    def article(self, place: object) -> str:
        """The article that a citation leads to, as HTML; waits for nobody.

        place is what the page sent back. Never raises: a failure becomes text in its place.
        """
        try:
            wanted = Place.of(place)
            article = self._bot.article(wanted.article, wanted.generation or None)
            return article_html(article, wanted, self._bot.config.sure_join)
        except WenjuError as error:
            return missing_html(str(error))
        except Exception as error:  # a fault of ours, as above
            log.exception("no article at %.200r", place)
            return missing_html(f"{type(error).__name__}: {error}")


def converse(desk: Desk, question: str, talk: Talk) -> Iterator[list[Exchange]]:
    """The conversation with the question at once, then with its reply; nothing once it is closed.

    Nothing at all for a blank question, and for one that comes while another is waiting.
    """
    question = plain(question)
    if not question.strip() or not desk.take(talk):
        return
    try:
        yield [*talk.exchanges, Exchange(question, render.pending_html())]
        reply = desk.reply(question, talk)
        if reply is not None:
            talk.exchanges.append(reply)
    finally:  # also when the visitor leaves
        talk.waiting = False
    if not talk.closed:
        yield list(talk.exchanges)


def history_of(exchanges: Sequence[Exchange]) -> list[Turn]:
    """The conversation as the Chatbot takes it: plain text, without what failed.

    A refused question stands there without an answer: "who is X?" is the matter of "and where does
    he live?" even so, but a refusal is no fact.
    """
    history: list[Turn] = []
    for exchange in exchanges:
        if not exchange.failed:
            history.append({"role": "user", "content": exchange.question})
            if exchange.text is not None:
                history.append({"role": "assistant", "content": exchange.text})
    return history


def plain(text: str) -> str:
    """Text that can be encoded and shown: U+FFFD for half characters, spaces for control ones."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", " ", whole)


def question_of(question: object) -> str:
    """A question that another program sent. Raises QuestionError for what is no text."""
    if not isinstance(question, str):
        raise QuestionError(f"A question is a str, not {type(question).__name__}.")
    return plain(question)


def turns_of(history: object) -> list[Turn]:
    """Earlier turns that another program sent, as the Chatbot takes them, oldest first.

    Content is text or, as OpenAI and Gradio write it, a list of parts that hold text. Turns of
    other roles and without content are left out. Raises QuestionError naming the turn.
    """
    if history is None:
        return []
    if not isinstance(history, list):
        raise QuestionError(
            f"The history is a list of turns, not {type(history).__name__}. A turn is {_FORM}."
        )
    turns: list[Turn] = []
    for number, turn in enumerate(history):
        if not isinstance(turn, dict) or not isinstance(turn.get("role"), str):
            raise QuestionError(f"history[{number}] is no turn. A turn is {_FORM}.")
        content = _content(turn.get("content"), number)
        if turn["role"] in ("user", "assistant") and content:
            role = cast(Literal["user", "assistant"], turn["role"])
            turns.append({"role": role, "content": content})
    return turns


def _content(content: Any, number: int) -> str:
    """The text of one turn's content; "" where there is none."""
    if content is None:
        return ""
    if isinstance(content, dict):
        content = [content]
    if isinstance(content, list):
        parts = [part.get("text") if isinstance(part, dict) else part for part in content]
        texts = [text for text in parts if isinstance(text, str)]
        if len(texts) == len(parts):
            content = "\n".join(texts)
    if not isinstance(content, str):
        raise QuestionError(
            f"The content of history[{number}] is no text. A turn is {_FORM}, "
            'and parts are [{"type": "text", "text": "text"}].'
        )
    return plain(content)
