"""python -m embeddings articles: a page's articles for a person, and as JSON."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from embeddings.__main__ import main
from embeddings.articles import Article, Join, Page, read_page
from embeddings.show import console, show
from tests.newsprint import NAMES, SEEDS, page_of

PAGE = (
    "栏目\n眉题在上\n村民种树忙\n□记者 张三\n村里通了路,村\n▲\n民都说好。\n王五 摄\n编辑:李四\n##\n"
)
FOUND = Page(
    (
        Article(
            "村民种树忙",
            "村里通了路,村民都说好。\n",
            ((21, 28), (31, 37)),
            kicker="眉题在上",
            byline="□记者 张三",
            headings=((0, 2), (3, 7), (8, 13), (14, 20), (37, 41)),
            joins=(Join(28, 31, 0.929),),
            confidence=0.999,
        ),
    ),
    ((29, 30), (42, 47), (48, 50)),
)
SHOWN = """\
━━ 1 ━━ 99 %
kicker  眉题在上
title   村民种树忙
byline  □记者 张三
also    栏目
also    王五 摄

村里通了路,村⟨92 %⟩民都说好。

━━ furniture ━━
编辑:李四
▲ ##
"""
TWIN = (
    "Town News\nFarmers Plant Trees\nBy Jane Doe\n"
    "The road reached the vil\n\nlage at last.\nPage 4\n"
)
TWIN_FOUND = Page(
    (
        Article(
            "Farmers Plant Trees",
            "The road reached the village at last.\n",
            ((42, 66), (68, 82)),
            byline="By Jane Doe",
            headings=((10, 29), (30, 41)),
            joins=(Join(66, 68, 0.5),),
        ),
        Article("", "Town News\n", ((0, 10),)),
    ),
    ((82, 88),),
)
TWIN_SHOWN = """\
━━ 1 ━━ 100 %
title   Farmers Plant Trees
byline  By Jane Doe

The road reached the vil⟨50 %⟩lage at last.

━━ 2 ━━ 100 %
title   (no headline)

Town News

