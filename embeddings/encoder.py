"""Texts in, (n, d) float32 unit rows out, from any sentence-transformers model."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from .errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BUNDLED = Path(__file__).resolve().parent / "weights"
BATCH_TOKENS = 512  # of a batch, padding included: what its layers pass on stays in a core's cache
_AT_ONCE = 1024  # texts that are cut into tokens together
_SHORT = 512  # tokens of a window whose attention is quickest as three plain products
_PROMPTS = {"query": ("query",), "document": ("document", "passage", "corpus")}  # the library's


def _place(path_or_name: str | None) -> Path:
    """The folder of a model that is given as a folder, or by a name that the cache knows."""
    if path_or_name is None:
        if not (BUNDLED / "modules.json").is_file():
            raise ModelError(
                f"The bundled encoder is not in {BUNDLED}. Install the wheel again, or set "
                "Config.encoder (--model) to a sentence-transformers folder or name."
            )
        return BUNDLED
    folder = Path(path_or_name).expanduser()
    if not folder.is_dir():
        if folder.is_absolute() or path_or_name.startswith((".", "~")):
            raise ModelError(
                f"The model folder {path_or_name} does not exist. Give an existing folder."
            )
        folder = _cached(path_or_name)
    if not (folder / "modules.json").is_file():
        raise ModelError(
            f"{folder} is no sentence-transformers model: it has no modules.json. "
            "Give the folder that SentenceTransformer.save wrote."
        )
    return folder


def _cached(name: str) -> Path:
    """The folder in the Hugging Face cache to which a name leads today; nothing is downloaded."""
    from huggingface_hub import snapshot_download

    name = name if "/" in name else f"sentence-transformers/{name}"  # as the library completes it
    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (OSError, ValueError) as error:  # not there, not all there, or no name
        raise ModelError(
            f"The model {name!r} is no folder, and not (or not all) in the Hugging Face cache. "
            f"Fetch it once: hf download {name}"
        ) from error


@lru_cache(maxsize=8)
def _folder_hash(folder: Path, stamp: tuple[tuple[str, int, int], ...]) -> str:
    whole = hashlib.sha256()
    for name, size, _ in stamp:
        whole.update(f"{name}\0{size}\0".encode())
        with (folder / name).open("rb") as file:
            while block := file.read(1 << 20):
                whole.update(block)
    return whole.hexdigest()


def model_fingerprint(path_or_name: str | None = None) -> str:
    """What identifies a model without loading it: a sha256 over its folder's files.

    The card (README.md) and hidden files do not count. Raises ModelError where there is no model.
    """
    return _fingerprint(_place(path_or_name))


def _fingerprint(folder: Path) -> str:
    files = sorted(
        p.relative_to(folder)
        for p in folder.rglob("*")
        if p.is_file() and p.suffix != ".md" and not p.name.startswith(".")
    )
    stats = [(name, (folder / name).stat()) for name in files]
    stamp = tuple((name.as_posix(), s.st_size, s.st_mtime_ns) for name, s in stats)
    return f"sha256:{_folder_hash(folder, stamp)}"


def bfloat16_is_native() -> bool:
    """Does this CPU multiply in bfloat16? Where it does not, bfloat16 is slower than float32."""
    import torch

    able = torch.cpu.get_capabilities()
    return bool(able.get("avx512_bf16") or able.get("amx_bf16"))


def _takes_tokens(model: SentenceTransformer) -> bool:
    """Is it a transformer of texts, so that cutting padding off its input changes nothing?"""
    from sentence_transformers.sentence_transformer.modules import Transformer

    body = model[0]
    if not isinstance(body, Transformer) or model.truncate_dim:
        return False
    return getattr(body.tokenizer, "padding_side", "left") == "right"


def _halve(model: SentenceTransformer) -> None:
    """Have a transformer compute in bfloat16, and all that comes after it in float32."""
    body = model[0]
    body.model.bfloat16()
    if (model.max_seq_length or _SHORT + 1) <= _SHORT:
        body.model.set_attn_implementation("eager")
    body.register_forward_hook(_widen)


def _widen(body: Any, _: Any, features: dict[str, Any]) -> dict[str, Any]:
    name = body.module_output_name
    return {**features, name: features[name].float()}


def batches(lengths: Sequence[int], most: int) -> Iterator[list[int]]:
    """Positions of texts, longest first, in batches that are at most `most` tokens when padded.

    `lengths` are in tokens. A longer text is a batch of its own.
    """
    order = sorted(range(len(lengths)), key=lambda i: -lengths[i])
    start = 0
    while start < len(order):
        size = max(1, most // max(1, lengths[order[start]]))
        yield order[start : start + size]
        start += size


class Encoder:
    """A sentence-transformers model that gives unit rows.

    Where the CPU multiplies in bfloat16, a transformer does: four times the speed, cosines to the
    float32 rows above .999. A row depends by rounding alone on the texts that it is computed with.
    """

    def __init__(self, model: SentenceTransformer, fingerprint: str) -> None:
        self._model = model
        self._takes_tokens = _takes_tokens(model)
        self._cutting = Lock()  # a tokenizer serves one thread at a time
        self.fingerprint = fingerprint
        self.dimension = int(model.get_embedding_dimension() or 0)

    @classmethod
    def load(cls, path_or_name: str | None = None) -> Encoder:
        """Load a model from a folder or, by name, from the local Hugging Face cache.

        None is the bundled one. Nothing is downloaded. Raises ModelError.
        """
        folder = _place(path_or_name)
        fingerprint = _fingerprint(folder)
        try:
            from sentence_transformers import SentenceTransformer
            from transformers.utils import logging

            logging.disable_progress_bar()
            model = SentenceTransformer(
                str(folder),
                device="cpu",
                local_files_only=True,
                trust_remote_code=False,
            )
        except Exception as error:  # the library raises whatever its parts raise
            raise ModelError(
                f"The encoder {folder} cannot be loaded: {type(error).__name__}: {error}. "
                "Give the folder of a whole sentence-transformers model."
            ) from error
        model.eval()
        if _takes_tokens(model) and bfloat16_is_native():
            _halve(model)
        return cls(model, fingerprint)

    def encode_queries(self, texts: list[str]) -> npt.NDArray[np.float32]:
        """(n, d) float32 unit rows for questions, in the order given."""
        return self._encode(texts, "query")

    def encode_passages(self, texts: list[str]) -> npt.NDArray[np.float32]:
        """(n, d) float32 unit rows for passages or sentences, in the order given."""
        return self._encode(texts, "document")

    def _encode(self, texts: list[str], task: str) -> npt.NDArray[np.float32]:
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), _AT_ONCE):
            some = texts[start : start + _AT_ONCE]
            by = self._by_tokens if self._takes_tokens else self._by_library
            rows[start : start + len(some)] = by(some, task)
        return rows  # (n, d)

    def _by_library(self, texts: list[str], task: str) -> npt.NDArray[np.float32]:
        model = self._model
        encode = model.encode_query if task == "query" else model.encode_document
        with self._cutting:
            return np.asarray(encode(texts, show_progress_bar=False, normalize_embeddings=True))

    def _by_tokens(self, texts: list[str], task: str) -> npt.NDArray[np.float32]:
        """What the library's own encode gives; texts of like length go together, by tokens."""
        import torch

        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        with torch.inference_mode():
            with self._cutting:
                features = self._model.preprocess(texts, prompt=self._prompt(task), task=task)
            lengths = features["attention_mask"].sum(dim=1).tolist()
            for batch in batches(lengths, BATCH_TOKENS):
                width = lengths[batch[0]]
                cut = {
                    name: value[batch, :width]
                    if torch.is_tensor(value) and value.ndim == 2
                    else value
                    for name, value in features.items()
                }
                found = self._model(cut)["sentence_embedding"]  # (b, d)
                rows[batch] = torch.nn.functional.normalize(found, dim=1).numpy()
        return rows

    def _prompt(self, task: str) -> str | None:
        prompts: dict[str, str] = self._model.prompts
        named = [*_PROMPTS[task], self._model.default_prompt_name]
        return next((prompts[name] for name in named if name in prompts), None)
