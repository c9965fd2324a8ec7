"""The examples of docs/interfaces.md, run as they stand there against a page that is open."""

from __future__ import annotations

import contextlib
import io
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.archives import BRIDGE, LIBRARY, chatbot
from tests.standin import QUOTE, StandIn
from ui.app import build_app, launch_app
from ui.archive import Archive
from ui.ask import VISITORS
from ui.guard import _BODY, _LOGINS, Rules
from ui.vetting import Limits

PAGE = (Path(__file__).resolve().parent.parent / "docs/interfaces.md").read_text(encoding="utf-8")


def example(language: str, address: str) -> str:
    (code,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return code.replace("http://127.0.0.1:7860", address.rstrip("/"))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("place")
    for name, text in (("corpus/a.txt", LIBRARY), ("my/page.txt", BRIDGE)):
        (folder / name).parent.mkdir()
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def address(place: Path) -> Iterator[str]:
    """Search and archive are real; answers come from a table, so that no reader is loaded."""
    bot: Any = chatbot(place / "corpus", place / "index")
    bot.answer = StandIn().answer
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_ANALYTICS_ENABLED", "False")
        patch.setenv("GRADIO_TEMP_DIR", str(place / "uploads"))
        app = build_app(bot, (), VISITORS, Archive.of(bot))
        rules = Rules(upload_bytes=1 << 20, hosts={"127.0.0.1"}, per_minute=600)
        yield launch_app(app, "127.0.0.1", None, block=False, rules=rules)
        app.close()


def test_python(address: str, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(example("python", address), "docs/interfaces.md", "exec"), {})
    lines = [line for line in said.getvalue().splitlines() if not line.startswith("Loaded as")]
    assert lines[0] == f"3万册 {QUOTE}"
    assert lines[1].startswith("a.txt ") and "藏书3万册" in lines[1]
    assert lines[-2:] == [
        "True Added (articles: 1, passages: 1).",
        "Indexed (files: 1, articles: 1).",
    ]


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl")
def test_curl(address: str) -> None:
    done = subprocess.run(
        ["sh", "-ec", example("sh", address)], capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0 and "event: complete" in done.stdout, done
    assert '"source": "a.txt"' in done.stdout


def test_the_limits_are_the_ones_that_are_told() -> None:
    limits = Limits()
    assert (limits.files, limits.archive_files, limits.chars) == (50, 20_000, 4_000_000)
    assert (limits.file_bytes, limits.bytes_at_once, _BODY) == (20 << 20, 100 << 20, 8 << 20)
    assert (limits.seconds, limits.memory, _LOGINS) == (60, 4 << 30, 20)
    for told in ("50, 20,000", "20 MB, 4 million", "60 s and 4 GB", "8 MB; an upload 100 MB"):
        assert told in PAGE
