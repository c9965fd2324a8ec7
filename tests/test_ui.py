"""The page without a browser: its functions, and a real Gradio client against a launched app."""

from __future__ import annotations

import re
import urllib.request

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

from tests.standin import FILE, QUOTE, TEXT, StandIn
from ui.__main__ import main
from ui.app import EXAMPLES, Exchange, build_app, history_of, launch_app, messages_of, reply


@pytest.fixture(scope="module")
def bot():
    return StandIn()


@pytest.fixture(scope="module")
def address(bot):
    app = build_app(bot)
    yield launch_app(app, "127.0.0.1", None, block=False)
    app.close()


def test_first_example_is_the_one_that_the_readme_promises():
    assert EXAMPLES[0] == "how did 明水街道 reduce complaints?"


def test_history_holds_plain_text_of_answered_turns():
    turns = (
        Exchange("甲?", "<p>a</p>", "乙"),
        Exchange("乙?", "<p>b</p>"),
        Exchange("丙?", "<p>c</p>", "丁"),
    )
    assert history_of(turns) == [
        {"role": "user", "content": "甲?"},
        {"role": "assistant", "content": "乙"},
        {"role": "user", "content": "丙?"},
        {"role": "assistant", "content": "丁"},
    ]


def test_follow_up_reaches_the_bot_with_its_history():
    bot = StandIn()
    first = reply(bot, "图书馆藏书多少?", ())
    reply(bot, "每天开放多久?", (first,))
    assert bot.asked[1] == (
        "每天开放多久?",
        [
            {"role": "user", "content": "图书馆藏书多少?"},
            {"role": "assistant", "content": "3万册"},
        ],
    )


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("", "The question is empty; ask at least one word."),
        ("fail", "RuntimeError: reader &lt;broke&gt;"),
    ],
)
def test_errors_become_text_in_the_chat(question, shown):
    turn = reply(StandIn(), question, ())
    assert shown in turn.html and "Traceback" not in turn.html
    assert turn.text is None


def test_messages_alternate_and_carry_escaped_html():
    messages = messages_of((Exchange("<i>?", "<p>answer</p>", "answer"),))
    assert [m["role"] for m in messages] == ["user", "assistant"]
    assert messages[0]["content"].value == '<p class="wj-question">&lt;i&gt;?</p>'
    assert messages[1]["content"].value == "<p>answer</p>"


def test_endpoint_ask_returns_the_answer_as_json(address):
    client = Client(address, verbose=False)
    result = client.predict("图书馆藏书多少?", None, api_name="/ask")
    assert result["text"] == "3万册" and result["refused"] is False
    cited = result["citations"][0]
    assert cited["source"] == FILE and cited["quote"] == QUOTE
    assert "".join(TEXT[s:e] for s, e in cited["spans"]) == QUOTE


def test_endpoint_ask_takes_history(address, bot):
    history = [{"role": "user", "content": "甲?"}, {"role": "assistant", "content": "乙"}]
    Client(address, verbose=False).predict("丙?", history, api_name="/ask")
    assert bot.asked[-1] == ("丙?", history)


def test_endpoint_ask_hands_on_the_message_of_an_error(address):
    with pytest.raises(AppError, match="question is empty"):
        Client(address, verbose=False).predict(" ", None, api_name="/ask")


def test_ask_is_the_only_endpoint(address):
    endpoints = Client(address, verbose=False).view_api(return_format="dict")
    assert list(endpoints["named_endpoints"]) == ["/ask"]
    assert endpoints["unnamed_endpoints"] == {}


def test_served_page_fetches_nothing_from_outside(address):
    with urllib.request.urlopen(address) as response:
        page = response.read().decode("utf-8")
    fetched = re.findall(
        r"""<(?:script|link|img)\b[^>]*?(?:src|href)=["'](https?://[^"']+)""", page
    )
    assert fetched == []
    assert '"analytics_enabled":false' in page.replace(" ", "")


def test_corpus_without_index_is_bad_input(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["--corpus", "papers"])
    assert stopped.value.code == 2
    assert "--corpus needs --index" in capsys.readouterr().err


def test_taken_port_is_named(address):
    port = int(address.rstrip("/").rsplit(":", 1)[1])
    second = build_app(StandIn())
    with pytest.raises(OSError, match=str(port)):
        launch_app(second, "127.0.0.1", port, block=False)
