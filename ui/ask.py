"""A Desk goes in; the tab with the conversation comes out: chat, examples, question box."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from ui import render
from ui.browse import QUIET
from ui.examples import Offer
from ui.exchange import Exchange
from ui.kept import latest
from ui.talk import Desk, Talk, converse
from ui.words import Spoken

# Questions on the page, shown and waiting, at a time; each holds one of Gradio's 40 threads.
VISITORS = 32
# After each change: the latest question to the top of the chat, so that reading starts there.
_SHOW_LATEST = """() => requestAnimationFrame(() => {
  const all = document.querySelectorAll(".wj-question");
  if (all.length) all[all.length - 1].scrollIntoView({block: "start", behavior: "smooth"});
})"""


@dataclass(frozen=True, slots=True)
class AskTab:
    """The tab's parts that other parts of the page read or write."""

    talk: gr.State  # Talk
    chat: gr.Chatbot
    examples: gr.Dataset
    box: gr.Textbox
    alone: gr.Checkbox
    asking: Any  # the event that answers, to be cancelled


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


def ask_tab(desk: Desk, spoken: Spoken, offer: Offer, visitors: int, kept: gr.HTML) -> AskTab:
    """Lays the tab out, from the top down, and joins its parts.

    kept: gets each exchange once it is complete.
    """
    talk = gr.State(Talk())
    chat = gr.Chatbot(
        elem_id="wj-chat",
        show_label=False,
        container=False,
        layout="panel",
        autoscroll=False,
        buttons=[],
        feedback_options=None,
        latex_delimiters=[],
        height="auto",
        scale=1,
    )
    spoken.by(chat, placeholder='<p class="wj-welcome">{welcome}</p>')
    offered = gr.Dataset(
        components=[gr.Textbox(visible=False)],
        samples=[[example] for example in offer.known()],
        visible=bool(offer.known()),
        elem_id="wj-examples",
    )
    spoken.by(offered, label="examples")
    alone = spoken.by(gr.Checkbox(visible=False, elem_id="wj-alone"), label="alone")
    with gr.Row(elem_id="wj-ask", equal_height=True):
        box = gr.Textbox(
            show_label=False,
            container=False,
            autofocus=True,
            max_lines=6,
            max_length=desk.bot.config.max_question_chars,
            scale=1,
            elem_id="wj-box",
        )
        spoken.by(box, placeholder="question", label="question")
        send = gr.Button("", variant="primary", scale=0, min_width=104, elem_id="wj-send")
        stop = gr.Button("", scale=0, min_width=104, elem_id="wj-stop")  # style.css: which is shown
        spoken.by(send, value="ask")
        spoken.by(stop, value="stop")

    def asked(
        event: gr.EventData, typed: str, example: list[str] | None, by_itself: bool, said: Talk
    ) -> Iterator[dict[Any, Any]]:
        clicked = isinstance(event.target, gr.Dataset)  # an updated part gets a new _id
        question = example[0] if clicked and example else typed
        once: dict[Any, Any] = {
            offered: gr.update(visible=False),
            alone: gr.update(value=False, visible=False),
            **({} if clicked else {box: ""}),  # taken; what is typed after that stays
        }
        for exchanges in converse(desk, question, said, by_itself):
            yield {chat: messages_of(exchanges), **once}
            once = {}
        yield {chat: gr.skip()}  # what comes last is sent twice, the second time late

    def halted(said: Talk) -> dict[Any, Any]:
        desk.stop(said)
        return {chat: messages_of(said.exchanges), kept: complete(said)}

    def complete(said: Talk) -> Any:
        if said.waiting is not None or said.kept >= len(said.exchanges):
            return gr.skip()
        said.kept = len(said.exchanges)
        return latest(said)

    asking = gr.on(  # one event for all three: no second question while one is pending
        [box.submit, send.click, offered.click],
        asked,
        inputs=[box, offered, alone, talk],
        outputs=[box, chat, offered, alone],
        trigger_mode="once",
        concurrency_limit=visitors,
        **QUIET,
    )
    asking.success(complete, talk, kept, queue=False, **QUIET)
    chat.change(fn=None, js=_SHOW_LATEST, api_visibility="private")
    stop.click(halted, talk, [chat, kept], queue=False, cancels=[asking], **QUIET)
    return AskTab(talk, chat, offered, box, alone, asking)
