"""What can be had from a running page over HTTP, and what cannot: real requests, real answers."""

from __future__ import annotations

import http.client
import json
import secrets
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from tests.archives import BRIDGE, LIBRARY, chatbot
from tests.test_documents import docx
from ui.app import build_app, launch_app
from ui.archive import Archive
from ui.guard import Rules
from ui.rates import Rates

SECRET = "nobody-reads-this"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus and, beside it, what is nobody's business."""
    folder = tmp_path_factory.mktemp("place")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "a.txt").write_text(LIBRARY, encoding="utf-8")
    (folder / "secret.txt").write_text(SECRET, encoding="utf-8")
    (folder / "corpus" / "link.txt").symlink_to(folder / "secret.txt")
    (folder / "uploads").mkdir()
    return folder


@pytest.fixture(scope="module")
def archive(place: Path) -> Archive:
    return Archive.of(chatbot(place / "corpus", place / "index"))


@pytest.fixture(scope="module")
def address(archive: Archive, place: Path) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_ANALYTICS_ENABLED", "False")
        patch.setenv("GRADIO_TEMP_DIR", str(place / "uploads"))
        app = build_app(archive.bot, archive=archive)
        rules = Rules(upload_bytes=1 << 20, hosts={"127.0.0.1"})
        yield launch_app(app, "127.0.0.1", None, block=False, rules=rules)
        app.close()


