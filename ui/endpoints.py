"""A Desk and an Archive go in; what other programs call by name comes out: endpoints of the page.

Each is an MCP tool as well where the page is started with --mcp; its docstring is what a model
is told about it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import asdict
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import gradio as gr

from embeddings.errors import WenjuError
from rag.explanation import passage_of
from ui.archive import Archive, Outcome, Same
from ui.files import forget, reindexed, sent_of
from ui.permission import may_change
from ui.talk import Desk, question_of, turns_of
from ui.told import Told

log = logging.getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R")


def endpoints(desk: Desk, archive: Archive | None) -> None:
    """Names /ask and /search and, where there is an archive, /upload, /remove and /rebuild."""
    _reading(desk)
    if archive is not None:
        _changing(archive)


def _reading(desk: Desk) -> None:
    @_told
    def ask(question: str, history: list[dict[str, Any]] | None = None) -> dict[str, Any]:
        """Answers a question from the newspaper articles, with the sentences that prove it.

        Args:
            question: in Chinese, English or both
            history: earlier turns, {"role": "user" or "assistant", "content": "text"}, oldest first

        Returns:
            the Answer: text, refused, confidence, citations (source, title, quote, spans)
        """
        return desk.answer(question_of(question), turns_of(history)).to_dict()

    @_told
    def search(question: str, most: int = 10) -> list[dict[str, Any]]:
        """Finds the passages of the newspaper articles nearest to a question; answers nothing.

        Args:
            question: words or a question, in Chinese, English or both
            most: number of passages

        Returns:
            passages, best first, each with its file, headline, text and what found it
        """
        hits, _ = desk.search(question_of(question), most)
        return [asdict(passage_of(question, hit, desk.bot.config)) for hit in hits]

    gr.api(ask, api_name="ask", concurrency_limit=1)
    gr.api(search, api_name="search", concurrency_limit=1)


def _changing(archive: Archive) -> None:
    @_told
    def upload(
        files: list[gr.FileData], same_name: Same = "leave", request: gr.Request | None = None
    ) -> list[dict[str, Any]]:
        """Adds files of newspaper text to the archive and indexes them.

        Args:
            files: txt, md, html, pdf or docx
            same_name: what to do where another file has the name: "leave" the new one out, "keep"
                both, or "replace" the old one, which can be restored

        Returns:
            for each file its name, whether it was added, and what became of it in words
        """
        _check(request)
        if same_name not in ("leave", "keep", "replace"):
            raise gr.Error(f'same_name is {same_name!r}; give "leave", "keep" or "replace".')
        sent = sent_of(files)
        try:
            return [_as_json(outcome) for outcome in archive.add(sent, same_name)]
        finally:
            forget(sent)

    @_told
    def remove(source: str, request: gr.Request | None = None) -> list[dict[str, Any]]:
        """Takes a file out of the archive; the page can restore it.

        Args:
            source: the file's place in the archive, as citations and search give it

        Returns:
            the file's name, whether it was removed, and what became of it in words
        """
        _check(request)
        return [_as_json(outcome) for outcome in archive.remove(source)]

    @_told
    def rebuild(request: gr.Request | None = None) -> dict[str, Any]:
        """Indexes the archive's files as they are now; what has not changed is not done again.

        Returns:
            whether it was done, and what came of it in words
        """
        _check(request)
        return _as_json(reindexed(archive))

    for function in (upload, remove, rebuild):
        gr.api(function, concurrency_limit=1, concurrency_id="archive")


def _check(request: gr.Request | None) -> None:
    if request is None or not may_change(request):
        raise gr.Error(Told("not allowed").say("en"), print_exception=False)


def _as_json(outcome: Outcome) -> dict[str, Any]:
    told = " ".join(told.say("en") for told in outcome.told)
    return {"name": outcome.name, "done": outcome.done, "source": outcome.source, "told": told}


def _told(function: Callable[P, R]) -> Callable[P, R]:
    """Its errors as gr.Error, which callers are told of."""

    @wraps(function)
    def safe(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except gr.Error:
            raise
        except WenjuError as error:
            raise gr.Error(str(error), print_exception=False) from error
        except Exception as error:  # a fault of ours: the log has the traceback
            log.exception("no answer to %s%.200r", function.__name__, args)
            raise gr.Error(f"{type(error).__name__}: {error}", print_exception=False) from error

    return safe
