"""python -m embeddings COMMAND: make an index (rebuild), return to an earlier one (rollback), check
it (verify), describe it (info), carry it away (pack, unpack); show how a page is split (articles).
"""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path

from . import commands as does
from .config import Config, default_corpus, default_index
from .errors import CorpusError, ModelError, WenjuError

_STOPPED = (
    "Stopped. The index that was there is untouched; what was computed is kept, "
    "and the same command goes on from there."
)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m embeddings", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, run, text in (
        ("rebuild", does.run_rebuild, "build the index over a corpus folder"),
        ("verify", does.run_verify, "check every file of the index, and that it fits the corpus"),
        ("info", does.run_info, "say what the index was built from"),
    ):
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(run=run)
        command.add_argument(
            "--corpus", type=Path, help="folder of texts (default: the index's own, else the seeds)"
        )
        command.add_argument("--index", type=Path, help=f"default: {default_index()}")
        command.add_argument("--model", help="sentence-transformers folder or name")
        command.add_argument("--json", action="store_true", help="one JSON object on stdout")
        command.add_argument("--quiet", action="store_true", help="no progress bar")
        if name == "rebuild":
            command.add_argument(
                "--full", action="store_true", help="take nothing over from the last build"
            )
            command.add_argument(
                "--workers", type=_count, help="processes that split pages (default: as needed)"
            )
            _add_wait(command)
    text = "make an earlier generation of the index the current one"
    command = commands.add_parser("rollback", help=text, description=text)
    command.set_defaults(run=does.run_rollback)
    command.add_argument("generation", nargs="?", help="its name (default: the one before)")
    command.add_argument("--index", type=Path, help=f"default: {default_index()}")
    command.add_argument("--json", action="store_true", help="one JSON object on stdout")
    _add_wait(command)
    text = "write the index, its corpus and its models into one file"
    command = commands.add_parser("pack", help=text, description=text)
    command.set_defaults(run=does.run_pack)
    command.add_argument("archive", type=Path, help="the file to write, *.zip")
    command.add_argument("--index", type=Path, help=f"default: {default_index()}")
    command.add_argument("--model", help="folder of the encoder, where it is not the bundled one")
    command.add_argument("--reader", help="folder of the reader, likewise")
    command.add_argument("--json", action="store_true", help="one JSON object on stdout")
    text = "write what `pack` packed into a new folder"
    command = commands.add_parser("unpack", help=text, description=text)
    command.set_defaults(run=does.run_unpack)
    command.add_argument("archive", type=Path, help="the packed file")
    command.add_argument("folder", type=Path, help="the folder to make")
    command.add_argument("--json", action="store_true", help="one JSON object on stdout")
    text = "show what articles a page is split into, and which sentences are put together"
    command = commands.add_parser("articles", help=text, description=text)
    command.set_defaults(run=does.run_articles)
    command.add_argument("file", type=Path, help="a page as UTF-8 text, *.txt or *.md")
    command.add_argument("--json", action="store_true", help="one JSON object on stdout")
    return parser


def _add_wait(command: argparse.ArgumentParser) -> None:
    text = "how long to wait for another rebuild of this index (default: not at all)"
    command.add_argument("--wait", type=float, default=0.0, metavar="SECONDS", help=text)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of processes; give 1 or more")
    return int(text)


def _speak_utf8() -> None:
    """Print Chinese whatever the locale says."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def main(argv: list[str] | None = None) -> int:
    """Run one command. 0: done; 2: bad corpus, model or arguments; 130: ctrl-C; 1: other faults."""
    _speak_utf8()
    parser = _parser()
    args = parser.parse_args(argv)
    if "index" in args and args.index is None:
        corpus = getattr(args, "corpus", None)
        if corpus is not None and corpus.resolve() != default_corpus().resolve():
            parser.error("--corpus needs --index: the folder that keeps the index of that corpus")
        args.index = default_index()
    try:
        args.run(args, Config(encoder=getattr(args, "model", None)))
    except (CorpusError, ModelError) as error:
        print(error, file=sys.stderr)
        return 2
    except WenjuError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(_STOPPED if args.command == "rebuild" else "Stopped.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
