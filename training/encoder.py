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

import torch
from torch.nn import functional

from training import data as corpora
from training.loop import Group, Losses, Training
from training.mix import code_switch, lead_pair, passage_window
from training.transplant import glosses, teacher_folder

SCALE = 20.0
WARM_UP = 50  # steps
# share of the steps, batch size
DIET = {
    "parallel": (0.40, 128),
    "gloss": (0.08, 192),
    "qa_zh": (0.20, 48),
    "news": (0.18, 48),
    "qa_en": (0.08, 40),
    "keep_en": (0.06, 96),
}


class Diet:
    """Draws one batch of texts for a named objective."""

    def __init__(self, data: Path, seed: int) -> None:
        self.rng = random.Random(seed)
        self.parallel = [p for p in corpora.parallel(data) if len(p[0]) < 160]
        self.gloss = [(w, s[0]) for w, s in glosses().items() if len(w) > 1]
        self.qa_zh = [q for name in corpora.ZH_QA for q in corpora.questions(data, name)]
        self.qa_en = [q for name in corpora.EN_QA for q in corpora.questions(data, name)]
        self.news = corpora.news(data, 40_000) + corpora.wikipedia(data, "zh", 15_000)

    def pairs(self, kind: str, n: int) -> list[tuple[str, str]]:
        """`n` (text, other text) pairs; for a distilled kind the other is the teacher's English."""
        rng = self.rng
        if kind in ("parallel", "gloss"):
            return rng.sample(self.parallel if kind == "parallel" else self.gloss, n)
        if kind == "keep_en":
            return [(en, en) for _, en in rng.sample(self.parallel, n // 2)] + [
                (q.question, q.question) for q in rng.sample(self.qa_en, n // 2)
            ]
        out: list[tuple[str, str]] = []
        seen: set[str] = set()
        while len(out) < n:
            if kind == "news":
                pair = lead_pair(rng.choice(self.news), rng)
                if pair is None:
                    continue
                query, passage = pair
            else:
                q = rng.choice(self.qa_zh if kind == "qa_zh" else self.qa_en)
                if q.context in seen:
                    continue
                seen.add(q.context)
                query, passage = (
                    q.question,
                    passage_window(q, 230 if kind == "qa_zh" else 600, rng)[0],
                )
            if kind != "qa_en" and rng.random() < 0.5:
                query = code_switch(query, rng.choice((0.4, 0.7, 1.0)), rng)
            out.append((query, passage))
        return out


class Student:
    """A sentence-transformers folder as tokenizer and body, mean pooled to unit rows."""

    def __init__(self, folder: Path, device: str) -> None:
        from transformers import AutoModel, AutoTokenizer

        self.device = device
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.body = AutoModel.from_pretrained(folder).to(device)

    def encode(self, texts: list[str], max_length: int) -> torch.Tensor:
        batch = self.tokenizer(
            texts, padding=True, truncation=True, max_length=max_length, return_tensors="pt"
        ).to(self.device)
        hidden = self.body(**batch).last_hidden_state  # (n, t, d)
        mask = batch["attention_mask"].unsqueeze(-1)
        return functional.normalize((hidden * mask).sum(1) / mask.sum(1), dim=-1)  # (n, d)


def losses(
    kind: str,
    pairs: list[tuple[str, str]],
    student: Student,
    teach: Callable[[list[str]], torch.Tensor],
) -> Losses:
    """Cosine to the teacher plus in-batch contrast, or contrast of queries and passages."""
    left = student.encode(
        [a for a, _ in pairs], 64 if kind not in ("news", "qa_zh") else 80
    ).float()
    distilled = kind in ("parallel", "gloss", "keep_en")
    right = (
        teach([b for _, b in pairs])
        if distilled
        else student.encode([b for _, b in pairs], 160).float()
    )
    scores = SCALE * left @ right.T  # (n, n)
    target = torch.arange(len(pairs), device=scores.device)
    loss = functional.cross_entropy(scores, target)
    if kind == "gloss":
        loss = 0 * loss  # many words share a gloss: no contrast
    if distilled:
        loss = loss + 10 * (1 - (left * right).sum(-1).mean())
    else:
        loss = (loss + functional.cross_entropy(scores.T, target)) / 2
    return Losses({kind: loss}, len(pairs))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--start", type=Path, required=True, help="the transplanted encoder")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=25)
    parser.add_argument("--seed", type=int, default=0)
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
        new = [t for t in texts if t not in known]
        if new:
            with torch.no_grad(), torch.autocast(device, torch.bfloat16):
                known.update(zip(new, teacher.encode(new, 96).float(), strict=True))
        return torch.stack([known[t] for t in texts])

    def source(step: int) -> Iterator[Callable[[], Losses]]:
        diet = Diet(args.data, args.seed + step)
        while True:
            kind = diet.rng.choices(list(DIET), [share for share, _ in DIET.values()])[0]
            pairs = diet.pairs(kind, DIET[kind][1])
            yield partial(losses, kind, pairs, student, teach)

    Training(
        modules={"body": student.body},
        groups=[
            Group([words], 1e-3),
            Group([p for p in student.body.parameters() if p is not words], 1.5e-4),
        ],
        out=args.out,
        minutes=args.minutes,
        warm_up=WARM_UP,
        device=device,
    ).run(source)
    student.body.eval()
    student.body.save_pretrained(args.out / "body")
    student.tokenizer.save_pretrained(args.out / "body")


if __name__ == "__main__":
    main()
