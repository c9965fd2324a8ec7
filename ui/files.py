"""An Archive goes in; the part of the page where files are sent to it, listed and removed out."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.utils import get_upload_folder

from embeddings.errors import WenjuError
from embeddings.terms import fold
from rag.answers import Language
from ui.archive import Archive, Outcome, Removed, Same, Sent
from ui.markup import escaped
from ui.permission import may_change
from ui.talk import plain
from ui.told import Told
from ui.words import Spoken, say

_SCRIPT = """
element.addEventListener("click", event => {
  const button = event.target.closest("button[data-act]");
  if (button) trigger("select", {act: button.dataset.act, of: button.dataset.of});
});
"""
_CHOICES: dict[Language, list[tuple[str, Same]]] = {
    "zh": [("不收", "leave"), ("两个都留", "keep"), ("替换", "replace")],
    "en": [("leave out", "leave"), ("keep both", "keep"), ("replace", "replace")],
}
_MOST = 200  # files listed; further ones are found by the filter
_ACT = {"show_progress": "full", "api_visibility": "private", "concurrency_id": "archive"}


def sent_of(files: Any) -> list[Sent]:
    """Files as a browser or another program names them, where Gradio has taken them in.

    Raises gr.Error for any other file, whoever names it: of an endpoint's arguments, Gradio checks
    those alone that say that they are files. The names are those that the senders gave.
    """
    taken_in = Path(get_upload_folder()).resolve()
    sent = []
    for file in files or ():
        path, name = file.get("path"), file.get("orig_name")
        if not isinstance(path, str) or not Path(path).resolve().is_relative_to(taken_in):
            raise gr.Error("This file was not uploaded. Send it itself, not its path.")
        sent.append(Sent(Path(path), name if isinstance(name, str) and name else Path(path).name))
    return sent


def forget(sent: Sequence[Sent]) -> None:
    """Removes Gradio's copies."""
    for file in sent:
        file.path.unlink(missing_ok=True)


def files_part(archive: Archive, spoken: Spoken, language: gr.Radio) -> gr.HTML:
    """Lays the part out; returns what tells the outcomes, whose change means changed articles."""
    with gr.Row(elem_id="wj-upload"):
        sent = gr.File(
            file_count="multiple", height=150, scale=3, min_width=280, elem_id="wj-send-in"
        )
        with gr.Column(scale=1, min_width=220):
            same = gr.Radio(_CHOICES["zh"], value="leave", elem_id="wj-same")
            again = gr.Button("", size="sm", elem_id="wj-rebuild")
    spoken.by(sent, label="upload")
    spoken.by(same, label="same_name")
    spoken.by(again, value="rebuild")
    outcomes = gr.HTML(padding=False, elem_id="wj-outcomes")
    with spoken.by(gr.Accordion(open=False, elem_id="wj-files"), label="files"):
        box = gr.Textbox(show_label=False, container=False, max_lines=1, elem_id="wj-file-filter")
        spoken.by(box, placeholder="filter_files", label="filter_files")
        listed = gr.HTML(
            files_html(archive, "zh"), js_on_load=_SCRIPT, padding=False, elem_id="wj-file-list"
        )

    def added(
        named: Any,
        about: Same,
        wanted: str | None,
        speaking: Language,
        request: gr.Request,
        progress: gr.Progress = gr.Progress(),  # noqa: B008
    ) -> tuple[Any, ...]:
        files = sent_of(named)
        try:
            done = _allowed(request, lambda: archive.add(files, about, _shown(progress, speaking)))
        finally:
            forget(files)
        return None, outcomes_html(done, speaking), files_html(archive, speaking, wanted)

    def acted(
        event: gr.EventData,
        wanted: str | None,
        speaking: Language,
        request: gr.Request,
        progress: gr.Progress = gr.Progress(),  # noqa: B008
    ) -> tuple[str, str]:
        of = str(event._data.get("of", ""))
        act = archive.restore if event._data.get("act") == "restore" else archive.remove
        done = _allowed(request, lambda: act(of, _shown(progress, speaking)))
        return outcomes_html(done, speaking), files_html(archive, speaking, wanted)

    def rebuilt(
        wanted: str | None,
        speaking: Language,
        request: gr.Request,
        progress: gr.Progress = gr.Progress(),  # noqa: B008
    ) -> tuple[str, str]:
        done = _allowed(request, lambda: [reindexed(archive, _shown(progress, speaking))])
        return outcomes_html(done, speaking), files_html(archive, speaking, wanted)

    act = {**_ACT, "show_progress_on": outcomes}
    sent.upload(  # as it was sent: Gradio's own reading of it cuts characters out of names
        added, [sent, same, box, language], [sent, outcomes, listed], preprocess=False, **act
    )
    listed.select(acted, [box, language], [outcomes, listed], **act)
    again.click(rebuilt, [box, language], [outcomes, listed], **act)

    def relabelled(wanted: str | None, speaking: Language) -> tuple[Any, str]:
        return gr.update(choices=_CHOICES[speaking]), files_html(archive, speaking, wanted)

    quiet = {"show_progress": "hidden", "api_visibility": "private", "queue": False}
    language.change(relabelled, [box, language], [same, listed], **quiet)
    box.change(
        lambda wanted, speaking: files_html(archive, speaking, wanted),
        [box, language], listed, trigger_mode="always_last", **quiet,
    )  # fmt: skip
    return outcomes


