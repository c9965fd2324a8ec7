"""An index with its corpus and its models in, one file out; and back, on a machine without network.

The file is a ZIP archive: index/ with the current generation, corpus/, and encoder/ and reader/
where they are not the ones that come with Wenju.
"""

from __future__ import annotations

import os
import shutil
import stat
import uuid
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from .errors import CorpusError, IndexDamaged, IndexNotWritten, ModelError
from .generations import POINTER, current_generation, mending
from .lock import locked
from .manifest import NAME, SUM, Manifest
from .pages import corpus_files, corpus_hashes

INDEX, CORPUS = "index", "corpus"
_TOPS = (INDEX, CORPUS, "encoder", "reader")


@dataclass(frozen=True, slots=True)
class Packed:
    """What went into an archive, or came out of it."""

    path: str  # of the archive, or of the folder that it was unpacked to
    files: int
    size: int  # bytes of all files
    models: tuple[str, ...]  # those that are not the bundled ones


def pack(
    index_dir: Path | str, archive: Path | str, models: Mapping[str, Path] | None = None
) -> Packed:
    """Write the current generation, its corpus and models into one new file.

    `models` holds folders under the names "encoder" and "reader". Raises IndexMissing,
    IndexDamaged, IndexMismatch (the corpus was changed since), CorpusError, IndexBusy,
    IndexNotWritten; the archive is there whole or not at all.
    """
    index_dir, archive = Path(index_dir), Path(archive)
    models = dict(models or {})
    with locked(index_dir):  # so that no rebuild sweeps the generation meanwhile
        with mending(index_dir):
            folder = current_generation(index_dir)
            manifest = Manifest.read(folder)
            manifest.check_files(folder, whole=True)
        corpus = Path(manifest.corpus_dir)
        if corpus_hashes(corpus) != dict(manifest.corpus):
            raise CorpusError(
                f"The corpus {corpus} was changed since the index {index_dir} was built. Run: "
                f"python -m embeddings rebuild --index {index_dir}"
            )
        found = dict(_files(folder, manifest, corpus, models))
        part = archive.with_name(f"{archive.name}.{uuid.uuid4().hex[:6]}.part")
        try:
            with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
                out.writestr(f"{INDEX}/{POINTER}", f"{folder.name}\n")
                for name, path in found.items():
                    out.write(path, name)
            os.replace(part, archive)
        except OSError as error:
            raise IndexNotWritten(
                f"The archive {archive} could not be written: {error.strerror or error}. "
                "Free some space or give another path."
            ) from error
        finally:
            part.unlink(missing_ok=True)
    size = sum(path.stat().st_size for path in found.values())
    return Packed(str(archive), len(found), size, tuple(sorted(models)))


def _files(
    folder: Path, manifest: Manifest, corpus: Path, models: Mapping[str, Path]
) -> Iterator[tuple[str, Path]]:
    """Name in the archive and path of each file."""
    for name in (*manifest.files, NAME, SUM):
        yield f"{INDEX}/{folder.name}/{name}", folder / name
    for path in corpus_files(corpus):
        yield f"{CORPUS}/{path.relative_to(corpus).as_posix()}", path
    for model, place in models.items():
        if not place.is_dir():
            raise ModelError(f"The {model} {place} is no folder. Give the model's folder.")
        for path in sorted(p for p in place.rglob("*") if p.is_file()):
            yield f"{model}/{path.relative_to(place).as_posix()}", path


def unpack(archive: Path | str, folder: Path | str) -> Packed:
    """Write what an archive holds into a new folder; every file of the index is checked.

    An archive that names a place outside of the folder, or holds a link, is refused whole. Raises
    IndexDamaged, IndexNotWritten; the folder is there whole or not at all.
    """
    archive, folder = Path(archive), Path(folder)
    if folder.exists():
        raise IndexNotWritten(f"{folder} exists. Give a folder that does not.")
    work = folder.with_name(f"{folder.name}.{uuid.uuid4().hex[:6]}.part")
    try:
        with zipfile.ZipFile(archive) as packed:
            entries = [entry for entry in packed.infolist() if not entry.is_dir()]
            for entry in entries:
                _check_entry(entry, archive)
            for entry in entries:
                target = work / entry.filename
                target.parent.mkdir(parents=True, exist_ok=True)
                with packed.open(entry) as source, target.open("xb") as out:
                    shutil.copyfileobj(source, out)
        _settle(work, folder)
        os.replace(work, folder)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise IndexDamaged(f"{archive} is no whole archive: {error}. Copy it again.") from error
    except OSError as error:
        raise IndexNotWritten(
            f"{archive} could not be unpacked to {folder}: {error.strerror or error}."
        ) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    models = sorted({PurePosixPath(e.filename).parts[0] for e in entries} - {INDEX, CORPUS})
    return Packed(str(folder), len(entries), sum(e.file_size for e in entries), tuple(models))


def _check_entry(entry: zipfile.ZipInfo, archive: Path) -> None:
    """Refuse what would be written outside of the folder, or is no plain file."""
    path = PurePosixPath(entry.filename)
    kind = stat.S_IFMT(entry.external_attr >> 16)
    plain = kind in (0, stat.S_IFREG)
    inside = path.parts[:1] and path.parts[0] in _TOPS and ".." not in path.parts
    odd = "\\" in entry.filename or ":" in entry.filename or path.is_absolute()
    if odd or not plain or not inside:
        raise IndexDamaged(
            f"{archive} holds {entry.filename!r}, which no packed index does. Nothing was unpacked."
        )


def _settle(work: Path, folder: Path) -> None:
    """Check the index, and have it name the corpus beside it."""
    generation = current_generation(work / INDEX)
    manifest = Manifest.read(generation)
    manifest.check_files(generation, whole=True)
    if corpus_hashes(work / CORPUS) != dict(manifest.corpus):
        raise IndexDamaged("The corpus in the archive is not the one of its index. Pack it again.")
    manifest.moved(os.path.abspath(folder / CORPUS)).write(generation)
