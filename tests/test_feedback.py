"""What readers say of answers: one line each, whole, whoever else writes; and its list."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from rag.question import understand
from rag.steps import Reading
from tests.standin import FILE, QUOTE, TEXT, StandIn, an_answer
from ui import feedback as ui_feedback
from ui.feedback import Feedback, FeedbackError, Opinion, latest, main
from ui.sheet import Sheet
from ui.talk import Desk, Talk, converse

ROOT = Path(__file__).resolve().parent.parent


def opinion(about: str = "a", verdict: str = "up", reason: str = "") -> Opinion:
    reading = Reading(understand("图书馆藏书多少?"), (), (), an_answer())
    return Opinion.of(about, reading, verdict, reason)


@pytest.fixture
def kept(tmp_path) -> Feedback:
    return Feedback(tmp_path / "data" / "feedback.jsonl")


def test_thumb_on_the_page_writes_one_line_and_the_reason_another(kept):
    desk, talk = Desk(StandIn()), Talk()  # type: ignore[arg-type]
    list(converse(desk, "图书馆藏书多少?", talk))
    reply = talk.exchanges[0].reply
    assert reply is not None
    sheet, said = Sheet(desk, kept), {"trace": reply.trace, "verdict": "down"}
    assert sheet.opinion(said) == ""
    (line,) = kept.path.read_text(encoding="utf-8").splitlines()
    told = json.loads(line)
    at = TEXT.index(QUOTE)
    assert told["citations"] == [{"source": FILE, "spans": [[at, at + 5]]}]
    assert (told["verdict"], told["question"], told["answer"]) == (
        *("down", "图书馆藏书多少?"),
        "3万册",
    )
    assert sheet.opinion({**said, "reason": " 少了\x00一半\n "}) == ""
    (last,) = latest(kept.opinions())
    assert (last.verdict, last.reason) == ("down", "少了 一半")


@pytest.mark.parametrize("said", [None, [], {}, {"trace": "guessed", "verdict": "up"}])
def test_what_names_no_answer_writes_nothing(kept, said):
    desk = Desk(StandIn())  # type: ignore[arg-type]
    assert "no longer kept" in Sheet(desk, kept).opinion(said)
    assert not kept.path.exists()


def test_other_verdicts_and_more_lines_than_enough_are_refused(kept, monkeypatch):
    with pytest.raises(FeedbackError, match="'great' is no verdict"):
        opinion(verdict="great")
    monkeypatch.setattr(ui_feedback, "MOST_LINES", 2)
    kept.add(opinion())
    kept.add(opinion())
    with pytest.raises(FeedbackError, match="enough was said"):
        kept.add(opinion())
    kept.add(opinion("b"))
    assert len(list(kept.opinions())) == 3


def test_fields_and_file_are_limited(kept, monkeypatch):
    kept.add(opinion(reason="x" * 5000))
    assert [len(o.reason) for o in kept.opinions() if o] == [1000]
    monkeypatch.setattr(ui_feedback, "MOST_BYTES", kept.path.stat().st_size)
    with pytest.raises(FeedbackError, match="is full"):
        kept.add(opinion("b"))
    assert len(list(kept.opinions())) == 1


def test_line_that_was_cut_short_costs_no_other(kept, capsys):
    kept.add(opinion("a"))
    with kept.path.open("ab") as file:
        file.write(b'{"at": "2026')
    kept.add(opinion("b", "down", "no\x1b[2J"))
    assert [o and o.about for o in kept.opinions()] == ["a", None, "b"]
    assert main(["--file", str(kept.path)]) == 0
    told = capsys.readouterr()
    assert "1 up, 1 down" in told.out and "“no[2J”" in told.out
    assert "1 damaged lines" in told.err
    assert main(["--file", str(kept.path), "--json"]) == 0
    assert [o["about"] for o in json.loads(capsys.readouterr().out)] == ["a", "b"]


def test_nothing_said_yet_is_an_empty_list(kept, capsys):
    assert main(["--file", str(kept.path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


WRITER = """
import sys
from pathlib import Path
from tests.test_feedback import opinion
from ui.feedback import Feedback
kept = Feedback(Path(sys.argv[1]))
for n in range(25):
    kept.add(opinion(f"{sys.argv[2]}-{n}", reason="长" * 900))
"""


def test_several_threads_and_processes_write_whole_lines(kept):
    others = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, kept.path, name],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        for name in ("p", "q")
    ]

    def write(name: str) -> None:
        for n in range(25):
            kept.add(opinion(f"{name}-{n}", reason="长" * 900))

    threads = [threading.Thread(target=write, args=(name,)) for name in ("t", "u")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [other.wait(60) for other in others] == [0, 0]
    about = sorted(o.about if o else "damaged" for o in kept.opinions())
    assert about == sorted(f"{name}-{n}" for name in "pqtu" for n in range(25))
