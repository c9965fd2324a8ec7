"""Bilingual text → a Unigram `tokenizer.json`: English word pieces, Chinese words and characters.

A Unigram model whose pieces carry log frequencies segments Chinese by the best product of word
probabilities, so that no segmenter is needed beside the tokenizer. "▁" marks the start of a
Latin word or number; Chinese words carry no mark.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.data import HAN, simplify

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
MARK = "▁"
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


@dataclass(frozen=True, slots=True)
class Piece:
    """One vocabulary entry: its text and its log probability."""

    text: str
    score: float


def fold(char: str) -> str:
    """One character → compatibility form, lower case, without accents, Simplified."""
    text = unicodedata.normalize("NFKC", char).casefold()
    decomposed = unicodedata.normalize("NFD", text)
    if decomposed and decomposed[0].isascii():
        text = "".join(c for c in decomposed if not unicodedata.combining(c))
    return simplify(text)


def charsmap(workdir: Path) -> bytes:
    """The folding of every character of the basic plane as a SentencePiece normaliser table."""
    import sentencepiece
    from sentencepiece import sentencepiece_model_pb2

    rules = []
    for code in range(0x21, 0x10000):
        if 0xD800 <= code < 0xE000:
            continue
        folded = fold(chr(code))
        if folded and folded != chr(code) and " " not in folded and MARK not in folded:
            target = " ".join(f"{ord(c):X}" for c in folded)
            rules.append(f"{code:X}\t{target}\n")
    rules.append("3000\t20\n")
    table, sample = workdir / "fold.tsv", workdir / "sample.txt"
    table.write_text("".join(rules), encoding="utf-8")
    sample.write_text("\n".join(["a b c d e"] * 9), encoding="utf-8")
    sentencepiece.SentencePieceTrainer.train(
        input=str(sample),
        model_prefix=str(workdir / "fold"),
        vocab_size=16,
        minloglevel=2,
        normalization_rule_tsv=str(table),
        hard_vocab_limit=False,
    )
    proto = sentencepiece_model_pb2.ModelProto()
    proto.ParseFromString((workdir / "fold.model").read_bytes())
    return bytes(proto.normalizer_spec.precompiled_charsmap)


def english_counts(texts: list[str], teacher_tokenizer: Any) -> Counter[str]:
    """How often each of the teacher's word pieces occurs, written with the start mark."""
    counts: Counter[str] = Counter()
    for i in range(0, len(texts), 1000):
        for encoding in teacher_tokenizer.encode_batch(
            texts[i : i + 1000], add_special_tokens=False
        ):
            counts.update(encoding.tokens)
    out: Counter[str] = Counter()
    for token, n in counts.items():
        if not token.isascii() or token in SPECIAL:
            continue
        if token.startswith("##"):
            out[token[2:]] += n
        else:
            out[MARK + token if token[0] in LETTERS else token] += n
    return out


def chinese_counts(texts: list[str]) -> Counter[str]:
    """How often jieba finds each Chinese word of up to six characters, and each character."""
    import jieba

    jieba.setLogLevel(60)
    counts: Counter[str] = Counter()
    han_run = re.compile(r"[\u4e00-\u9fff]+")
    for text in texts:
        for run in han_run.findall(text):
            for word in jieba.cut(run, HMM=False):
                if len(word) <= 6:
                    counts[word] += 1
                if len(word) > 1:
                    for char in word:
                        counts[char] += 0
    for word, n in list(counts.items()):
        if len(word) > 1:
            for char in word:
                counts[char] += max(1, n // 20)
    return counts


def choose(
    english: Counter[str], chinese: Counter[str], n_english: int, n_words: int, n_chars: int
) -> list[Piece]:
    """The most frequent pieces of each kind with log probabilities, most frequent first."""
    for letter in LETTERS:
        english[letter] += 1
        english[MARK + letter] += 1
    for char in "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~。、“”‘’《》〈〉【】「」—·￥℃〇":
        english[char] += 10**7
    chars = Counter({w: n for w, n in chinese.items() if len(w) == 1 and HAN.match(w)}).most_common(
        n_chars
    )
    words = Counter({w: n for w, n in chinese.items() if len(w) > 1}).most_common(n_words)
    letters = [(t, english.pop(t)) for t in [*LETTERS, *(MARK + c for c in LETTERS)]]
    pieces = []
    for group in (letters + english.most_common(n_english - len(letters)), chars + words):
        total = sum(n for _, n in group if n < 10**7)
        pieces += [Piece(t, math.log(max(1, min(n, 10**6)) / total)) for t, n in group]
    pieces.append(Piece(MARK, -14.0))
    return pieces


def tokenizer(pieces: list[Piece], fold_table: bytes) -> Any:
    """A `tokenizers.Tokenizer` over the special tokens and `pieces`, in that order of ids."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    vocabulary = [(t, 0.0) for t in SPECIAL] + [(p.text, p.score) for p in pieces]
    out = Tokenizer(models.Unigram(vocabulary, unk_id=1, byte_fallback=False))
    out.normalizer = normalizers.Sequence(
        [
            normalizers.Precompiled(fold_table),
            normalizers.Replace(Regex("(?<![a-z0-9])(?=[a-z0-9])"), MARK),
        ]
    )
    out.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.WhitespaceSplit(),
            pre_tokenizers.Split(Regex(r"[^\p{L}\p{N}▁\s]"), "isolated"),
        ]
    )
    out.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    out.add_special_tokens(list(SPECIAL))
    return out
