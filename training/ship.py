"""A trained body or reader → float16 safetensors in the package, with a card.

    python -m training.ship encoder --start DIR/body --out embeddings/weights [--card CARD.md]
    python -m training.ship reader --start DIR/reader --out rag/weights [--card CARD.md]
        [--before EARLIER/reader --share 0.3]

With `--before` the weights are a mean of those and the ones that their training went on from: it
does better on other questions than either (Wortsman et al., arXiv 2109.01903). They are stored in
float16; the config says float32, so that a CPU computes in it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file


def halve(path: Path) -> None:
    """Rewrite a safetensors file in float16."""
    state = {k: v.to(torch.float16).contiguous() for k, v in load_file(str(path)).items()}
    save_file(state, str(path), metadata={"format": "pt"})


def average(path: Path, earlier: Path, share: float) -> None:
    """Mix a file's weights with an earlier file's: `share` of the new; what is new stays whole."""
    state, before = load_file(str(path)), load_file(str(earlier))
    mixed = {
        k: (1 - share) * before[k].float() + share * v.float() if k in before else v
        for k, v in state.items()
    }
    save_file({k: v.contiguous() for k, v in mixed.items()}, str(path), metadata={"format": "pt"})


def compact(path: Path, **changes: object) -> None:
    """Rewrite a JSON file without white space, with some values changed."""
    values = {**json.loads(path.read_text(encoding="utf-8")), **changes}
    path.write_text(json.dumps(values, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def encoder(start: Path, out: Path) -> None:
    """A plain BERT folder → a sentence-transformers folder: mean pooling, unit length."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer import modules

    word = modules.Transformer(str(start), max_seq_length=256)
    with torch.no_grad():
        for parameter in word.auto_model.pooler.parameters():
            parameter.zero_()  # never used; stored so that the body loads whole
    pooling = modules.Pooling(word.get_embedding_dimension(), "mean")
    SentenceTransformer(modules=[word, pooling, modules.Normalize()], device="cpu").save(str(out))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("encoder", "reader"))
    parser.add_argument("--start", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--card", type=Path)
    parser.add_argument("--before", type=Path, help="the reader that the training started from")
    parser.add_argument(
        "--share", type=float, default=0.3, help="of the new weights, with --before"
    )
    args = parser.parse_args()
    if args.out.exists():
        shutil.rmtree(args.out)
    if args.what == "encoder":
        encoder(args.start, args.out)
    else:
        shutil.copytree(args.start, args.out)
    weights = sorted(args.out.glob("*.safetensors"))
    for path in weights:
        if args.before:
            average(path, args.before / path.name, args.share)
        halve(path)
    compact(args.out / "config.json", dtype="float32")
    compact(args.out / "tokenizer.json")
    card = args.card.read_text(encoding="utf-8") if args.card else ""
    sizes = "".join(
        f"| {p.name} | {p.stat().st_size} | {hashlib.sha256(p.read_bytes()).hexdigest()} |\n"
        for p in [*weights, args.out / "tokenizer.json"]
    )
    table = f"\n## Files\n\n| file | bytes | sha256 |\n|---|---|---|\n{sizes}"
    (args.out / "README.md").write_text(card + table, encoding="utf-8")


if __name__ == "__main__":
    main()
