"""A Desk goes in; the tabs that answer nothing come out: search, articles, statistics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import gradio as gr

from embeddings.errors import WenjuError
from embeddings.records import IndexedArticle
from rag.answers import Language
from rag.explanation import best_sentence, passage_of
from ui.cards import articles_html, hits_html
from ui.render import error_html
from ui.talk import Desk, plain
from ui.why import shortened
from ui.words import Spoken

_BINS = (0, 200, 500, 1000, 2000, 5000)  # characters of an article
SHOWN = 10  # passages of a search
_FILES = 40  # in the plot, those with the most articles
QUIET = {"show_progress": "hidden", "api_visibility": "private"}


def search_tab(desk: Desk, spoken: Spoken, language: gr.Radio) -> None:
    """A question or words in, the passages that retrieval finds out."""

    def found_for(question: str, speaking: Language) -> str:
        if not plain(question).strip():
            return ""
        try:
            config = desk.bot.config
            hits, generation = desk.search(plain(question), SHOWN)
            found = [(passage_of(question, hit, config), best_sentence(hit)) for hit in hits]
            return hits_html(found, speaking, generation)
        except WenjuError as error:
            return error_html(str(error))

    with gr.Row(elem_id="wj-seek", equal_height=True):
        box = gr.Textbox(show_label=False, container=False, max_lines=1, scale=1)
        spoken.by(box, placeholder="search_for", label="search_for")
        button = spoken.by(gr.Button("", scale=0, min_width=104, variant="primary"), value="search")
    found = gr.HTML(elem_id="wj-found", padding=False)
    gr.on([box.submit, button.click], found_for, [box, language], found, **QUIET)


def articles_tab(desk: Desk, spoken: Spoken, language: gr.Radio, renewing: Sequence[Any]) -> None:
    """All articles of the archive, filtered as one types.

    renewing: events after which other articles may be there.
    """

    def renewed(wanted: str, speaking: Language) -> str:
        desk.renew()
        return listed(wanted, speaking)

    def listed(wanted: str, speaking: Language) -> str:
        generation = desk.bot.generation
        articles = desk.bot.articles(generation)
        return articles_html(articles, plain(wanted or ""), speaking, generation)

    box = gr.Textbox(show_label=False, container=False, max_lines=1, elem_id="wj-filter")
    spoken.by(box, placeholder="filter", label="filter")
    shown = gr.HTML(listed("", "zh"), elem_id="wj-archive", padding=False)
    gr.on(
        [box.change, language.change], listed, [box, language], shown, trigger_mode="always_last",
        **QUIET,
    )  # fmt: skip
    gr.on(renewing, renewed, [box, language], shown, trigger_mode="always_last", **QUIET)


def figures_tab(desk: Desk, spoken: Spoken, tab: gr.Tab) -> None:
    """What the archive holds, as two plots; drawn anew when the tab is opened."""

    def drawn() -> list[dict[str, Any]]:
        """Properties of the two plots."""
        frames = figures(desk.bot.articles())
        return [
            {
                "value": frame,
                "sort": list(frame[x]),
                "y_lim": [0, int(frame["articles"].max()) + 1],
            }
            for frame, x in zip(frames, ("file", "length"), strict=True)
        ]

    def redrawn() -> list[Any]:
        desk.renew()
        return [gr.update(**properties) for properties in drawn()]

    plots = []
    with gr.Row(elem_id="wj-figures"):
        for properties, x, title in zip(
            drawn(), ("file", "length"), ("per_file", "lengths"), strict=True
        ):
            with gr.Column(min_width=300):  # one below the other on a phone
                plot = gr.BarPlot(
                    **properties, x=x, y="articles", height=320, buttons=[], x_title=" ",
                    x_label_angle=-30,
                )  # fmt: skip
            plots.append(spoken.by(plot, title=title, y_title="articles", label=title))
    tab.select(redrawn, None, plots, **QUIET)


def figures(articles: Sequence[IndexedArticle]) -> tuple[Any, Any]:
    """Two data frames: file and articles; length (a range of characters) and articles."""
    import pandas as pd

    found = Counter(article.source for article in articles)
    files = found if len(found) <= _FILES else dict(found.most_common(_FILES))
    counts = Counter(max(b for b in _BINS if b <= len(article.text)) for article in articles)
    names = [f"{a}–{b}" for a, b in zip(_BINS, _BINS[1:], strict=False)] + [f"{_BINS[-1]}+"]
    return (
        pd.DataFrame(
            {"file": [shortened(name, 8) for name in files], "articles": list(files.values())}
        ),
        pd.DataFrame({"length": names, "articles": [counts[least] for least in _BINS]}),
    )
