"""The page by the keyboard alone, and what a screen reader is told."""

from __future__ import annotations

from tests.browser.visit import Visit
from tests.standin import QUOTE

# What has the focus shows it: itself, or the label around a radio button.
FOCUS = """wanted => {
  const it = document.activeElement;
  const shown = [it, it.closest("label")].some(at => {
    const {outlineStyle, outlineWidth} = at ? getComputedStyle(at) : {};
    return at && outlineStyle !== "none" && parseFloat(outlineWidth) > 0;
  });
  return [it.matches(wanted), shown, it.outerHTML.slice(0, 80)];
}"""
KINDS = "button, input, textarea, select, [tabindex='0']"
NAMELESS = """kinds => [...document.querySelectorAll(kinds)]
  .filter(it => it.checkVisibility() && !it.disabled)
  .filter(it => !(it.ariaLabel || it.textContent.trim() || it.labels?.[0]?.textContent.trim()
    || it.getAttribute("aria-labelledby") || it.title || it.closest("[role=tabpanel]") === it))
  .map(it => it.outerHTML.slice(0, 120))"""


def go_to(seen: Visit, wanted: str, key: str) -> None:
    """Presses Tab, or Shift+Tab, until something has the focus; all on the way show theirs."""
    for _ in range(60):
        seen.page.keyboard.press(key)
        there, shown, what = seen.page.evaluate(FOCUS, wanted)
        assert shown or what.startswith("<body"), f"the focus cannot be seen on {what}"
        if there:
            return
    raise AssertionError(f"{key} does not lead to {wanted}")


def test_ask_open_close_and_switch_the_language_by_keyboard(visit, standin):
    seen = visit(standin[0])
    page = seen.page
    page.wait_for_selector("#wj-send:has-text('Ask')")
    if not page.evaluate("document.activeElement.matches('#wj-box textarea')"):
        go_to(seen, "#wj-box textarea", "Tab")
    page.keyboard.type("how many broken books?")
    page.keyboard.press("Enter")
    seen.replies(1)
    page.wait_for_selector("#wj-send", state="visible")
    if not page.evaluate("document.activeElement.matches('#wj-box textarea')"):
        go_to(seen, "#wj-box textarea", "Tab")
    go_to(seen, ".wj-foot button.wj-opens", "Shift+Tab")
    seen.shot("focus")
    page.keyboard.press("Enter")
    assert seen.opened().query_selector("mark").text_content() == QUOTE
    assert page.evaluate("document.querySelector('#wj-article').contains(document.activeElement)")
    page.keyboard.press("Escape")
    page.wait_for_selector("#wj-article:not([open])", state="attached")
    assert page.evaluate("document.activeElement.matches('.wj-foot button.wj-opens')")
    go_to(seen, ".wj-thumb.wj-up", "Shift+Tab")
    go_to(seen, "#wj-language input[value=zh]", "Shift+Tab")  # Gradio's radios are no group
    page.keyboard.press("Space")
    page.wait_for_selector("#wj-send:has-text('提问')")
    go_to(seen, "#wj-talks-open", "Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#wj-talks[open]")
    page.keyboard.press("Escape")
    page.wait_for_selector("#wj-talks:not([open])", state="attached")
    assert page.evaluate("document.activeElement.matches('#wj-talks-open')")


def test_screen_reader_is_told_what_everything_is_and_what_changes(visit, standin):
    seen = visit(standin[0])
    page = seen.page
    page.wait_for_selector("#wj-send:has-text('Ask')")
    seen.ask("how many broken books?")
    seen.replies(1)
    assert page.evaluate(NAMELESS, KINDS) == []
    log = page.query_selector("#wj-chat [role=log]")
    assert log.get_attribute("aria-live") == "polite"
    assert log.query_selector(".wj-text") is not None
    assert page.query_selector("[role=tablist] [role=tab][aria-selected=true]") is not None
    assert page.get_by_role("textbox", name="Your question").count() == 1
    assert page.get_by_role("button", name="Dark or light").count() == 1
    assert page.get_by_role("button", name="Good answer").count() == 1
    page.click("#wj-talks-open")
    assert page.get_by_role("dialog", name="Conversations").count() == 1
    assert page.evaluate(NAMELESS, KINDS) == []
    page.keyboard.press("Escape")
    page.click(".wj-foot .wj-opens")
    seen.opened()
    assert page.get_by_role("dialog", name="Article").count() == 1
    assert page.evaluate("document.documentElement.lang") == "en"
