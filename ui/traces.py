"""Readings are kept for a while under names that nobody can guess; why they ended so comes out."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict

from embeddings import Config
from embeddings.errors import QuestionError
from rag import Explanation
from rag.explanation import explain
from rag.steps import Reading

MOST = 500  # readings kept, of all visitors together; a few kilobytes each


class Traces:
    """What the latest answers were made from. May be used from several threads."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: OrderedDict[str, Reading] = OrderedDict()
        self._using = threading.Lock()

    def keep(self, reading: Reading) -> str:
        """Keeps a reading and returns its name; the oldest is dropped where there are too many."""
        name = secrets.token_urlsafe(12)
        with self._using:
            self._kept[name] = reading
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return name

    def explain(self, name: object, config: Config) -> Explanation:
        """Why the reading of that name ended so. Raises QuestionError where it is not kept."""
        return explain(self.reading(name), config)

    def reading(self, name: object) -> Reading:
        """The reading of that name. Raises QuestionError where it is not kept."""
        with self._using:
            reading = self._kept.get(name) if isinstance(name, str) else None
        if reading is None:
            raise QuestionError(
                "What this answer was made from is no longer kept. Please ask again. "
                "这个回答的依据已不再保存，请重新提问。"
            )
        return reading

    def kept(self, name: str) -> bool:
        """Is the reading of that name still there?"""
        with self._using:
            return name in self._kept