━━ furniture ━━
Page 4
"""


def shown(text: str, page: Page, *, colour: bool = False) -> str:
    """What is printed, on a terminal of 20 columns."""
    out = Console(
        file=io.StringIO(),
        width=20,
        force_terminal=colour,
        color_system="standard" if colour else None,
        soft_wrap=True,
    )
    show(text, page, 0.8, out)
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


@pytest.mark.parametrize(
    ("text", "page", "expected"), [(PAGE, FOUND, SHOWN), (TWIN, TWIN_FOUND, TWIN_SHOWN)]
)
def test_everything_is_shown(text: str, page: Page, expected: str) -> None:
    for article in page.articles:  # the cases are what the splitter promises
        assert "".join(text[s:e] for s, e in article.spans) == article.text
    assert shown(text, page) == expected
    assert shown(text.replace("\n", "\r"), page).replace("\r", "\n") == expected
    assert re.sub(r"\x1b\[[\d;]*m", "", shown(text, page, colour=True)) == expected


def test_sure_and_unsure_joins_differ_in_colour() -> None:
    assert "\x1b[32m⟨92 %⟩" in shown(PAGE, FOUND, colour=True)
    assert "\x1b[1;31m⟨50 %⟩" in shown(TWIN, TWIN_FOUND, colour=True)


@pytest.mark.parametrize("text", ["红\x1b[31m字。\x07\x9b2J", "A \x1b[31mred\x07 word.\x9b2J"])
def test_a_page_cannot_command_the_terminal(text: str) -> None:
    printed = shown(text, Page((Article("", text, ((0, len(text)),)),), ()))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", printed)
    assert "␛[31m" in printed and "␇" in printed


@pytest.mark.parametrize("text", ["[bold]红[/bold] :smile:。", "[bold]red[/] :smile:."])
def test_brackets_are_shown_as_they_stand(
    text: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    assert main(["articles", str(tmp_path / "a.txt")]) == 0
    assert text in capfd.readouterr().out


def run(
    *args: str, terminal: bool = False, **environment: str
) -> tuple[int, str, subprocess.CompletedProcess[bytes]]:
    """The command in a process of its own: status, standard output, the process."""
    drop = {"NO_COLOR", "FORCE_COLOR", "PYTHONIOENCODING", "TTY_COMPATIBLE"}
    env = {name: value for name, value in os.environ.items() if name not in drop}
    env |= {"TERM": "xterm-256color", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C"}
    command = [sys.executable, "-m", "embeddings", "articles", *args]
    if not terminal:
        done = subprocess.run(command, capture_output=True, env={**env, **environment})
        return done.returncode, done.stdout.decode("utf-8"), done
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    done = subprocess.run(
        command, stdout=theirs, stderr=subprocess.PIPE, env={**env, **environment}
    )
    os.close(theirs)
    with os.fdopen(ours, "rb", buffering=0) as stream:
        return done.returncode, stream.read(1 << 16).decode("utf-8"), done


def test_the_command_in_a_c_locale(tmp_path: Path) -> None:
    text = "村民种树忙增收\n\n□记者 张三 报道\n\n本报讯 村民种了树。\n\nThe council voted 7 to 2.\n"
    path = tmp_path / "page.md"
    path.write_text(text, encoding="utf-8")
    status, plain, done = run(str(path))
    assert (status, done.stderr) == (0, b"")
    assert "title   村民种树忙增收\nbyline  □记者 张三 报道\n\n本报讯 村民种了树。\n" in plain
    assert "\x1b" not in plain
    status, coloured, _ = run(str(path), terminal=True)
    assert status == 0 and "\x1b[1m村民种树忙增收\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured).replace("\r\n", "\n") == plain
    _, quiet, _ = run(str(path), terminal=True, NO_COLOR="1")
    assert quiet.replace("\r\n", "\n") == plain


def test_a_pipe_that_is_closed_early_is_no_error() -> None:
    code = (
        "import os, sys; from embeddings.__main__ import main; r, w = os.pipe(); os.close(r);"
        f"os.dup2(w, 1); sys.exit(main(['articles', {str(SEEDS / '001_3f5061dfe421d184.txt')!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True)
    assert (done.returncode, done.stderr) == (1, b"")


def test_styles_are_off_without_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert console().color_system is not None
    monkeypatch.setenv("NO_COLOR", "1")
    assert console().color_system is None


@pytest.mark.parametrize("name", NAMES)
def test_json_has_every_field(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["articles", str(SEEDS / name), "--json"]) == 0
    out, err = capfd.readouterr()
    found, text = json.loads(out), page_of(name)
    assert (found["source"], err) == (name, "")
    articles = [
        Article(
            **{
                **values,
                "spans": tuple(map(tuple, values["spans"])),
                "headings": tuple(map(tuple, values["headings"])),
                "joins": tuple(Join(**join) for join in values["joins"]),
            }
        )
        for values in found["articles"]
    ]
    furniture = tuple(tuple(piece["span"]) for piece in found["furniture"])
    assert Page(tuple(articles), furniture) == read_page(text)
    assert all(text[slice(*piece["span"])] == piece["text"] for piece in found["furniture"])


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("none.txt", None, "none.txt does not exist. Give an existing text file."),
        (".", None, " is a folder. Give one of the files in it."),
        (
            "a.txt",
            "市议会".encode("gb18030")[:-1],
            "a.txt is not UTF-8 (byte 0 is 0xca), nor GB18030 or Big5",
        ),
        ("a.md", b"a\x00b", "a.md holds a NUL character at 1, so it is no text file. Convert it"),
    ],
)
@pytest.mark.parametrize("more", [[], ["--json"]])
def test_bad_input(
    name: str,
    data: bytes | None,
    message: str,
    more: list[str],
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    assert main(["articles", str(tmp_path / name), *more]) == 2
    out, err = capfd.readouterr()
    assert message in err and "out of the folder" not in err and out == ""


def test_a_file_must_be_named(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["articles"])
    assert stop.value.code == 2 and "file" in capfd.readouterr().err


@pytest.mark.parametrize("data", [b"", b"\n \r\n\t"])
def test_a_blank_page_has_no_article(
    data: bytes, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_bytes(data)
    assert main(["articles", str(tmp_path / "a.txt"), "--json"]) == 0
    empty = {"source": "a.txt", "articles": [], "furniture": []}
    assert json.loads(capfd.readouterr().out) == empty
    assert main(["articles", str(tmp_path / "a.txt")]) == 0
    assert capfd.readouterr().out == "━━ furniture ━━\n"
