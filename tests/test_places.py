"""Where a rebuild reads and writes: read-only, removed meanwhile, in use; ctrl-C."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from embeddings import Config, Encoder, Index, leaves, pages, rebuild
from embeddings.errors import CorpusError, IndexBusy, IndexNotWritten
from embeddings.generations import current_generation
from embeddings.verify import verify
from tests.kill import ENCODER, Trial
from tests.test_reuse_files import assert_same, write

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no mount, no process groups")


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """The folder on a file system that takes no writing, root's neither."""
    for options in ("bind", "remount,bind,ro"):
        command = ["mount", "-o", options, str(folder), str(folder)]
        done = subprocess.run(command, capture_output=True, encoding="utf-8")
        if done.returncode:
            pytest.skip(f"nothing can be mounted here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def trial(tmp_path: Path) -> Trial:
    """An index whose corpus has changed since."""
    trial = Trial(tmp_path / "trial", files=4)
    trial.change()
    return trial


def again(trial: Trial, **options: Any) -> None:
    rebuild(trial.corpus, trial.index_dir, encoder=ENCODER, workers=1, **options)


def test_a_read_only_index(trial: Trial) -> None:
    before = current_generation(trial.index_dir)
    with read_only(trial.index_dir):
        with pytest.raises(IndexNotWritten) as told:
            again(trial)
        trial.assert_whole(before)
    where = f"The new index could not be written to {trial.index_dir}/rebuild.lock: Read-only"
    assert str(told.value).startswith(where)
    assert "Make the folder writable or give another --index folder; the" in str(told.value)
    trial.assert_finishes()


def test_a_read_only_corpus(trial: Trial) -> None:
    with read_only(trial.corpus):
        again(trial)
        verify(trial.index_dir, Config(), encoder=ENCODER)


def test_a_file_that_vanishes_while_it_is_read(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, listed = current_generation(trial.index_dir), pages.corpus_files

    left: list[int] = []

    def vanishing(folder: Path) -> list[Path]:
        found = listed(folder)
        left[0] -= 1
        if left[0] == 0:
            found[1].unlink()
        return found

    for listing in (1, 2):  # for the hashes, for the text
        left[:] = [listing]
        with monkeypatch.context() as patch:
            patch.setattr(pages, "corpus_files", vanishing)
            with pytest.raises(CorpusError, match=r"00\d\.txt was removed while .* again\.$"):
                again(trial)
        assert current_generation(trial.index_dir) == before
        assert {path.name[:4] for path in trial.index_dir.iterdir() if path.is_dir()} == {"gen-"}
    trial.assert_finishes()


@pytest.mark.parametrize("step", ["Journal", "vectors", "publish"])
def test_an_index_folder_that_vanishes(
    trial: Trial, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    steps = sys.modules[rebuild.__module__]
    build = sys.modules[steps.build.__module__]

    def vanishing(call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            shutil.rmtree(trial.index_dir)
            return call(*args, **kwargs)

        return wrapped

    holder, name = {
        "Journal": (steps, "Journal"),
        "vectors": (build.VectorIndex, "build"),
        "publish": (steps, "publish"),
    }[step]
    with monkeypatch.context() as patch:
        patch.setattr(holder, name, vanishing(getattr(holder, name)))
        with pytest.raises(IndexNotWritten, match=r"removed it meanwhile: run the same command"):
            again(trial)
    assert not trial.index_dir.exists()
    trial.assert_finishes()


_HOLD = """
import embeddings, sys
steps = sys.modules["embeddings.rebuild"]
def held(call):
    def wrapped(*args, **kwargs):
        print("holds", flush=True)
        sys.stdin.readline()
        return call(*args, **kwargs)
    return wrapped
steps.publish = held(steps.publish)
"""


def test_two_at_once_name_each_other(trial: Trial) -> None:
    before = current_generation(trial.index_dir)
    first = trial.start(_HOLD)
    assert first.stdout is not None and first.stdout.readline() == "holds\n"
    for wait, waited in ((0.0, "Wait"), (0.2, "for longer than 0.2 s. Wait")):
        with pytest.raises(IndexBusy, match=rf"rebuilt by process {first.pid}\b.*{waited}"):
            again(trial, wait=wait)
    trial.assert_whole(before)
    assert first.poll() is None
    second = trial.start()  # leaves at once, and says why
    assert "IndexBusy" in second.communicate()[1] and second.returncode == 1
    first.communicate("\n")
    assert first.returncode == 0
    again(trial, wait=9.0)
    assert current_generation(trial.index_dir) != before
    trial.assert_finishes()


@pytest.mark.parametrize("stage", ["pages", "sentences"])
def test_ctrl_c(
    tmp_path: Path, model_dir: Path, config: Config, encoder: Encoder, stage: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    corpus, index_dir = tmp_path / "pages", tmp_path / "i"
    write(corpus, 4)
    rebuild(corpus, index_dir, config, encoder)
    before = current_generation(index_dir)
    shutil.rmtree(corpus)
    write(corpus, 150)
    where = ["--corpus", str(corpus), "--index", str(index_dir), "--model", str(model_dir)]
    process = subprocess.Popen(
        [sys.executable, "-m", "embeddings", "rebuild", *where],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    assert process.stderr is not None
    seen = b""
    well_on = re.compile(rf"{stage:<9}[^\r]*\s[1-9]\d*/".encode())  # the workers are at work
    while not well_on.search(seen):
        seen += (found := process.stderr.read(1))
        assert found, seen.decode()
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does, to the workers too
    out, told = process.communicate()
    assert (process.returncode, out) == (130, b""), told.decode()
    last = told.decode().replace("\r", "\n").rstrip().rpartition("\n")[2]
    assert last.startswith("Stopped. The index that was there is untouched")
    assert b"Traceback" not in told
    assert current_generation(index_dir) == before
    Index.open(index_dir, encoder, config)
    split, seen_again = leaves.split_page, []

    def splitting(text: str) -> Any:
        seen_again.append(text)
        return split(text)

    with monkeypatch.context() as patch:
        patch.setattr(leaves, "split_page", splitting)
        made = rebuild(corpus, index_dir, config, encoder, workers=1)
    assert len(seen_again) < 150 if stage == "pages" else not seen_again
    assert_same(made, rebuild(corpus, tmp_path / "other", config, encoder, workers=1))
