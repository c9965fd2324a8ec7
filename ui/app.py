"""A Chatbot goes in, the Gradio page comes out, and launch_app serves it.

build_app(bot) makes the page without opening a port, so that tests can launch it as they like.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr
from starlette.middleware import Middleware

from rag import Chatbot
from rag.answers import Language
from ui.archive import Archive
from ui.ask import VISITORS, AskTab, ask_tab
from ui.browse import QUIET, articles_tab, figures_tab, search_tab
from ui.endpoints import endpoints
from ui.examples import Offer
from ui.feedback import Feedback
from ui.files import files_part
from ui.guard import Guard, Rules
from ui.offline import fetch_nothing
from ui.sheet import Sheet
from ui.talk import Desk, Talk
from ui.talks import conversations, drawer
from ui.vetting import Limits
from ui.words import LANGUAGES, Spoken, preferred

# Open pages whose state is kept, about 1 MB each; one more, and that which nobody has used longest
# is forgotten: its next question is no follow-up.
SESSIONS = 5 * VISITORS
_FONTS = (  # of the reader's system, none fetched
    *("system-ui", "-apple-system", "Segoe UI", "PingFang SC", "Noto Sans CJK SC"),
    *("Source Han Sans SC", "Microsoft YaHei", "sans-serif"),
)
_STYLE = Path(__file__).with_name("style.css")
_SHEET_SCRIPT = Path(__file__).with_name("sheet.js")
_HEADER = """
<div class="wj-head"><span class="wj-seal" aria-hidden="true">问据</span>
<div><h1>Wenju 问据</h1><p>{tagline}</p></div></div>
"""
_SHEET = """
<dialog id="wj-article" aria-label="Article 文章">
<button type="button" class="wj-close" aria-label="Close 关闭">×</button>
<div class="wj-sheet" tabindex="0"></div></dialog>
"""
_SPEAK = """language => {
  const zh = language === "zh";
  document.documentElement.lang = zh ? "zh-CN" : "en";
  document.querySelector("#wj-theme").ariaLabel = zh ? "深色或浅色" : "Dark or light";
}"""
_THEME = """() => {
  const dark = document.body.classList.toggle("dark");
  localStorage.setItem("wenju-theme", dark ? "dark" : "light");
}"""
_KEPT_THEME = """() => {
  const kept = localStorage.getItem("wenju-theme");
  if (kept && !new URLSearchParams(location.search).has("__theme"))
    document.body.classList.toggle("dark", kept === "dark");
}"""


def build_app(
    bot: Chatbot,
    examples: Sequence[str] | None = (),
    visitors: int = VISITORS,
    archive: Archive | None = None,
) -> gr.Blocks:
    """The page over one Chatbot, and its named endpoints.

    examples: questions to offer; None draws some from the articles once the page is there.
    archive: where files are sent to; None: nowhere.
    """
    desk, spoken = Desk(bot), Spoken()
    if archive:
        archive.renew = desk.renew
    sheet, offer = Sheet(desk, Feedback()), Offer(desk, examples)
    with gr.Blocks(
        title="Wenju 问据", analytics_enabled=False, fill_height=True, delete_cache=(600, 3600)
    ) as app:
        spoken_last = gr.BrowserState(None, storage_key="wenju-language", secret="wenju")
        with gr.Row(elem_id="wj-top"):
            spoken.by(gr.HTML(), value=_HEADER)
            language = gr.Radio(
                LANGUAGES, value="zh", container=False, scale=0, min_width=150,
                elem_id="wj-language",
            )  # fmt: skip
            spoken.by(language, label="language")
            theme = gr.Button("◐", size="sm", scale=0, min_width=44, elem_id="wj-theme")
            again = gr.Button("", size="sm", scale=0, min_width=88, elem_id="wj-new")
            spoken.by(again, value="new")
            talks = gr.Button("", size="sm", scale=0, min_width=88, elem_id="wj-talks-open")
            spoken.by(talks, value="talks")
        kept = drawer()
        with gr.Tabs(elem_id="wj-tabs"):
            with spoken.by(gr.Tab(id="ask"), label="ask_tab"):
                ask = ask_tab(desk, spoken, offer, visitors, kept)
            with spoken.by(gr.Tab(id="search"), label="search_tab"):
                search_tab(desk, spoken, language)
            with spoken.by(gr.Tab(id="articles"), label="articles_tab") as tab:
                changed = [files_part(archive, spoken, language).change] if archive else []
                articles_tab(desk, spoken, language, [tab.select, *changed])
            with spoken.by(gr.Tab(id="figures"), label="figures_tab") as tab:
                figures_tab(desk, spoken, tab)
        _sheet(sheet, ask)
        conversations(app, desk, ask, kept)
        _speak(app, spoken, language, spoken_last)
        theme.click(fn=None, js=_THEME, api_visibility="private")
        app.load(fn=None, js=_KEPT_THEME, api_visibility="private")
        if examples is None:
            _offered(app, offer, ask)
        again.click(
            partial(_renew, offer), ask.talk,
            [ask.talk, ask.box, ask.chat, ask.examples, ask.alone],
            queue=False, cancels=[ask.asking], **QUIET,
        )  # fmt: skip
        endpoints(desk, archive)
    return app


def _sheet(sheet: Sheet, ask: AskTab) -> None:
    """The sheet at the side, and the way from it back to the question box."""

    def correct(event: gr.EventData) -> tuple[Any, ...]:
        """Values of box and alone: a question as it was understood, to be put right."""
        return str(event._data.get("question", "")), gr.update(value=True, visible=True)

    def article(place: Any) -> str:
        return sheet.article(place)

    def passages(place: Any) -> str:
        return sheet.passages(place)

    def why(trace: Any) -> str:
        return sheet.why(trace)

    def why_json(trace: Any) -> str:
        return sheet.why_json(trace)

    def opinion(said: Any) -> str:
        return sheet.opinion(said)

    reading = gr.HTML(
        html_template=_SHEET,
        js_on_load=_SHEET_SCRIPT.read_text(encoding="utf-8"),
        server_functions=[article, passages, why, why_json, opinion],
        apply_default_css=False,
        elem_id="wj-reading",
    )
    reading.select(correct, None, [ask.box, ask.alone], queue=False, **QUIET)


def _speak(app: gr.Blocks, spoken: Spoken, language: gr.Radio, kept: gr.BrowserState) -> None:
    """The language switch: kept in the browser, at first as the browser prefers."""

    def first(chosen: Language | None, request: gr.Request) -> tuple[Any, ...]:
        known = (
            chosen if chosen in ("zh", "en") else preferred(request.headers.get("accept-language"))
        )
        return known, *spoken.updates(known)

    def switched(chosen: Language) -> tuple[Any, ...]:
        return chosen, *spoken.updates(chosen)

    loaded = app.load(first, kept, [language, *spoken.parts], queue=False, **QUIET)
    loaded.then(fn=None, inputs=language, js=_SPEAK, api_visibility="private")
    language.input(switched, language, [kept, *spoken.parts], queue=False, **QUIET)
    language.change(fn=None, inputs=language, js=_SPEAK, api_visibility="private")


def _offered(app: gr.Blocks, offer: Offer, ask: AskTab) -> None:
    """Examples appear below a conversation that has not begun, as soon as they are drawn."""

    def offered(said: Talk) -> Any:
        samples = [[question] for question in offer.questions()]
        begun = bool(said.exchanges) or said.waiting is not None
        return gr.update(samples=samples, visible=bool(samples) and not begun)

    app.load(offered, ask.talk, ask.examples, **QUIET)
    offer.draw()


def _renew(offer: Offer, talk: Talk) -> tuple[Any, ...]:
    """Values of talk, box, chat, examples and alone."""
    talk.closed = True
    samples = [[question] for question in offer.known()]
    examples = gr.update(samples=samples, visible=bool(samples))
    return Talk(), "", [], examples, gr.update(value=False, visible=False)


def launch_app(
    app: gr.Blocks,
    host: str,
    port: int | None,
    *,
    block: bool,
    auth: Callable[[str, str], bool] | None = None,
    rules: Rules | None = None,
    mcp: bool = False,
) -> str:
    """Serves the page and returns its address; nothing in it comes from another host.

    auth says whether a name and a password open it; None: everybody may. rules: what requests
    are let through. mcp: the endpoints are MCP tools too.

    port None takes the first free one from 7860 on. With block, returns when the server stops.
    """
    fetch_nothing()
    _, address, _ = app.launch(
        server_name=host,
        server_port=port,
        share=False,
        auth=auth,
        quiet=True,
        prevent_thread_lock=True,
        run_history=False,
        footer_links=[],
        theme=gr.themes.Base(font=_FONTS, font_mono=_FONTS[-1:]),
        css_paths=_STYLE,
        app_kwargs={"middleware": [Middleware(Guard, rules=rules or Rules())]},
        max_file_size=Limits().file_bytes,
        enable_monitoring=False,
        mcp_server=mcp,
        state_session_capacity=SESSIONS,
    )
    print(f"Wenju: {address}  (Ctrl-C stops it)", flush=True)
    if block:
        app.block_thread()
    return str(address)