def reindexed(archive: Archive, report: Callable[[str, int, int], None] | None = None) -> Outcome:
    """The archive's files indexed as they are now."""
    try:
        made = archive.rebuild(report)
    except WenjuError as error:
        return Outcome("", (Told("failed", (str(error),)),))
    return Outcome("", (Told("rebuilt", (str(len(made.corpus)), str(made.articles))),), True)


def _allowed(request: gr.Request, change: Callable[[], Sequence[Outcome]]) -> Sequence[Outcome]:
    """The outcomes of a change, where this visitor may make it."""
    return change() if may_change(request) else [Outcome("", (Told("not allowed"),))]


def _shown(progress: gr.Progress, language: Language) -> Callable[[str, int, int], None]:
    """Progress of a rebuild on the page."""

    def report(stage: str, done: int, total: int) -> None:
        progress((done, total), desc=say(f"stage_{stage}", language), unit="")

    return report


def outcomes_html(outcomes: Sequence[Outcome], language: Language) -> str:
    """What became of each file, a line each."""
    lines = "".join(
        f'<li class="{"wj-done-well" if outcome.done else "wj-not-done"}">'
        + (f"<bdi>{escaped(outcome.name)}</bdi> " if outcome.name else "")
        + " ".join(f"<span>{escaped(told.say(language))}</span>" for told in outcome.told)
        + "</li>"
        for outcome in outcomes
    )
    return f'<ul class="wj-list" role="status">{lines}</ul>' if lines else ""


def files_html(archive: Archive, language: Language, wanted: str | None = None) -> str:
    """The files of the archive and those that were taken out, with what a click does to them.

    wanted: words that the names of the files have to hold; an empty box is None.
    """
    words = fold(plain(wanted or "")).split()
    files = {s: n for s, n in archive.files().items() if all(word in fold(s) for word in words)}
    shown = dict(islice(files.items(), _MOST))
    articles = archive.articles_in()
    rows = "".join(
        _row(source, _facts(size, articles[source], language), "remove", source, language)
        for source, size in shown.items()
    )
    more = say("more_files", language).format(len(files) - len(shown))
    note = f'<p class="wj-label">{more}</p>' if len(files) > len(shown) else ""
    gone = "".join(_gone(removed, language) for removed in archive.removed())
    head = f'<p class="wj-label">{say("removed_files", language)}</p>' if gone else ""
    return f'<ul class="wj-list">{rows}</ul>{note}{head}<ul class="wj-list wj-gone">{gone}</ul>'


def _gone(removed: Removed, language: Language) -> str:
    return _row(removed.source, f"{removed.when} UTC", "restore", removed.key, language)


def _facts(size: int, articles: int, language: Language) -> str:
    counted = say("articles_in_file", language).format(articles)
    return f"{counted} · {max(1, size // 1024):,} KB"


def _row(name: str, facts: str, act: str, of: str, language: Language) -> str:
    word = say(act, language)
    return (
        f'<li><bdi class="wj-file">{escaped(name)}</bdi><span>{facts}</span>'
        f'<button type="button" data-act="{act}" data-of="{html.escape(of, quote=True)}" '
        f'aria-label="{word} {html.escape(name, quote=True)}">{word}</button></li>'
    )
