"""The journal of a rebuild: what is kept, what a damage loses, what is forgotten."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from embeddings.journal import Journal, key_of

A, B = key_of("rows", "甲"), key_of("rows", "a")


def test_keys_tell_where_a_part_ends() -> None:
    assert len({key_of("ab", "c"), key_of("a", "bc"), key_of("abc"), key_of("abc", "")}) == 4
    assert key_of("甲", "b") == key_of("甲", "b")


def test_what_is_put_is_kept(tmp_path: Path) -> None:
    with closing(Journal(tmp_path / "j")) as journal:
        journal.put(A, b"one")
        journal.put(A, b"two")
        assert (journal.get(A), journal.get(B), A in journal, B in journal) == (
            b"two",
            None,
            True,
            False,
        )
    with closing(Journal(tmp_path / "j")) as journal:
        assert journal.get(A) == b"two"
    with closing(Journal(tmp_path / "j", anew=True)) as journal:
        assert journal.get(A) is None


def test_what_was_not_used_is_forgotten(tmp_path: Path) -> None:
    with closing(Journal(tmp_path / "j")) as journal:
        journal.put(A, b"one")
        journal.put(B, b"two")
    with closing(Journal(tmp_path / "j")) as journal:
        journal.get(B)
        journal.forget_unused()
    with closing(Journal(tmp_path / "j")) as journal:
        assert (journal.get(A), journal.get(B)) == (None, b"two")


def test_a_damaged_value_is_none(tmp_path: Path) -> None:
    with closing(Journal(tmp_path / "j")) as journal:
        journal.put(A, b"one")
        journal.put(B, b"two")
    with sqlite3.connect(tmp_path / "j") as connection:
        connection.execute("UPDATE results SET value = x'00' WHERE key = ?", (A,))
    with closing(Journal(tmp_path / "j")) as journal:
        assert (journal.get(A), journal.get(B)) == (None, b"two")
        journal.put(A, b"again")
        assert journal.get(A) == b"again"


@pytest.mark.parametrize("at", [0, 18, 60, 110, 4096, 5000])
def test_a_damaged_file_is_begun_again(tmp_path: Path, at: int) -> None:
    path = tmp_path / "j"
    with closing(Journal(path)) as journal:
        for n in range(40):
            journal.put(key_of(str(n)), b"x" * 500)
    data = bytearray(path.read_bytes())
    data[at : at + 40] = b"\xff" * 40
    path.write_bytes(data)
    for _ in range(2):
        with closing(Journal(path)) as journal:
            assert {journal.get(key_of(str(n))) for n in range(40)} <= {None, b"x" * 500}
            journal.put(A, b"one")
            assert journal.get(A) == b"one"


def test_a_full_disk_is_an_os_error(tmp_path: Path) -> None:
    program = """
        import resource, sys
        from contextlib import closing
        from pathlib import Path
        from embeddings.journal import Journal, key_of
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
        with closing(Journal(Path(sys.argv[1]))) as journal:
            try:
                for n in range(100):
                    journal.put(key_of(str(n)), b"x" * 9000)
            except OSError as error:
                print(n > 3, error.filename == sys.argv[1])
    """
    lines = "\n".join(line[8:] for line in program.splitlines())
    command = [sys.executable, "-c", lines, str(tmp_path / "j")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "True True\n"
    with closing(Journal(tmp_path / "j")) as journal:
        assert journal.get(key_of("0")) == b"x" * 9000
