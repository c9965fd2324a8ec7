"""The reader on tiny real models: every candidate stands in its passage, scored as by hand."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch

from embeddings.errors import ModelError
from rag.generation import locate
from rag.pairs import clip_offsets, encode_pair
from rag.reader import BREVITY, Passage, Reader, best_spans, joint
from tests.tiny_reader import tiny_reader

PASSAGES = [
    Passage("明水街道投诉减少,居民都说好。", "社区"),
    Passage("梨园村民增收。"),
    Passage("party 12 members"),
]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory, model_dir: Path) -> Reader:
    return Reader.load(str(tiny_reader(tmp_path_factory.mktemp("reader") / "bart", model_dir)))


def test_candidates_stand_in_their_passages_best_first(reader: Reader) -> None:
    found = reader.read("投诉减少?", PASSAGES)
    assert {c.passage for c in found} == {0, 1, 2}
    assert [joint(c) for c in found] == sorted((joint(c) for c in found), reverse=True)
    for c in found:
        assert 0 <= c.start < c.end <= len(PASSAGES[c.passage].text)
        assert PASSAGES[c.passage].text[c.start : c.end].strip()


def test_reading_twice_gives_the_same(reader: Reader) -> None:
    assert reader.read("投诉?", PASSAGES) == reader.read("投诉?", PASSAGES)


def test_a_passage_is_scored_alike_alone_and_in_a_batch(reader: Reader) -> None:
    alone = reader.read("投诉减少?", PASSAGES[1:2])
    batched = [c for c in reader.read("投诉减少?", PASSAGES) if c.passage == 1]
    spans = {(c.start, c.end): c.span for c in alone}
    assert batched
    for c in batched:
        assert spans[c.start, c.end] == pytest.approx(c.span, abs=0.05)


def test_threads_do_not_disturb_each_other(reader: Reader) -> None:
    long = [Passage("梨园村民增收。" * 60), Passage("居民投诉减少。" * 60)]
    asked = [("投诉减少?" * 40, PASSAGES), ("村民?", long)] * 10
    alone = [reader.read(question, passages) for question, passages in asked]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda a: reader.read(*a), asked))
    for one, other in zip(alone, together, strict=True):
        assert [(c.passage, c.start, c.end) for c in one] == [
            (c.passage, c.start, c.end) for c in other
        ]


@pytest.mark.parametrize("passages", [[], [Passage("")], [Passage(" \n ")]])
def test_nothing_to_read_gives_nothing(reader: Reader, passages: list[Passage]) -> None:
    assert reader.read("投诉?", passages) == []


def test_a_model_without_heads_may_only_say_what_is_printed(
    tmp_path: Path, model_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = Reader.load(str(tiny_reader(tmp_path / "plain", model_dir, heads=False)))
    said = "投诉减少"
    ids = reader._tokenizer(said, return_tensors="pt")["input_ids"]
    start = torch.tensor([[reader._model.config.decoder_start_token_id]])
    words = torch.cat([start, ids[:, 1:]], dim=1)
    monkeypatch.setattr(reader._model, "generate", lambda **_: words)
    (found,) = reader.read("投诉?", PASSAGES)
    assert (found.passage, found.yes) == (0, None)
    assert PASSAGES[0].text[found.start : found.end] == said
    alone = reader.read("投诉?", PASSAGES[:1])
    assert alone[0].span == pytest.approx(found.span)


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        ("３万册,ＡＢ", "3万册，AB"),
        ("圖書館", "图书馆"),
        ("3 万 册", "3万册"),
        ("没有", None),
        ("", None),
    ],
)
def test_generated_words_are_found_whatever_their_width_and_script(
    words: str, printed: str | None
) -> None:
    text = "图书馆新购3万册，AB两类。"
    span = locate(words, text)
    assert (span and text[span[0] : span[1]]) == printed


def test_a_pair_says_where_its_tokens_stand(reader: Reader) -> None:
    pair = encode_pair(reader._tokenizer, "投诉?", "投诉减少", "社区")
    assert len(pair.answerable) == len(pair.ids)
    inside = [i for i, ok in enumerate(pair.answerable) if ok]
    assert [pair.spans[i - pair.first] for i in inside] == [(0, 1), (1, 2), (2, 3), (3, 4)]
    long = encode_pair(reader._tokenizer, "问" * 200, "投诉" * 400)
    assert (len(long.ids), long.first) == (288, 72)


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="nowhere"):
        Reader.load(str(tmp_path / "nowhere"))


def test_best_spans_agree_with_trying_them_all() -> None:
    generator = torch.Generator().manual_seed(0)
    scores = torch.randn(12, 12, generator=generator).masked_fill(
        ~torch.ones(12, 12, dtype=torch.bool).triu(), -1e9
    )
    tried: dict[int, tuple[float, int]] = {}
    for s in range(3, 11):
        for e in range(s, 11):
            score = float(scores[s, e] - scores[0, 0]) - BREVITY * math.log(e - s + 1)
            if s not in tried or score > tried[s][0]:
                tried[s] = (score, e)
    expected = sorted(((v, s, e) for s, (v, e) in tried.items()), reverse=True)[:6]
    found = best_spans(scores, 3, 11)
    assert [(f.first, f.last) for f in found] == [x[1:] for x in expected]
    assert [f.score for f in found] == pytest.approx([x[0] for x in expected])


def test_proposed_spans_are_scored_too() -> None:
    scores = torch.randn(12, 12, generator=torch.Generator().manual_seed(1)).triu()
    chosen = best_spans(scores, 3, 11)
    other = (4, 9) if all((f.first, f.last) != (4, 9) for f in chosen) else (4, 8)
    more = best_spans(scores, 3, 11, [other, (chosen[0].first, chosen[0].last)])
    assert more[:-1] == chosen
    assert (more[-1].first, more[-1].last) == other


def test_words_are_found_among_the_tokens(reader: Reader) -> None:
    pair = encode_pair(reader._tokenizer, "投诉?", "投诉减少", "社区")
    assert [pair.spans[a - pair.first][0] for a, _ in pair.tokens_of([(1, 3)])] == [1]
    assert [pair.spans[b - pair.first][1] for _, b in pair.tokens_of([(1, 3)])] == [3]
    long = encode_pair(reader._tokenizer, "投诉?", "投诉" * 400)
    assert list(long.tokens_of([(700, 702)])) == []


def test_a_span_is_scored_by_its_ends_and_their_match() -> None:
    from rag.heads import MAX_SPAN_TOKENS, Heads, span_scores

    torch.manual_seed(0)
    heads = Heads(8)
    torch.nn.init.normal_(heads.ends.weight)
    states = torch.randn(2, 60, 8)
    said = heads(states, torch.ones(2, 60, dtype=torch.bool))
    scores = span_scores(said)
    one = said.start[1, 3] + said.end[1, 7] + said.match[1, 3, 7]
    assert float(scores[1, 3, 7].detach()) == pytest.approx(float(one.detach()))
    assert (scores[:, 7, 3] < -1e8).all() and (scores[:, 3, 3 + MAX_SPAN_TOKENS] < -1e8).all()


def test_borrowed_characters_are_given_back() -> None:
    text = "每月1500余 件"
    assert clip_offsets([(0, 2), (1, 6), (6, 7), (7, 9)], text) == [(0, 2), (2, 6), (6, 7), (8, 9)]
