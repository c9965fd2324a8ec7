"""(question, passages) → candidate answers from the passages, scored, by a seq2seq model.

The bundled reader is a BART-layout encoder–decoder with heads on its encoder. The encoder reads
each question–passage pair once; the heads propose spans, and the decoder says how likely it would
word each of them against how likely it would say nothing ("exact extract", arXiv 2108.05857), so
that decoding never leaves the passage. A model without heads generates freely, and what it says is
looked for in the passage.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from embeddings.chunks import Span
from embeddings.errors import ModelError

from .generation import generate
from .pairs import encode_pair

BUNDLED = Path(__file__).resolve().parent / "weights"
MAX_WORDING_TOKENS = 32  # of a candidate that the decoder scores, as in training
SPANS_PER_PASSAGE = 6
PROPOSED_PER_PASSAGE = 2  # of those that are proposed to it
BREVITY = 0.4  # off a span's score for each e-fold of its tokens
DECODED = 24  # candidates of all passages that the decoder scores, one of each at least


@dataclass(frozen=True, slots=True)
class Passage:
    """Text to read, under the headline of its article ("" where it has none)."""

    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """passage.text[start:end] as an answer; all scores are log-odds or log-likelihood ratios."""

    passage: int  # position in the passages read
    start: int
    end: int
    span: float  # of the span against "no answer", by the heads
    wording: float  # of the words against silence, by the decoder, per token
    relevance: float  # that the passage answers the question
    yes: float | None  # of yes against no, were it a yes/no question; None: the model cannot say


@dataclass(frozen=True, slots=True)
class TokenSpan:
    """Tokens first to last (inclusive) of one pair, with their score against "no answer"."""

    score: float
    first: int
    last: int


class Reader:
    """A seq2seq model that reads."""

    def __init__(self, model: Any, tokenizer: Any, heads: Any, folder: Path) -> None:
        import torch

        self._model, self._tokenizer, self._heads = model, tokenizer, heads
        self.folder = folder
        # Without instructions for it, bfloat16 is slower than float32. torch has no public test.
        self._half = heads is not None and torch.cpu._is_avx512_bf16_supported()

    @classmethod
    def load(cls, path_or_name: str | None = None) -> Reader:
        """Load a seq2seq model from a folder or, by name, from the local Hugging Face cache.

        None is the bundled one. Nothing is downloaded. Raises ModelError.
        """
        where = str(BUNDLED if path_or_name is None else Path(path_or_name).expanduser())
        try:
            import torch
            from huggingface_hub import snapshot_download
            from transformers import AutoModelForSeq2SeqLM, AutoTokenizer
            from transformers.utils import logging

            from .heads import HEADS, load_heads

            logging.disable_progress_bar()
            folder = Path(where)
            if not folder.is_dir():
                folder = Path(snapshot_download(str(path_or_name), local_files_only=True))
            tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
            model = AutoModelForSeq2SeqLM.from_pretrained(
                folder, local_files_only=True, dtype=torch.float32
            ).eval()
            heads = load_heads(folder, model.config.d_model) if (folder / HEADS).is_file() else None
        except Exception as error:  # the library raises whatever its parts raise
            raise ModelError(
                f"The reader {where} cannot be loaded: {type(error).__name__}: {error}. Give the "
                "folder of a seq2seq model, or fetch it once by name: hf download NAME"
            ) from error
        return cls(model, tokenizer, heads, folder)

    def read(
        self, question: str, passages: Sequence[Passage], proposed: Sequence[Sequence[Span]] = ()
    ) -> list[Candidate]:
        """Candidate answers of all passages, best first by `joint`, ties by place.

        `proposed` may hold spans of each passage to be scored beside those that the reader chooses.
        """
        if not passages:
            return []
        import torch

        with torch.inference_mode():
            if self._heads is None:
                found = self._generate(question, passages)
            else:
                found = self._extract(question, passages, proposed or [()] * len(passages))
        return sorted(found, key=lambda c: (-joint(c), c.passage, c.start, c.end))

    def _generate(self, question: str, passages: Sequence[Passage]) -> list[Candidate]:
        found = []
        for i, passage in enumerate(passages):
            said = generate(self._model, self._tokenizer, question, passage)
            if said:
                (start, end), odds = said
                found.append(Candidate(i, start, end, odds, 0.0, 0.0, None))
        return found

    def _extract(
        self, question: str, passages: Sequence[Passage], proposed: Sequence[Sequence[Span]]
    ) -> list[Candidate]:
        import torch

        from .heads import span_scores

        pairs = [encode_pair(self._tokenizer, question, p.text, p.title) for p in passages]
        ids = _padded([p.ids for p in pairs], 0)  # (n, t)
        mask = _padded([[1] * len(p.ids) for p in pairs], 0)
        marks = _padded([p.marks for p in pairs], 0)
        answerable = _padded([p.answerable for p in pairs], 0).bool()
        with self._precision():
            states = self._heads.states(self._model, ids, mask, marks)  # (n, t, d)
            said = self._heads(states, answerable)
        scores = span_scores(said)  # (n, t, t)
        found = [
            (i, span)
            for i, pair in enumerate(pairs)
            for span in best_spans(
                scores[i], pair.first, len(pair.ids) - 1, tuple(pair.tokens_of(proposed[i]))
            )
        ]
        if not found:
            return []
        relevance = said.relevance.tolist()
        found.sort(key=lambda f: (-f[1].score - relevance[f[0]], f[0], f[1].first))
        best = {i: (i, span) for i, span in reversed(found)}  # of each passage, whatever its score
        rest = [f for f in found if f[1] is not best[f[0]][1]]
        found = [*best.values(), *rest][: max(DECODED, len(best))]
        rows = torch.tensor([i for i, _ in found])
        words = [list(pairs[i].ids[s.first : s.last + 1][:MAX_WORDING_TOKENS]) for i, s in found]
        wordings = self._wordings(states[rows], mask[rows], words)
        yes = (said.polarity[:, 1] - said.polarity[:, 0]).tolist()
        return [
            Candidate(
                passage=i,
                start=pairs[i].spans[s.first - pairs[i].first][0],
                end=pairs[i].spans[s.last - pairs[i].first][1],
                span=s.score,
                wording=wording,
                relevance=relevance[i],
                yes=yes[i],
            )
            for (i, s), wording in zip(found, wordings, strict=True)
        ]

    def _wordings(self, states: Any, mask: Any, words: list[list[int]]) -> list[float]:
        """Mean log-likelihood a token of each candidate's words, less half that of silence.

        `states` (n, t, d) and `mask` (n, t) of the pair that each candidate stands in. Silence is
        the end token at once; the half was not tuned.
        """
        import torch

        config = self._model.config
        end = config.eos_token_id
        labels = _padded([[*w, end] for w in words], -100)  # (n, a)
        inputs = _padded([[config.decoder_start_token_id, *w] for w in words], 0)
        kept = labels >= 0
        with self._precision():
            hidden = self._model.model.decoder(
                input_ids=inputs,
                encoder_hidden_states=states,
                encoder_attention_mask=mask,
                use_cache=False,
            )[0]  # (n, a, d)
            logits = self._model.lm_head(hidden[kept]) + self._model.final_logits_bias
        likely = torch.log_softmax(logits.float(), dim=-1)  # (tokens, vocabulary)
        places = kept.nonzero()  # (tokens, 2)
        silence = likely[places[:, 1] == 0, end]  # (n,)
        said = likely.gather(1, labels[kept].unsqueeze(1)).squeeze(1)
        means = torch.zeros(len(words)).index_add_(0, places[:, 0], said) / kept.sum(1)
        return [float(v) for v in means - silence / 2]

    def _precision(self) -> Any:
        import torch

        return torch.autocast("cpu", torch.bfloat16, enabled=self._half)


def joint(candidate: Candidate) -> float:
    """The score that candidates of all passages compete by, before retrieval is heard."""
    return candidate.span + 0.5 * candidate.wording + 0.7 * candidate.relevance


def best_spans(
    scores: Any, first: int, last: int, proposed: Sequence[Span] = ()
) -> list[TokenSpan]:
    """The best spans of one pair, best first, no two of them beginning at the same token.

    `scores` (t, t) are its `span_scores`; the passage's tokens lie in [first, last). The best of
    the `proposed` spans, of first and last token each, come after them.
    """
    import torch

    if last <= first:
        return []
    width = last - first
    places = torch.arange(width)
    lengths = (places - places.unsqueeze(1) + 1).clamp(min=1)
    against = scores[first:last, first:last] - BREVITY * lengths.log() - scores[0, 0]
    best, ends = against.max(dim=1)
    top = torch.topk(best, min(SPANS_PER_PASSAGE, width))
    found = [
        TokenSpan(value, first + i, first + int(ends[i]))
        for value, i in zip(top.values.tolist(), top.indices.tolist(), strict=True)
    ]
    chosen = {(span.first, span.last) for span in found}
    more = [TokenSpan(float(against[a - first, b - first]), a, b) for a, b in {*proposed} - chosen]
    found += sorted(more, key=lambda s: (-s.score, s.first))[:PROPOSED_PER_PASSAGE]
    return [s for s in found if s.score > -1e3]  # the heads mask what is no answer with -1e4


def _padded(rows: Sequence[Sequence[int]], fill: int) -> Any:
    """(n, longest) int64 of rows padded on the right."""
    import torch

    longest = max(map(len, rows))
    return torch.tensor([[*row, *[fill] * (longest - len(row))] for row in rows])
