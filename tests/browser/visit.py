"""A window on the page: asks, and tells what appears and what was asked of which host."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

WIDE, PHONE = (1280, 900), (390, 844)


@dataclass
class Visit:
    """One browser window on the page, with the addresses of all that it asked for."""

    page: Any
    requests: list[str]
    shots: Path

    def ask(self, question: str) -> None:
        """Types a question and sends it; the page takes it once the reply before is complete."""
        self.page.fill("#wj-box textarea", question)
        for _ in range(60):
            self.page.press("#wj-box textarea", "Enter")
            self.page.wait_for_timeout(300)
            if self.page.input_value("#wj-box textarea") == "":
                return
        raise AssertionError(f"the page did not take {question!r}")

    def replies(self, count: int) -> list:
        """The first count replies, once they are there."""
        self.page.wait_for_function(
            "n => document.querySelectorAll('.wj-turn').length >= n", arg=count, timeout=60_000
        )
        return self.page.query_selector_all(".wj-turn")

    def pending(self) -> None:
        """Waits until the page shows a question that is not answered yet."""
        self.page.wait_for_selector(".wj-pending", timeout=20_000)

    def opened(self) -> Any:
        """The article that is open."""
        return self.page.wait_for_selector("#wj-article article", timeout=20_000)

    def in_view(self, element: Any) -> bool:
        """Whether each line of the element lies within the window, and nothing lies over it."""
        return self.page.evaluate(
            """it => [...it.getClientRects()].every(({x, y, width, height, bottom}) =>
              y >= 0 && bottom <= innerHeight
                && it.contains(document.elementFromPoint(x + width / 2, y + height / 2)))""",
            element,
        )

    def shot(self, name: str) -> None:
        self.page.wait_for_timeout(600)  # scrolling has come to rest
        self.page.screenshot(path=self.shots / f"{name}.png")

    def outside(self) -> list[str]:
        """Addresses asked for on any other host than the page's."""
        hosts = {"127.0.0.1", None}  # None: data: and blob:
        return [url for url in self.requests if urlsplit(url).hostname not in hosts]
