"""A transplanted body → the bundled bilingual encoder: distillation and contrast, mixed by step.

    python -m training.encoder --data DIR --start DIR/encoder --out DIR --minutes 25

Runs on a CPU (bfloat16 autocast) or a GPU, resumes from OUT/checkpoint.pt, logs to OUT/log.jsonl.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch.nn import functional

from training import data as corpora
from training.mix import code_switch, lead_pair, passage_window
from training.transplant import glosses, teacher_folder

SCALE = 20.0
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


def loss_of(
    kind: str,
    pairs: list[tuple[str, str]],
    student: Student,
    teach: Callable[[list[str]], torch.Tensor],
) -> torch.Tensor:
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
    if distilled:
        cosine = 1 - (left * right).sum(-1).mean()
        return 10 * cosine + (0 if kind == "gloss" else functional.cross_entropy(scores, target))
    return (
        functional.cross_entropy(scores, target) + functional.cross_entropy(scores.T, target)
    ) / 2


def xquad_ndcg(student: Student, path: Path) -> dict[str, float]:
    """nDCG@10 of each direction over the paragraphs of a parallel question set."""
    import lzma
    import math

    with lzma.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    where: dict[str, int] = {}
    contexts: dict[str, list[str]] = {"zh": [], "en": []}
    asked: dict[str, list[str]] = {"zh": [], "en": []}
    gold: list[int] = []
    for row in rows:
        if row["context_en"] not in where:
            where[row["context_en"]] = len(where)
            for lang in contexts:
                contexts[lang].append(row[f"context_{lang}"])
        for item in row.get("questions", [row]):
            gold.append(where[row["context_en"]])
            for lang in asked:
                asked[lang].append(item[lang])

    def encode(texts: list[str]) -> torch.Tensor:
        with torch.no_grad(), torch.autocast(student.device, torch.bfloat16):
            return torch.cat(
                [student.encode(texts[i : i + 32], 256).float() for i in range(0, len(texts), 32)]
            )

    vectors = {f"q{k}": encode(v) for k, v in asked.items()} | {
        f"p{k}": encode(v) for k, v in contexts.items()
    }
    out = {}
    for a in ("zh", "en"):
        for b in ("zh", "en"):
            scores = vectors[f"q{a}"] @ vectors[f"p{b}"].T
            ranks = (scores > scores[range(len(gold)), gold].unsqueeze(1)).sum(1).tolist()
            out[f"{a}->{b}"] = round(
                sum(1 / math.log2(r + 2) for r in ranks if r < 10) / len(ranks), 4
            )
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--start", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=25)
    parser.add_argument("--xquad", type=Path, help="xquad_dev.jsonl.xz: log nDCG@10 at the end")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(args.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    student, teacher = Student(args.start, device), Student(teacher_folder(), device)
    student.body.train()
    for module in student.body.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    words = student.body.embeddings.word_embeddings.weight
    body = [p for p in student.body.parameters() if p is not words]
    optimizer = torch.optim.AdamW(
        [{"params": [words], "lr": 1e-3}, {"params": body, "lr": 1.5e-4}],
        weight_decay=0.01,
        fused=True,
    )
    peak = [g["lr"] for g in optimizer.param_groups]
    checkpoint, spent, step = args.out / "checkpoint.pt", 0.0, 0
    if checkpoint.is_file():
        saved = torch.load(checkpoint, weights_only=True)
        student.body.load_state_dict(saved["body"])
        optimizer.load_state_dict(saved["optimizer"])
        spent, step = saved["spent"], saved["step"]
    diet = Diet(args.data, args.seed + step)
    known: dict[str, torch.Tensor] = {}

    def teach(texts: list[str]) -> torch.Tensor:
        new = [t for t in texts if t not in known]
        if new:
            with torch.no_grad(), torch.autocast(device, torch.bfloat16):
                known.update(zip(new, teacher.encode(new, 96).float(), strict=True))
        return torch.stack([known[t] for t in texts])

    def note(**values: Any) -> None:
        line = json.dumps({"step": step, "minutes": round(spent / 60, 1), **values})
        print(line, flush=True)
        with (args.out / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(line + "\n")

    losses: dict[str, list[float]] = {}
    last_save = spent
    while spent < 60 * args.minutes:
        began = time.perf_counter()
        kind = diet.rng.choices(list(DIET), [share for share, _ in DIET.values()])[0]
        pairs = diet.pairs(kind, DIET[kind][1])
        progress = spent / (60 * args.minutes)
        rate = min(1.0, (step + 1) / 50) * max(0.02, 1 - progress)
        for group, lr in zip(optimizer.param_groups, peak, strict=True):
            group["lr"] = lr * rate
        with torch.autocast(device, torch.bfloat16):
            loss = loss_of(kind, pairs, student, teach)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(student.body.parameters(), 1.0)
        optimizer.step()
        losses.setdefault(kind, []).append(loss.item())
        step += 1
        spent += time.perf_counter() - began
        if step % 50 == 0:
            note(**{k: round(sum(v) / len(v), 3) for k, v in sorted(losses.items())})
            losses.clear()
        if spent - last_save > 300:
            last_save = spent
            torch.save(
                {
                    "body": student.body.state_dict(),
                    "optimizer": optimizer.state_dict(),
                    "spent": spent,
                    "step": step,
                },
                checkpoint,
            )
    student.body.eval()
    student.body.save_pretrained(args.out / "body")
    student.tokenizer.save_pretrained(args.out / "body")
    if args.xquad:
        note(ndcg_at_10=xquad_ndcg(student, args.xquad))


if __name__ == "__main__":
    main()
