"""The training news → what a large corpus costs: to build its index, to ask it, to search vectors.

    python -m benchmarks.scale --data DIR --work FOLDER [--chunks 1000 10000 100000]
                               [--questions 200] [--vectors 1000000]

For each size, so many articles as files of a corpus, rebuilt with the bundled encoder in a process
of its own; then questions made of those articles (training.cloze, every other one with an English
interrogative) to Chatbot.answer, in another. Last, the sentence vectors of the largest index and
synthetic neighbours of them in the vector store, against the exact search of the same rows.

Prints tables; FOLDER/scale.json holds every figure. What is there is not measured again: the same
command goes on where it was stopped (a rebuild from its journal; its seconds are then added up).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

from benchmarks.million import Figures, percentiles, search
from embeddings import Index, rebuild
from embeddings.config import Config
from training.cloze import make
from training.data import news

_WARM = 5  # questions that are asked before time is taken


def articles(data: Path, chunks: int) -> list[str]:
    """As many news articles as give about so many chunks; the same ones first at each size."""
    size, found = Config().chunk_chars, []
    for text in news(data):
        if chunks <= 0:
            break
        found.append(text)
        chunks -= max(1, round(len(text) / size))
    return found


def questions(texts: list[str], count: int) -> list[str]:
    """Made questions on articles spread over all of them, each on one sentence."""
    rng = random.Random(0)
    asked: list[str] = []
    for i, text in enumerate(cycle(rng.sample(texts, len(texts)))):
        if len(asked) == count or i > 100 * count:
            break
        made = make(text, rng, english=len(asked) % 2 == 1)
        if made:
            asked.append(made.question)
    return asked


def build(corpus: Path, index_dir: Path) -> Figures:
    """Rebuild in this process; seconds by stage."""
    stages: dict[str, float] = {}
    last = [time.perf_counter()]

    def report(stage: str, done: int, total: int) -> None:
        now = time.perf_counter()
        stages[stage] = stages.get(stage, 0.0) + now - last[0]
        last[0] = now

    made = rebuild(corpus, index_dir, progress=report)
    return {
        "files": len(made.corpus),
        "chunks": made.chunks,
        "sentences": made.sentences,
        "vector_recall": made.recall,
        "index_mb": round(made.size / 1e6, 1),
        "stages": {stage: round(seconds, 1) for stage, seconds in stages.items()},
    }


def ask(index_dir: Path, asked: list[str]) -> Figures:
    """Open the index, ask it; milliseconds of all, of each stage, of each leg of retrieval."""
    from rag import Chatbot

    began = time.perf_counter()
    bot = Chatbot.open(index_dir)
    opened = time.perf_counter() - began
    for question in asked[:_WARM]:
        bot.answer(question)
    whole: list[float] = []
    stages: dict[str, list[float]] = {}
    for question in asked:
        began = time.perf_counter()
        found = bot.answer(question)
        whole.append(time.perf_counter() - began)
        for stage, seconds in found.timings.items():
            stages.setdefault(stage, []).append(seconds)
    stages |= legs(bot.index, asked)
    return {
        "questions": len(asked),
        "open_s": round(opened, 2),
        "answer_ms": percentiles(whole),
        "stages_ms": {name: percentiles(times) for name, times in stages.items()},
        "peak_mb": _peak_mb(),
    }


def legs(index: Index, asked: list[str]) -> dict[str, list[float]]:
    """Seconds of retrieval's parts."""
    encoder, found = index.encoder, dict[str, list[float]]()
    for question in asked:
        vector = encoder.encode_queries([question])[0]
        parts: dict[str, Callable[[], object]] = {
            "of it: encoding": lambda q=question: encoder.encode_queries([q]),  # type: ignore[misc]
            "of it: words": lambda q=question: index.search_lexical(q, 40),  # type: ignore[misc]
            "of it: vectors": lambda v=vector: index.search_vector(v, 40),  # type: ignore[misc]
        }
        for name, part in parts.items():
            began = time.perf_counter()
            part()
            found.setdefault(name, []).append(time.perf_counter() - began)
    return found


