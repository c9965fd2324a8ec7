"""Every error that Wenju raises on purpose; each message says what, which value and the remedy."""

# The names say what is the matter: ruff's "Error suffix" rule would only lengthen them.
# ruff: noqa: N818

from __future__ import annotations


class WenjuError(Exception):
    """Base of all of them: catch this one."""


class CorpusError(WenjuError):
    """The corpus folder is missing, empty, or holds a file that is no text."""


class IndexMissing(WenjuError):
    """There is no index in this folder."""


class IndexMismatch(WenjuError):
    """The index was built from another corpus, with another model or under other settings."""


class IndexDamaged(WenjuError):
    """A file of the index is missing or is not what was written."""


class IndexBusy(WenjuError):
    """Another process is rebuilding this index."""


class IndexNotWritten(WenjuError):
    """The new index could not be written (disk full, no permission); the old one stands."""


class ModelError(WenjuError):
    """A model could not be found or loaded."""


class QuestionError(WenjuError):
    """The question is empty or no question at all."""
