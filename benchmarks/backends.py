"""XQuAD paragraphs and questions → speed and accuracy of one encoder on several CPU back ends.

    python -m benchmarks.backends XQUAD.jsonl.xz [--model FOLDER] [--only NAME,...] [--rounds 3]

The first row is sentence-transformers as it comes: float32, 32 texts a batch. All back ends are
timed in turn within a round, and the best round of each counts. Those with a library that is not
installed (onnx, onnxscript and onnxruntime; openvino) are left out. They pool by the mean, as the
bundled encoder does.
"""

from __future__ import annotations

import argparse
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.encoding import LANGUAGES, Encode, asked_times, ndcg
from benchmarks.reading import lines
from embeddings import Encoder
from embeddings.encoder import BATCH_TOKENS, BUNDLED, batches

Rows = npt.NDArray[np.float32]
Run = Callable[[npt.NDArray[np.int64], npt.NDArray[np.int64]], npt.NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """What is encoded: questions ask for the paragraph at `gold` of each language."""

    passages: dict[str, list[str]]
    questions: dict[str, list[str]]
    gold: npt.NDArray[np.int64]

    @classmethod
    def read(cls, path: Path, every: int) -> Paragraphs:
        """Every so many paragraphs of an XQuAD file, with their questions."""
        rows = list(lines(path))[::every]
        return cls(
            {x: [r[f"context_{x}"] for r in rows] for x in LANGUAGES},
            {x: [q[x] for r in rows for q in r["questions"]] for x in LANGUAGES},
            np.array([i for i, r in enumerate(rows) for _ in r["questions"]]),
        )


def plain(folder: str) -> Encode:
    """sentence-transformers with nothing set."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(folder, device="cpu", local_files_only=True).eval()

    def encode(texts: list[str]) -> Rows:
        return np.asarray(model.encode(texts, show_progress_bar=False))

    return encode


def dynamic_int8(folder: str) -> Encode:
    """The linear layers in int8, their inputs quantised as they come."""
    import torch
    from sentence_transformers import SentenceTransformer
    from torch.ao.quantization import quantize_dynamic

    encoder = Encoder(SentenceTransformer(folder, device="cpu", local_files_only=True).eval(), "")
    body = encoder._model[0]
    body.model = quantize_dynamic(body.model, {torch.nn.Linear}, dtype=torch.qint8)
    return encoder.encode_passages


def exported(folder: str, run_of: Callable[[Any, Path], Run]) -> Encode:
    """The body turned into something else, with the product's batches and a mean over tokens."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(folder, device="cpu", local_files_only=True).eval()
    tokenizer = model.tokenizer
    with tempfile.TemporaryDirectory() as work:
        run = run_of(model[0].model, Path(work))

    def encode(texts: list[str]) -> Rows:
        ids = tokenizer(texts, truncation=True, max_length=model.max_seq_length)["input_ids"]
        rows = np.zeros((len(texts), model.get_embedding_dimension() or 0), dtype=np.float32)
        for batch in batches([len(row) for row in ids], BATCH_TOKENS):
            width = len(ids[batch[0]])
            padded = np.zeros((len(batch), width), dtype=np.int64)  # (b, t)
            mask = np.zeros_like(padded)
            for i, j in enumerate(batch):
                padded[i, : len(ids[j])] = ids[j]
                mask[i, : len(ids[j])] = 1
            states = run(padded, mask)  # (b, t, d)
            means = (states * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
            rows[batch] = means / np.linalg.norm(means, axis=1, keepdims=True)
        return rows

    return encode


class _States:
    """Wraps a body for an export: two tensors in, the last hidden states out."""

    @staticmethod
    def of(body: Any) -> Any:
        import torch

        class States(torch.nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.body = body

            def forward(self, input_ids: Any, attention_mask: Any) -> Any:
                return self.body(input_ids=input_ids, attention_mask=attention_mask)[0]

        return States().eval()


def _sample() -> tuple[Any, Any]:
    import torch

    return torch.full((2, 16), 7), torch.ones((2, 16), dtype=torch.long)


def onnx(body: Any, work: Path, int8: bool) -> Run:
    """An onnxruntime session; with `int8` the weights of all products and tables are int8."""
    import onnxruntime
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    whole, small = work / "model.onnx", work / "int8.onnx"
    axes = {0: torch.export.Dim("batch", min=1), 1: torch.export.Dim("tokens", min=2)}
    torch.onnx.export(
        _States.of(body),
        _sample(),
        whole,
        input_names=["input_ids", "attention_mask"],
        dynamic_shapes=(axes, axes),
        dynamo=True,
        external_data=False,
        verbose=False,
    )
    if int8:
        quantize_dynamic(whole, small, weight_type=QuantType.QInt8, per_channel=True)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    shipped = small if int8 else whole
    print(f"{shipped.name}: {shipped.stat().st_size / 1e6:.0f} MB")
    session = onnxruntime.InferenceSession(shipped.read_bytes(), options)

    def run(ids: npt.NDArray[np.int64], mask: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        states: Any = session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
        return np.asarray(states)

    return run


def openvino(body: Any, precision: str) -> Run:
    """An OpenVINO model that computes in "f32" or "bf16"."""
    import openvino as ov
    import torch

    model = ov.convert_model(_States.of(body), example_input=_sample())
    hints = {
        "INFERENCE_PRECISION_HINT": precision,
        "INFERENCE_NUM_THREADS": torch.get_num_threads(),
    }
    compiled = ov.Core().compile_model(model, "CPU", hints)

    def run(ids: npt.NDArray[np.int64], mask: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        return np.asarray(compiled([ids, mask])[0])

    return run


def makers(folder: str) -> dict[str, Callable[[], Encode]]:
    """How each back end is made, by name; the plain one first."""
    out: dict[str, Callable[[], Encode]] = {
        "sentence-transformers": lambda: plain(folder),
        "wenju": lambda: Encoder.load(folder).encode_passages,
        "torch-int8": lambda: dynamic_int8(folder),
    }
    if all(find_spec(name) for name in ("onnx", "onnxscript", "onnxruntime")):
        out["onnx"] = lambda: exported(folder, lambda body, work: onnx(body, work, False))
        out["onnx-int8"] = lambda: exported(folder, lambda body, work: onnx(body, work, True))
    if find_spec("openvino"):
        out["openvino"] = lambda: exported(folder, lambda body, _: openvino(body, "f32"))
        out["openvino-bf16"] = lambda: exported(folder, lambda body, _: openvino(body, "bf16"))
    return out


@dataclass(slots=True)
class Timed:
    """A back end and the best times that it was seen to need."""

    encode: Encode
    passages: float = float("inf")  # seconds for all of them
    questions: float = float("inf")  # seconds for all of them
    question: float = float("inf")  # seconds for one alone, median


def time_all(timed: dict[str, Timed], given: Paragraphs, rounds: int) -> None:
    """Fill in the times, each back end in turn, `rounds` times over."""
    passages = [text for texts in given.passages.values() for text in texts]
    questions = [text for texts in given.questions.values() for text in texts]
    for one in timed.values():
        one.encode(passages[:8])
    for _ in range(rounds):
        for one in timed.values():
            one.passages = min(one.passages, _seconds(one.encode, passages))
            one.questions = min(one.questions, _seconds(one.encode, questions))
            one.question = min(one.question, asked_times(one.encode, questions[:50]))


def _seconds(encode: Encode, texts: list[str]) -> float:
    began = time.perf_counter()
    encode(texts)
    return time.perf_counter() - began


def report(timed: dict[str, Timed], given: Paragraphs) -> None:
    """Print a row for each back end."""
    n = sum(map(len, given.passages.values()))
    q = sum(map(len, given.questions.values()))
    pairs = [(a, b) for a in LANGUAGES for b in LANGUAGES]
    print(
        "| back end | passages/s | | questions/s | | ms a question | least cosine | nDCG@10 ",
        end="",
    )
    print(", ".join(f"{a}→{b}" for a, b in pairs), "|\n|---|---|---|---|---|---|---|---|")
    first: Timed | None = None
    reference: Rows | None = None
    for name, one in timed.items():
        first = first or one
        rows = {x: one.encode(texts) for x, texts in given.passages.items()}
        asked = {x: one.encode(texts) for x, texts in given.questions.items()}
        whole = np.concatenate([*rows.values(), *asked.values()])
        reference = whole if reference is None else reference
        cells: Sequence[str] = (
            f"{n / one.passages:.1f}",
            f"×{first.passages / one.passages:.2f}",
            f"{q / one.questions:.0f}",
            f"×{first.questions / one.questions:.2f}",
            f"{1000 * one.question:.2f}",
            f"{float((whole * reference).sum(axis=1).min()):.5f}",
            ", ".join(f"{ndcg(asked[a] @ rows[b].T, given.gold):.3f}" for a, b in pairs),
        )
        print(f"| {name} | " + " | ".join(cells) + " |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("xquad", type=Path)
    parser.add_argument("--model", default=str(BUNDLED), help="sentence-transformers folder")
    parser.add_argument("--only", help="names of back ends, after the first (default: all)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--every", type=int, default=1, help="take every so many paragraphs")
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    given = Paragraphs.read(args.xquad, args.every)
    wanted = set(args.only.split(",")) if args.only else None
    timed = {
        name: Timed(make())
        for i, (name, make) in enumerate(makers(args.model).items())
        if i == 0 or wanted is None or name in wanted
    }
    time_all(timed, given, args.rounds)
    report(timed, given)


if __name__ == "__main__":
    main()
