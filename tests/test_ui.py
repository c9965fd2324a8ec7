"""The page without a browser: its functions, and a real Gradio client against a launched app."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import textwrap
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

from embeddings.records import IndexedArticle
from tests.standin import FILE, QUOTE, TEXT, TITLE, StandIn, whole
from tests.tiny_reader import tiny_reader
from ui import app as ui_app
from ui.__main__ import main, port_fault
from ui.app import build_app, launch_app
from ui.ask import messages_of
from ui.examples import Offer, drawn
from ui.exchange import Exchange
from ui.talk import Desk, plain

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module", autouse=True)
def client_without_telemetry():
    """The client reports its own starts unless told not to; the page is tested without this."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_ANALYTICS_ENABLED", "False")
        yield


@pytest.fixture(scope="module")
def bot():
    return StandIn()


@pytest.fixture(scope="module")
def address(bot):
    app = build_app(bot)
    yield launch_app(app, "127.0.0.1", None, block=False)
    app.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_questions_are_drawn_from_what_articles_count():
    def article(text: str) -> IndexedArticle:
        return replace(whole(), text=text, spans=((0, len(text)),), joins=())

    nowhere = article("该园区入园孵化232家企业。\n新增绿化项目12个，好。")
    somewhere = article("明水街道成立75个院落党支部。\n桃花山社区组织41名志愿者，很好。\n共5名。")
    assert [(e.question, e.language, e.number) for e in drawn([nowhere, somewhere])] == [
        ("明水街道成立多少个院落党支部？", "zh", "75"),
        ("How many volunteers in 桃花山社区?", "en", "41"),
        ("新增绿化项目多少个？", "zh", "12"),
    ]
    assert drawn([whole()]) == []


@pytest.mark.weights
def test_bundled_system_answers_the_questions_that_it_offers(tmp_path_factory, monkeypatch):
    from rag import Chatbot

    monkeypatch.setenv("WENJU_HOME", str(tmp_path_factory.getbasetemp() / "examples"))
    bot = Chatbot.ready()
    offer = Offer(Desk(bot))
    assert offer.known() == []
    offer.draw()
    offered = offer.questions()
    assert 2 <= len(offered) <= 3 and offer.known() == offered
    for question in offered:
        answer = bot.answer(question)
        assert not answer.refused and re.search(r"\d", answer.text)


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


def post(address: str, *data: object) -> dict:
    """What /ask answers to JSON with any escapes, as another program might send it."""
    call = f"{address.rstrip('/')}/gradio_api/call/ask"
    body = json.dumps({"data": data}).encode("ascii")
    request = urllib.request.Request(call, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as response:
        event = json.load(response)["event_id"]
    with urllib.request.urlopen(f"{call}/{event}") as response:
        kind, result = response.read().decode("utf-8").strip().split("\n", 1)
    assert kind == "event: complete", result
    return json.loads(result.removeprefix("data: "))[0]


@pytest.mark.parametrize(
    "question", ["半\ud800个", "\x00\x07?", "\u202e\u200f?", "问" * 100_000, "ا؟"]
)
def test_endpoint_ask_answers_hostile_questions(address, bot, question):
    assert post(address, question, None)["text"] == "3万册"
    assert bot.asked[-1] == (plain(question), [])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (["甲?", ["乙"]], "history[0] is no turn"),
        (["甲?", "乙"], "history is a list of turns, not str"),
        ([7, None], "A question is a str, not int."),
        (["fail", None], "RuntimeError: reader <broke>"),
    ],
)
def test_endpoint_ask_names_what_is_wrong_without_a_traceback(address, capfd, data, message):
    with pytest.raises(AppError, match=re.escape(message)):
        Client(address, verbose=False).predict(*data, api_name="/ask")
    if "fail" not in data:
        assert "Traceback" not in capfd.readouterr().err


def test_endpoint_ask_hands_on_the_message_of_an_error(address):
    with pytest.raises(AppError, match="question is empty"):
        Client(address, verbose=False).predict(" ", None, api_name="/ask")


def test_endpoint_search_returns_passages_with_what_found_them(address):
    client = Client(address, verbose=False)
    (found,) = client.predict("图书馆在哪?", 5, api_name="/search")
    assert (found["source"], found["title"], found["text"]) == (FILE, TITLE, TEXT)
    assert (found["lexical_rank"], found["dense_rank"]) == (1, 2)
    assert {"asked": "图书馆", "printed": "图书馆", "by": "word"} in found["matches"]


def test_these_are_the_endpoints(address):
    endpoints = Client(address, verbose=False).view_api(return_format="dict")
    assert list(endpoints["named_endpoints"]) == ["/ask", "/search"]
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


