"""python -m ui: loads the models and the index, then opens the page and prints its address."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path


def main(argv: list[str] | None = None) -> int:
    """Runs the page until Ctrl-C. Exit status: 0 stopped, 2 bad input, 1 otherwise."""
    args = _arguments(argv)
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from embeddings import Config
    from embeddings.errors import WenjuError
    from rag import Chatbot
    from ui.app import build_app, launch_app

    print("Wenju: opening the models and the index …", flush=True)
    try:
        config = Config(encoder=args.model, reader=args.reader)
        if args.index is not None and args.corpus is None:
            bot = Chatbot.open(args.index, config)
        else:
            bot = Chatbot.ready(args.corpus, args.index, config)
        bot.search("warm up", k=1)  # what loads on first use loads now
        launch_app(build_app(bot), args.host, args.port, block=True)
    except WenjuError as error:
        print(f"Wenju: {error}", file=sys.stderr)
        return 2
    except OSError as error:  # the port is taken, the host is not ours
        print(f"Wenju: {error}", file=sys.stderr)
        return 1
    return 0


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m ui", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=7860, help="port to listen on")
    parser.add_argument("--corpus", type=Path, help="folder of text to answer from")
    parser.add_argument("--index", type=Path, help="folder of the index; with --corpus, made there")
    parser.add_argument("--model", help="another encoder, by folder or name")
    parser.add_argument("--reader", help="another seq2seq reader, by folder or name")
    args = parser.parse_args(argv)
    if args.corpus is not None and args.index is None:
        parser.error("--corpus needs --index: the folder where its index is kept")
    return args


if __name__ == "__main__":
    sys.exit(main())
