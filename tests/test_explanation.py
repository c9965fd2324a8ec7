"""Why an answer, why a refusal: with the bundled weights, over the seeds."""

from __future__ import annotations

import json

import pytest

from embeddings.config import default_corpus
from rag import Chatbot
from rag.explanation import explain, nearest
from rag.question import Turn
from rag.steps import Reading, Retrieved

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Chatbot:
    return Chatbot.build(default_corpus(), tmp_path_factory.mktemp("explained") / "index")


def reading_of(bot: Chatbot, question: str, history: tuple[Turn, ...] = ()) -> Reading:
    retrieved, reading = bot.steps(question, history)
    assert isinstance(retrieved, Retrieved) and isinstance(reading, Reading)
    assert retrieved.hits == reading.hits
    return reading


@pytest.mark.parametrize(
    ("question", "by", "asked"),
    [
        ("明水街道的投诉减少了多少?", "word", "投诉"),
        ("how did 明水街道 reduce complaints?", "gloss", "complaints"),
    ],
)
def test_an_answer_is_explained_by_what_was_read(bot, question, by, asked):
    told = bot.explain(question)
    answer = bot.answer(question)
    assert (told.reason, told.answer, told.confidence) == (
        "answered",
        answer.text,
        pytest.approx(answer.confidence),
    )
    first = told.passages[0]
    assert (by, asked) in {(m.by, m.asked) for m in first.matches}
    assert first.lexical_rank == 1 and first.dense_rank is not None
    best = told.proposals[0]
    assert best.words in told.passages[best.passage - 1].text
    assert best.confidence == pytest.approx(told.confidence)
    scores = [p.score for p in told.proposals]
    assert scores == sorted(scores, reverse=True) and len(scores) <= 8
    assert set(told.timings) == {"retrieve", "read", "cite"}
    assert json.loads(json.dumps(told.to_dict()))["passages"][0]["source"] == first.source


@pytest.mark.parametrize(
    ("question", "word"),
    [("谁发现了新的行星?", "行星"), ("Who discovered a new planet?", "planet")],
)
def test_a_refusal_says_what_was_sought_and_what_is_near(bot, question, word):
    reading = reading_of(bot, question)
    told = explain(reading, bot.config)
    assert told.reason == "unsure" and told.confidence < told.refuse_below
    assert word in told.sought
    near = nearest(reading)
    assert len(near) == 3 and reading.answer.citations == ()
    for citation, hit in zip(near, reading.hits, strict=False):
        text = (default_corpus() / citation.source).read_text(encoding="utf-8")
        assert citation.quote == "".join(text[s:e] for s, e in citation.spans)
        assert citation.passage == hit.chunk.text


def test_what_the_last_reply_said_is_told(bot):
    history: tuple[Turn, ...] = (
        {"role": "user", "content": "明水街道有多少个院落党支部?"},
        {"role": "assistant", "content": "75个"},
    )
    told = explain(reading_of(bot, "那投诉减少了多少?", history), bot.config)
    assert told.asked == "那投诉减少了多少?" and told.question.startswith("明水街道")
    assert {p.told_before for p in told.proposals if p.words == "75个"} == {True}
