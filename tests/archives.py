"""Articles, a chatbot that searches and reads nothing, and short forms of what became of files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from embeddings import Config, Index, rebuild
from rag import Chatbot
from tests.tiny import HashEncoder
from ui.archive import Archive, Outcome

LIBRARY = "河边新开图书馆\n\n本报讯 昨天,图书馆在河边开馆,藏书3万册。\n"
BRIDGE = "新桥通车\n\n本报讯 新桥昨日通车,全长300米,造价2亿元。\n"
PARK = "Council Approves New Park\n\nThe council voted 7 to 2 on Tuesday. Work starts in May.\n"


def chatbot(corpus: Path, index_dir: Path) -> Any:
    """A chatbot that searches and reads nothing, over a corpus; rows are hashes."""
    encoder: Any = HashEncoder()
    rebuild(corpus, index_dir, Config(), encoder)
    return Chatbot(Index.open(index_dir, encoder, Config()), None)  # type: ignore[arg-type]


def keys(outcomes: list[Outcome]) -> list[str]:
    return [told.key for outcome in outcomes for told in outcome.told]


def texts(archive: Archive) -> dict[str, str]:
    return {s: (archive.corpus / s).read_text(encoding="utf-8") for s in archive.files()}
