"""(question, passages) → candidate answers from the passages, scored, by a seq2seq model.

The bundled reader is a BART-layout encoder–decoder with heads on its encoder. The encoder reads
each question–passage pair once; the heads propose spans, and the decoder says how likely it would
word each of them against how likely it would say nothing ("exact extract", arXiv 2108.05857), so
that decoding never leaves the passage. A model without heads generates freely, and what it says is
looked for in the passage.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from embeddings.errors import ModelError

BUNDLED = Path(__file__).resolve().parent / "weights"
MAX_TOKENS = 288  # of question and passage together, as in training
MAX_QUESTION_TOKENS = 72
MAX_ANSWER_TOKENS = 48
SPANS_PER_PASSAGE = 6
DECODED = 16  # candidates of all passages that the decoder scores


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
    yes: float  # that a yes/no question is to be answered with yes, where it is one


def clip_offsets(offsets: Sequence[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """Token offsets without the space or the character that a start mark "▁" borrowed."""
    out, end = [], 0
    for s, e in offsets:
        s = max(s, min(end, e))
        while s < e and text[s].isspace():
            s += 1
        out.append((s, e))
        end = max(end, e)
    return out


class Reader:
    """A seq2seq model that reads."""

    def __init__(self, model: Any, tokenizer: Any, heads: Any, dtype: Any) -> None:
        self._model, self._tokenizer, self._heads, self._dtype = model, tokenizer, heads, dtype

    @classmethod
    def load(cls, path_or_name: str | None = None) -> Reader:
        """Load a seq2seq model from a folder or, by name, from the local Hugging Face cache.

        None is the bundled one. Nothing is downloaded. Raises ModelError.
        """
        place = str(BUNDLED if path_or_name is None else Path(path_or_name).expanduser())
        where = place if Path(place).is_dir() else str(path_or_name or place)
        try:
            import torch
            from safetensors.torch import load_file
            from transformers import AutoModelForSeq2SeqLM, AutoTokenizer
            from transformers.utils import logging

            logging.disable_progress_bar()
            tokenizer = AutoTokenizer.from_pretrained(where, local_files_only=True)
            model = AutoModelForSeq2SeqLM.from_pretrained(
                where, local_files_only=True, dtype=torch.float32
            ).eval()
            heads = None
            if (Path(where) / "heads.safetensors").is_file():
                from .heads import Heads

                heads = Heads(model.config.d_model)
                state = load_file(str(Path(where) / "heads.safetensors"))
                heads.load_state_dict({k: v.float() for k, v in state.items()})
                heads.eval()
        except Exception as error:  # the library raises whatever its parts raise
            raise ModelError(
                f"The reader {where} cannot be loaded: {type(error).__name__}: {error}. Give the "
                "folder of a seq2seq model, or fetch it once by name: hf download NAME"
            ) from error
        fast = torch.cpu._is_avx512_bf16_supported()
        return cls(
            model, tokenizer, heads, torch.bfloat16 if fast and heads is not None else torch.float32
        )

    def read(self, question: str, passages: Sequence[Passage]) -> list[Candidate]:
        """Candidate answers of all passages, best first by `joint`, ties by place."""
        if not passages:
            return []
        import torch

        with torch.inference_mode():
            found = (self._generate if self._heads is None else self._extract)(question, passages)
        return sorted(found, key=lambda c: (-joint(c), c.passage, c.start, c.end))

    def _extract(self, question: str, passages: Sequence[Passage]) -> list[Candidate]:
        import torch

        tokenizer = self._tokenizer
        asked = tokenizer(question, truncation=True, max_length=MAX_QUESTION_TOKENS)["input_ids"]
        room = MAX_TOKENS - len(asked) - 1
        rows, offsets, prefixes = [], [], []
        for passage in passages:
            prefix = f"【{passage.title}】" if passage.title else ""
            read = tokenizer(
                prefix + passage.text, add_special_tokens=False, return_offsets_mapping=True
            )
            rows.append(asked + read["input_ids"][:room] + [tokenizer.sep_token_id])
            offsets.append(clip_offsets(read["offset_mapping"], prefix + passage.text)[:room])
            prefixes.append(len(prefix))
        longest = max(map(len, rows))
        ids = torch.zeros(len(rows), longest, dtype=torch.long)
        allowed = torch.zeros(len(rows), longest, dtype=torch.bool)
        mask = torch.zeros(len(rows), longest, dtype=torch.long)
        for i, row in enumerate(rows):
            ids[i, : len(row)], mask[i, : len(row)] = torch.tensor(row), 1
            for j, (s, e) in enumerate(offsets[i]):
                allowed[i, len(asked) + j] = s >= prefixes[i] and e > s
        with torch.autocast("cpu", torch.bfloat16, enabled=self._dtype == torch.bfloat16):
            states = self._model.model.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
            said = self._heads(states, allowed)
        spans = [
            (score, i, s, e)
            for i in range(len(rows))
            for score, s, e in best_spans(said.start[i], said.end[i], len(asked), len(rows[i]) - 1)
        ]
        spans.sort(key=lambda c: (-(c[0] + float(said.relevance[c[1]])), c[1:]))
        spans = spans[:DECODED]
        if not spans:
            return []
        wordings = self._wordings(states, mask, ids, [(i, s, e) for _, i, s, e in spans])
        return [
            Candidate(
                passage=i,
                start=offsets[i][s - len(asked)][0] - prefixes[i],
                end=offsets[i][e - len(asked)][1] - prefixes[i],
                span=score,
                wording=wording,
                relevance=float(said.relevance[i]),
                yes=float(said.polarity[i, 1] - said.polarity[i, 0]),
            )
            for (score, i, s, e), wording in zip(spans, wordings, strict=True)
        ]

    def _wordings(
        self, states: Any, mask: Any, ids: Any, spans: list[tuple[int, int, int]]
    ) -> list[float]:
        """Mean log-likelihood a token of each span's words, less that of saying nothing at once."""
        import torch

        end = self._model.config.eos_token_id
        targets = [ids[i, s : e + 1].tolist()[:MAX_ANSWER_TOKENS] + [end] for i, s, e in spans]
        longest = max(map(len, targets))
        inputs = torch.zeros(len(spans), longest, dtype=torch.long)
        labels = torch.full((len(spans), longest), -100)
        for row, target in enumerate(targets):
            inputs[row, : len(target)] = torch.tensor(
                [self._model.config.decoder_start_token_id, *target[:-1]]
            )
            labels[row, : len(target)] = torch.tensor(target)
        which = torch.tensor([i for i, _, _ in spans])
        with torch.autocast("cpu", torch.bfloat16, enabled=self._dtype == torch.bfloat16):
            hidden = self._model.model.decoder(
                input_ids=inputs,
                encoder_hidden_states=states[which],
                encoder_attention_mask=mask[which],
                use_cache=False,
            ).last_hidden_state  # (n, t, d)
            kept = labels >= 0
            logits = (
                self._model.lm_head(hidden[kept]) + self._model.final_logits_bias
            )  # (tokens, vocabulary)
        likely = torch.log_softmax(logits.float(), dim=-1)
        rows = kept.nonzero()[:, 0]
        said = likely.gather(1, labels[kept].unsqueeze(1)).squeeze(1)
        nothing = likely[:, end][kept.nonzero()[:, 1] == 0]  # (n,)
        means = torch.zeros(len(spans)).index_add_(0, rows, said) / kept.sum(1)
        return [float(v) for v in means - nothing / 2]

    def _generate(self, question: str, passages: Sequence[Passage]) -> list[Candidate]:
        """Free generation by a model without heads; what it says must stand in the passage."""
        import torch

        prompts = [f"question: {question} context: {p.title} {p.text}" for p in passages]
        batch = self._tokenizer(
            prompts, padding=True, truncation=True, max_length=512, return_tensors="pt"
        )
        out = self._model.generate(
            **batch,
            max_new_tokens=MAX_ANSWER_TOKENS,
            num_beams=1,
            do_sample=False,
            output_logits=True,
            return_dict_in_generate=True,
        )
        scores = self._model.compute_transition_scores(
            out.sequences, out.logits, normalize_logits=True
        )
        found = []
        for i, text in enumerate(
            self._tokenizer.batch_decode(out.sequences, skip_special_tokens=True)
        ):
            start = passages[i].text.lower().find(text.strip().lower()) if text.strip() else -1
            if start >= 0:
                finite = scores[i][torch.isfinite(scores[i])]
                likelihood = math.exp(float(finite.mean())) if len(finite) else 0.0
                odds = math.log((likelihood + 1e-6) / (1 - likelihood + 1e-6))
                found.append(Candidate(i, start, start + len(text.strip()), odds, odds, odds, 0.0))
        return found


def joint(candidate: Candidate) -> float:
    """The score that candidates of all passages compete by."""
    return candidate.span + 0.5 * candidate.wording + 0.7 * candidate.relevance


def best_spans(start: Any, end: Any, first: int, last: int) -> list[tuple[float, int, int]]:
    """The best (score, first token, last token) of one passage against "no answer" at position 0.

    `start` and `end` are (t,) logits; the passage's tokens lie in [first, last). No two of the
    spans begin at the same token.
    """
    import torch

    if last <= first:
        return []
    width = last - first
    scores = start[first:last].unsqueeze(1) + end[first:last].unsqueeze(0)  # (width, width)
    band = torch.ones(width, width, dtype=torch.bool).triu().tril(MAX_ANSWER_TOKENS - 1)
    scores = scores.masked_fill(~band, -1e9)
    best, ends = scores.max(dim=1)
    nothing = float(start[0] + end[0])
    top = torch.topk(best, min(SPANS_PER_PASSAGE, width))
    return [
        (value - nothing, first + i, first + int(ends[i]))
        for value, i in zip(top.values.tolist(), top.indices.tolist(), strict=True)
        if value > -1e3
    ]
