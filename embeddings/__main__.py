"""python -m embeddings rebuild | verify | info: make an index, check it, describe it."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from .config import Config, default_corpus, default_index
from .errors import CorpusError, ModelError, WenjuError
from .index import Index, current_generation
from .manifest import Manifest
from .rebuild import Progress, rebuild


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
    with _bar(args.quiet) as report:
        manifest = rebuild(args.corpus, args.index, config, progress=report)
    seconds = round(time.perf_counter() - began, 1)
    _print(
        args,
        {**_facts(manifest), "index": str(args.index), "seconds": seconds},
        f"{args.index}: {len(manifest.corpus)} files, {manifest.articles} articles, "
        f"{manifest.chunks} chunks in {seconds} s",
    )


def _verify(args: argparse.Namespace, config: Config) -> None:
    folder = current_generation(args.index)
    Manifest.read(folder).check_files(folder, whole=True)
    index = Index.open(args.index, config=config, corpus=args.corpus)
    files = len(index.manifest.files)
    _print(
        args,
        {"index": str(args.index), "ok": True, "files": files},
        f"{args.index}: {files} files are as they were written and fit model, settings and corpus",
    )


def _info(args: argparse.Namespace, config: Config) -> None:
    facts = _facts(Manifest.read(current_generation(args.index)))
    _print(args, facts, "\n".join(f"{name}: {value}" for name, value in facts.items()))


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
        command.add_argument("--corpus", type=Path, default=default_corpus(), help="%(default)s")
        command.add_argument("--index", type=Path, default=default_index(), help="%(default)s")
        command.add_argument("--model", help="sentence-transformers folder or name")
        command.add_argument("--json", action="store_true", help="one JSON object on stdout")
        command.add_argument("--quiet", action="store_true", help="no progress bar")
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run one command. 0: done; 2: bad corpus, model or arguments; 1: anything else."""
    args = _parser().parse_args(argv)
    try:
        args.run(args, Config(encoder=args.model))
    except (CorpusError, ModelError) as error:
        print(error, file=sys.stderr)
        return 2
    except WenjuError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
