"""What students must not see: no key in their copies, no label that is asked in their edition, each leak is found."""

from __future__ import annotations

import copy
import shutil
from pathlib import Path

import nbformat
import pytest

import kit
from kit.article import seeds
from kit.article.annotation_file import read
from kit.article.records import KEY_FIELDS
from kit.setup import places
from kit.teacher.exercises.build import text_of
from kit.teacher.exercises.keys import Exercise, load, sealed, student_copy, write_edition
from kit.teacher.exercises.secrecy import search


@pytest.mark.parametrize("solution", sorted(places.solutions().glob("*.ipynb")), ids=lambda path: path.stem)
def test_the_students_copy_is_exactly_what_is_derived(solution: Path) -> None:
    solved = nbformat.read(solution, as_version=4)
    before = copy.deepcopy(solved)
    derived = text_of(student_copy(solved))
    assert (places.exercises() / solution.name).read_text("utf-8") == derived
    assert text_of(student_copy(solved)) == derived
    assert solved == before
    assert text_of(student_copy(nbformat.reads(derived.replace('"role": "answer"', '"role": ""'), 4))) != derived


@pytest.fixture(scope="module")
def students(tmp_path_factory: pytest.TempPathFactory, exercise: Exercise) -> Path:
    folder = tmp_path_factory.mktemp("edition")
    write_edition(seeds.seeds(), exercise.blank, folder)
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


def test_nothing_in_the_edition_points_at_a_withheld_claim(tmp_path: Path) -> None:
    """The kit's own article has all that can point: doubts, support, propositions, replies, passes, comments."""
    text = (seeds.seeds() / "soldiers.toml").read_text("utf-8")
    aside = {"S10", "S12", "S13", "S15", "S16", "S18", "S19"}
    said = sealed(text.replace('reply = "not reported"', 'reply = "denied"\nnote = "It is in S18b."', 1), aside)
    shutil.copy(seeds.seeds() / "soldiers.txt", tmp_path)
    (tmp_path / "article.toml").write_text(said, "utf-8")
    edition = read(tmp_path / "article.toml")
    hidden = {claim.id for claim in edition.claims if claim.unit in aside}
    assert len(hidden) == 13 and all(claim.blank for claim in edition.claims if claim.id in hidden)
    pointing = [*edition.passes, *(n for p in edition.propositions for n in p.claims)]
    pointing += [name for claim in edition.claims for name in (*claim.disputed_by, *claim.supported_by)]
    assert pointing and not hidden & set(pointing)
    assert [reply.reply for reply in edition.replies] == ["not reported"]
    assert "#" not in said and "It is in S18b" not in said
    whole = read(seeds.seeds() / "soldiers.toml").by_id
    kept = {c.why for c in whole.values() if c.id not in hidden}
    assert not [whole[name].why for name in hidden if whole[name].why not in kept and whole[name].why in said]
    assert all(
        getattr(whole[c.id], f) == getattr(c, f) for c in edition.claims if not c.blank for f in ("status", "why")
    )


def test_each_label_of_a_withheld_claim_would_be_found(course: Path) -> None:
    whole = read(course / "teacher/seeds/article.toml")
    exercise = load(course / "teacher/solutions/01_acts_and_contents.ipynb")
    key = {"exercises": [exercise], "whole": whole}
    (aside,) = exercise.blank.values()
    claim = next(c for c in whole.claims if c.unit in aside and c.layer == "content")
    text = (course / "student/seeds/article.toml").read_text("utf-8")
    head = f'id = "{claim.id}"\n'
    for field in KEY_FIELDS:
        said = search({"a.toml": text.replace(head, f'{head}{field} = "x"\n').encode()}, **key).leaks
        assert f"a.toml holds the {field} of {claim.id}." in said
    for shown in (f"[{claim.id} content]", f"<td>{claim.id}</td><td>{claim.status}</td>"):
        assert search({"a.html": shown.encode()}, **key).leaks