@pytest.mark.parametrize("port", ["0", "65536", "-1", "99999999999", "http", "8o"])
def test_port_out_of_range_is_bad_input(port, capsys):
    with pytest.raises(SystemExit) as stopped:
        main([f"--port={port}"])
    assert stopped.value.code == 2
    assert "is no port; give a number from 1 to 65535" in capsys.readouterr().err


def test_taken_port_is_named_before_anything_is_loaded(address, capsys):
    port = int(address.rstrip("/").rsplit(":", 1)[1])
    assert main(["--port", str(port), "--index", "nowhere"]) == 1
    assert f"port {port} is taken" in capsys.readouterr().err


def test_host_of_another_machine_is_named():
    assert "192.0.2.1 is no address of this machine" in (port_fault("192.0.2.1", 7860) or "")


def test_free_port_has_no_fault():
    assert port_fault("127.0.0.1", free_port()) is None


def test_corpus_and_index_are_built_once(corpus, model_dir, tmp_path, monkeypatch):
    reader = tiny_reader(tmp_path / "reader", model_dir)
    bots, archives, rules = [], [], []
    monkeypatch.setattr(
        ui_app, "build_app", lambda bot, *rest: (bots.append(bot), archives.append(rest[-1]))
    )
    monkeypatch.setattr(ui_app, "launch_app", lambda *_, **given: rules.append(given["rules"]))
    index = tmp_path / "index"
    command = ["--corpus", str(corpus), "--index", str(index), "--port", str(free_port())]
    command += ["--model", str(model_dir), "--reader", str(reader)]
    generations = []
    for _ in range(2):
        assert main(command) == 0
        generations.append((index / "CURRENT").read_text(encoding="utf-8"))
    assert generations[0] == generations[1]
    assert [len(bot.index.manifest.corpus) for bot in bots] == [2, 2]
    (corpus / "c.txt").write_text("新增一页。桥长300米。\n", encoding="utf-8")
    assert main(command) == 0
    assert len(bots[2].index.manifest.corpus) == 3
    assert main([*command, "--no-upload", "--requests-per-minute", "7"]) == 0
    assert [archive and archive.corpus for archive in archives] == [corpus] * 3 + [None]
    assert [(r.upload_bytes, r.per_minute) for r in rules] == [(100 << 20, 600)] * 3 + [(0, 7)]
    assert all("127.0.0.1" in r.hosts and "evil.example" not in r.hosts for r in rules)


def test_missing_index_is_bad_input_in_the_c_locale(tmp_path):
    place = tmp_path / "没有"
    done = subprocess.run(
        [sys.executable, "-m", "ui", "--index", place, "--port", str(free_port())],
        cwd=ROOT,
        env={**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        capture_output=True,
    )
    errors = done.stderr.decode("utf-8")
    assert done.returncode == 2, errors
    assert "the index …" in done.stdout.decode("utf-8")
    assert errors.startswith("Wenju: ") and "Traceback" not in errors


SERVER = """
    import json, sys, time
    outside, inside = [], []
    def note(event, args):
        if event not in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname",
                         "socket.sendto", "socket.sendmsg"):
            return
        place = args[1] if event in ("socket.connect", "socket.sendto", "socket.sendmsg") else args
        host = place[0] if isinstance(place, tuple) else place
        if isinstance(host, bytes):
            host = host.decode()
        local = host is None or host in ("localhost", "::1", "0.0.0.0", "") or (
            str(host).startswith(("127.", "/")))
        (inside if local else outside).append([event, str(place)])
    sys.addaudithook(note)
    from tests.standin import StandIn
    from ui.app import build_app, launch_app
    app = build_app(StandIn())
    print(launch_app(app, "127.0.0.1", None, block=False), flush=True)
    sys.stdin.readline()
    time.sleep(1)  # what threads of the page would send meanwhile
    print(json.dumps([outside, len(inside)]), flush=True)
    app.close()
"""


def test_page_opens_no_socket_outward():
    environment = {**os.environ, "PYTHONUTF8": "1"}
    for name in ("GRADIO_ANALYTICS_ENABLED", "HF_HUB_OFFLINE", "HF_HUB_DISABLE_TELEMETRY"):
        environment.pop(name, None)  # the page keeps quiet by itself
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(SERVER)],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as server:
        assert server.stdin and server.stdout
        lines = iter(server.stdout.readline, "")
        address = next(line for line in lines if line.startswith("http")).strip()
        result = Client(address, verbose=False).predict("图书馆藏书多少?", None, api_name="/ask")
        server.stdin.write("stop\n")
        server.stdin.flush()
        outside, inside = json.loads(next(line for line in lines if line.startswith("[[")))
    assert result["text"] == "3万册"
    assert outside == []
    assert inside > 0  # the record works: Gradio looks at its own port while starting
