"""An address of the page goes in, a visitor comes out who asks as the page's own script does."""

from __future__ import annotations

import asyncio
import json
import secrets
import socket
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

_RECEIVED = 4096  # bytes that a slow reader's system takes ahead of it


class PageError(Exception):
    """The page did not answer as it should."""


@dataclass(slots=True)
class Chat:
    """One window on the page: a session of its own, one question at a time."""

    http: httpx.AsyncClient
    address: str
    session: str
    asking: int  # number of the event that a question sets off
    box: int  # number of the question box

    @classmethod
    async def begin(cls, http: httpx.AsyncClient, address: str) -> Chat:
        """Loads the page's description. Raises PageError where it has no question box."""
        config = (await http.get(f"{address}config")).raise_for_status().json()
        parts = {part["props"].get("elem_id"): part["id"] for part in config["components"]}
        box = int(parts.get("wj-box", -1))
        for number, event in enumerate(config["dependencies"]):
            if [box, "submit"] in event["targets"]:
                return cls(http, address, secrets.token_hex(6), event.get("id", number), box)
        raise PageError(f"{address} has no question box that can be submitted")

    async def ask(self, question: str, pace: int = 0) -> float:
        """Waits for the whole reply; returns the seconds until the question stood on the page.

        pace: bytes a second that the stream is read at; 0 for all that come. Raises PageError for
        a reply that is an error, or is none.
        """
        began = time.monotonic()
        body = {
            "data": [question, None, False, None],
            "fn_index": self.asking,
            "session_hash": self.session,
            "trigger_id": self.box,
            "event_data": None,
        }
        joined = await self.http.post(f"{self.address}gradio_api/queue/join", json=body)
        joined.raise_for_status()
        shown, seen = 0.0, ""
        async for line in self._slowly(pace) if pace else self._lines():
            if not line.startswith("data:"):
                continue
            told: dict[str, Any] = json.loads(line.removeprefix("data:"))
            kind = told["msg"]
            if kind in ("process_generating", "process_completed"):
                shown = shown or time.monotonic() - began
                seen += json.dumps(told.get("output"), ensure_ascii=False)
            if kind == "process_completed":
                at = seen.find("wj-error")
                if not told["success"] or at >= 0 or "wj-turn" not in seen:
                    raise PageError(f"{question!r} got {seen[max(at, 0) :][:300]}")
                return shown
            if kind == "unexpected_error":
                raise PageError(str(told.get("message")))
        raise PageError("the stream ended before the reply")

    async def _lines(self) -> Any:
        params = {"session_hash": self.session}
        url = f"{self.address}gradio_api/queue/data"
        async with self.http.stream("GET", url, params=params) as stream:
            stream.raise_for_status()
            async for line in stream.aiter_lines():
                yield line

    async def _slowly(self, pace: int) -> Any:
        """The same over a socket that takes little at a time, so that the server has to wait."""
        place = urlsplit(self.address)
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVED)
        line.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(line, (place.hostname, place.port))
        try:
            path = f"/gradio_api/queue/data?session_hash={self.session}"
            request = f"GET {path} HTTP/1.0\r\nHost: {place.netloc}\r\n\r\n"  # 1.0: no chunks
            await loop.sock_sendall(line, request.encode("ascii"))
            rest = b""
            while received := await loop.sock_recv(line, max(1, pace // 10)):
                rest += received
                *lines, rest = rest.split(b"\n")
                for each in lines:
                    yield each.decode("utf-8", "replace").rstrip("\r")
                await asyncio.sleep(0.1)
        finally:
            line.close()
