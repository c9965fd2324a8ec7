"""The archive's files as the page shows them, and what it says of them."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest

from tests.archives import BRIDGE, keys
from ui.archive import Archive, Outcome
from ui.files import files_html, outcomes_html
from ui.told import SAYINGS, Told


def test_every_saying_is_there_in_both_languages() -> None:
    for chinese, english in SAYINGS.values():
        assert chinese.count("{") == english.count("{")
        assert any("一" <= c <= "鿿" for c in chinese) and english[0].isascii()


class _Seen(HTMLParser):
    """Tags, attributes of buttons and text of a fragment, as a browser reads it."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.buttons: list[dict[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.buttons += [dict(attrs)] * (tag == "button")

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("language", ["zh", "en"])
def test_names_of_files_are_text_whatever_they_hold(archive: Archive, language: Any) -> None:
    hostile = ['"><script>x()</script>.txt'.replace("/", "\\"), "a\u202e\n' <i>&amp;\x07.md"]
    for name in hostile:
        (archive.corpus / name).write_text(BRIDGE + name, encoding="utf-8")
    seen = _Seen()
    seen.feed(files_html(archive, language))
    assert seen.tags == {"ul", "li", "bdi", "span", "button"} | {"br"}
    assert [button["data-of"] for button in seen.buttons] == sorted([*hostile, "a.txt"])
    seen = _Seen()
    outcomes = [Outcome(name, (Told("failed", (name,)),)) for name in hostile]
    seen.feed(outcomes_html(outcomes, language))
    assert seen.tags == {"ul", "li", "bdi", "span", "br"} and "x()" in seen.text
    for name in hostile:
        assert keys(archive.remove(name)) == ["removed"]
    assert list(archive.files()) == ["a.txt"]


def test_of_many_files_some_are_listed_and_the_filter_finds_the_rest(archive: Archive) -> None:
    for n in range(250):
        (archive.corpus / f"第{n:03d}版.txt").write_text(BRIDGE, encoding="utf-8")
    seen = _Seen()
    seen.feed(files_html(archive, "en"))
    assert len(seen.buttons) == 200 and "51 more files" in seen.text
    seen = _Seen()
    seen.feed(files_html(archive, "en", "249 TXT"))
    assert [button["data-of"] for button in seen.buttons] == ["第249版.txt"]
    assert "more files" not in seen.text
