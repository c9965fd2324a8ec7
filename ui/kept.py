"""Exchanges go in, what the reader's browser keeps of them comes out as plain values; and back.

What comes back was in the reader's hands: whatever does not fit is dropped, and no error.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from embeddings.chunks import Span
from rag import Citation
from ui.exchange import Exchange, Reply, failed, replied, stopped
from ui.talk import Desk, Talk, plain

VERSION = 1  # of the form that is kept; another one is dropped
MOST = 200  # exchanges of a conversation that is opened again, the latest
_QUESTION_CHARS = 1000  # more is not kept; no answer goes by more


@dataclass(frozen=True, slots=True)
class Kept:
    """One exchange as the browser keeps it."""

    at: float  # seconds since 1970
    question: str
    fault: str = ""
    reply: Reply | None = None


def latest(talk: Talk) -> dict[str, Any]:
    """The conversation's latest exchange, for the browser to add to those that it has."""
    exchange = talk.exchanges[-1]
    kept = Kept(time.time(), exchange.question[:_QUESTION_CHARS], exchange.fault, exchange.reply)
    return {"version": VERSION, "talk": talk.key, "exchange": asdict(kept)}


def restored(sent: Any, desk: Desk) -> Talk | None:
    """The conversation that a browser kept; None where nothing of it fits."""
    if not isinstance(sent, dict) or sent.get("version") != VERSION:
        return None
    exchanges = [_exchange(kept, desk) for kept in whole(sent.get("exchanges"))]
    key = sent.get("key")
    if not exchanges or not isinstance(key, str) or not 0 < len(key) <= 40:
        return None
    return Talk(exchanges, key, kept=len(exchanges))


def whole(sent: Any) -> Iterator[Kept]:
    """Those of the exchanges that a browser sent which can be shown, oldest first."""
    for each in sent[-MOST:] if isinstance(sent, list) else ():
        try:
            # as JSON: half characters, which no answer can be sent with, do not fit either
            kept = _form().validate_json(json.dumps(each), strict=True)
        except ValidationError:
            continue
        reply = kept.reply
        cited = () if reply is None else (*reply.answer.citations, *reply.near)
        if all(_is_whole(citation) for citation in cited):
            yield replace(kept, question=plain(kept.question)[:_QUESTION_CHARS])


@lru_cache(maxsize=1)
def _form() -> TypeAdapter[Kept]:
    return TypeAdapter(Kept)


def _exchange(kept: Kept, desk: Desk) -> Exchange:
    if kept.reply is None:
        return failed(kept.question, kept.fault) if kept.fault else stopped(kept.question)
    trace = kept.reply.trace if desk.traces.kept(kept.reply.trace) else ""
    return replied(kept.question, replace(kept.reply, trace=trace), desk.bot.config.sure_join)


def _is_whole(citation: Citation) -> bool:
    """Are the texts as long as their spans say? The page marks them character by character."""
    return _fits(citation.passage, citation.passage_spans) and _fits(citation.quote, citation.spans)


def _fits(text: str, spans: Sequence[Span]) -> bool:
    lengths = [end - start for start, end in spans]
    return min(lengths, default=0) >= 0 and sum(lengths) == len(text)
