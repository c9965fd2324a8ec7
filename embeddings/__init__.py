"""The offline half: newspaper pages in, an index on disk out."""

from .config import Config
from .encoder import Encoder
from .errors import WenjuError
from .index import Index
from .rebuild import rebuild

__all__ = ["Config", "Encoder", "Index", "WenjuError", "rebuild"]
