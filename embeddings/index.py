"""An index folder in, searches over its chunks out. Opening it loads no model and no torch.

A generation's files: chunks.jsonl, articles.jsonl, vectors.faiss (one row a sentence),
sentences.npy (each chunk's first row), lexical/, manifest.json. What grows with the corpus is
mapped into memory and read where a question needs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Lock

import numpy as np
import numpy.typing as npt

from . import terms
from .chunks import Chunk
from .config import Config
from .encoder import Encoder
from .errors import IndexDamaged, IndexMismatch
from .fit import check_fit
from .generations import current_generation, mending, remedy
from .lexical import LexicalIndex, best
from .manifest import Manifest
from .records import IndexedArticle, read_articles, read_chunks, read_offsets
from .vectors import VectorIndex

ALIKE = 0.995  # cosine of a sentence's rows from CPUs that compute in float32 and in bfloat16
_HASHED = 2 << 30  # bytes of an index whose checksums are all compared when it is opened, a second
_TRIED = 4  # sentences that are encoded again when the encoder is loaded


class Index:
    """One generation, read only. Chunk ids are positions in `chunks`."""

    def __init__(
        self,
        *,
        chunks: Sequence[Chunk],
        articles: Sequence[IndexedArticle],
        lexical: LexicalIndex,
        vectors: VectorIndex,  # a row for each sentence of all chunks
        offsets: npt.NDArray[np.int64],  # (chunks + 1,) each chunk's first row
        manifest: Manifest,
        config: Config,
        encoder: Encoder | None = None,
        folder: Path | None = None,  # the generation's, where it lies on the disk
    ) -> None:
        self.folder = folder
        self.chunks = chunks
        self.articles = articles
        self.manifest = manifest
        self.config = config
        self._lexical = lexical
        self._vectors = vectors
        self._offsets = offsets
        if len(offsets) != len(chunks) + 1 or offsets[-1] != len(vectors):
            raise IndexDamaged(f"Chunks, sentences and vectors of {folder} do not fit together.")
        self._chunk_of_row = np.repeat(np.arange(len(chunks)), np.diff(offsets))
        self._encoder = encoder
        self._encoder_fits = False
        self._loading = Lock()

    @classmethod
    def open(
        cls,
        index_dir: Path | str,
        encoder: Encoder | None = None,
        config: Config | None = None,
        corpus: Path | str | None = None,
    ) -> Index:
        """Open the current generation and check that it fits model, settings and (if given) corpus.

        Raises IndexMissing, IndexDamaged, IndexMismatch, ModelError.
        """
        config, index_dir = config or Config(), Path(index_dir)
        corpus = Path(corpus) if corpus else None
        with mending(index_dir, corpus, config.encoder):
            while True:
                folder = current_generation(index_dir)
                try:
                    return cls._read(folder, encoder, config, corpus)
                except IndexDamaged:
                    if current_generation(index_dir) == folder:  # else it was swept meanwhile
                        raise

    @classmethod
    def _read(
        cls, folder: Path, encoder: Encoder | None, config: Config, corpus: Path | None
    ) -> Index:
        manifest = Manifest.read(folder)
        manifest.check_files(folder, whole=manifest.size <= _HASHED)
        check_fit(manifest, folder.parent, encoder, config, corpus)
        return cls(
            chunks=read_chunks(folder),
            articles=read_articles(folder),
            lexical=LexicalIndex.load(folder / "lexical"),
            vectors=VectorIndex.load(folder / "vectors.faiss"),
            offsets=read_offsets(folder),
            manifest=manifest,
            config=config,
            encoder=encoder,
            folder=folder,
        )

    @property
    def sentences(self) -> int:
        """Rows of the vector index."""
        return len(self._vectors)

    @property
    def words(self) -> int:
        """Chunks of the word index."""
        return len(self._lexical)

    def rows(self, start: int, stop: int) -> npt.NDArray[np.float32]:
        """(stop - start, d) float32 sentence vectors, over all chunks."""
        return self._vectors.rows(start, stop)

    @property
    def generation(self) -> str:
        """The name of the generation; "" where it lies on no disk."""
        return self.folder.name if self.folder else ""

    @property
    def encoder(self) -> Encoder:
        """The encoder that the index was built with; loaded when first asked for.

        It is then had to encode some of the index's sentences again. Raises IndexMismatch where
        what comes out is not what is stored, and ModelError.
        """
        with self._loading:
            encoder = self._encoder or Encoder.load(self.config.encoder)
            if not self._encoder_fits:
                self._try_out(encoder)
            self._encoder, self._encoder_fits = encoder, True
        return encoder

    def check_encoder(self) -> None:
        """Have the encoder tried out now, not at the first question. Raises as `encoder`."""
        _ = self.encoder

    def _try_out(self, encoder: Encoder) -> None:
        row, cosine = self.least_alike(encoder)
        if cosine >= ALIKE:
            return
        source = self.chunks[int(self._chunk_of_row[row])].source
        told = (
            f"The index does not fit the model any more: a sentence of {source} has a vector whose "
            f"cosine to the stored one is {cosine:.4f}, below {ALIKE}."
        )
        if self.folder:
            told += " " + remedy(self.folder.parent, None, self.config.encoder, full=True)
        raise IndexMismatch(told)

    def least_alike(self, encoder: Encoder, count: int = _TRIED) -> tuple[int, float]:
        """Of `count` sentences spread over the index: the row that the encoder gives least alike.

        With its cosine to the stored row.
        """
        rows = np.unique(np.linspace(0, len(self._vectors) - 1, count).astype(int))
        texts = []
        for row in rows.tolist():
            chunk = self.chunks[int(self._chunk_of_row[row])]
            start, end = chunk.sentences[row - int(self._offsets[chunk.id])]
            texts.append(chunk.text[start:end])
        stored = np.concatenate([self._vectors.rows(row, row + 1) for row in rows.tolist()])
        given = encoder.encode_passages(texts)  # (n, d)
        if given.shape != stored.shape:
            return int(rows[0]), 0.0
        cosines = (given * stored).sum(axis=1)
        least = int(np.nan_to_num(cosines, nan=-1.0).argmin())
        return int(rows[least]), float(cosines[least])

    def search_lexical(self, text: str, k: int) -> list[tuple[int, float]]:
        """The k best (chunk id, BM25 score > 0) for a question, best first, ties by id."""
        return best(self.lexical_scores(text), k)

    def lexical_scores(self, text: str) -> npt.NDArray[np.float32]:
        """(chunks,) float32 BM25 score of every chunk for a question, >= 0."""
        return self._lexical.scores(terms.query_terms(text))

    def search_dense(self, text: str, k: int) -> list[tuple[int, float]]:
        """The k best (chunk id, score in [-1, 1]) for a question, best first, ties by id.

        A chunk's score is the weighted mean of its best sentence's cosine (weight 1) and of its
        sentences' mean cosine (weight `dense_mean`). Scored are the chunks that hold the sentences
        nearest to the question, twice `k` of them at least.
        """
        return self.search_vector(self.encoder.encode_queries([text])[0], k)

    def search_vector(self, vector: npt.NDArray[np.float32], k: int) -> list[tuple[int, float]]:
        """As search_dense, for a question's (d,) float32 unit vector."""
        wide = 8 * k
        while True:
            rows = [row for row, _ in self._vectors.search(vector, wide)]
            ids = list(dict.fromkeys(self._chunk_of_row[rows].tolist()))
            if len(ids) >= 2 * k or len(rows) < wide:
                break
            wide *= 2
        scores = self.dense_scores(vector, ids).tolist()
        return sorted(zip(ids, scores, strict=True), key=lambda hit: (-hit[1], hit[0]))[:k]

    def dense_scores(
        self, vector: npt.NDArray[np.float32], ids: Sequence[int]
    ) -> npt.NDArray[np.float32]:
        """(ids,) float32 scores of these chunks, as search_vector gives them."""
        if not len(ids):
            return np.zeros(0, dtype=np.float32)
        starts = self._offsets[list(ids)]
        counts = self._offsets[np.array(ids) + 1] - starts  # sentences of each, never 0
        first = np.cumsum(counts) - counts  # where each chunk's begin among all of theirs
        rows = np.arange(counts.sum()) + np.repeat(starts - first, counts)
        cosines = self._vectors.at(rows) @ vector  # (sentences of all ids,)
        best, mean = np.maximum.reduceat(cosines, first), np.add.reduceat(cosines, first) / counts
        weight = self.config.dense_mean
        scores: npt.NDArray[np.float32] = ((best + weight * mean) / (1 + weight)).astype(np.float32)
        return scores

    def sentence_vectors(self, chunk_id: int) -> npt.NDArray[np.float32]:
        """(sentences of the chunk, d) float32 unit rows, in order."""
        start, stop = self._offsets[chunk_id : chunk_id + 2].tolist()
        return self._vectors.rows(start, stop)

    def idf(self, term: str) -> float:
        """How rare a search term is among the chunks: ln(1 + (N - df + .5) / (df + .5)), > 0."""
        return self._lexical.idf(term)
