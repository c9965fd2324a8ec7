"""The page's endpoints as MCP tools, called by the protocol's own client."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.archives import LIBRARY, chatbot
from ui.__main__ import main
from ui.app import build_app, launch_app
from ui.archive import Archive
from ui.guard import Rules


def test_mcp_is_for_this_machine_alone(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--mcp", "--auth-file", "users"])
    assert stopped.value.code == 2
    assert "--mcp is for this machine alone" in capsys.readouterr().err


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    pytest.importorskip("mcp")
    place = tmp_path_factory.mktemp("mcp")
    (place / "corpus").mkdir()
    (place / "corpus" / "a.txt").write_text(LIBRARY, encoding="utf-8")
    bot = chatbot(place / "corpus", place / "index")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_ANALYTICS_ENABLED", "False")
        app = build_app(bot, archive=Archive.of(bot))
        rules = Rules(hosts={"127.0.0.1"}, upload_bytes=1 << 20)
        yield launch_app(app, "127.0.0.1", None, block=False, rules=rules, mcp=True)
        app.close()


def test_tools_are_listed_and_called(address: str) -> None:
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    async def visit() -> tuple[dict[str, Any], Any]:
        place = f"{address.rstrip('/')}/gradio_api/mcp/"
        async with (
            streamable_http_client(place) as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            listed = (await session.list_tools()).tools
            question = {"question": "图书馆藏书多少?", "most": 1}
            found = await session.call_tool("search", question)
            return {tool.name: tool for tool in listed}, found

    tools, found = asyncio.run(visit())
    assert set(tools) == {"ask", "search", "upload", "remove", "rebuild"}
    assert "newspaper articles" in tools["ask"].description
    assert "request" not in json.dumps(tools["rebuild"].inputSchema)
    assert "藏书3万册" in found.content[0].text


def test_mcp_keeps_other_sites_out(address: str) -> None:
    from tests.test_http import ask

    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}).encode("ascii")
    kind = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    path = "/gradio_api/mcp/"
    assert ask(address, "POST", path, body, {**kind, "Sec-Fetch-Site": "cross-site"})[0] == 403
    assert ask(address, "POST", path, body, {**kind, "Host": "evil.example"})[0] == 403
