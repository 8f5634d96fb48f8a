"""A small course, made once: the made-up pool, with its first lesson and its first exercise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kit.article import seeds
from kit.article.annotation_file import read
from kit.article.loading import Article, load_article
from kit.article.records import Annotation
from kit.teacher.exercises import own_course as making
from kit.teacher.exercises.keys import sealed
from kit.teacher.exercises.own_selection import divided

POOL = seeds.seeds() / "pool.toml"
Drawn = tuple[Annotation, Article, dict[str, Any], tuple[str, ...]]


def edition(file: Path, aside: tuple[str, ...], folder: Path) -> Article:
    """The students' edition of `file`, written into `folder`."""
    whole = read(file)
    (folder / "article.toml").write_text(sealed(file.read_text("utf-8"), aside), "utf-8")
    (folder / whole.facts.text).write_text(whole.text, "utf-8", newline="")
    return load_article(folder / "article.toml")


@pytest.fixture(scope="session")
def draw() -> Callable[[Path, Path], Drawn]:
    """Of a file and a folder: the annotation, the students' edition, every notebook, not run, and the notes."""

    def drawn(file: Path, folder: Path) -> Drawn:
        whole = read(file)
        aside = divided(whole, seed="1")
        mine = edition(file, aside, folder)
        return whole, mine, *making.pages(whole, mine, aside=aside, seed="1")

    return drawn


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    whole_course = making.pages

    def first(*given: Any, **options: Any) -> Any:
        found, notes = whole_course(*given, **options)
        return {name: notebook for name, notebook in found.items() if "/01_" in name}, notes

    folder = tmp_path_factory.mktemp("course") / "pool"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(making, "pages", first)
        patch.chdir(folder.parent)
        making.make(POOL, Path(folder.name))
    yield folder
