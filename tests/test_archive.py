"""Files go into the archive of an index and out of it: nothing overwritten, nothing lost."""

from __future__ import annotations

from typing import Any

import pytest

from embeddings.generations import current_generation
from tests.archives import BRIDGE, LIBRARY, PARK, keys, texts
from tests.test_documents import docx, html, pdf
from ui.archive import Archive, ArchiveError


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
