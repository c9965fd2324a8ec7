"""What the reader's recipe does to questions, and to the weights that it starts from."""

from __future__ import annotations

import random

import torch

from training.graft import grafted
from training.thesaurus import Thesaurus


def test_a_question_in_other_words() -> None:
    thesaurus = Thesaurus({"成立": ("建立", "设立"), "减少": ("降低",)})
    rng = random.Random(0)
    asked = "图书馆成立以后,为什么投诉减少了?"
    assert thesaurus.reworded(asked, rng, 0.0) == asked
    said = {thesaurus.reworded(asked, rng, 1.0) for _ in range(20)}
    assert said == {asked.replace("成立", w).replace("减少", "降低") for w in ("建立", "设立")}


def test_a_graft_moves_the_encoder_and_leaves_the_decoder() -> None:
    reader = {"encoder.a": torch.ones(2, dtype=torch.float16), "decoder.a": torch.ones(2)}
    then = {name: torch.full((2,), 1.0) for name in reader}
    now = {name: torch.full((2,), 3.0) for name in reader}
    moved = grafted(reader, then, now, 0.5)
    assert moved["encoder.a"].tolist() == [2.0, 2.0]
    assert moved["encoder.a"].dtype == torch.float16
    assert moved["decoder.a"].tolist() == [1.0, 1.0]
