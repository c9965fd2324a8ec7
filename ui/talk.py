"""A question goes in, an Exchange of the conversation comes out; nothing here knows Gradio.

What a browser or another program sends is put in order here: text that is no valid Unicode, and
conversations in the forms that chat libraries write.
"""

from __future__ import annotations

import logging
import re
import secrets
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from embeddings.errors import QuestionError, WenjuError
from rag import Answer, Chatbot, Hit
from rag.explanation import nearest
from rag.matches import sought
from rag.question import Turn
from rag.steps import Reading
from ui import render
from ui.exchange import Exchange, Reply, failed, replied, stopped
from ui.traces import Traces

log = logging.getLogger(__name__)

_FORM = '{"role": "user" or "assistant", "content": "text"}'


@dataclass(slots=True, eq=False)
class Talk:
    """One visitor's conversation, grown in place: of two events at once both see the same one.

    New closes it; a reply that comes after that is for nobody.
    """

    exchanges: list[Exchange] = field(default_factory=list)  # answered, oldest first
    key: str = ""  # its name in the reader's browser, from the first question on
    waiting: str | None = None  # the question whose answer is awaited; no other is taken meanwhile
    turn: int = 0  # counts the questions taken and stopped: a reply to an earlier one is dropped
    closed: bool = False
    kept: int = 0  # how many of the exchanges the reader's browser has


class Desk:
    """A Chatbot that answers one question at a time, whoever asks.

    An answer takes all cores: two at once would each come later than one after the other.
    """

    def __init__(self, bot: Chatbot) -> None:
        self.bot = bot
        self.traces = Traces()
        self._free = threading.Lock()
        self._taking = threading.Lock()

    def take(self, talk: Talk, question: str) -> int | None:
        """The turn that the question gets in the conversation; None if it takes none now."""
        with self._taking:
            if talk.waiting is not None or talk.closed:
                return None
            talk.key = talk.key or secrets.token_urlsafe(9)
            talk.waiting = question
            talk.turn += 1
            return talk.turn

    def settle(self, talk: Talk, turn: int, exchange: Exchange | None) -> None:
        """Ends the wait of a turn with its exchange; nothing where the turn is over already."""
        with self._taking:
            if talk.turn == turn and talk.waiting is not None:
                talk.waiting = None
                if exchange is not None and not talk.closed:
                    talk.exchanges.append(exchange)

    def stop(self, talk: Talk) -> bool:
        """The conversation waits no longer; its question stands there as stopped. Did it wait?"""
        with self._taking:
            question, talk.waiting = talk.waiting, None
            if question is None:
                return False
            talk.exchanges.append(stopped(question))
            talk.turn += 1
            return True

    def answer(self, question: str, history: Sequence[Turn]) -> Answer:
        """As Chatbot.answer; waits for its turn."""
        with self._free:
            return self.bot.answer(question, history=history)

    def search(self, question: str, most: int) -> tuple[list[Hit], str]:
        """As Chatbot.search, with the generation that was searched; waits for its turn."""
        with self._free:  # a new generation is taken up by searches alone: none while this is held
            hits = self.bot.search(question, most)
            return hits, self.bot.generation

    def renew(self) -> None:
        """Takes up the index's newest generation now, not at the next question."""
        with self._free:
            self.bot.newest()

    def reply(self, question: str, talk: Talk, turn: int, alone: bool) -> Iterator[str | Exchange]:
        """The stages of an answer as HTML, then its exchange; ends early once nobody waits for it.

        alone: what was said before is not looked at. Never raises: a failure becomes text.
        """
        try:
            steps = self.bot.steps(question, () if alone else history_of(talk.exchanges))
            while not talk.closed and talk.turn == turn:
                with self._free:  # not while the page is sent: a visitor may leave there
                    step = next(steps)
                if isinstance(step, Reading):
                    yield self._exchange(question, step)
                    return
                yield render.reading_html(len(step.hits), step.asked.language)
        except WenjuError as error:
            yield failed(question, str(error))
        except Exception as error:  # a fault of ours: the log has the traceback, the reader a line
            log.exception("no answer to %.200r", question)
            yield failed(question, f"{type(error).__name__}: {error}")

    def _exchange(self, question: str, reading: Reading) -> Exchange:
        answer = reading.answer
        reply = Reply(
            answer,
            understood=reading.asked.text != reading.asked.asked,
            near=nearest(reading) if answer.refused else (),
            sought=sought(reading.asked.text),
            trace=self.traces.keep(reading),
        )
        return replied(question, reply, self.bot.config.sure_join)


def converse(
    desk: Desk, question: str, talk: Talk, alone: bool = False
) -> Iterator[list[Exchange]]:
    """The conversation with the question at once, with each stage, then with its reply.

    Nothing once it is closed or stopped, for a blank question, and for one that comes while
    another is waiting.
    """
    question = plain(question)
    if not question.strip() or (turn := desk.take(talk, question)) is None:
        return
    reply: Exchange | None = None
    try:
        yield [*talk.exchanges, Exchange(question, render.pending_html())]
        for step in desk.reply(question, talk, turn, alone):
            if talk.closed or talk.turn != turn:
                return
            if isinstance(step, Exchange):
                reply = step
            else:
                yield [*talk.exchanges, Exchange(question, step)]
    finally:  # also when the visitor leaves
        desk.settle(talk, turn, reply)
    if not talk.closed and talk.turn == turn:
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
