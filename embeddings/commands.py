"""What each command of python -m embeddings does: its arguments in, its work done and told."""

from __future__ import annotations

import argparse
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
from .build import Progress
from .config import Config, bundled_seeds, default_corpus, default_index
from .errors import CorpusError, WenjuError
from .generations import corpus_of, current_generation, generations, holds_index, mending
from .manifest import Manifest
from .pack import pack, unpack
from .pages import read_file
from .rebuild import rebuild, rollback
from .verify import verify


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


def run_rebuild(args: argparse.Namespace, config: Config) -> None:
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


def run_rollback(args: argparse.Namespace, config: Config) -> None:
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
    if found == bundled_seeds() and args.index == default_index():
        found = default_corpus()  # articles were added to the seeds since
    if found is None:
        raise CorpusError(
            f"The index {args.index} does not tell any more which folder it was built from. "
            "Give that folder as --corpus."
        )
    return found


def run_verify(args: argparse.Namespace, config: Config) -> None:
    found = verify(args.index, config, args.corpus)
    _print(
        args,
        {"index": str(args.index), "ok": True, **asdict(found)},
        f"{args.index}: {found.generation} is as it was written, all {found.files} files; it fits "
        f"{found.corpus}: {found.articles} articles and {found.chunks} chunks stand where they "
        f"say, and the model gives {found.encoded_again} of {found.sentences} vectors again "
        f"(cosine {found.least_cosine} at least)",
    )


def run_info(args: argparse.Namespace, config: Config) -> None:
    with mending(args.index):
        current = current_generation(args.index)
        manifest = Manifest.read(current)
    kept = [path.name for path in generations(args.index)]
    facts = {**_facts(manifest), "bytes": manifest.size, "generation": current.name, "kept": kept}
    _print(args, facts, "\n".join(f"{name}: {value}" for name, value in facts.items()))


def run_pack(args: argparse.Namespace, config: Config) -> None:
    models = {"encoder": args.model, "reader": args.reader}
    folders = {name: Path(path) for name, path in models.items() if path}
    done = pack(args.index, args.archive, folders)
    _print(
        args,
        asdict(done),
        f"{done.path}: {done.files} files, {done.size / 1e6:.1f} MB, models: "
        + (", ".join(done.models) or "those that come with Wenju"),
    )


def run_unpack(args: argparse.Namespace, config: Config) -> None:
    done = unpack(args.archive, args.folder)
    use = "".join(
        f" --{option} {shlex.quote(str(args.folder / name))}"
        for option, name in (("index", "index"), ("model", "encoder"), ("reader", "reader"))
        if name == "index" or name in done.models
    )
    _print(args, asdict(done), f"{done.path}: {done.files} files. Use it: python -m ui{use}")


def run_articles(args: argparse.Namespace, config: Config) -> None:
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
