"""Which piece of text goes on from another."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

import embeddings.seams
from embeddings.seams import PAD, UNKNOWN, Seams, Tower, pair_buckets, plain

WIDTH, BUCKETS = 3, 16


@pytest.fixture
def tiny() -> Seams:
    rng = np.random.default_rng(0)

    def array(*shape: int) -> np.ndarray:
        return rng.normal(size=shape).astype(np.float32)

    features = WIDTH * 2 + (WIDTH - 1) * 3

    def tower() -> Tower:
        return Tower(array(features, 5), array(5), array(5, 4), array(4), array(features, 4))

    ids = {char: i + UNKNOWN + 1 for i, char in enumerate("天地人,。1a")}
    return Seams(WIDTH, ids, array(9, 2), array(BUCKETS, 3), tower(), tower(), 0.25)


def slow_vector(seams: Seams, tower: Tower, ids: list[int]) -> list[float]:
    """A tower written out in loops."""
    features = [float(x) for i in ids for x in seams.characters[i]]
    for a, b in zip(ids, ids[1:], strict=False):
        features += [float(x) for x in seams.pairs[(a * 4099 + b) * 0x9E3779B1 // 128 % BUCKETS]]
    hidden = [
        max(0.0, sum(x * w for x, w in zip(features, column, strict=True)) + bias)
        for column, bias in zip(tower.hidden.T.tolist(), tower.hidden_bias.tolist(), strict=True)
    ]
    return [
        sum(x * w for x, w in zip(hidden, tower.out[:, j].tolist(), strict=True))
        + float(tower.out_bias[j])
        + sum(x * w for x, w in zip(features, tower.past[:, j].tolist(), strict=True))
        for j in range(tower.out.shape[1])
    ]


@pytest.mark.parametrize(
    ("head", "tail", "left", "right"),
    [
        ("人天地人", "地天,人", [2, 3, 4], [3, 2, 5]),
        ("人天 地\n人 ", " 地 天，人", [2, 3, 4], [3, 2, 5]),  # blanks, full width
        ("地", "", [PAD, PAD, 3], [PAD, PAD, PAD]),
        ("天生", "生。", [PAD, 2, UNKNOWN], [UNKNOWN, 6, PAD]),
        ("１", "Ａ地", [PAD, PAD, 7], [8, 3, PAD]),
    ],
)
def test_scores_are_what_loops_give(
    tiny: Seams, head: str, tail: str, left: list[int], right: list[int]
) -> None:
    vectors = zip(
        slow_vector(tiny, tiny.head, left), slow_vector(tiny, tiny.tail, right), strict=True
    )
    expected = sum(a * b for a, b in vectors) + tiny.bias
    assert tiny.scores(head, [tail]) == pytest.approx([expected], rel=1e-4)


def test_nothing_is_said_of_text_without_han(tiny: Seams) -> None:
    assert tiny.scores("a 1", ["1a", "", "1地"])[:2] == [0.0, 0.0]
    assert tiny.scores("a 1", ["1地"]) != [0.0]
    assert tiny.scores("天地", []) == []
    assert tiny.matrix([], ["天"]).shape == (0, 1)


def test_a_matrix_holds_the_scores_of_each_pair(tiny: Seams) -> None:
    heads, tails = ["天地", "人", "a"], ["人地", "1", "a", "。天"]
    expected = [tiny.scores(head, tails) for head in heads]
    assert tiny.matrix(heads, tails) == pytest.approx(np.array(expected), rel=1e-5)


def test_pairs_fall_into_the_buckets_that_python_says() -> None:
    ids = np.array([[0, 4095, 1], [4095, 4095, 17]])
    expected = [
        [(a * 4099 + b) * 0x9E3779B1 // 128 % 16384 for a, b in zip(row, row[1:], strict=False)]
        for row in ids.tolist()
    ]
    assert pair_buckets(ids, 16384).tolist() == expected


def test_plain_text_keeps_blanks_between_latin_words_only() -> None:
    assert plain("８ 月 16 日，ＩＴ  Home 與 China\nDaily 。\n") == "8月16日,it home与china daily。"


def test_shipped_networks_score_as_the_trained_ones(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    from training.seams import KNOWN, WIDTH, Model, ship

    torch.manual_seed(0)
    model = Model()
    ids = np.random.default_rng(0).integers(UNKNOWN + 1, KNOWN, (2, 5, WIDTH))
    known = "".join(chr(0x4E00 + i) for i in range(KNOWN))
    ship(model, known, tmp_path / "seams.npz")
    heads, tails = (["".join(known[i - UNKNOWN - 1] for i in row) for row in side] for side in ids)
    seams = Seams.read(tmp_path / "seams.npz")
    heads_ids, tails_ids = (seams._read(texts, after=True) for texts in (heads, tails))
    with torch.no_grad():
        expected = model(heads_ids, tails_ids).numpy()
    shipped = (
        seams.head.vectors(seams._features(heads_ids))
        @ seams.tail.vectors(seams._features(tails_ids)).T
    )
    assert np.array_equal(heads_ids, ids[0])
    assert shipped + seams.bias == pytest.approx(expected, abs=0.25 * float(expected.std()))


def test_the_bundled_file_is_small_and_loads_fast() -> None:
    file = Path(embeddings.seams.__file__).with_name("seams.npz")
    assert file.stat().st_size < 1_000_000
    began = time.perf_counter()
    Seams.read(file)
    assert time.perf_counter() - began < 0.5
    assert Seams.load() is Seams.load()


@pytest.mark.parametrize(
    ("head", "tails"),
    [
        ("城市最富活", ["力，最具人气的地方", "记者了解到，", "场观摩调度", "月1日起施行"]),
        ("城市最富活", ["力,最具人氣的地方", "記者了解到,", "場觀摩調度", "月1日起施行"]),
        ("全县粮食总产量达到2", ["3.5万吨，", "据了解，当地", "的孩子们", "学校还组织"]),
        ("会议强调，要坚持以人民为中", ["心的发展思想", "国游客", "“我们村", "12月以来"]),
        ("他告诉记", ["者，今年收成好", "月1日起施行", "其中，", "有关部门负责人表示"]),
    ],
)
def test_the_bundled_networks_find_the_piece_that_goes_on(head: str, tails: list[str]) -> None:
    seams = Seams.load()
    scores = seams.scores(
        "无论前面是什么，" * 40 + head, [t + "后面不管是什么" * 40 for t in tails]
    )
    assert max(scores) == scores[0] > 0
    assert scores[1] < scores[0] - 2


def test_a_thousand_pairs_take_no_time() -> None:
    seams = Seams.load()
    tails = [f"{n}个小区的居民说，" * 200 for n in range(1000)]
    seams.scores("社区", tails)
    began = time.perf_counter()
    seams.scores("社区", tails)
    assert time.perf_counter() - began < 0.3
