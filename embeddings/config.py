"""Nothing in, every number that affects an answer out, and the folders that are used by default."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from pathlib import Path

# The fields that shape what is written to disk; an index built under others does not fit.
_INDEX_FIELDS = ("chunk_chars", "overlap_sentences", "bm25_k1", "bm25_b", "gloss_senses")


@dataclass(frozen=True, slots=True)
class Config:
    """Settings of one system: every number that affects an answer, but those of a model."""

    encoder: str | None = None  # sentence-transformers folder or name; None: the bundled one
    reader: str | None = None  # seq2seq folder or name; None: the bundled one

    # offline: changing one of these asks for a rebuild
    chunk_chars: int = 220  # characters of a chunk; an article is cut into even parts of about this
    overlap_sentences: int = 1  # sentences of a chunk that the next one repeats
    bm25_k1: float = 1.2  # saturation of repeated terms
    bm25_b: float = 0.5  # how far long chunks are marked down, 0 to 1
    gloss_senses: int = 4  # dictionary senses of a word that are indexed in English

    # online
    candidates: int = 40  # chunks taken from each leg
    dense_mean: float = 0.25  # weight of a chunk's mean sentence against its best one
    rerank_pool: int = 20  # fused chunks that are scored sentence by sentence
    # the rerank adds up, for a chunk's best sentence and the chunk around it:
    rerank_around: float = 1.0  # share of the question's terms in chunk and headline
    rerank_sentence: float = 0.4  # share in the sentence
    rerank_headline: float = 0.6  # share in sentence and headline
    rerank_cosine: float = 0.1  # cosine to the sentence, standardised over the pool
    rerank_fused: float = 0.1  # the fused score, a sum of two that are standardised
    read_passages: int = 8  # chunks that the reader reads; half as many more for two questions
    wrong_shape: float = 4.0  # off score and log-odds for each demand that an answer fails
    least_coverage: float = 0.05  # share of the question's terms that an answer's passage must have
    told_before: float = 1.5  # off those of a follow-up's answer that was in the last reply
    refuse_below: float = 0.3  # confidence below which no answer is given
    name_chars: int = 30  # of a name in quotation marks that is given whole
    clause_chars: int = 90  # of an answer that is a clause or two
    citations: int = 3  # most of an answer
    quote_chars: int = 24  # of a sentence that is cited without the one before it
    near_best: float = 4.0  # log-odds below the best at which a sentence is still cited
    sure_join: float = 0.8  # confidence of a broken sentence's join below which a reader is told
    max_question_chars: int = 500  # longer questions are cut here

    def index_settings(self) -> dict[str, int | float]:
        """The settings that an index is built under; they go into its manifest."""
        values = asdict(self)
        return {name: values[name] for name in _INDEX_FIELDS}


def data_dir() -> Path:
    """The folder for what Wenju writes: $WENJU_HOME, else the user's data folder."""
    home = os.environ.get("WENJU_HOME")
    if home:
        return Path(home)
    from platformdirs import user_data_path

    return user_data_path("wenju", appauthor=False)


def bundled_seeds() -> Path:
    """The seeds: of the checkout that this package lies in, else those inside the wheel."""
    package = Path(__file__).resolve().parent
    checkout = package.parent / "seeds"
    return checkout if any(checkout.glob("*.txt")) else package / "seeds"


def own_articles() -> Path:
    """Where a copy of the seeds takes up what is added to them: nobody writes into a package."""
    return data_dir() / "articles"


def default_corpus() -> Path:
    """The user's own articles once there are some (see own_articles), else the seeds."""
    own = own_articles()
    return own if own.is_dir() else bundled_seeds()


def default_index() -> Path:
    """Where the index over the default corpus lies."""
    return data_dir() / "index"
