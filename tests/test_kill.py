"""A rebuild that is killed or finds the disk full leaves the old index, and the next one ends."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from embeddings.generations import current_generation
from tests.kill import Trial, run_out

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL, no RLIMIT_FSIZE")

# The process kills itself at the n-th call of one of the steps that write.
_DIE = """
import os, signal, sys
from pathlib import Path
import embeddings
steps, build, generations = (
    sys.modules["embeddings." + name] for name in ("rebuild", "build", "generations")
)
def dying(call, left=[{times}]):
    def wrapped(*args, **kwargs):
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*args, **kwargs)
    return wrapped
{where} = dying({where})
"""
_LIMIT = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n"


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Trial:
    return Trial(tmp_path_factory.mktemp("trial"), files=6)


@pytest.mark.parametrize(
    ("where", "times"),
    [
        ("steps.Journal.put", 1),
        ("steps.Journal.put", 3),
        ("build.VectorIndex.save", 1),
        ("build.Manifest.write", 1),
        ("os.fsync", 3),
        ("Path.rename", 1),
        ("os.replace", 1),
        ("generations.sweep", 1),
        ("steps.Journal.forget_unused", 1),
    ],
)
def test_killed_at_a_step(trial: Trial, where: str, times: int) -> None:
    trial.change()
    before = current_generation(trial.index_dir)
    process = trial.start(_DIE.format(where=where, times=times))
    _, told = process.communicate()
    assert process.returncode == -signal.SIGKILL, told
    published = where.endswith(("forget_unused", "generations.sweep"))
    assert (current_generation(trial.index_dir) != before) == published
    trial.assert_whole(before)
    trial.assert_finishes()


@pytest.mark.parametrize("limit", [0, 9_000])
def test_no_space(trial: Trial, limit: int) -> None:
    trial.change()
    before = current_generation(trial.index_dir)
    process = trial.start(_LIMIT.format(limit=limit))
    _, told = process.communicate()
    assert process.returncode == 1
    assert told.startswith("IndexNotWritten: The new index could not be written to "), told
    assert "the index that was there is untouched" in told
    assert current_generation(trial.index_dir) == before
    trial.assert_whole(before)
    trial.assert_finishes()


@pytest.mark.parametrize("space", [4_000, 50_000, 100_000])
def test_a_full_file_system(trial: Trial, space: int) -> None:
    trial.change()
    try:
        assert run_out(trial, space)
    except PermissionError as error:
        pytest.skip(f"nothing can be mounted here: {error}")
    trial.assert_finishes()


@pytest.mark.slow
def test_killed_at_random_moments(tmp_path: Path) -> None:
    trial = Trial(tmp_path, files=12)
    killed = 0
    with trial.killer() as kill:
        long = trial.seconds(kill)
        for n in range(10):
            trial.change()
            before = current_generation(trial.index_dir)
            killed += kill(long * 0.09 * n)
            trial.assert_whole(before)
            trial.assert_finishes()
    assert killed >= 5
