"""The whole way with the bundled weights: question in, cited answer out, nothing from outside."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from embeddings.config import default_corpus
from embeddings.errors import QuestionError
from rag import Answer, Chatbot
from rag.answering import read_passages
from rag.question import Turn

ROOT = Path(__file__).resolve().parent.parent
FIRST = "how did 明水街道 reduce complaints?"

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def bot(home: Path) -> Chatbot:
    return Chatbot.build(default_corpus(), home / "index")


def assert_true(answer: Answer, texts: dict[str, str]) -> None:
    """Every quote and passage is what its spans cut out of the text it names."""
    for c in answer.citations:
        assert c.quote and c.quote == "".join(texts[c.source][s:e] for s, e in c.spans)
        assert c.passage == "".join(texts[c.source][s:e] for s, e in c.passage_spans)
        assert c.quote in c.passage


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    return {p.name: p.read_text(encoding="utf-8") for p in default_corpus().glob("*.txt")}


def test_the_first_question_cites_the_hotline_sentence(bot: Chatbot, files: dict[str, str]) -> None:
    answer = bot.answer(FIRST)
    assert not answer.refused
    assert answer.language == "en"
    proof = [c for c in answer.citations if "12345热线" in c.quote]
    assert proof and proof[0].source == "004_32eacd7bfa546bd8.txt"
    assert proof[0].title == "打造红色“院落” 激活基层“微治理”"
    assert_true(answer, files)
    whole = bot.article(proof[0].article or 0)
    assert (whole.source, whole.title) == (proof[0].source, proof[0].title)
    assert proof[0].quote in whole.text
    assert set(answer.timings) == {"retrieve", "read", "cite"}


@pytest.mark.parametrize(
    ("question", "part", "source"),
    [
        ("沙土镇镇区的污水管网已经铺了多长?", "36公里", "003"),
        ("How many volunteers stepped forward in Taohuashan Community?", "41名", "004"),
        ("東營高新區選配了多少名黨建指導員？", "32名", "000"),
    ],
)
def test_numbers_are_found_in_both_languages_and_scripts(
    bot: Chatbot, files: dict[str, str], question: str, part: str, source: str
) -> None:
    answer = bot.answer(question)
    assert part in answer.text
    assert answer.citations[0].source.startswith(source)
    assert_true(answer, files)


@pytest.mark.parametrize(
    ("question", "language"),
    [("红烧肉怎么炖才软烂不腻?", "zh"), ("Who won the 2022 FIFA World Cup final?", "en")],
)
def test_what_the_articles_do_not_say_is_refused(
    bot: Chatbot, question: str, language: str
) -> None:
    answer = bot.answer(question)
    assert answer.refused
    assert answer.citations == ()
    assert answer.language == language
    assert 0.0 <= answer.confidence < bot.index.config.refuse_below


@pytest.mark.parametrize(
    "question",
    ["?", "😀😀😀", "x = [i for i in range(9)]", "問" * 100_000, "\u202e\u0000 abc", "ما هذا؟"],
)
def test_odd_questions_get_an_answer_or_a_refusal(
    bot: Chatbot, files: dict[str, str], question: str
) -> None:
    answer = bot.answer(question)
    assert answer.text
    assert answer.refused == (answer.citations == ())
    assert_true(answer, files)


def test_an_empty_question_is_an_error(bot: Chatbot) -> None:
    with pytest.raises(QuestionError, match="empty"):
        bot.answer("  ")


def test_a_follow_up_is_answered_from_what_was_asked_before(
    bot: Chatbot, files: dict[str, str]
) -> None:
    said = bot.answer(FIRST)
    history: list[Turn] = [
        {"role": "user", "content": FIRST},
        {"role": "assistant", "content": said.text},
    ]
    answer = bot.answer("那投诉减少了多少?", history)
    assert answer.question.startswith(FIRST.rstrip("?"))
    assert answer.citations[0].source == "004_32eacd7bfa546bd8.txt"
    assert "减少50%以上" in answer.citations[0].quote
    assert_true(answer, files)


def test_two_questions_in_one_get_two_answers(bot: Chatbot, files: dict[str, str]) -> None:
    answer = bot.answer("印发了多少本《助企纾困政策汇编》,又累计召开重点项目现场调度会多少次?")
    assert answer.text == "300本；25次"
    assert len(answer.citations) >= 2
    assert_true(answer, files)


def test_asking_twice_gives_the_same(bot: Chatbot) -> None:
    once, twice = bot.answer(FIRST), bot.answer(FIRST)
    assert (once.text, once.citations, once.confidence) == (
        twice.text,
        twice.citations,
        twice.confidence,
    )


def test_given_passages_alone_are_read(bot: Chatbot) -> None:
    passages = [
        "县图书馆去年新购图书三万册。馆长李某说,读者多了一倍。",
        "体育馆昨日开馆,共有座位5200个。",
    ]
    texts = {str(i): text for i, text in enumerate(passages)}
    for question in ("体育馆有多少个座位?", "How many seats does the stadium have?"):
        answer = read_passages(bot.reader, question, passages)
        assert "5200" in answer.text
        assert answer.citations[0].source == "1"
        assert {(c.article, c.join_confidence) for c in answer.citations} == {(None, None)}
        assert_true(answer, texts)
    assert read_passages(bot.reader, "体育馆有多少个座位?", []).refused
    many = [*passages, *(f"第{i}个村去年修了{i}条路。" for i in range(500))]
    assert "5200" in read_passages(bot.reader, "体育馆有多少个座位?", many).text


@pytest.mark.parametrize("passages", ["one text", [None]])
def test_passages_that_are_no_texts_are_an_error(bot: Chatbot, passages: Any) -> None:
    with pytest.raises(QuestionError, match="sequence of str"):
        bot.answer("?", passages=passages)


def test_an_article_that_is_not_there_is_an_error(bot: Chatbot) -> None:
    count = len(bot.index.articles)
    assert bot.article(count - 1) == bot.index.articles[-1]
    for number in (-1, count):
        with pytest.raises(QuestionError, match=f"no article {number}; .* from 0 to {count - 1}"):
            bot.article(number)


def test_search_gives_hits_without_reading(bot: Chatbot) -> None:
    hits = bot.search(FIRST, k=3)
    assert len(hits) == 3
    assert any("12345热线" in hit.chunk.text for hit in hits)


def run(program: str, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *(["-c", textwrap.dedent(program)] if program else []), *arguments]
    environment = {**os.environ, "WENJU_HOME": str(home), "PYTHONUTF8": "1"}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True,
                          encoding="utf-8", check=False)  # fmt: skip


def test_the_command_line_answers_refuses_and_complains(bot: Chatbot, home: Path) -> None:
    ask = ("-m", "rag", "ask")
    done = run("", home, *ask, FIRST, "--json", "--index", str(home / "index"))
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert any("12345热线" in c["quote"] for c in answer["citations"])
    refused = run("", home, *ask, "Who won the 2022 FIFA World Cup final?")
    assert refused.returncode == 3
    empty = run("", home, *ask, "")
    assert empty.returncode == 2
    assert "empty" in empty.stderr and "Traceback" not in empty.stderr


def test_nothing_opens_a_socket_outward(home: Path) -> None:
    program = """
        import socket, sys
        tried = []
        def refuse(*arguments, **named):
            tried.append(arguments)
            raise OSError("no network")
        for name in ("connect", "connect_ex", "sendto"):
            setattr(socket.socket, name, refuse)
        socket.getaddrinfo = refuse
        from pathlib import Path
        from embeddings.config import default_corpus
        from rag import Chatbot
        bot = Chatbot.build(default_corpus(), Path(sys.argv[1]))
        answer = bot.answer("how did 明水街道 reduce complaints?")
        print(answer.refused, answer.citations[0].source, tried)
    """
    done = run(program, home, str(home / "blocked"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["False", "004_32eacd7bfa546bd8.txt", "[]"]


def test_import_is_quick_and_loads_no_torch() -> None:
    program = """
        import sys, time
        began = time.perf_counter()
        import rag
        seconds = time.perf_counter() - began
        heavy = {"torch", "transformers", "sentence_transformers", "faiss", "gradio", "jieba"}
        print(seconds, *sorted(heavy & set(sys.modules)))
    """
    best = min(
        (run(program, ROOT).stdout.split() for _ in range(3)), key=lambda words: float(words[0])
    )
    assert best[1:] == []
    assert float(best[0]) < 1.0


@pytest.mark.parametrize("name", ["dev.jsonl"])
def test_every_citation_of_the_development_questions_is_true(
    bot: Chatbot, files: dict[str, str], name: str
) -> None:
    path = ROOT.parent / "shared" / "eval" / name
    if not path.is_file():
        pytest.skip(f"{path} is not here")
    for line in path.read_text(encoding="utf-8").splitlines():
        question = json.loads(line)
        answer = bot.answer(question["question"], history=question["context_turns"])
        assert_true(answer, files)
