"""The students' edition of the kit's own course: what is asked is not in it, and all that is packed runs."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import nbformat
import pytest

from kit import commands, questions
from kit.article import seeds
from kit.article.annotation_file import read
from kit.article.loading import Article, load_article
from kit.article.records import KEY_FIELDS
from kit.errors import KitError
from kit.recall import pool
from kit.setup import places
from kit.teacher.exercises import students_edition
from kit.teacher.exercises.keys import Exercise, load, without
from kit.teacher.exercises.secrecy import search
from kit.teacher.exercises.students_edition import asked, release_own, withheld

ROOT = places.clone("test")
NUMBERS = (1, 2, 3, 4, 5)


@cache
def solved() -> tuple[Exercise, ...]:
    return tuple(load(path) for path in sorted(places.solutions().glob("*.ipynb")))


def lessons(number: int) -> list[questions.Question]:
    """The questions of the lessons that are packed with an exercise."""
    paths = [path for path in sorted(places.notebooks().glob("*.ipynb")) if int(path.name[1]) <= number or number == 5]
    return [question for path in paths for question in questions.read(path).questions]


def edition(name: str, number: int, folder: Path) -> Article:
    path = seeds.seeds() / f"{name}.toml"
    gone = withheld(read(path), solved()[number - 1 :], lessons(number))
    (folder / path.name).write_text(without(path.read_text("utf-8"), gone), "utf-8")
    (folder / f"{name}.txt").write_bytes(path.with_suffix(".txt").read_bytes())
    return load_article(folder / path.name)


def labels(found: list[questions.Question], article: Article) -> Iterator[tuple[str, str]]:
    """Claim and what is asked of it; for a whole sentence, of each of its claims."""
    for place, what in (pair for question in found for pair in asked(question)):
        yield from ((claim.id, what) for claim in article.annotation.claims if place in (claim.id, claim.unit))


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("name", ["soldiers", "ferry"])
def test_students_have_what_their_lessons_explain_and_nothing_else_that_is_asked(
    name: str, number: int, tmp_path: Path
) -> None:
    article = edition(name, number, tmp_path)
    explained = set(labels(lessons(number), article))
    to_come = {pair for exercise in solved()[number - 1 :] for pair in labels(list(exercise.questions), article)}
    claims = article.annotation.by_id
    assert [pair for pair in explained if not claims[pair[0]].accepts(pair[1])] == []
    assert [pair for pair in to_come - explained if claims[pair[0]].accepts(pair[1])] == []
    assert bool(to_come) == (number < (5 if name == "ferry" else 4))


def test_what_is_withheld_is_missing_wherever_it_is_shown(tmp_path: Path) -> None:
    article = edition("soldiers", 2, tmp_path)
    claims = article.claims.set_index("claim")
    # Exercise 2 asks the status of S12b, exercise 3 the chain, the cue's kind and the reach of claims in S12.
    assert claims.loc["S12b", ["status", "accepted", "hedge", "cue_class", "why"]].isna().all()
    assert claims.loc["S12b", ["layer", "source", "source_kind", "quote_type"]].tolist() == [
        "content", "counterintelligence", "institution", "indirect",
    ]  # fmt: skip
    assert not {"S12b", "S12a"} & set(article.passes.index)
    assert not {"S12b"} & {name for row in claims["supported_by"].dropna() for name in row}
    assert claims.loc["S10b", "layer"] == "content", "exercise 1 is in by now"
    assert "" not in article.matrix.index
    assert set(load_article("soldiers").matrix.index) == set(article.matrix.index)


def test_nothing_is_withheld_when_the_labels_are_counted(tmp_path: Path) -> None:
    assert edition("soldiers", 5, tmp_path).claims.equals(load_article("soldiers").claims)


@pytest.mark.parametrize("number", NUMBERS)
def test_cards_ask_nothing_that_is_withheld(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edition("soldiers", number, tmp_path)
    monkeypatch.setenv("KIT_SEEDS", str(tmp_path))
    monkeypatch.setattr(pool, "reserved", lambda: (frozenset(), frozenset()))  # whatever exercises lie there
    cards = pool.pool(("layer", "voucher", "status", "cue_class", "reach"))
    assert cards and all(item.right for item in cards)


def test_each_label_that_is_withheld_would_be_found(tmp_path: Path) -> None:
    whole, later = read(seeds.seeds() / "soldiers.toml"), solved()[1:]
    gone = withheld(whole, later, lessons(2))
    text = without(whole.path.read_text("utf-8"), gone)
    assert students_edition._leaks({"seeds/soldiers.toml": text.encode()}, whole, gone, later) == ()
    for name, fields in islice(gone.items(), 0, None, 3):
        planted = text.replace(f'id = "{name}"', f'id = "{name}"\n{sorted(fields)[0]} = "x"', 1)
        found = students_edition._leaks({"seeds/soldiers.toml": planted.encode()}, whole, gone, later)
        assert any(name in one and sorted(fields)[0] in one for one in found), name
    shown = f"<p>[S12b {whole.by_id['S12b'].status}]</p>"
    assert students_edition._leaks({"kit/note.html": shown.encode()}, whole, gone, later)
    assert search({"seeds/soldiers.toml": whole.path.read_bytes()}, exercises=later, whole=whole).leaks


def test_a_release_is_asked_for_in_words_that_fit(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for argv, said in (
        ([], "DIR"),
        ([str(tmp_path), "--exercise", "1"], "DIR"),
        (["--exercise", "six"], "1, 2, 3, 4, 5"),
    ):
        assert commands.main(["release", *argv, "-o", str(tmp_path / "s.zip")]) == 1
        assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_an_exercise_that_counts_what_is_withheld_is_not_packed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(students_edition, "load", lambda path: _asking_everything(load(path)))
    with pytest.raises(KitError, match="students would find another answer"):
        release_own(ROOT, tmp_path / "student.zip", number="2")
    assert not list(tmp_path.iterdir())


def _asking_everything(exercise: Exercise) -> Exercise:
    """As it is, but exercise 3 asks for the status of every claim."""
    if exercise.name[:2] != "03":
        return exercise
    lines = tuple(questions.Line(claim, claim, ("",)) for claim in load_article("soldiers").annotation.by_id)
    vars(exercise.questions[0]).update(field="status", lines=lines)
    return exercise


@pytest.mark.slow
@pytest.mark.parametrize("number", NUMBERS)
def test_every_page_of_a_release_runs_from_its_first_cell_to_its_last(number: int, tmp_path: Path) -> None:
    packed = release_own(ROOT, tmp_path / "student.zip", number=str(number))
    assert not [name for name in packed if "solutions" in name]
    with zipfile.ZipFile(tmp_path / "student.zip") as archive:
        archive.extractall(tmp_path)
    student = tmp_path / "who-says-so"
    there = {"PYTHONPATH": str(student), "PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    pages = sorted((student / "notebooks").glob("*.ipynb")) + sorted((student / "exercises").glob("*.ipynb"))
    assert [int(path.name[:2]) for path in pages if path.parent.name == "exercises"] == list(range(1, number + 1))
    for page in pages:
        run = [sys.executable, "-c", _RUN, str(page)]
        done = subprocess.run(run, env=there, cwd=page.parent, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        ran = nbformat.read(page, as_version=4)
        assert ran.cells and not list(errors(ran)), page.name


_RUN = """
import sys, nbformat, nbclient
from jupyter_client.provisioning.factory import KernelProvisionerFactory
import kit
from kit.teacher.sandbox.kernels import ColdKernel
assert kit.__file__.startswith(sys.argv[1].rpartition("/who-says-so/")[0]), kit.__file__
KernelProvisionerFactory.instance().default_provisioner_name = ColdKernel.name
page = nbformat.read(sys.argv[1], as_version=4)
nbclient.NotebookClient(page, timeout=120, kernel_name="python3", allow_errors=True).execute()
nbformat.write(page, sys.argv[1])
"""


def errors(page: Any) -> Iterator[str]:
    for cell in page.cells:
        yield from (out["ename"] for out in cell.get("outputs", ()) if out["output_type"] == "error")


def test_the_fields_that_go_are_fields() -> None:
    for answers, tells in students_edition._TOLD_BY.values():
        assert set(answers.split()) <= set(KEY_FIELDS) and set(tells) <= {*KEY_FIELDS, "passes"}
