"""A Chatbot goes in, the Gradio page comes out, and launch_app serves it.

build_app(bot) makes the page without opening a port, so that tests can launch it as they like.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from embeddings.errors import WenjuError
from rag import Chatbot
from ui import render
from ui.talk import Desk, Exchange, Talk, converse, question_of, turns_of

log = logging.getLogger(__name__)

# Questions to click, about the corpus that comes with the package.
EXAMPLES = (
    "how did 明水街道 reduce complaints?",
    "胜利大学生创业园已累计入园孵化多少家企业？",
    "How many volunteers stepped forward in Taohuashan Community?",
)
# Questions on the page, shown and waiting, at a time; each holds one of Gradio's 40 threads.
_VISITORS = 32

_FONTS = (  # of the reader's system, none fetched
    *("system-ui", "-apple-system", "Segoe UI", "PingFang SC", "Noto Sans CJK SC"),
    *("Source Han Sans SC", "Microsoft YaHei", "sans-serif"),
)
_STYLE = Path(__file__).with_name("style.css")
_OPEN_ARTICLE = Path(__file__).with_name("article.js")
_HEADER = """
<div class="wj-head"><span class="wj-seal" aria-hidden="true">问据</span>
<div><h1>Wenju 问据</h1>
<p>Ask in Chinese, English or both. Every answer shows the lines that prove it.<br>
<span lang="zh-CN">中文、英文、混着问都行；每个回答都附上报纸原文。</span></p></div></div>
"""
_WELCOME = '<p class="wj-welcome">Ask the newspaper something<br><span>问一问这几版报纸</span></p>'
_ARTICLE = """
<dialog id="wj-article" aria-label="Article 文章">
<button type="button" class="wj-close" aria-label="Close 关闭">×</button>
<div class="wj-sheet" tabindex="0"></div></dialog>
"""
# After each change: the latest question to the top of the chat, so that reading starts there.
_SHOW_LATEST = """() => requestAnimationFrame(() => {
  const all = document.querySelectorAll(".wj-question");
  if (all.length) all[all.length - 1].scrollIntoView({block: "start", behavior: "smooth"});
})"""


def messages_of(exchanges: Sequence[Exchange]) -> list[dict[str, Any]]:
    """The conversation as gr.Chatbot shows it: escaped HTML."""
    return [
        {"role": role, "content": gr.HTML(content)}
        for exchange in exchanges
        for role, content in (
            ("user", render.question_html(exchange.question)),
            ("assistant", exchange.html),
        )
    ]


def build_app(bot: Chatbot) -> gr.Blocks:
    """The page over one Chatbot, and the named endpoint /ask."""
    desk = Desk(bot)

    def asked(
        event: gr.EventData, typed: str, example: list[str] | None, talk: Talk
    ) -> Iterator[tuple[Any, ...]]:
        """Values of box, chat and examples."""
        clicked = event.target is not None and event.target._id == parts.examples._id
        question = example[0] if clicked and example else typed
        box: Any = gr.skip() if clicked else ""  # taken; what is typed after that stays
        for exchanges in converse(desk, question, talk):
            yield box, messages_of(exchanges), gr.update(visible=False)
            box = gr.skip()
        yield gr.skip(), gr.skip(), gr.skip()  # what comes last is sent twice, the second time late

    def renew(talk: Talk) -> tuple[Any, ...]:
        """Values of talk, box, chat and examples."""
        talk.closed = True
        return Talk(), "", [], gr.update(visible=True)

    def ask(question: str, history: list[dict[str, Any]] | None = None) -> dict[str, Any]:
        """The Answer as JSON. history: earlier turns, {"role", "content"}, oldest first."""
        try:
            return desk.answer(question_of(question), turns_of(history)).to_dict()
        except WenjuError as error:
            raise gr.Error(str(error), print_exception=False) from error
        except Exception as error:  # a fault of ours: the log has the traceback
            log.exception("no answer to %.200r", question)
            raise gr.Error(f"{type(error).__name__}: {error}", print_exception=False) from error

    def article(place: Any) -> str:
        """The article that a click on a citation opens, as HTML."""
        return desk.article(place)

    with gr.Blocks(title="Wenju 问据", analytics_enabled=False, fill_height=True) as app:
        parts = _layout()
        gr.HTML(
            html_template=_ARTICLE,
            js_on_load=_OPEN_ARTICLE.read_text(encoding="utf-8"),
            server_functions=[article],
            apply_default_css=False,
            elem_id="wj-reading",
        )
        shown = [parts.box, parts.chat, parts.examples]
        quiet = {"show_progress": "hidden", "api_visibility": "private"}
        asking = gr.on(  # one event for all three: no second question while one is pending
            [parts.box.submit, parts.send.click, parts.examples.click],
            asked,
            inputs=[parts.box, parts.examples, parts.talk],
            outputs=shown,
            trigger_mode="once",
            concurrency_limit=_VISITORS,
            **quiet,
        )
        parts.chat.change(fn=None, js=_SHOW_LATEST, api_visibility="private")
        parts.again.click(
            renew, parts.talk, [parts.talk, *shown], queue=False, cancels=[asking], **quiet
        )
        gr.api(ask, api_name="ask", concurrency_limit=1)
    return app


@dataclass(frozen=True, slots=True)
class _Parts:
    """The page's parts that events read or write."""

    talk: gr.State  # Talk
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
    return _Parts(gr.State(Talk()), again, chat, examples, box, send)


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
