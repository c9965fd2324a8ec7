"""News text → embeddings/seams.npz: which beginning goes on from which end of a cut text.

    python -m training.seams --data DIR --out DIR --steps 16000 --ship embeddings/seams.npz

Text is cut at any character. The networks of both sides learn to pick each head's own tail among
those of the batch and beginnings of sentences (InfoNCE, van den Oord et al. 2018), whose optimum
is pointwise mutual information up to a constant of the head; that constant is held at zero.
The last HELD_OUT articles are never trained on; top-1 figures are of them.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional

from embeddings.seams import PAD, UNKNOWN, Ids, pair_buckets, plain
from training.data import news
from training.loop import Group, Losses, Training

HELD_OUT = 12_000
WIDTH = 8  # characters on either side of a cut that count
BUCKETS = 1 << 14  # that pairs of characters are hashed into
KNOWN = 4094  # characters
LEAST_SEEN = 5
FURNITURE = "返回搜狐，查看更多责任编辑："  # ends every other article, goes on from nothing
CHARACTER_SIZE = PAIR_SIZE = 32
HIDDEN, VECTOR = 128, 128
BATCH = 512
BEGINNINGS = 256  # of sentences, beside the batch's own tails
SHORTENED = 0.15  # share of heads and tails of which fewer than WIDTH characters are seen
LEVEL = 0.05  # weight of holding the constant at zero
RATE = 5e-3
WARM_UP = 200  # steps
RIVALS = 20
WITHIN = 0.9995  # share of a column's weights that are stored unclipped
ENDS = "。!?"
CLOSERS = ",.。、;:!?)”’》】"


@dataclass(frozen=True, slots=True)
class Cuts:
    """Encoded articles, each with WIDTH times PAD after it, and where they can be cut."""

    ids: npt.NDArray[np.uint16]  # (characters,)
    anywhere: Ids  # (cuts,) places whose head and tail are WIDTH long
    beginnings: Ids  # (sentences,)

    @classmethod
    def of(cls, texts: list[str], known: str) -> Cuts:
        codes = np.full(0x110000, UNKNOWN, dtype=np.uint16)
        codes[[ord(char) for char in known]] = np.arange(len(known)) + UNKNOWN + 1
        gap = "\0" * WIDTH
        codes[0] = PAD
        joined = gap + "".join(text + gap for text in texts)
        ids = codes[np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32)]
        places = np.arange(WIDTH, len(ids) - WIDTH)
        real = np.concatenate([[0], np.cumsum(ids != PAD)])
        tail_is_whole = real[places + WIDTH] - real[places] == WIDTH
        head_is_whole = real[places] - real[places - WIDTH] == WIDTH
        before = ids[places - 1]
        starts = (before == codes[ord("。")]) | (before == PAD)
        starts &= ~np.isin(ids[places], codes[[ord(char) for char in CLOSERS]])
        return cls(ids, places[tail_is_whole & head_is_whole], places[tail_is_whole & starts])

    def heads(self, places: Ids) -> Ids:
        """(n, WIDTH)"""
        return self.ids[places[:, None] + np.arange(-WIDTH, 0)].astype(np.int64)

    def tails(self, places: Ids) -> Ids:
        """(n, WIDTH)"""
        return self.ids[places[:, None] + np.arange(WIDTH)].astype(np.int64)


class Side(nn.Module):
    """embeddings.seams.Tower as it is trained."""

    def __init__(self) -> None:
        super().__init__()
        features = WIDTH * CHARACTER_SIZE + (WIDTH - 1) * PAIR_SIZE
        self.hidden = nn.Linear(features, HIDDEN)
        self.out = nn.Linear(HIDDEN, VECTOR)
        self.past = nn.Linear(features, VECTOR, bias=False)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        out: torch.Tensor = self.out(functional.relu(self.hidden(features))) + self.past(features)
        return out


class Model(nn.Module):
    """embeddings.seams.Seams as it is trained."""

    def __init__(self) -> None:
        super().__init__()
        self.characters = nn.Embedding(KNOWN + UNKNOWN + 1, CHARACTER_SIZE)
        self.pairs = nn.Embedding(BUCKETS, PAIR_SIZE)
        nn.init.normal_(self.characters.weight, std=0.3)
        nn.init.normal_(self.pairs.weight, std=0.1)
        self.head, self.tail = Side(), Side()
        self.bias = nn.Parameter(torch.zeros(1))

    def forward(self, heads: Ids, tails: Ids) -> torch.Tensor:
        """Ids (n, WIDTH) and (m, WIDTH) → scores (n, m)."""
        left, right = self.head(self._features(heads)), self.tail(self._features(tails))
        return left.float() @ right.float().T + self.bias

    def _features(self, ids: Ids) -> torch.Tensor:
        device = self.bias.device
        singles = self.characters(torch.from_numpy(ids).to(device))
        doubles = self.pairs(torch.from_numpy(pair_buckets(ids, BUCKETS)).to(device))
        return torch.cat([singles.flatten(1), doubles.flatten(1)], dim=1)

    def arrays(self) -> dict[str, npt.NDArray[np.float32]]:
        """The parameters under the names and in the shapes that the product reads."""
        out = {}
        for name, value in self.state_dict().items():
            name = name.replace("characters.weight", "characters").replace("pairs.weight", "pairs")
            if name.startswith(("head.", "tail.")):
                value = value.T if value.ndim == 2 else value
                name = name.replace(".weight", "").replace(".bias", "_bias")
            out[name] = value.float().cpu().numpy()
        return out


def losses(model: Model, cuts: Cuts, seed: int) -> Losses:
    """One batch: each head against all tails and some beginnings of sentences."""
    rng = np.random.default_rng(seed)
    places = rng.choice(cuts.anywhere, BATCH)
    heads, own = cuts.heads(places), cuts.tails(places)
    other = cuts.tails(rng.choice(cuts.beginnings, BEGINNINGS))
    tails = np.concatenate([own, other])
    heads[:, ::-1][_missing(rng, len(heads))] = PAD
    tails[_missing(rng, len(tails))] = PAD
    scores = model(heads, tails)  # (n, n + m)
    total = scores.logsumexp(1)
    choice = (total - scores.diagonal()).mean()
    level = (total - np.log(scores.shape[1])).square().mean()
    return Losses({"choice": choice, "level": LEVEL * level}, BATCH)


def _missing(rng: np.random.Generator, n: int) -> npt.NDArray[np.bool_]:
    """Which characters, counted from the cut, are not seen: (n, WIDTH)."""
    seen = np.where(rng.random(n) < SHORTENED, rng.integers(1, WIDTH, n), WIDTH)
    return np.asarray(np.arange(WIDTH) >= seen[:, None])


def batches(model: Model, cuts: Cuts, step: int) -> Iterator[Callable[[], Losses]]:
    while True:
        yield partial(losses, model, cuts, step)
        step += 1


def top_one(model: Model, cuts: Cuts, known: str, n: int = 2000) -> Mapping[str, float]:
    """How often a cut's own tail beats RIVALS others: tails of other cuts, beginnings of sentences.

    Cuts after a sentence and before a closing mark are left out: columns have none there.
    """
    rng = np.random.default_rng(0)
    ends, closers = ([known.find(c) + UNKNOWN + 1 for c in marks] for marks in (ENDS, CLOSERS))
    possible = ~np.isin(cuts.ids[cuts.anywhere - 1], ends)
    possible &= ~np.isin(cuts.ids[cuts.anywhere], closers)
    places = rng.choice(cuts.anywhere[possible], n, replace=False)
    sentences = cuts.tails(rng.choice(cuts.beginnings, n))
    with torch.no_grad():
        other = model(cuts.heads(places), cuts.tails(places)).cpu().numpy()
        begin = model(cuts.heads(places), sentences).cpu().numpy()
    own = other.diagonal()[:, None]
    shifted = (np.arange(n)[:, None] + np.arange(1, RIVALS + 1)) % n
    return {
        name: round(float((own > np.take_along_axis(rivals, shifted, 1)).all(1).mean()), 3)
        for name, rivals in (("of_cuts", other), ("of_beginnings", begin))
    }


def ship(model: Model, known: str, out: Path) -> None:
    """Eight bits a weight, four for those of pairs, and each column's step."""
    stored: dict[str, npt.NDArray[np.generic]] = {
        "width": np.array(WIDTH, dtype=np.uint8),
        "known": np.array([ord(char) for char in known], dtype=np.uint16),
    }
    for name, value in model.arrays().items():
        step: npt.NDArray[np.float32] = np.ones(1, dtype=np.float32)
        whole: npt.NDArray[np.generic] = value
        if value.ndim == 2:
            most = 7 if name == "pairs" else 127
            step = np.asarray(np.quantile(np.abs(value), WITHIN, axis=0) / most, dtype=np.float32)
            whole = np.clip(np.round(value / step), -most, most).astype(np.int8)
        stored[name], stored[name + ".step"] = whole, step
    with out.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **stored)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=16_000)
    parser.add_argument("--ship", type=Path, help="write the weights here")
    args = parser.parse_args()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.manual_seed(0)
    texts = [plain(text.replace(FURNITURE, "")) for text in news(args.data)]
    counts = Counter[str]()
    for text in texts[:-HELD_OUT]:
        counts.update(text)
    known = "".join(c for c, n in counts.most_common(KNOWN) if n >= LEAST_SEEN and ord(c) < 65536)
    cuts, kept = Cuts.of(texts[:-HELD_OUT], known), Cuts.of(texts[-HELD_OUT:], known)
    model = Model().to(device)
    Training(
        modules={"seams": model},
        groups=[Group(list(model.parameters()), RATE)],
        out=args.out,
        minutes=0,
        steps=args.steps,
        warm_up=WARM_UP,
        device=device,
        check=partial(top_one, model, kept, known),
    ).run(partial(batches, model, cuts))
    if args.ship:
        ship(model, known, args.ship)


if __name__ == "__main__":
    main()
