"""The page in headless Chromium: how soon it is there, and how soon a click's answer is.

    python -m benchmarks.page [--rounds 10] [--port 7870] [-- --index INDEX]

Each round is a browser context of its own with an empty cache. First paint is the browser's
first-contentful-paint; the answer counts from the click on the first example question until the
frame after its reply stands in the page. What follows -- goes to python -m ui.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
from collections.abc import Sequence
from typing import Any

from benchmarks.serving import served

PAINT_GOAL, ANSWER_GOAL = 2.0, 1.0  # seconds
_PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
_EXAMPLE = "#wj-examples button"
# Seconds from the click until the frame after the reply. Gradio puts a reply in as it comes.
_ASK = """selector => new Promise(done => {
  let clicked = 0;
  new MutationObserver((_, watch) => {
    if (!document.querySelector(".wj-answered, .wj-refused, .wj-error")) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => done((performance.now() - clicked) / 1000)));
  }).observe(document.body, {childList: true, subtree: true});
  clicked = performance.now();
  document.querySelector(selector).click();
})"""


def main(argv: Sequence[str] | None = None) -> int:
    """Prints the table; status 1 where a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.page", description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--port", type=int, default=7870)
    parser.add_argument("ui", nargs="*", help="arguments of python -m ui, after --")
    args = parser.parse_args(argv)
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("no chromium on the PATH (Debian: apt install chromium)")
    from playwright.sync_api import sync_playwright

    with served(args.port, args.ui) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"], timeout=120_000
        )
        measure(browser, server.address)  # the server's own first time is not the page's
        rounds = [measure(browser, server.address) for _ in range(args.rounds)]
        browser.close()
    print("| seconds | median | least | most | goal |\n|---|---|---|---|---|")
    met = True
    for name, values, goal in (
        ("first paint", [paint for paint, _, _ in rounds], PAINT_GOAL),
        ("question box there", [there for _, there, _ in rounds], None),
        ("click to answer", [answer for _, _, answer in rounds], ANSWER_GOAL),
    ):
        middle = statistics.median(values)
        met = met and (goal is None or middle <= goal)
        told = f"| {name} | {middle:.2f} | {min(values):.2f} | {max(values):.2f} |"
        print(f"{told} {'' if goal is None else f'{goal:g}'} |")
    return 0 if met else 1


def measure(browser: Any, address: str) -> tuple[float, float, float]:
    """Seconds to the first paint, to the question box, and from a click to its answer."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    try:
        page = context.new_page()
        page.set_default_timeout(300_000)
        page.goto(address)
        page.wait_for_selector("#wj-box textarea")
        there = page.evaluate("performance.now()") / 1000
        paint = page.wait_for_function(_PAINT).json_value() / 1000
        page.wait_for_selector(_EXAMPLE, state="visible")
        return paint, there, page.evaluate(_ASK, _EXAMPLE)
    finally:
        context.close()


if __name__ == "__main__":
    sys.exit(main())
