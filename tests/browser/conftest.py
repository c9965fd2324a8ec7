"""The page in headless Chromium. Screenshots: $WENJU_SCREENSHOTS, else a temporary folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.visit import WIDE, Visit
from tests.standin import EXAMPLES, StandIn
from ui.app import build_app, launch_app

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks all tests of this folder."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("no chromium on the PATH (Debian: chromium)")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, tmp_path):
    shots = Path(os.environ.get("WENJU_SCREENSHOTS", tmp_path))
    shots.mkdir(parents=True, exist_ok=True)
    contexts = []

    def open_page(address: str, size: tuple[int, int] = WIDE) -> Visit:
        context = chromium.new_context(viewport={"width": size[0], "height": size[1]})
        contexts.append(context)
        page = context.new_page()
        seen = Visit(page, [], shots)
        page.on("request", lambda request: seen.requests.append(request.url))
        page.goto(address)
        page.wait_for_selector("#wj-box textarea", timeout=60_000)
        return seen

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def standin() -> Iterator[tuple[str, StandIn]]:
    bot = StandIn()
    app = build_app(bot, EXAMPLES)
    yield launch_app(app, "127.0.0.1", None, block=False), bot
    app.close()
