"""A Chatbot goes in, the Gradio page comes out, and launch_app serves it.

build_app(bot) makes the page without opening a port, so that tests can launch it as they like.
The conversation is a tuple of Exchanges; the page is drawn from it, and so is the history that the
Chatbot sees, which holds plain text only.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import gradio as gr

from embeddings.errors import WenjuError
from rag import Chatbot
from rag.question import Turn
from ui import render

log = logging.getLogger(__name__)

# Questions to click, about the corpus that comes with the package.
EXAMPLES = (
    "how did 明水街道 reduce complaints?",
    "胜利大学生创业园累计孵化了多少家企业？",
    "How many courtyard Party branches does Mingshui have?",
)

_FONTS = (  # of the reader's system, none fetched
    *("system-ui", "-apple-system", "Segoe UI", "PingFang SC", "Noto Sans CJK SC"),
    *("Source Han Sans SC", "Microsoft YaHei", "sans-serif"),
)
_STYLE = Path(__file__).with_name("style.css")
_HEADER = """
<div class="wj-head"><span class="wj-seal" aria-hidden="true">问据</span>
<div><h1>Wenju 问据</h1>
<p>Ask in Chinese, English or both. Every answer shows the lines that prove it.<br>
<span lang="zh-CN">中文、英文、混着问都行；每个回答都附上报纸原文。</span></p></div></div>
"""
_WELCOME = '<p class="wj-welcome">Ask the newspaper something<br><span>问一问这几版报纸</span></p>'
# After an answer: the latest question to the top of the chat, so that reading starts there.
_SHOW_LATEST = """() => requestAnimationFrame(() => {
  const all = document.querySelectorAll(".wj-question");
  if (all.length) all[all.length - 1].scrollIntoView({block: "start", behavior: "smooth"});
})"""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question and its reply; text is None where there is no answer to follow up on."""

    question: str
    html: str
    text: str | None = None


Conversation = tuple[Exchange, ...]


def history_of(talk: Conversation) -> list[Turn]:
    """The conversation as the Chatbot takes it: answered exchanges, plain text."""
    history: list[Turn] = []
    for exchange in talk:
        if exchange.text is not None:
            history.append({"role": "user", "content": exchange.question})
            history.append({"role": "assistant", "content": exchange.text})
    return history


def messages_of(talk: Conversation) -> list[dict[str, Any]]:
    """The conversation as gr.Chatbot shows it: escaped HTML."""
    return [
        {"role": role, "content": gr.HTML(content)}
        for exchange in talk
        for role, content in (
            ("user", render.question_html(exchange.question)),
            ("assistant", exchange.html),
        )
    ]


def reply(bot: Chatbot, question: str, talk: Conversation) -> Exchange:
    """The exchange that answers a question. Never raises: a failure becomes text in the chat."""
    try:
        answer = bot.answer(question, history=history_of(talk))
    except WenjuError as error:
        return Exchange(question, render.error_html(str(error)))
    except Exception as error:  # a fault of ours: the log has the traceback, the reader a line
        log.exception("no answer to %r", question)
        return Exchange(question, render.error_html(f"{type(error).__name__}: {error}"))
    return Exchange(question, render.answer_html(answer), answer.text)


def converse(bot: Chatbot, question: str, talk: Conversation) -> Iterator[tuple[Any, ...]]:
    """Shows the question at once, then the reply. Yields values of box, talk, chat, examples."""
    if not question.strip():
        yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
        return
    waiting = (*talk, Exchange(question, render.pending_html()))
    yield "", talk, messages_of(waiting), gr.update(visible=False)
    done = (*talk, reply(bot, question, talk))
    yield "", done, messages_of(done), gr.update(visible=False)


def build_app(bot: Chatbot) -> gr.Blocks:
    """The page over one Chatbot, and the named endpoint /ask."""

    def typed(question: str, talk: Conversation) -> Iterator[tuple[Any, ...]]:
        yield from converse(bot, question, talk)

    def clicked(example: list[str], talk: Conversation) -> Iterator[tuple[Any, ...]]:
        yield from converse(bot, example[0], talk)

    def ask(question: str, history: list[dict[str, str]] | None = None) -> dict[str, Any]:
        """The Answer as JSON. history: earlier turns, {"role", "content"}, oldest first."""
        try:
            return bot.answer(question, history=cast(list[Turn], history or [])).to_dict()
        except WenjuError as error:
            raise gr.Error(str(error)) from error

    with gr.Blocks(title="Wenju 问据", analytics_enabled=False, fill_height=True) as app:
        parts = _layout()
        outputs = [parts.box, parts.talk, parts.chat, parts.examples]
        quiet = {"show_progress": "hidden", "api_visibility": "private"}
        one_by_one = {"concurrency_id": "ask", "concurrency_limit": 1}
        for event in (
            gr.on(
                [parts.box.submit, parts.send.click],
                typed,
                inputs=[parts.box, parts.talk],
                outputs=outputs,
                **quiet,
                **one_by_one,
            ),
            parts.examples.click(
                clicked, [parts.examples, parts.talk], outputs, **quiet, **one_by_one
            ),
        ):
            event.then(fn=None, js=_SHOW_LATEST, api_visibility="private")
        parts.again.click(lambda: ("", (), [], gr.update(visible=True)), None, outputs, **quiet)
        gr.api(ask, api_name="ask", **one_by_one)
    return app


@dataclass(frozen=True, slots=True)
class _Parts:
    """The page's parts that events read or write."""

    talk: gr.State  # Conversation
    again: gr.Button
    chat: gr.Chatbot
    examples: gr.Dataset
    box: gr.Textbox
    send: gr.Button


def _layout() -> _Parts:
    """Masthead, conversation, examples, question box; from the top down."""
    with gr.Row(elem_id="wj-top"):
        gr.HTML(_HEADER)
        again = gr.Button("New 新对话", size="sm", scale=0, min_width=104)
    chat = gr.Chatbot(
        elem_id="wj-chat",
        show_label=False,
        container=False,
        layout="panel",
        placeholder=_WELCOME,
        autoscroll=False,
        buttons=[],
        feedback_options=None,
        latex_delimiters=[],
        height="auto",
        scale=1,
    )
    examples = gr.Dataset(
        components=[gr.Textbox(visible=False)],
        samples=[[example] for example in EXAMPLES],
        label="Examples 例",
        elem_id="wj-examples",
    )
    with gr.Row(elem_id="wj-ask", equal_height=True):
        box = gr.Textbox(
            placeholder="Your question  你的问题",
            label="Question 问题",
            show_label=False,
            container=False,
            autofocus=True,
            max_lines=6,
            scale=1,
            elem_id="wj-box",
        )
        send = gr.Button("Ask 提问", variant="primary", scale=0, min_width=104)
    return _Parts(gr.State(()), again, chat, examples, box, send)


def launch_app(app: gr.Blocks, host: str, port: int | None, *, block: bool) -> str:
    """Serves the page and returns its address; nothing in it comes from another host.

    port None takes the first free one from 7860 on. With block, returns when the server stops.
    """
    _, address, _ = app.launch(
        server_name=host,
        server_port=port,
        share=False,
        quiet=True,
        prevent_thread_lock=True,
        run_history=False,
        footer_links=[],
        theme=gr.themes.Base(font=_FONTS, font_mono=_FONTS[-1:]),
        css_paths=_STYLE,
    )
    print(f"Wenju: {address}  (Ctrl-C stops it)", flush=True)
    if block:
        app.block_thread()
    return str(address)
