"""What the tests share: a tiny encoder, made once, and pages of newsprint."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from embeddings import Encoder, rebuild
from embeddings.config import Config
from tests.archives import LIBRARY, chatbot
from tests.tiny import tiny_encoder
from ui.archive import Archive, Sent

pytest.register_assert_rewrite("tests.invariants")  # its failures say what differs

PAGE_ZH = """

打造红色“院落” 激活“微治理”

记者 张三 通讯员 李四

明水街道成立75个院落党支部。投诉由每月1500余件降至700余件,减少50%以上。

牡丹区有42个老旧小

区得到治理,村民都说好。

梨园流转土地60亩

本报讯(记者 王五)“市民花几百块钱就能认领一块地。”村支书说。村民人均增收950元。
"""
PAGE_EN = """City Council Approves New Park

By Jane Doe

The council voted 7 to 2 on Tuesday. Work starts in May and costs $3.5 million.

Residents had asked for a park since 2019.
"""


@pytest.fixture(scope="session")
def model_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny random encoder's folder."""
    return tiny_encoder(tmp_path_factory.mktemp("model") / "tiny")


@pytest.fixture(scope="session")
def encoder(model_dir: Path) -> Encoder:
    """The tiny encoder, loaded."""
    return Encoder.load(str(model_dir))


@pytest.fixture
def config(model_dir: Path) -> Config:
    """The default settings with the tiny encoder."""
    return Config(encoder=str(model_dir))


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Two pages and a README that is none."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.txt").write_text(PAGE_ZH, encoding="utf-8", newline="")
    (folder / "b.md").write_text(PAGE_EN, encoding="utf-8", newline="")
    (folder / "README.md").write_text("What this folder is.\n", encoding="utf-8")
    return folder


@pytest.fixture
def built(corpus: Path, tmp_path: Path, config: Config, encoder: Encoder) -> Path:
    """An index over the two pages."""
    rebuild(corpus, tmp_path / "index", config, encoder)
    return tmp_path / "index"


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """An archive of one file, a.txt."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text(LIBRARY, encoding="utf-8")
    return Archive.of(chatbot(tmp_path / "corpus", tmp_path / "index"))


@pytest.fixture
def send(tmp_path: Path) -> Any:
    """Makes a file as somebody sends it."""

    def sent(name: str, data: bytes | str, place: str | None = None) -> Sent:
        folder = tmp_path / "sent"
        folder.mkdir(exist_ok=True)
        path = folder / (place or f"{len(list(folder.iterdir()))}")
        path.write_bytes(data.encode("utf-8") if isinstance(data, str) else data)
        return Sent(path, name)

    return sent
