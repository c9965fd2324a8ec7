"""A Chatbot goes in, the Gradio page comes out, and launch_app serves it.

build_app(bot) makes the page without opening a port, so that tests can launch it as they like.
The conversation is a tuple of Turns; the page is drawn from it, and so is the history that the
Chatbot sees, which holds plain text only.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from embeddings.errors import WenjuError
from rag import Answer, Chatbot
from ui import render

log = logging.getLogger(__name__)

# Questions to click, about the corpus that comes with the package.
EXAMPLES = (
    "how did 明水街道 reduce complaints?",
    "胜利大学生创业园累计孵化了多少家企业？",
    "How many courtyard Party branches does Mingshui have?",
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
class Turn:
    """One question and its reply; text is None where there is no answer to follow up on."""

    question: str
    html: str
    text: str | None = None


Turns = tuple[Turn, ...]


def history_of(turns: Turns) -> list[dict[str, str]]:
    """The conversation as the Chatbot takes it: answered turns, plain text."""
    return [
        {"role": role, "content": content}
        for turn in turns
        if turn.text is not None
        for role, content in (("user", turn.question), ("assistant", turn.text))
    ]


def messages_of(turns: Turns) -> list[dict[str, Any]]:
    """The conversation as gr.Chatbot shows it: escaped HTML."""
    return [
        {"role": role, "content": gr.HTML(content)}
        for turn in turns
        for role, content in (
            ("user", render.question_html(turn.question)),
            ("assistant", turn.html),
        )
    ]


def reply(bot: Chatbot, question: str, turns: Turns) -> Turn:
    """The turn that answers a question. Never raises: a failure becomes text in the chat."""
    try:
        answer = bot.answer(question, history=history_of(turns))
    except WenjuError as error:
        return Turn(question, render.error_html(str(error)))
    except Exception as error:  # a fault of ours: the log has the traceback, the reader a line
        log.exception("no answer to %r", question)
        return Turn(question, render.error_html(f"{type(error).__name__}: {error}"))
    return Turn(question, render.answer_html(answer), answer.text)


def build_app(bot: Chatbot) -> gr.Blocks:
    """The page over one Chatbot, and the named endpoint /ask."""

    def ask(question: str, turns: Turns) -> Iterator[tuple[Any, ...]]:
        """Shows the question at once, then the reply; outputs: box, turns, chat, examples."""
        if not question.strip():
            yield question, turns, gr.skip(), gr.skip()
            return
        waiting = (*turns, Turn(question, render.pending_html()))
        yield "", turns, messages_of(waiting), gr.update(visible=False)
        done = (*turns, reply(bot, question, turns))
        yield "", done, messages_of(done), gr.update(visible=False)

    def ask_example(chosen: list[str], turns: Turns) -> Iterator[tuple[Any, ...]]:
        yield from ask(chosen[0], turns)

    def answer_json(question: str, history: list[dict[str, str]] | None = None) -> dict[str, Any]:
        """The Answer as JSON. history: earlier turns, {"role", "content"}, plain text."""
        return _answer_dict(bot, question, history)

    with gr.Blocks(title="Wenju 问据", analytics_enabled=False, fill_height=True) as app:
        turns = gr.State(())
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

        outputs = [box, turns, chat, examples]
        shared: dict[str, Any] = {
            "outputs": outputs,
            "concurrency_id": "ask",
            "concurrency_limit": 1,
            "show_progress": "hidden",
            "api_visibility": "private",
        }
        for event in (
            gr.on([box.submit, send.click], ask, inputs=[box, turns], **shared),
            examples.click(ask_example, inputs=[examples, turns], **shared),
        ):
            event.then(fn=None, js=_SHOW_LATEST, api_visibility="private")
        again.click(
            lambda: ("", (), [], gr.update(visible=True)),
            outputs=outputs,
            show_progress="hidden",
            api_visibility="private",
        )
        gr.api(answer_json, api_name="ask", concurrency_id="ask", concurrency_limit=1)
    return app


def launch_app(app: gr.Blocks, host: str, port: int | None, *, block: bool) -> str:
    """Serves the page and returns its address; nothing in it comes from another host.

    port None takes the first free one from 7860 on. With block, returns when the server stops.
    """
    system = ("system-ui", "-apple-system", "Segoe UI", "PingFang SC", "Noto Sans CJK SC",
              "Source Han Sans SC", "Microsoft YaHei", "sans-serif")  # fmt: skip
    _, address, _ = app.launch(
        server_name=host,
        server_port=port,
        share=False,
        quiet=True,
        prevent_thread_lock=True,
        run_history=False,
        footer_links=[],
        theme=gr.themes.Base(font=system, font_mono=("ui-monospace", "monospace")),
        css_paths=_STYLE,
    )
    print(f"Wenju: {address}  (Ctrl-C stops it)", flush=True)
    if block:
        app.block_thread()
    return str(address)


def _answer_dict(
    bot: Chatbot, question: str, history: list[dict[str, str]] | None
) -> dict[str, Any]:
    try:
        answer: Answer = bot.answer(question, history=history or [])
    except WenjuError as error:
        raise gr.Error(str(error)) from error
    return asdict(answer)