def ask(
    address: str, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
) -> tuple[int, bytes]:
    """Status and body; the path goes out as it is, dots and escapes and all."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)
    try:
        connection.request(method, path, body or None, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def call(address: str, name: str, *data: object) -> str:
    """What an endpoint answers, as it is sent."""
    path = f"/gradio_api/call/{name}"
    body = json.dumps({"data": data}).encode("ascii")
    status, answer = ask(address, "POST", path, body, {"Content-Type": "application/json"})
    assert status == 200, answer
    return ask(address, "GET", f"{path}/{json.loads(answer)['event_id']}")[1].decode("utf-8")


def multipart(name: str, data: bytes) -> tuple[bytes, dict[str, str]]:
    mark = secrets.token_hex(8)
    head = f'--{mark}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
    body = head.encode("utf-8") + data + f"\r\n--{mark}--\r\n".encode("ascii")
    return body, {"Content-Type": f"multipart/form-data; boundary={mark}"}


def test_no_file_outside_of_the_page_is_served(address: str, place: Path) -> None:
    targets = [place / "secret.txt", place / "corpus" / "link.txt", place / "index" / "CURRENT"]
    targets += [place / "corpus" / "a.txt", Path("/etc/passwd"), Path(__file__), Path("README.md")]
    ways = [
        "/gradio_api/file={}", "/gradio_api/file/{}", "/file={}", "/static/{}", "/assets/{}",
        "/static/../../../../../../../../..{}", "/assets/..%2f..%2f..%2f..%2f..%2f..{}",
        "/static/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e{}",
        "/gradio_api/file=%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e%2e{}",
        "/gradio_api/file=..%5c..%5c{}", "/gradio_api/file=file://{}", "/gradio_api/file=//{}",
        f"/gradio_api/file={place / 'uploads'}/..{{}}",
        f"/gradio_api/file={place / 'uploads'}/%2e%2e/secret.txt?{{}}",
        "/gradio_api/custom_component/../../../..{}", "/gradio_api/proxy={}", "/svelte/{}", "/{}",
    ]  # fmt: skip
    for way in ways:
        for target in targets:
            status, body = ask(address, "GET", way.format(target))
            assert SECRET not in body.decode("latin-1"), (way, target)
            assert status in (400, 403, 404, 405, 422), (way, target, status, body[:200])


def test_nothing_is_fetched_from_elsewhere(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in (
        "/gradio_api/file=http://example.org/a.txt",
        "/gradio_api/file=HTTPS://example.org/a.txt",
        "/gradio_api/file=%68ttp://example.org/a.txt",
        "/gradio_api/file/http://example.org/a.txt",
        "/gradio_api/proxy=http://example.org/",
        "/gradio_api/proxy=http://127.0.0.1:1/",
    ):
        assert ask(address, "GET", path)[0] == 404, path
    asked: list[object] = []
    lookup = socket.getaddrinfo

    def noting(host: object, *args: Any, **kwargs: Any) -> Any:
        asked.append(host)
        return lookup(host, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", noting)
    url = {"path": "http://wenju.invalid/a.txt", "meta": {"_type": "gradio.FileData"}}
    assert "event: error" in call(address, "upload", [url], "leave")
    assert "event: error" in call(address, "search", url, 1)
    assert "127.0.0.1" in asked and not any("wenju.invalid" in str(host) for host in asked)


@pytest.mark.parametrize("path", ["/gradio_api/process_recording", "/monitoring/summary"])
def test_what_the_page_does_not_need_is_closed(address: str, path: str) -> None:
    method = "POST" if "recording" in path else "GET"
    assert ask(address, method, path)[0] in (403, 404)


def test_only_what_was_uploaded_is_taken(address: str, archive: Archive, place: Path) -> None:
    for target in (place / "secret.txt", "/etc/hostname", "../secret.txt", ".", ""):
        for meta in ({"meta": {"_type": "gradio.FileData"}}, {}):
            file = {"path": str(target), "orig_name": "x.txt", **meta}
            told = call(address, "upload", [file], "leave")
            assert "event: error" in told and SECRET not in told, told
    assert list(archive.files()) == ["a.txt", "link.txt"]


def test_upload_search_remove_by_another_program(address: str, place: Path) -> None:
    page = Client(address, verbose=False)
    (place / "桥 <b>.txt").write_text(BRIDGE, encoding="utf-8")
    (told,) = page.predict([handle_file(str(place / "桥 <b>.txt"))], "leave", api_name="/upload")
    assert (told["name"], told["done"]) == ("桥 b.txt", True) and "(articles: 1" in told["told"]
    found = page.predict("新桥全长多少米?", 1, api_name="/search")[0]
    assert found["source"] == told["source"] and "全长300米" in found["text"]
    assert page.predict(api_name="/rebuild")["done"]
    assert [o["done"] for o in page.predict(told["source"], api_name="/remove")] == [True]
    assert [o["done"] for o in page.predict("../secret.txt", api_name="/remove")] == [False]
    with pytest.raises(AppError, match="same_name is 'overwrite'"):
        page.predict([], "overwrite", api_name="/upload")
    assert not list((place / "uploads").rglob("*.txt"))  # Gradio's copies are gone


def test_uploads_over_http_keep_to_their_folder(address: str, place: Path) -> None:
    for name in (
        "../../x.txt",
        "..%2fx.txt",
        "/etc/x.txt",
        "..",
        "<img src=x onerror=alert(1)>.txt",
    ):
        status, body = ask(address, "POST", "/gradio_api/upload", *multipart(name, b"text"))
        assert status in (200, 400), body
        if status == 200:
            (path,) = json.loads(body)
            assert Path(path).resolve().is_relative_to(place / "uploads")
    page = b"<script>alert(1)</script>"
    status, body = ask(address, "POST", "/gradio_api/upload", *multipart("x.html", page))
    connection = http.client.HTTPConnection(urlsplit(address).netloc)
    connection.request("GET", f"/gradio_api/file={json.loads(body)[0]}")
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (200, page)  # to its sender, and as no page
    assert answer.getheader("content-disposition", "").startswith("attachment")
    connection.close()


def test_bodies_have_an_end(address: str, place: Path) -> None:
    before = sorted((place / "uploads").rglob("*"))
    body, headers = multipart("big.txt", b"x" * (9 << 20))
    status, told = ask(address, "POST", "/gradio_api/upload", body, headers)
    assert status == 413 and b"at most" in told
    # no length is promised, and the body goes on
    parts = iter([body[: 1 << 20]] * 9)
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)
    try:
        connection.request("POST", "/gradio_api/upload", parts, headers, encode_chunked=True)
        assert connection.getresponse().status == 413
    except (BrokenPipeError, ConnectionResetError):
        pass  # broken off meanwhile
    connection.close()
    assert sorted((place / "uploads").rglob("*")) == before
    question = json.dumps({"data": ["问" * (9 << 20)]}).encode("ascii")
    kind = {"Content-Type": "application/json"}
    assert ask(address, "POST", "/gradio_api/call/search", question, kind)[0] == 413


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Host": "evil.example:7860"}, 403),
        ({"Host": "localhost"}, 403),
        ({}, 200),
    ],
)
def test_other_sites_pages_cannot_post(address: str, headers: dict[str, str], status: int) -> None:
    body = json.dumps({"data": ["桥", 1]}).encode("ascii")
    kind = {"Content-Type": "application/json", **headers}
    assert ask(address, "POST", "/gradio_api/call/search", body, kind)[0] == status


def test_a_page_without_uploads_takes_none_and_has_its_rate(archive: Archive) -> None:
    app = build_app(archive.bot)
    address = launch_app(app, "127.0.0.1", None, block=False, rules=Rules(per_minute=5))
    try:
        status, told = ask(address, "POST", "/gradio_api/upload", *multipart("a.txt", b"text"))
        assert status == 403 and b"--no-upload" in told
        endpoints = Client(address, verbose=False).view_api(return_format="dict")
        assert list(endpoints["named_endpoints"]) == ["/ask", "/search"]
        body = json.dumps({"data": ["桥", 1]}).encode("ascii")
        kind = {"Content-Type": "application/json"}
        path = "/gradio_api/call/search"
        statuses = [ask(address, "POST", path, body, kind)[0] for _ in range(7)]
        assert 200 in statuses and statuses[-1] == 429
        assert "请求太多" in json.loads(ask(address, "POST", path, body, kind)[1])["error"]
        assert ask(address, "GET", "/")[0] == 200
    finally:
        app.close()


def test_only_this_machine_or_a_name_may_change_the_archive(
    address: str, archive: Archive, tmp_path: Path
) -> None:
    """A proxy on this machine hands on who asks."""
    headers = {"X-Forwarded-For": "203.0.113.7"}
    with pytest.raises(AppError, match="Only those who have logged in"):
        Client(address, verbose=False, headers=headers).predict("a.txt", api_name="/remove")
    assert "a.txt" in archive.files()
    app = build_app(archive.bot, archive=archive)
    rules = Rules(upload_bytes=1 << 20)
    login = {"jane": "pass"}
    open_to = launch_app(
        app, "127.0.0.1", None, block=False, rules=rules, auth=lambda n, p: login.get(n) == p
    )
    try:
        status, _ = ask(open_to, "POST", "/gradio_api/upload", *multipart("a.txt", b"text"))
        assert status == 401
        body = json.dumps({"data": ["a.txt"]}).encode("ascii")
        kind = {"Content-Type": "application/json"}
        assert ask(open_to, "POST", "/gradio_api/call/remove", body, kind)[0] == 401
        (tmp_path / "word.docx").write_bytes(docx("en"))
        jane = Client(open_to, verbose=False, auth=("jane", "pass"), headers=headers)
        (told,) = jane.predict([handle_file(str(tmp_path / "word.docx"))], api_name="/upload")
        assert told["done"], told
    finally:
        app.close()


def test_tokens_come_back_with_time() -> None:
    now = [0.0]
    rates = Rates(2, lambda: now[0])
    assert [rates.wait("a"), rates.wait("a"), rates.wait("b")] == [0, 0, 0]
    assert rates.wait("a") == 30
    now[0] = 15
    assert rates.wait("a") == 15
    now[0] = 30
    assert rates.wait("a") == 0 and rates.wait("a") == 30
    now[0] = 3600
    assert [rates.wait("a") for _ in range(3)] == [0, 0, 30]
    assert {Rates(0).wait("a") for _ in range(9)} == {0}


def test_rates_forget_who_has_not_asked_for_long() -> None:
    rates = Rates(1, lambda: 0.0)
    for client in range(20_000):
        rates.wait(str(client))
    assert len(rates._buckets) == 10_000 and rates.wait("19999") > 0 == rates.wait("0")
