"""What is annotated here: one article by three people, and the pool's annotation."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kit.article import seeds


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the text and the three annotations of it."""
    return Path(shutil.copytree(Path(__file__).parents[2] / "data/annotators", tmp_path / "annotators"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The pool's annotation, beside its text."""
    for name in ("pool.toml", "pool.txt"):
        shutil.copy(seeds.seeds() / name, tmp_path)
    return tmp_path / "pool.toml"
