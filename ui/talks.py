"""The reader's conversations: kept in the browser, listed, opened, renamed, exported, deleted.

gr.BrowserState would send all of them to the server and back with every question; here a question
adds its own exchange to one entry of the browser's storage, and the oldest make room.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import gradio as gr

from rag.answers import Language
from ui.ask import AskTab, messages_of
from ui.browse import QUIET
from ui.export import markdown
from ui.kept import VERSION, restored, whole
from ui.talk import Desk, Talk, plain

MOST_CHARS = 2_000_000  # of all conversations; browsers keep 5 MB for a page, two bytes a character
MOST_NAME_CHARS = 120
_SCRIPT = Path(__file__).with_name("talks.js")
_DIALOG = """
<dialog id="wj-talks" aria-labelledby="wj-talks-title">
<header><h2 id="wj-talks-title"></h2><button type="button" class="wj-close">×</button></header>
<p class="wj-label"></p><ul class="wj-list"></ul></dialog>
"""
_WORDS: dict[Language, dict[str, str]] = {
    "zh": {
        "title": "对话",
        "note": "只存在这个浏览器里；存满时最早的先删。",
        "none": "还没有对话。",
        "close": "关闭",
        "count": "{} 问",
        "rename": "改名",
        "name": "对话名称",
        "export": "导出 Markdown",
        "remove": "删除",
        "removed": "已删除",
        "undo": "撤销",
    },
    "en": {
        "title": "Conversations",
        "note": "Kept in this browser alone; when it is full the oldest go first.",
        "none": "No conversations yet.",
        "close": "Close",
        "count": "questions: {}",
        "rename": "Rename",
        "name": "Name of the conversation",
        "export": "Export as Markdown",
        "remove": "Delete",
        "removed": "Deleted",
        "undo": "Undo",
    },
}
# What this window showed before it was reloaded, and nothing for the gr.State beside it.
_SHOWN_LAST = """() => {
  try {
    const key = sessionStorage.getItem("wenju-current");
    return [{...JSON.parse(localStorage.getItem("wenju-talk:" + key)), key}, null];
  } catch { return [null, null]; }
}"""


def drawer() -> gr.HTML:
    """The dialog with the list; its value is the exchange that the browser is to keep."""

    def exported(asked: object) -> str:
        return _markdown(asked)

    settings = json.dumps({"words": _WORDS, "version": VERSION, "most": MOST_CHARS})
    return gr.HTML(
        html_template=_DIALOG,
        js_on_load=f"const settings = {settings};\n{_SCRIPT.read_text(encoding='utf-8')}",
        server_functions=[exported],
        apply_default_css=False,
        elem_id="wj-kept",
    )


def conversations(app: gr.Blocks, desk: Desk, ask: AskTab, kept: gr.HTML) -> None:
    """The way of a conversation that the browser keeps back into the chat."""

    def shown(talk: Talk) -> tuple[Any, ...]:
        """Values of talk, chat, examples and alone."""
        gone, alone = gr.update(visible=False), gr.update(value=False, visible=False)
        return talk, messages_of(talk.exchanges), gone, alone

    def reloaded(sent: Any, talk: Talk) -> tuple[Any, ...]:
        found = restored(sent, desk)
        if found is None:
            return (gr.skip(),) * 4
        talk.exchanges, talk.key = found.exchanges, found.key  # examples that come late look at it
        talk.kept = found.kept
        return shown(talk)

    def opened(event: gr.EventData, talk: Talk) -> tuple[Any, ...]:
        found = restored(event._data, desk)
        if found is None:
            return (gr.skip(),) * 4
        talk.closed = True
        return shown(found)

    parts = [ask.talk, ask.chat, ask.examples, ask.alone]
    app.load(reloaded, [kept, ask.talk], parts, js=_SHOWN_LAST, queue=False, **QUIET)
    kept.select(opened, ask.talk, parts, queue=False, cancels=[ask.asking], **QUIET)


def _markdown(asked: object) -> str:
    """{"name", "exchanges", "language"}, as the page sends it, → Markdown."""
    sent = asked if isinstance(asked, dict) else {}
    language: Language = "en" if sent.get("language") == "en" else "zh"
    name = plain(str(sent.get("name", "")))[:MOST_NAME_CHARS]
    return markdown(name, list(whole(sent.get("exchanges"))), language)
