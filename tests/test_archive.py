"""Files go into the archive of an index and out of it: nothing overwritten, nothing lost."""

from __future__ import annotations

import io
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from embeddings import Config, Index, rebuild
from embeddings.config import default_corpus, default_index
from embeddings.generations import corpus_of, current_generation
from embeddings.manifest import Manifest
from rag import Chatbot
from tests.test_documents import docx, html, pdf
from tests.tiny import HashEncoder
from ui.archive import Archive, ArchiveError, Outcome, Sent
from ui.files import files_html, outcomes_html
from ui.told import SAYINGS, Told
from ui.vetting import Limits, name_fault

LIBRARY = "河边新开图书馆\n\n本报讯 昨天,图书馆在河边开馆,藏书3万册。\n"
BRIDGE = "新桥通车\n\n本报讯 新桥昨日通车,全长300米,造价2亿元。\n"
PARK = "Council Approves New Park\n\nThe council voted 7 to 2 on Tuesday. Work starts in May.\n"


def chatbot(corpus: Path, index_dir: Path) -> Any:
    """A chatbot that searches and reads nothing, over a corpus; rows are hashes."""
    encoder: Any = HashEncoder()
    rebuild(corpus, index_dir, Config(), encoder)
    return Chatbot(Index.open(index_dir, encoder, Config()), None)  # type: ignore[arg-type]


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """An archive of one file, a.txt."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text(LIBRARY, encoding="utf-8")
    return Archive.of(chatbot(tmp_path / "corpus", tmp_path / "index"))


@pytest.fixture
def send(tmp_path: Path) -> Any:
    """Makes a file as somebody sends it."""

    def sent(name: str, data: bytes | str, place: str | None = None) -> Sent:
        folder = tmp_path / "sent"
        folder.mkdir(exist_ok=True)
        path = folder / (place or f"{len(list(folder.iterdir()))}")
        path.write_bytes(data.encode("utf-8") if isinstance(data, str) else data)
        return Sent(path, name)

    return sent


def keys(outcomes: list[Outcome]) -> list[str]:
    return [told.key for outcome in outcomes for told in outcome.told]


def texts(archive: Archive) -> dict[str, str]:
    return {s: (archive.corpus / s).read_text(encoding="utf-8") for s in archive.files()}


def test_files_of_each_kind_are_added_and_found(archive: Archive, send: Any) -> None:
    before = archive.bot.generation
    stages: list[str] = []
    sent = [
        send("桥(1).txt", BRIDGE),
        send("park.md", PARK),
        send("page.html", html("en", "utf-8")),
        send("page.docx", docx("zh")),
        send("page.pdf", pdf("The library opened on Tuesday with 30,000 books and a park.")),
    ]
    outcomes = archive.add(sent, "leave", lambda stage, *_: stages.append(stage))
    assert [(o.name, o.source, o.done) for o in outcomes] == [(f.name, f.name, True) for f in sent]
    assert outcomes[0].told[0].say("zh") == "已入档：1 篇文章，1 段。"
    assert set(archive.files()) == {"a.txt", *(file.name for file in sent)}
    assert archive.bot.generation == current_generation(archive.bot.index.folder.parent).name
    assert archive.bot.generation != before
    assert archive.bot.search("新桥全长多少米?", 1)[0].chunk.source == "桥(1).txt"
    assert stages[0] == "reading" and {"pages", "sentences", "files"} <= set(stages)
    assert [p.name for p in archive.corpus.iterdir() if p.name.startswith(".")] == []


def test_names_are_made_whole(archive: Archive, send: Any) -> None:
    sent = [send("e\u0301te\u0301.txt", BRIDGE), send("a\ud800.md", PARK)]
    outcomes = archive.add(sent, "leave")
    assert [o.source for o in outcomes] == ["\u00e9t\u00e9.txt", "a?.md"]


def zipped(**files: str | bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name.replace("_", "/"), data)
    return out.getvalue()


def bomb() -> bytes:
    """A Word file of some hundred kilobytes that unpacks to more than may be read."""
    whole = io.BytesIO(docx("zh"))
    with zipfile.ZipFile(whole, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/media/a.xml", b" " * (201 << 20))
    return whole.getvalue()


def test_what_is_no_article_is_refused_and_says_why(archive: Archive, send: Any) -> None:
    link = send("link.txt", "")
    link.path.unlink()
    link.path.symlink_to("/etc/passwd")
    refused = {
        "path": [send(name, BRIDGE) for name in ("../a.txt", "/etc/a.txt", "..\\a.txt", "b/c.txt")],
        "hidden": [send(".a.txt", BRIDGE)],
        "no name": [send(name, BRIDGE) for name in ("", "..", " ")],
        "characters": [send("a\u202etxt.exe.txt", BRIDGE), send("a\n.txt", BRIDGE)],
        "long name": [send("长" * 70 + ".txt", BRIDGE)],
        "about": [send("README.md", BRIDGE)],
        "ending": [send(name, BRIDGE) for name in ("a.exe", "a.txt.zip", "txt", "a.doc")],
        "no file": [link],
        "empty": [send("e.txt", "")],
        "large": [send("l.txt", "长" * 700_000)],
        "kind": [
            send("pdf.txt", pdf("x")),
            send("zip.docx", zipped(a="1")),
            send("zip.md", zipped(a="1")),
            send("word.pdf", docx("zh")),
        ],
        "no kind": [
            send("text.pdf", BRIDGE),
            send("nul.txt", b"a\0b" * 50),
            send("noise.html", bytes(range(1, 255)) * 9),
        ],
        "unreadable": [
            send("bomb.docx", bomb()),
            send("broken.pdf", b"%PDF-1.4\nnothing"),
            send("blank.pdf", pdf("")),
        ],
        "nothing": [send("blank.txt", "\n \n")],
    }
    files = [file for group in refused.values() for file in group]
    before = archive.bot.generation
    archive.limits = Limits(file_bytes=2 << 20)
    outcomes = archive.add(files, "replace")
    assert keys(outcomes) == [key for key, group in refused.items() for _ in group]
    assert not any(outcome.done for outcome in outcomes)
    assert archive.bot.generation == before and texts(archive) == {"a.txt": LIBRARY}
    assert archive.removed() == []
    assert [p.name for p in archive.corpus.iterdir()] == ["a.txt"]
    said = {outcome.name: outcome.told[0] for outcome in outcomes}
    assert said["bomb.docx"].say("en").startswith("bomb.docx cannot be read as docx")
    assert "and no more than 200 MB in 5000 are read" in said["bomb.docx"].say("en")
    assert "U+202E" in said["a\u202etxt.exe.txt"].say("zh")
    assert said["pdf.txt"].say("en") == "This is no txt but PDF. Save it in the right format."


def test_a_reader_that_breaks_takes_nothing_with_it(archive: Archive, send: Any) -> None:
    files = [send("long.txt", BRIDGE * 40), send("b.txt", BRIDGE)]
    archive.limits = Limits(chars=500)
    assert keys(archive.add(files, "leave")) == ["long", "added"]
    archive.limits = Limits(memory=100 << 20)  # not even the interpreter's libraries
    assert keys(archive.add([send("c.txt", PARK)], "leave")) == ["crashed"]
    archive.limits = Limits(seconds=0.01)
    assert keys(archive.add([send("c.txt", PARK)] * 2, "leave")) == ["slow", "slow"]
    assert set(archive.files()) == {"a.txt", "b.txt"}


def test_no_more_than_the_limits_are_taken(archive: Archive, send: Any) -> None:
    files = [send(f"{n}.txt", f"{BRIDGE}{n}座桥。\n") for n in range(3)]
    archive.limits = Limits(files=2)
    assert keys(archive.add(files, "leave")) == ["added", "added", "many"]
    archive.limits = Limits(archive_files=3)
    assert keys(archive.add(files[2:], "leave")) == ["full"]
    assert len(archive.files()) == 3


def test_another_file_of_the_same_name(archive: Archive, send: Any) -> None:
    assert keys(archive.add([send("a.txt", LIBRARY)], "replace")) == ["same"]
    assert keys(archive.add([send("a.txt", BRIDGE)], "leave")) == ["exists"]
    assert texts(archive) == {"a.txt": LIBRARY}
    (kept,) = archive.add([send("a.txt", BRIDGE)], "keep")
    assert (kept.told[0].key, kept.source) == ("renamed", "a (2).txt")
    assert texts(archive) == {"a.txt": LIBRARY, "a (2).txt": BRIDGE}
    (new,) = archive.add([send("a.txt", PARK)], "replace")
    assert new.told[0].key == "replaced" and texts(archive)["a.txt"] == PARK
    (old,) = archive.removed()
    assert old.source == "a.txt"
    assert keys(archive.restore(old.key)) == ["exists"]  # its name is taken
    assert keys(archive.remove("a.txt")) == ["removed"]
    assert keys(archive.restore(old.key)) == ["restored"]
    assert texts(archive) == {"a.txt": LIBRARY, "a (2).txt": BRIDGE}
    (last,) = archive.removed()
    assert (archive.corpus / ".removed" / last.key / "a.txt").read_text("utf-8") == PARK


def test_a_link_in_the_corpus_is_replaced_not_followed(archive: Archive, send: Any) -> None:
    outside = archive.corpus.parent / "outside.txt"
    outside.write_text(PARK, encoding="utf-8")
    (archive.corpus / "link.txt").symlink_to(outside)
    assert keys(archive.add([send("link.txt", BRIDGE)], "replace")) == ["replaced"]
    assert outside.read_text("utf-8") == PARK and texts(archive)["link.txt"] == BRIDGE
    assert not (archive.corpus / "link.txt").is_symlink()


def test_articles_of_another_file_are_told(archive: Archive, send: Any) -> None:
    (outcome,) = archive.add([send("b.txt", LIBRARY + "\n" + BRIDGE)], "leave")
    assert outcome.done and set(archive.files()) == {"a.txt", "b.txt"}
    manifest = archive.bot.index.manifest
    counted = sum(article.source == "b.txt" for article in archive.bot.index.articles)
    assert outcome.told[0].values[0] == str(counted)
    assert keys([outcome])[1:] == ["repeated"] * ("b.txt" in manifest.repeated)


def test_removing_takes_known_files_alone_and_never_the_last(archive: Archive, send: Any) -> None:
    for source in ("../outside.txt", "/etc/passwd", "b.txt", ".removed", ""):
        assert keys(archive.remove(source)) == ["unknown"]
    assert keys(archive.remove("a.txt")) == ["last"]
    for key in ("../../corpus", "", ".", "20260101000000-0000"):
        assert keys(archive.restore(key)) == ["unknown"]
    archive.add([send("b.txt", BRIDGE)], "leave")
    assert keys(archive.remove("a.txt")) == ["removed"]
    assert [a.source for a in archive.bot.articles()] == ["b.txt"]
    assert set(archive.files()) == {"b.txt"}


def test_what_keeps_a_rebuild_from_its_end_is_told(archive: Archive, send: Any) -> None:
    (archive.corpus / "old.txt").write_bytes(b"\xff\xfe\xff")
    (outcome,) = archive.add([send("b.txt", BRIDGE)], "leave")
    assert keys([outcome]) == ["not rebuilt"] and "old.txt" in outcome.told[0].say("zh")
    (archive.corpus / "old.txt").unlink()
    assert sorted(archive.rebuild().corpus) == ["a.txt", "b.txt"]


def test_a_folder_that_is_gone_takes_no_uploads(archive: Archive) -> None:
    archive.corpus.rename(archive.corpus.with_name("moved"))
    with pytest.raises(ArchiveError, match="Nothing can be added to .*--corpus FOLDER"):
        Archive.of(archive.bot)


@pytest.fixture
def seeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in the place of the bundled seeds, and a data folder of its own."""
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "a.txt").write_text(LIBRARY, encoding="utf-8")
    (folder / "README.md").write_text("what this is\n", encoding="utf-8")
    for module in ("embeddings.config", "embeddings.commands", "ui.archive"):
        monkeypatch.setattr(f"{module}.bundled_seeds", lambda: folder)
    monkeypatch.setenv("WENJU_HOME", str(tmp_path / "home"))
    return folder


