"""python -m embeddings COMMAND: make an index (rebuild), return to an earlier one (rollback), check
it (verify), describe it (info), carry it away (pack, unpack); show how a page is split (articles).
"""

from __future__ import annotations

import argparse
import io
import json
import shlex
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from . import show
from .articles import read_page
from .config import Config, default_corpus, default_index
from .errors import CorpusError, ModelError, WenjuError
from .generations import corpus_of, current_generation, generations, holds_index, mending
from .manifest import Manifest
from .pack import pack, unpack
from .pages import read_file
from .rebuild import Progress, rebuild, rollback
from .verify import verify

_STOPPED = (
    "Stopped. The index that was there is untouched; what was computed is kept, "
    "and the same command goes on from there."
)


@contextmanager
def _bar(quiet: bool) -> Iterator[Progress]:
    """A progress bar on stderr, one for each stage."""
    from tqdm import tqdm

    bars: dict[str, tqdm] = {}

    def report(stage: str, done: int, total: int) -> None:
        if stage not in bars:
            for bar in bars.values():
                bar.close()
            bars[stage] = tqdm(total=total, desc=f"{stage:<9}", disable=quiet, file=sys.stderr)
        bars[stage].update(done - bars[stage].n)

    try:
        yield report
    finally:
        for bar in bars.values():
            bar.close()


def _rebuild(args: argparse.Namespace, config: Config) -> None:
    began = time.perf_counter()
    before = _generation(args.index)
    with _bar(args.quiet) as report:
        manifest = rebuild(
            _corpus(args),
            args.index,
            config,
            progress=report,
            full=args.full,
            workers=args.workers,
            wait=args.wait,
        )
    seconds = round(time.perf_counter() - began, 1)
    now = _generation(args.index)
    text = (
        f"{args.index}: {len(manifest.corpus)} files, {manifest.articles} articles, "
        f"{manifest.chunks} chunks in {seconds} s, {now}"
    )
    if now == before:
        text += ": nothing has changed since it was built"
    facts = {"index": str(args.index), "generation": now, "new": now != before, "seconds": seconds}
    _print(args, {**_facts(manifest), **facts}, "\n".join([text, *_remarks(manifest)]))


def _generation(index_dir: Path) -> str:
    """The name of the current generation; "" where there is none."""
    try:
        return current_generation(index_dir).name
    except WenjuError:
        return ""


def _remarks(manifest: Manifest) -> list[str]:
    """What was found out about files, in words."""
    remarks = [f"{source} was read as {how}" for source, how in manifest.read_as.items()]
    for source, count in manifest.repeated.items():
        what = "1 article" if count == 1 else f"{count} articles"
        remarks.append(f"{source}: {what} left out that an earlier file has too")
    return remarks


def _rollback(args: argparse.Namespace, config: Config) -> None:
    folder = rollback(args.index, args.generation, args.wait)
    manifest = Manifest.read(folder)
    _print(
        args,
        {"index": str(args.index), "generation": folder.name, "created": manifest.created},
        f"{args.index}: {folder.name}, built {manifest.created}, is the current generation",
    )


def _corpus(args: argparse.Namespace) -> Path:
    """The corpus that is asked for, else the index's own, else for a new index the default one."""
    if args.corpus is not None:
        return Path(args.corpus)
    found = corpus_of(args.index) if holds_index(args.index) else default_corpus()
    if found is None:
        raise CorpusError(
            f"The index {args.index} does not tell any more which folder it was built from. "
            "Give that folder as --corpus."
        )
    return found


def _verify(args: argparse.Namespace, config: Config) -> None:
    found = verify(args.index, config, args.corpus)
    _print(
        args,
        {"index": str(args.index), "ok": True, **asdict(found)},
        f"{args.index}: {found.generation} is as it was written, all {found.files} files; it fits "
        f"{found.corpus}: {found.articles} articles and {found.chunks} chunks stand where they "
        f"say, and the model gives {found.encoded_again} of {found.sentences} vectors again "
        f"(cosine {found.least_cosine} at least)",
    )


def _info(args: argparse.Namespace, config: Config) -> None:
    with mending(args.index):
        current = current_generation(args.index)
        manifest = Manifest.read(current)
    kept = [path.name for path in generations(args.index)]
    facts = {**_facts(manifest), "bytes": manifest.size, "generation": current.name, "kept": kept}
    _print(args, facts, "\n".join(f"{name}: {value}" for name, value in facts.items()))


def _pack(args: argparse.Namespace, config: Config) -> None:
    models = {"encoder": args.model, "reader": args.reader}
    folders = {name: Path(path) for name, path in models.items() if path}
    done = pack(args.index, args.archive, folders)
    _print(
        args,
        asdict(done),
        f"{done.path}: {done.files} files, {done.size / 1e6:.1f} MB, models: "
        + (", ".join(done.models) or "those that come with Wenju"),
    )


def _unpack(args: argparse.Namespace, config: Config) -> None:
    done = unpack(args.archive, args.folder)
    use = "".join(
        f" --{option} {shlex.quote(str(args.folder / name))}"
        for option, name in (("index", "index"), ("model", "encoder"), ("reader", "reader"))
        if name == "index" or name in done.models
    )
    _print(args, asdict(done), f"{done.path}: {done.files} files. Use it: python -m ui{use}")


def _articles(args: argparse.Namespace, config: Config) -> None:
    file = read_file(args.file)
    page = read_page(file.text)
    if args.json:
        print(json.dumps(show.as_json(file.source, file.text, page), ensure_ascii=False))
    else:
        show.show(file.text, page, config.sure_join, show.console())


def _facts(manifest: Manifest) -> dict[str, object]:
    facts = asdict(manifest)
    del facts["files"]
    return facts


def _print(args: argparse.Namespace, facts: dict[str, object], text: str) -> None:
    print(json.dumps(facts, ensure_ascii=False) if args.json else text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m embeddings", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, run, text in (
        ("rebuild", _rebuild, "build the index over a corpus folder"),
        ("verify", _verify, "check every file of the index, and that it fits the corpus"),
        ("info", _info, "say what the index was built from"),
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
    command.set_defaults(run=_rollback)
    command.add_argument("generation", nargs="?", help="its name (default: the one before)")
    command.add_argument("--index", type=Path, help=f"default: {default_index()}")
    command.add_argument("--json", action="store_true", help="one JSON object on stdout")
    _add_wait(command)
    text = "write the index, its corpus and its models into one file"
    command = commands.add_parser("pack", help=text, description=text)
    command.set_defaults(run=_pack)
    command.add_argument("archive", type=Path, help="the file to write, *.zip")
    command.add_argument("--index", type=Path, help=f"default: {default_index()}")
    command.add_argument("--model", help="folder of the encoder, where it is not the bundled one")
    command.add_argument("--reader", help="folder of the reader, likewise")
    command.add_argument("--json", action="store_true", help="one JSON object on stdout")
    text = "write what `pack` packed into a new folder"
    command = commands.add_parser("unpack", help=text, description=text)
    command.set_defaults(run=_unpack)
    command.add_argument("archive", type=Path, help="the packed file")
    command.add_argument("folder", type=Path, help="the folder to make")
    command.add_argument("--json", action="store_true", help="one JSON object on stdout")
    text = "show what articles a page is split into, and which sentences are put together"
    command = commands.add_parser("articles", help=text, description=text)
    command.set_defaults(run=_articles)
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
