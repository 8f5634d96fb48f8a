"""The students' edition: sound, loadable, and without the labels that are asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

import kit
from kit.article import seeds
from kit.teacher.exercises import edition
from kit.teacher.exercises.keys import Exercise


@pytest.fixture(scope="module")
def students(tmp_path_factory: pytest.TempPathFactory, exercise: Exercise) -> Path:
    folder = tmp_path_factory.mktemp("edition")
    edition.write(seeds.seeds(), exercise.blank, folder)
    return folder


def test_it_loads_and_equals_the_article_with_those_units_blank(students: Path, exercise: Exercise) -> None:
    mine = kit.load_article(students / "soldiers.toml")
    whole = kit.load_article()
    assert mine.annotation.claims == whole.blanked(exercise.blank["soldiers"]).annotation.claims
    assert mine.passes.equals(whole.blanked(exercise.blank["soldiers"]).passes)


def test_not_even_practice_mode_finds_a_label_in_it(
    students: Path, exercise: Exercise, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIT_SEEDS", str(students))
    article = kit.load_article(practice=True)
    asked = article.claims[article.claims["unit"].isin(exercise.blank["soldiers"])]
    assert asked[["layer", "status", "source", "cue", "why"]].isna().all(axis=None)
    remark = kit.check.labels({"S10a": "content"}, field="layer", lines=["S10a"], article=article).remarks["S10a"]
    assert "holds no labels" in remark