def test_seeds_are_copied_when_something_is_added_to_them(
    seeds: Path, tmp_path: Path, send: Any
) -> None:
    assert default_corpus() == seeds
    archive = Archive.of(chatbot(default_corpus(), default_index()))
    assert list(archive.files()) == ["a.txt"] and not archive.corpus.exists()
    assert keys(archive.add([send("桥.txt", BRIDGE)], "leave")) == ["added"]
    assert default_corpus() == archive.corpus == tmp_path / "home" / "articles"
    assert texts(archive) == {"a.txt": LIBRARY, "桥.txt": BRIDGE}
    assert {path.name for path in seeds.iterdir()} == {"a.txt", "README.md"}
    assert corpus_of(default_index()) == default_corpus()
    elsewhere = chatbot(seeds, tmp_path / "index")
    with pytest.raises(ArchiveError, match="--corpus FOLDER"):
        Archive.of(elsewhere)


def test_a_later_rebuild_keeps_what_was_added_to_the_seeds(
    seeds: Path, tmp_path: Path, send: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from embeddings import __main__, commands

    archive = Archive.of(chatbot(default_corpus(), default_index()))
    monkeypatch.setattr(archive, "rebuild", lambda *_: 1 / 0)  # the page dies before it has indexed
    with pytest.raises(ZeroDivisionError):
        archive.add([send("桥.txt", BRIDGE)], "leave")
    assert corpus_of(default_index()) == seeds
    monkeypatch.setattr(
        commands,
        "rebuild",
        lambda corpus, index, config, **_: rebuild(
            corpus,
            index,
            config,
            HashEncoder(),  # type: ignore[arg-type]
        ),
    )
    assert __main__.main(["rebuild", "--quiet"]) == 0
    assert corpus_of(default_index()) == tmp_path / "home" / "articles"
    manifest = Manifest.read(current_generation(default_index()))
    assert sorted(manifest.corpus) == ["a.txt", "桥.txt"]


def test_every_saying_is_there_in_both_languages() -> None:
    for chinese, english in SAYINGS.values():
        assert chinese.count("{") == english.count("{")
        assert any("一" <= c <= "鿿" for c in chinese) and english[0].isascii()


@pytest.mark.parametrize(
    "name", ["a.txt", "报纸 (2).MD", "<b>x&y.html", "a.b.docx", "-x.pdf", "#$`!.txt"]
)
def test_names_that_are_only_odd_are_taken(name: str) -> None:
    assert name_fault(name) is None


class _Seen(HTMLParser):
    """Tags, attributes of buttons and text of a fragment, as a browser reads it."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.buttons: list[dict[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.buttons += [dict(attrs)] * (tag == "button")

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("language", ["zh", "en"])
def test_names_of_files_are_text_whatever_they_hold(archive: Archive, language: Any) -> None:
    hostile = ['"><script>x()</script>.txt'.replace("/", "\\"), "a\u202e\n' <i>&amp;\x07.md"]
    for name in hostile:
        (archive.corpus / name).write_text(BRIDGE + name, encoding="utf-8")
    seen = _Seen()
    seen.feed(files_html(archive, language))
    assert seen.tags == {"ul", "li", "bdi", "span", "button"} | {"br"}
    assert [button["data-of"] for button in seen.buttons] == sorted([*hostile, "a.txt"])
    seen = _Seen()
    outcomes = [Outcome(name, (Told("failed", (name,)),)) for name in hostile]
    seen.feed(outcomes_html(outcomes, language))
    assert seen.tags == {"ul", "li", "bdi", "span", "br"} and "x()" in seen.text
    for name in hostile:
        assert keys(archive.remove(name)) == ["removed"]
    assert list(archive.files()) == ["a.txt"]
