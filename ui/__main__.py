"""python -m ui: loads the models and the index, then opens the page and prints its address."""

from __future__ import annotations

import argparse
import errno
import importlib.util
import io
import os
import socket
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from ui.passwords import Passwords, PasswordsError
from ui.permission import is_loopback

if TYPE_CHECKING:
    from rag import Chatbot
    from ui.archive import Archive

STOPPED, FAILED, BAD_INPUT = 0, 1, 2


def main(argv: list[str] | None = None) -> int:
    """Runs the page until Ctrl-C. Exit status: 0 stopped, 2 bad input, 1 otherwise."""
    _print_anything()
    args = _arguments(argv)
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    if not is_loopback(args.host) and args.auth_file is None:
        return _complain(
            f"{args.host} serves other machines, and anybody there could ask. Say who may: "
            "--auth-file FILE (its lines: python -m ui.passwords NAME >> FILE)",
            BAD_INPUT,
        )
    try:
        auth = None if args.auth_file is None else Passwords.read(args.auth_file)
    except PasswordsError as error:
        return _complain(str(error), BAD_INPUT)
    fault = port_fault(args.host, args.port)
    if fault:  # before the models are loaded
        return _complain(fault, FAILED)
    from embeddings import Config
    from embeddings.errors import WenjuError
    from rag import Chatbot
    from ui.app import build_app, launch_app
    from ui.guard import Rules

    print("Wenju: opening the models and the index …", flush=True)
    try:
        config = Config(encoder=args.model, reader=args.reader)
        if args.index is not None and args.corpus is None:
            bot = Chatbot.open(args.index, config)
        else:
            bot = Chatbot.ready(args.corpus, args.index, config)
        bot.search("warm up", k=1)  # what loads on first use loads now
    except WenjuError as error:
        return _complain(str(error), BAD_INPUT)
    archive = None if args.no_upload else _archive(bot)
    rules = Rules(
        per_minute=args.requests_per_minute,
        upload_bytes=archive.limits.bytes_at_once if archive else 0,
        hosts=() if auth else {"localhost", "127.0.0.1", "::1", args.host},
    )
    try:
        with tempfile.TemporaryDirectory(prefix="wenju-") as uploads:
            os.environ["GRADIO_TEMP_DIR"] = uploads  # else one that all of a user's pages share
            app = build_app(bot, None, args.max_concurrency, archive)
            launch_app(app, args.host, args.port, block=True, auth=auth, rules=rules, mcp=args.mcp)
    except OSError as error:  # somebody took the port meanwhile
        return _complain(port_fault(args.host, args.port) or str(error), FAILED)
    return STOPPED


def _archive(bot: Chatbot) -> Archive | None:
    """Where uploads go; None, and why, where they cannot."""
    from ui.archive import Archive, ArchiveError

    try:
        return Archive.of(bot)
    except ArchiveError as error:
        print(f"Wenju: without uploads. {error}", file=sys.stderr)
        return None


def port_fault(host: str, port: int) -> str | None:
    """What keeps a server from listening there, and what to do about it; None if nothing does."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind) as probe:
            if os.name == "posix":  # elsewhere it would let two servers share the port
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen()
    except UnicodeError:
        return f"{host!r} is no address. Give one of this machine: --host 127.0.0.1"
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return (
                f"port {port} is taken. Stop what listens there, or give another: "
                f"--port {port + 1 if port < 65535 else 7860}"
            )
        if error.errno == errno.EACCES:
            return f"port {port} is not for ordinary users. Give one from 1024 on: --port 7860"
        return f"{host} is no address of this machine ({error}). Give one: --host 127.0.0.1"
    return None


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m ui", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=_port, default=7860, help="port to listen on")
    parser.add_argument("--auth-file", type=Path, help="who may open the page: name:salt:hash")
    parser.add_argument(
        "--max-concurrency", type=_visitors, default=32, help="questions waiting at a time, 1 to 32"
    )
    parser.add_argument(
        "--requests-per-minute", type=_rate, default=600, metavar="N",
        help="of one address, 0: any number",
    )  # fmt: skip
    parser.add_argument("--no-upload", action="store_true", help="nobody may change the archive")
    parser.add_argument(
        "--mcp", action="store_true", help='the endpoints are MCP tools too: "wenju[mcp]"'
    )
    parser.add_argument("--corpus", type=Path, help="folder of text to answer from")
    parser.add_argument("--index", type=Path, help="folder of the index; with --corpus, made there")
    parser.add_argument("--model", help="another encoder, by folder or name")
    parser.add_argument("--reader", help="another seq2seq reader, by folder or name")
    args = parser.parse_args(argv)
    if args.corpus is not None and args.index is None:
        parser.error("--corpus needs --index: the folder where its index is kept")
    if args.mcp and args.auth_file is not None:
        parser.error("--mcp is for this machine alone: MCP clients cannot log in (--auth-file)")
    if args.mcp and importlib.util.find_spec("mcp") is None:
        parser.error('--mcp needs a further package: pip install "wenju[mcp]"')
    return args


def _port(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; give a number from 1 to 65535")
    return int(text)


def _visitors(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text) <= 32:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of questions from 1 to 32")
    return int(text)


def _rate(text: str) -> int:
    if not text.isascii() or not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no number of requests; give 0 or more")
    return int(text)


def _complain(message: str, status: int) -> int:
    print(f"Wenju: {message}", file=sys.stderr)
    return status


def _print_anything() -> None:
    """Output in UTF-8 whatever the locale: the C locale's ASCII has no Chinese."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


if __name__ == "__main__":
    sys.exit(main())
