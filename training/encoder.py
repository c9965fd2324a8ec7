"""A transplanted body → the bundled bilingual encoder: distillation and contrast, mixed by step.

    python -m training.encoder --data DIR --start DIR/encoder --out DIR --minutes 25

Runs on a CPU (bfloat16 autocast) or a GPU, resumes from OUT/checkpoint.pt, logs to OUT/log.jsonl.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from benchmarks.encoding import LANGUAGES, ndcg
from benchmarks.reading import lines
from training.diet import DISTILLED, Diet, Pairs
from training.loop import Group, Losses, Training
from training.transplant import teacher_folder

SCALE = 20.0
WARM_UP = 50  # steps
KNOWN = 100_000  # teacher's vectors that are kept
TOGETHER = 20  # texts that are padded to one length
REFINING = 0.6  # of the rates


class Student:
    """A sentence-transformers folder as tokenizer and body, mean pooled to unit rows."""

    def __init__(self, folder: Path, device: str) -> None:
        from transformers import AutoModel, AutoTokenizer

        self.device = device
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.body = AutoModel.from_pretrained(folder).to(device)

    def encode(self, texts: list[str], max_length: int) -> torch.Tensor:
        tokens = self.tokenizer(texts, truncation=True, max_length=max_length)["input_ids"]
        order = sorted(range(len(texts)), key=lambda i: len(tokens[i]))
        rows: list[torch.Tensor] = []
        for at in range(0, len(order), TOGETHER):  # of like length: little padding
            batch = self.tokenizer.pad(
                {"input_ids": [tokens[i] for i in order[at : at + TOGETHER]]}, return_tensors="pt"
            ).to(self.device)
            hidden = self.body(**batch).last_hidden_state  # (n, t, d)
            mask = batch["attention_mask"].unsqueeze(-1)
            rows += (hidden * mask).sum(1) / mask.sum(1)
        back = sorted(range(len(order)), key=order.__getitem__)
        return functional.normalize(torch.stack([rows[i] for i in back]), dim=-1)  # (n, d)


def losses(
    kind: str, pairs: Pairs, student: Student, teach: Callable[[list[str]], torch.Tensor]
) -> Losses:
    """Cosine to the teacher plus in-batch contrast, or contrast of queries and passages."""
    distilled = kind in DISTILLED
    left = student.encode([a for a, _ in pairs], 160 if distilled else 80).float()
    others = [b for _, b in pairs]
    right = teach(others) if distilled else student.encode(others, 160).float()
    scores = SCALE * left @ right.T  # (n, n)
    target = torch.arange(len(pairs), device=scores.device)
    if kind == "gloss":  # many words share a gloss: no contrast
        loss = 10 * (1 - (left * right).sum(-1).mean())
    elif distilled:
        loss = functional.cross_entropy(scores, target) + 10 * (1 - (left * right).sum(-1).mean())
    else:
        loss = (
            functional.cross_entropy(scores, target) + functional.cross_entropy(scores.T, target)
        ) / 2
    return Losses({kind: loss}, len(pairs))


def retrieval(student: Student, rows: list[dict[str, Any]]) -> dict[str, float]:
    """nDCG@10 of questions over parallel paragraphs, by the direction zh>en etc."""
    rights = np.array([i for i, r in enumerate(rows) for _ in r["questions"]])
    asked, told = {}, {}
    with torch.no_grad():
        for x in LANGUAGES:
            questions = [q[x] for r in rows for q in r["questions"]]
            asked[x] = torch.cat(
                [student.encode(questions[i : i + 64], 80) for i in range(0, len(questions), 64)]
            )
            told[x] = torch.cat([student.encode([r[f"context_{x}"]], 256) for r in rows])
    return {
        f"{a}>{b}": round(ndcg((asked[a] @ told[b].T).float().cpu().numpy(), rights), 3)
        for a in LANGUAGES
        for b in LANGUAGES
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--start", type=Path, required=True, help="the transplanted encoder")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=25)
    parser.add_argument("--steps", type=int, help="train for so many steps, not by the clock")
    parser.add_argument("--watch", type=Path, help="XQuAD lines on which progress is logged")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--refine", action="store_true", help="START is trained: the last part's diet, lower rates"
    )
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    student, teacher = Student(args.start, device), Student(teacher_folder(), device)
    student.body.train()
    for module in student.body.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    words = student.body.embeddings.word_embeddings.weight
    known: dict[str, torch.Tensor] = {}

    def teach(texts: list[str]) -> torch.Tensor:
        if len(known) > KNOWN:
            known.clear()
        new = [t for t in texts if t not in known]
        if new:
            with torch.no_grad(), torch.autocast(device, torch.bfloat16):
                known.update(zip(new, teacher.encode(new, 256).float(), strict=True))
        return torch.stack([known[t] for t in texts])

    def source(step: int) -> Iterator[Callable[[], Losses]]:
        diet = Diet(args.data, random.Random(args.seed + step))
        while True:
            kind, pairs = diet.batch(0.0 if args.refine else training.left())
            yield partial(losses, kind, pairs, student, teach)

    rows = list(lines(args.watch)) if args.watch else []
    rate = REFINING if args.refine else 1.0
    training = Training(
        modules={"body": student.body},
        groups=[
            Group([words], rate * 1e-3),
            Group([p for p in student.body.parameters() if p is not words], rate * 1.5e-4),
        ],
        out=args.out,
        minutes=args.minutes,
        steps=args.steps,
        warm_up=WARM_UP,
        device=device,
        check=lambda: retrieval(student, rows) if rows else {},
    )
    training.run(source)
    student.body.eval()
    student.body.save_pretrained(args.out / "body")
    student.tokenizer.save_pretrained(args.out / "body")


if __name__ == "__main__":
    main()
