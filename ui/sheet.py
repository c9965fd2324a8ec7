"""What the page's script asks for goes in; what the sheet at the page's side shows comes out.

Nothing here raises: a failure becomes text in the sheet.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from embeddings.errors import WenjuError
from ui.article import Place, article_html, missing_html
from ui.feedback import Feedback, Opinion
from ui.passages import passages_html, passages_of
from ui.talk import Desk, plain
from ui.why import why_html

log = logging.getLogger(__name__)


class Sheet:
    """Articles and explanations as HTML, and what readers say of answers; waits for nobody."""

    def __init__(self, desk: Desk, feedback: Feedback) -> None:
        self._desk = desk
        self._feedback = feedback

    def article(self, place: object) -> str:
        """The article that a citation or a link leads to. place is what the page sent back."""
        return _shown(partial(self._article, place))

    def passages(self, place: object) -> str:
        """What the article at a place was cut into for the search."""
        return _shown(partial(self._passages, place))

    def why(self, trace: object) -> str:
        """Why an answer is what it is."""
        return _shown(partial(self._why, trace))

    def why_json(self, trace: object) -> str:
        """The same as JSON."""
        try:
            told = self._desk.traces.explain(trace, self._desk.bot.config).to_dict()
        except WenjuError as error:
            told = {"error": type(error).__name__, "message": str(error)}
        return json.dumps(told, ensure_ascii=False, indent=1)

    def opinion(self, said: object) -> str:
        """Keeps {"trace", "verdict", "reason"}, which the page sends; returns what went wrong."""
        sent = said if isinstance(said, dict) else {}
        trace, verdict, reason = (str(sent.get(key, "")) for key in ("trace", "verdict", "reason"))
        try:
            reading = self._desk.traces.reading(trace)
            self._feedback.add(Opinion.of(trace, reading, verdict, plain(reason)))
        except WenjuError as error:
            return str(error)
        return ""

    def _article(self, place: object) -> str:
        bot = self._desk.bot
        generation = bot.generation  # of a link, which names a file and none
        wanted = Place.of(place, bot.articles(generation))
        wanted = replace(wanted, generation=wanted.generation or generation)
        article = bot.article(wanted.article, wanted.generation)
        return article_html(article, wanted, bot.config.sure_join)

    def _passages(self, sent: object) -> str:
        place, bot = Place.of(sent), self._desk.bot
        article = bot.article(place.article, place.generation)
        return passages_html(article, passages_of(bot, place), place.language)

    def _why(self, trace: object) -> str:
        told = self._desk.traces.explain(trace, self._desk.bot.config)
        return why_html(told, str(trace))


def _shown(page: Callable[[], str]) -> str:
    try:
        return page()
    except WenjuError as error:
        return missing_html(str(error))
    except Exception as error:  # a fault of ours: the log has the traceback, the reader a line
        log.exception("the sheet stays empty")
        return missing_html(f"{type(error).__name__}: {error}")
