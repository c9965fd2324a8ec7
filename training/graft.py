"""A reader + what its encoder's body has learnt since → a reader to go on from.

    python -m training.graft --reader READER --then BODY --now BODY --out OUT [--share 0.6]

A reader's encoder began as a sentence encoder's body, which was trained further afterwards. The
difference between that body now and then, added to the reader's own weights in part, makes it read
better before any further training (task arithmetic, Ilharco et al., arXiv 2212.04089). The decoder
and the heads stay as they are.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from training.bart import State, from_bert

WEIGHTS = "model.safetensors"


def grafted(reader: State, then: State, now: State, share: float) -> State:
    """The reader's weights, those of encoder and words moved by `share` of `now` less `then`."""
    return {
        name: value
        if "decoder" in name
        else (value.float() + share * (now[name] - then[name])).to(value.dtype)
        for name, value in reader.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reader", type=Path, required=True)
    parser.add_argument("--then", type=Path, required=True, help="the body that it was made of")
    parser.add_argument("--now", type=Path, required=True, help="that body, trained further")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--share", type=float, default=0.6)
    args = parser.parse_args()
    shutil.copytree(args.reader, args.out)
    with torch.no_grad():
        then, now = (from_bert(folder).state_dict() for folder in (args.then, args.now))
        moved = grafted(load_file(str(args.reader / WEIGHTS)), then, now, args.share)
    save_file(moved, str(args.out / WEIGHTS), metadata={"format": "pt"})


if __name__ == "__main__":
    main()