def _peak_mb() -> float:
    import resource

    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def _apart(step: str, *args: object) -> tuple[Figures, float]:
    """A step in a process of its own: its figures, and the peak of its largest process in MB."""
    command = [sys.executable, "-m", "benchmarks.scale", "--step", step, *map(str, args)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8")
    assert process.stdout is not None
    try:
        out = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
    except KeyboardInterrupt:
        process.wait()
        raise
    if status:
        raise SystemExit(f"{step} ended with {os.waitstatus_to_exitcode(status)}")
    figures: Figures = json.loads(out)
    return figures, round(used.ru_maxrss / 1024, 1)


def build_apart(work: Path, texts: list[str], size: int, kept: Figures) -> Figures:
    """Write the corpus, rebuild; the seconds of runs that were stopped are counted too."""
    corpus, index_dir = work / f"corpus-{size}", work / f"index-{size}"
    corpus.mkdir(parents=True, exist_ok=True)
    for i, text in enumerate(texts):
        path = corpus / f"{i:05d}.txt"
        if not path.is_file() or path.stat().st_size != len(text.encode("utf-8")) + 1:
            path.write_text(text + "\n", encoding="utf-8")
    began, before = time.perf_counter(), float(kept.get("stopped_s", 0.0))
    try:
        figures, peak = _apart("build", corpus, index_dir)
    except BaseException:
        kept["stopped_s"] = round(before + time.perf_counter() - began, 1)
        raise
    seconds = before + time.perf_counter() - began
    return {
        **figures,
        "seconds": round(seconds, 1),
        "passages_per_s": round(figures["chunks"] / seconds, 1),
        "peak_mb": peak,
    }


def measure(data: Path, work: Path, sizes: list[int], count: int, vectors: int) -> Figures:
    """All that is not in FOLDER/scale.json yet."""
    work.mkdir(parents=True, exist_ok=True)
    path = work / "scale.json"
    results: Figures = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    texts: list[str] = []
    try:
        for size in sizes:
            texts = articles(data, size)
            one: Figures = results.setdefault(str(size), {})
            if "build" not in one:
                one["build"] = build_apart(work, texts, size, one)
                path.write_text(json.dumps(results, indent=1), encoding="utf-8")
            if "answer" not in one:
                given = work / "questions.json"
                given.write_text(json.dumps(questions(texts, count)), encoding="utf-8")
                one["answer"], _ = _apart("ask", work / f"index-{size}", given)
                path.write_text(json.dumps(results, indent=1), encoding="utf-8")
        if vectors and results.get("vectors", {}).get("rows") != vectors:
            asked = questions(texts, count)
            results["vectors"] = search(work, work / f"index-{sizes[-1]}", asked, vectors)
    finally:
        path.write_text(json.dumps(results, indent=1), encoding="utf-8")
    return results


def tables(results: Figures) -> str:
    """The figures as Markdown."""
    rows = [
        "| chunks | files | seconds | passages/s | peak MB | index MB | opened in s "
        "| answer() ms, p50 / p95 | retrieve | read | cite |",
        "|" + "---|" * 11,
    ]
    for one in (one for one in results.values() if "build" in one and "answer" in one):
        built, asked = one["build"], one["answer"]
        times = [asked["answer_ms"], *(asked["stages_ms"][s] for s in ("retrieve", "read", "cite"))]
        cells = [built[n] for n in ("chunks", "files", "seconds", "passages_per_s", "peak_mb")]
        cells += [built["index_mb"], asked["open_s"]]
        rows.append("| " + " | ".join(map(str, cells + [_both(t) for t in times])) + " |")
    found = results.get("vectors")
    if found:
        rows += ["", "| vectors | recall@10 | search ms, p50 / p95 | flat | built in s | MB |"]
        cells = [found["rows"], found["recall@10"], _both(found["search_ms"])]
        cells += [_both(found["flat_ms"]), found["built_s"], found["mb"]]
        rows += ["|" + "---|" * 6, "| " + " | ".join(map(str, cells)) + " |"]
    return "\n".join(rows)


def _both(times: Figures) -> str:
    return f"{times['p50']:.1f} / {times['p95']:.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--work", type=Path, help="folder for corpora, indexes and figures")
    parser.add_argument("--chunks", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--vectors", type=int, default=1_000_000, help="0: leave these out")
    parser.add_argument("--step", nargs=3, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.step:
        step, first, second = args.step[0], Path(args.step[1]), Path(args.step[2])
        asking = step == "ask"
        found = (
            ask(first, json.loads(second.read_text("utf-8"))) if asking else build(first, second)
        )
        print(json.dumps(found))
        return
    if args.data is None or args.work is None:
        parser.error("give --data and --work")
    sizes = sorted(args.chunks)
    print(tables(measure(args.data, args.work, sizes, args.questions, args.vectors)))


if __name__ == "__main__":
    main()
