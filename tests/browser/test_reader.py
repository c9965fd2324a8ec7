"""What a reader does with an answer: judges it, copies it, looks up its words."""

from __future__ import annotations

import json

import pytest

from embeddings.config import data_dir
from tests.browser.visit import PHONE, WIDE
from tests.standin import EXAMPLES, FILE, QUOTE, StandIn
from ui.app import build_app, launch_app

SIZES = {"wide": WIDE, "phone": PHONE}


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """A page whose feedback goes into a folder of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WENJU_HOME", str(tmp_path_factory.mktemp("home")))
        app = build_app(StandIn(), EXAMPLES)  # type: ignore[arg-type]
        yield launch_app(app, "127.0.0.1", None, block=False), data_dir() / "feedback.jsonl"
        app.close()


def test_thumb_writes_one_line_and_its_reason_another(visit, judged):
    address, file = judged
    seen = visit(address)
    seen.ask("how many broken books?")
    reply = seen.replies(1)[0]
    assert not reply.query_selector(".wj-reason").is_visible()
    reply.query_selector(".wj-down").click()
    seen.page.wait_for_selector(".wj-reason [role=status]:has-text('Thank you')")
    (line,) = file.read_text(encoding="utf-8").splitlines()
    told = json.loads(line)
    assert (told["verdict"], told["reason"]) == ("down", "")
    assert told["question"] == "how many broken books?"
    assert told["citations"][0]["source"] == FILE
    assert reply.query_selector(".wj-down").get_attribute("aria-pressed") == "true"
    seen.page.fill(".wj-reason input", "<b>wrong</b> year")
    seen.page.press(".wj-reason input", "Enter")
    for _ in range(50):
        lines = file.read_text(encoding="utf-8").splitlines()
        if len(lines) == 2:
            break
        seen.page.wait_for_timeout(100)
    assert [json.loads(line)["reason"] for line in lines] == ["", "<b>wrong</b> year"]
    seen.ask("几点开门?")
    assert len(seen.replies(2)) == 2  # a form's Enter asked nothing
    seen.shot("judged")
    assert seen.outside() == []


def test_answer_and_address_of_the_evidence_are_copied(visit, standin):
    seen = visit(standin[0])
    seen.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    seen.ask("图书馆藏书多少?")
    reply = seen.replies(1)[0]
    reply.query_selector(".wj-meta .wj-copy").click()
    seen.page.wait_for_selector(".wj-meta .wj-copy.wj-done")
    assert seen.page.evaluate("navigator.clipboard.readText()") == "3万册"
    reply.query_selector(".wj-foot .wj-link").click()
    seen.page.wait_for_selector(".wj-foot .wj-link.wj-done")
    again = visit(seen.page.evaluate("navigator.clipboard.readText()"))
    assert again.opened().query_selector("mark").text_content() == QUOTE


@pytest.mark.parametrize("name", SIZES)
def test_words_of_the_evidence_are_glossed_for_an_english_question(visit, standin, name):
    dark = "?__theme=dark" if name == "phone" else ""
    seen = visit(standin[0] + dark, SIZES[name])
    seen.ask("how many broken books?")
    reply = seen.replies(1)[0]
    (mark,) = reply.query_selector_all("mark")
    assert mark.text_content() == QUOTE
    assert mark.query_selector("b").text_content() == "3万册"
    term = mark.query_selector(".wj-term")
    assert term.text_content() == "藏书"
    content = "(it) => getComputedStyle(it, '::after').content"
    assert seen.page.evaluate(content, term) == "none"
    term.click()  # a tap
    assert "cáng shū · to collect books; library collection" in seen.page.evaluate(content, term)
    assert "cáng shū" in term.get_attribute("aria-label")
    seen.shot(f"gloss_{name}")
    assert seen.page.query_selector("#wj-article[open]") is None
    assert seen.page.evaluate("document.documentElement.scrollWidth") == SIZES[name][0]
    mark.query_selector("b").click()  # beside it the passage opens its article
    assert seen.opened()
