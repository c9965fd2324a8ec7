"""Conversations kept in the browser: reload, list, rename, delete, export, what is damaged."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.visit import PHONE, WIDE
from tests.standin import FILE, QUOTE

SIZES = {"wide": WIDE, "phone": PHONE}
KEPT = "Object.keys(localStorage).filter(name => name.startsWith('wenju-talk:'))"


def listed(seen) -> list[str]:
    """Opens the list; the names in it."""
    seen.page.click("#wj-talks-open")
    seen.page.wait_for_selector("#wj-talks[open]")
    return [it.inner_text() for it in seen.page.query_selector_all("#wj-talks .wj-open")]


def kept(seen, count: int) -> None:
    """Waits until the browser keeps that many conversations."""
    seen.page.wait_for_function(f"n => {KEPT}.length === n", arg=count)


def test_reload_keeps_the_conversation_and_its_context(visit, standin):
    address, bot = standin
    seen = visit(address)
    seen.ask("图书馆藏书<i>多少</i>?")
    seen.replies(1)
    seen.ask("is there tea?")
    seen.replies(2)
    kept(seen, 1)
    shown = [it.inner_html() for it in seen.page.query_selector_all(".wj-turn")]
    seen.page.wait_for_function(f"JSON.parse(localStorage[{KEPT}[0]]).exchanges.length === 2")
    seen.page.reload()
    again = seen.replies(2)
    assert [it.inner_html() for it in again] == shown
    assert not seen.page.is_visible("#wj-examples")
    again[0].query_selector(".wj-foot button").click()
    assert seen.opened().query_selector("mark").text_content() == QUOTE
    seen.page.keyboard.press("Escape")
    seen.ask("那几点开门?")
    seen.replies(3)
    assert bot.asked[-1][1] == [
        {"role": "user", "content": "图书馆藏书<i>多少</i>?"},
        {"role": "assistant", "content": "3万册"},
        {"role": "user", "content": "is there tea?"},
    ]
    seen.page.wait_for_function(f"JSON.parse(localStorage[{KEPT}[0]]).exchanges.length === 3")


@pytest.mark.parametrize("name", SIZES)
def test_conversations_are_listed_opened_renamed_deleted_and_exported(visit, standin, name):
    seen = visit(standin[0] + ("?__theme=dark" if name == "phone" else ""), SIZES[name])
    page = seen.page
    seen.ask("图书馆藏书多少?")
    seen.replies(1)
    kept(seen, 1)
    page.click("#wj-new")
    page.wait_for_selector(".wj-turn", state="detached")
    seen.ask("is there <b>tea</b>?")
    seen.replies(1)
    kept(seen, 2)
    assert listed(seen) == ["is there <b>tea</b>?", "图书馆藏书多少?"]
    assert page.inner_text("#wj-talks [aria-current]") == "is there <b>tea</b>?"
    page.click("#wj-talks li >> nth=1 >> text=Rename")
    page.keyboard.type("书 <b>&")
    page.keyboard.press("Enter")
    page.wait_for_selector("#wj-talks .wj-open:has-text('书 <b>&')")
    seen.shot(f"talks_{name}")
    with page.expect_download() as download:
        page.click("#wj-talks li >> nth=1 >> text=Export")
    assert download.value.suggested_filename == "书 b.md"
    saved = Path(download.value.path()).read_text(encoding="utf-8")
    assert saved.startswith("# 书 \\<b\\>\\&\n")
    assert "**3万册** \\[1\\]" in saved and f"\n   > {QUOTE}\n" in saved
    assert FILE.replace("_", "\\_").replace(".", "\\.") in saved
    page.click("#wj-talks .wj-open >> nth=1")
    page.wait_for_selector(".wj-question:has-text('图书馆')")
    assert listed(seen)[1] == "书 <b>&"
    page.click("#wj-talks li >> nth=1 >> text=Delete")
    page.wait_for_selector(".wj-turn", state="detached")  # it was the one shown
    kept(seen, 1)
    page.click("text=Undo")
    kept(seen, 2)
    page.click("#wj-talks li >> nth=0 >> text=Delete")
    kept(seen, 1)
    assert page.evaluate("document.documentElement.scrollWidth") == SIZES[name][0]
    page.reload()
    page.wait_for_selector("#wj-examples", state="visible")
    assert listed(seen) == ["书 <b>&"]
    assert seen.outside() == []


@pytest.mark.parametrize(
    "left",
    [
        "{",
        "null",
        "7",
        '{"version": 0, "name": "old", "at": 1, "exchanges": [{"question": "?"}]}',
        '{"version": 1, "name": "x", "at": 1, "exchanges": [{"question": 7}, null]}',
    ],
)
def test_what_is_damaged_or_of_another_version_is_dropped(visit, standin, left):
    seen = visit(standin[0])
    faults: list[str] = []
    seen.page.on("pageerror", lambda error: faults.append(str(error)))
    seen.page.evaluate(
        """left => { localStorage.setItem("wenju-talk:k", left);
          sessionStorage.setItem("wenju-current", "k"); }""",
        left,
    )
    seen.page.reload()
    seen.page.wait_for_selector("#wj-examples", state="visible")
    seen.ask("图书馆藏书多少?")
    seen.replies(1)
    seen.page.wait_for_function(f"{KEPT}.some(name => localStorage[name].includes('3万册'))")
    kept(seen, 1 + ('"at": 1' in left and '"version": 1' in left))
    assert "图书馆藏书多少?" in listed(seen)
    assert faults == []


def test_full_storage_drops_the_oldest_conversation(visit, standin):
    seen = visit(standin[0])
    seen.page.evaluate(
        """() => { for (const at of [1, 2]) localStorage.setItem("wenju-talk:" + at, JSON.stringify(
          {version: 1, name: String(at), at, exchanges: ["x".repeat(999900)]})); }"""
    )
    seen.ask("图书馆藏书多少?")
    seen.replies(1)
    seen.page.wait_for_function("localStorage['wenju-talk:1'] === undefined")
    kept(seen, 2)
    assert listed(seen) == ["图书馆藏书多少?", "2"]
