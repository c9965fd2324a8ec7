"""The whole product in the browser: the bundled weights answer, a citation opens its article."""

from __future__ import annotations

import pytest

from tests.browser.visit import PHONE, WIDE
from tests.standin import EXAMPLES
from ui.app import build_app, launch_app


@pytest.mark.weights
def test_bundled_system_answers_the_first_example_in_the_page(visit, tmp_path_factory, monkeypatch):
    from rag import Chatbot

    monkeypatch.setenv("WENJU_HOME", str(tmp_path_factory.mktemp("home")))
    app = build_app(Chatbot.ready(), EXAMPLES)
    try:
        address = launch_app(app, "127.0.0.1", None, block=False)
        for name, size in (("wide", WIDE), ("phone", PHONE)):
            seen = visit(address, size)
            seen.shot(f"bundled_{name}_empty")
            seen.page.click(f'text="{EXAMPLES[0]}"')
            reply = seen.replies(1)[0]
            seen.shot(f"bundled_{name}")
            assert "wj-answered" in reply.get_attribute("class")
            sources = reply.query_selector_all(".wj-source")
            proof = [
                source
                for source in sources
                if any("12345热线" in m.text_content() for m in source.query_selector_all("mark"))
            ]
            assert proof, [source.text_content() for source in sources]
            assert proof[0].query_selector(".wj-file").text_content() == "004_32eacd7bfa546bd8.txt"
            proof_title = proof[0].query_selector(".wj-title").text_content()
            proof[0].query_selector(".wj-foot button").click()
            article = seen.opened()
            hotline = [m for m in article.query_selector_all("mark") if "12345" in m.text_content()]
            seen.shot(f"bundled_{name}_article")
            assert seen.in_view(hotline[0])
            assert article.query_selector("h2").text_content() == proof_title
            assert len(article.query_selector_all(".wj-body p")) > 3
            seen.page.click("#wj-article .wj-close")
            seen.ask("那投诉减少了多少?")
            seen.replies(2)
            seen.shot(f"bundled_{name}_follow_up")
            assert seen.outside() == []
    finally:
        app.close()
