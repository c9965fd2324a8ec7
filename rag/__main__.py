"""Command line: one question, or a conversation; answers with the lines that prove them.

    python -m rag ask "QUESTION" [--index DIR] [--json]
    python -m rag chat [--index DIR]
    python -m rag doctor [--index DIR] [--json]     what works here, and what mends the rest

Exit status: 0 answered or all well, 3 refused, 2 bad input, no index or a fault found.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from embeddings import Config
from embeddings.config import default_index
from embeddings.errors import QuestionError, WenjuError

from .answers import Answer
from .chatbot import Chatbot
from .doctor import examine
from .question import Turn, understand
from .rejoined import warning

ANSWERED, BAD_INPUT, REFUSED = 0, 2, 3


def show(answer: Answer, config: Config) -> str:
    """An answer and its citations as plain text, with what to check of them."""
    lines = [answer.text]
    for number, citation in enumerate(answer.citations, 1):
        where = ", ".join(f"{s}–{e}" for s, e in citation.spans)
        title = citation.title or "(no headline)"
        lines.append(f"  [{number}] {title} — {citation.source} ({where})\n      {citation.quote}")
        told = warning(citation.join_confidence, config.sure_join, answer.language)
        if told:
            lines.append(f"      ({told})")
    return "\n".join(lines)


def chat(bot: Chatbot) -> int:
    """Questions from standard input until it ends."""
    history: list[Turn] = []
    while True:
        try:
            question = input("? ")
        except (EOFError, KeyboardInterrupt):
            print()
            return ANSWERED
        try:
            answer = bot.answer(question, history)
        except QuestionError as error:
            print(error, file=sys.stderr)
            continue
        print(show(answer, bot.config))
        history.append({"role": "user", "content": question})
        if not answer.refused:
            history.append({"role": "assistant", "content": answer.text})


def examined(index_dir: Path, config: Config, as_json: bool) -> int:
    """Print what the doctor finds."""
    findings = examine(index_dir, config)
    if as_json:
        print(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False))
    else:
        for finding in findings:
            print(f"{'ok ' if finding.well else 'NOT'} {finding.name:<11} {finding.told}")
    return ANSWERED if all(finding.well for finding in findings) else BAD_INPUT


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m rag", description=__doc__.split("\n")[0] if __doc__ else ""
    )
    commands = parser.add_subparsers(dest="command", required=True)
    ask = commands.add_parser("ask", help="answer one question")
    ask.add_argument("question")
    ask.add_argument("--json", action="store_true", help="print the answer as JSON")
    talk = commands.add_parser("chat", help="a conversation; end it with ctrl-D")
    text = "look at environment, disk, models and index, and ask one question"
    doctor = commands.add_parser("doctor", help=text)
    doctor.add_argument("--json", action="store_true", help="print the findings as JSON")
    for command in (ask, talk, doctor):
        command.add_argument("--index", help="index folder (default: over the bundled seeds)")
        command.add_argument("--model", help="the encoder that the index was built with")
        command.add_argument("--reader", help="another seq2seq reader, by folder or name")
    args = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # whatever the locale, Chinese is printed
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        config = Config(encoder=args.model, reader=args.reader)
        if args.command == "doctor":
            return examined(Path(args.index or default_index()), config, args.json)
        if args.command == "ask":  # what is no question is told of before models are loaded
            understand(args.question, (), config.max_question_chars)
        bot = Chatbot.open(args.index, config) if args.index else Chatbot.ready(config=config)
        if args.command == "chat":
            return chat(bot)
        answer = bot.answer(args.question)
    except WenjuError as error:
        if getattr(args, "json", False):
            print(
                json.dumps(
                    {"error": type(error).__name__, "message": str(error)}, ensure_ascii=False
                )
            )
        print(error, file=sys.stderr)
        return BAD_INPUT
    print(json.dumps(answer.to_dict(), ensure_ascii=False) if args.json else show(answer, config))
    return REFUSED if answer.refused else ANSWERED


if __name__ == "__main__":
    sys.exit(main())
