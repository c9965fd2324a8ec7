"""A manifest, and model, settings, dictionaries, code and corpus as they are: do they fit?"""

from __future__ import annotations

from pathlib import Path

from .config import Config
from .encoder import Encoder, model_fingerprint
from .errors import IndexMismatch
from .manifest import (
    Manifest,
    dictionary_hashes,
    differences,
    library_versions,
    recipe_fingerprint,
    releases,
)
from .pages import corpus_hashes


def check_fit(
    manifest: Manifest,
    index_dir: Path,
    encoder: Encoder | None,
    config: Config,
    corpus: Path | None,
) -> None:
    """Compare what an index was built from to what there is now; a corpus only where one is given.

    Raises IndexMismatch, which names the first differences, CorpusError and ModelError.
    """
    found = []
    fingerprint = encoder.fingerprint if encoder else model_fingerprint(config.encoder)
    if fingerprint != manifest.fingerprint:
        found.append(
            f"the model was {manifest.model} ({manifest.fingerprint[:19]}) "
            f"and is {config.encoder or 'bundled'} ({fingerprint[:19]})"
        )
    dictionaries = differences(manifest.dictionaries, dictionary_hashes())
    found += [f"dictionary {text}" for text in dictionaries]
    settings = differences(manifest.settings, config.index_settings())
    found += [f"setting {text}" for text in settings]
    if manifest.recipe != recipe_fingerprint():
        found.append("it was built by another version of this program")
    libraries = differences(releases(manifest.libraries), releases(library_versions()))
    found += [f"library {text}" for text in libraries]
    if corpus is not None:
        found += [f"file {text}" for text in differences(manifest.corpus, corpus_hashes(corpus))]
    if found:
        shown = "; ".join(found[:5]) + (f"; and {len(found) - 5} more" if len(found) > 5 else "")
        raise IndexMismatch(
            f"The index {index_dir}, built from {manifest.corpus_dir}, does not fit: {shown}."
        )
