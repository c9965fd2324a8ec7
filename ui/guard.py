"""HTTP requests go in; those that the page has no use for are refused before Gradio sees them.

Gradio keeps files outside of its own folders from being read. What it leaves open is closed here:
fetching addresses on a caller's behalf, posts from other sites' pages, names that another site
gives this machine (DNS rebinding), bodies and rates without end, uploads where nothing is taken.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from math import ceil
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.formparsers import MultiPartException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.rates import Rates

_API = "/gradio_api/"
_FETCHES = ("file=http", "file/http", "proxy=")  # from elsewhere, as the caller says
_UNUSED = ("process_recording", "run-history", "deep_link")
_BODY = 8 << 20  # bytes of a request that is no upload
_LOGINS = 20  # a minute


@dataclass(frozen=True, slots=True)
class Rules:
    """What requests are let through."""

    per_minute: int = 0  # posts of one client; 0: any number
    upload_bytes: int = 0  # of one upload; 0: none is taken
    hosts: Collection[str] = ()  # that the page may be called by; none: any


class Guard:
    """ASGI middleware that keeps the rules."""

    def __init__(self, app: ASGIApp, rules: Rules) -> None:
        self._app = app
        self._rules = rules
        self._posts = Rates(rules.per_minute)
        self._logins = Rates(_LOGINS if rules.per_minute else 0)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        await self._app(scope, _bounded(receive, self._most(scope)), send)

    def _refusal(self, scope: Scope) -> JSONResponse | None:
        headers = Headers(scope=scope)
        path = scope["path"]
        called = path.removeprefix(_API) if path.startswith(_API) else ""
        if self._rules.hosts and _host(headers) not in self._rules.hosts:
            return _no(403, f"This page is not called {_host(headers)[:80]!r} here.")
        if called.lower().lstrip().startswith((*_FETCHES, *_UNUSED)):
            return _no(404, "There is nothing here.")
        if scope["method"] in ("GET", "HEAD", "OPTIONS"):
            return None
        if headers.get("sec-fetch-site") == "cross-site":
            return _no(403, "Another site's page may not post here.")
        if called.startswith("upload") and not self._rules.upload_bytes:
            return _no(403, "No files are taken here (--no-upload).")
        size, most = headers.get("content-length", "0"), self._most(scope)
        if not size.isdecimal() or int(size) > most:
            return _no(413, f"The request has {size[:20]} bytes; at most {most}.")
        return self._too_often(scope)

    def _too_often(self, scope: Scope) -> JSONResponse | None:
        client = scope["client"][0] if scope.get("client") else ""
        rates = self._logins if scope["path"].startswith("/login") else self._posts
        seconds = rates.wait(client)
        if not seconds:
            return None
        told = f"请求太多，请等 {ceil(seconds)} 秒。Too many requests: wait {ceil(seconds)} s."
        return _no(429, told, {"Retry-After": str(ceil(seconds))})

    def _most(self, scope: Scope) -> int:
        """Bytes that the body of a request may have."""
        upload = scope["path"].startswith(f"{_API}upload")
        return max(self._rules.upload_bytes, _BODY) if upload else _BODY


def _bounded(receive: Receive, most: int) -> Receive:
    """As receive, whatever length the headers promise.

    A body that is longer breaks off as Gradio's reader of uploads expects it: it removes what it
    has written.
    """
    had = 0

    async def bounded() -> Message:
        nonlocal had
        message = await receive()
        had += len(message.get("body", b""))
        if had > most:
            raise MultiPartException(f"The request is over the maximum allowed size of {most}.")
        return message

    return bounded


def _host(headers: Headers) -> str:
    """The name that the page is called by, without the port."""
    try:
        return urlsplit(f"//{headers.get('host', '')}").hostname or ""
    except ValueError:
        return ""


def _no(status: int, told: str, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"error": told, "detail": told}, status, headers)
