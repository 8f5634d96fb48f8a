"""Reading what students hand in: damaged files, moved cells, and which source is the answer."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kit.errors import SubmissionError
from kit.questions import role
from kit.setup import places
from kit.teacher.exercises.keys import Exercise, load
from kit.teacher.grading import submission
from kit.teacher.grading.transplant import literal

RIGHT = 'layers = {"S10a": "act"}'


def cell(source: str, **more: Any) -> dict[str, Any]:
    return {"cell_type": "code", "id": "x", "metadata": {}, "source": source, **more}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b'{"cells": [', "cut off or damaged"),
        (b"\xff\xfe\x00x", "damaged"),
        (b"[]", "not a notebook"),
        (b'{"cells": 3}', "not a notebook"),
        (b'"text"', "not a notebook"),
        (b"[" * 200_000, "damaged"),
    ],
)
def test_what_is_no_notebook_is_said_in_one_sentence(content: bytes, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "ana.ipynb"
    path.write_bytes(content)
    with pytest.raises(SubmissionError, match=sentence) as caught:
        submission.read("ana", path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("more", "both"),
    [
        ([cell("later = 3")], False),
        ([cell("later = 3", id="later-answer")], True),
        ([cell("later = 3", metadata={"kit": {"role": "answer", "question": "later"}})], True),
        ([cell("kinds = 3", id="kinds-answer")], True),
        ([cell(f"{name} = 3") for name in ("statuses", "later", "by_layer", "share")], True),
    ],
)
def test_another_exercise_in_the_file_counts_where_it_is_no_chance(
    more: list[dict[str, Any]], both: bool, hand_in: Callable[..., Path], solved: dict[str, str]
) -> None:
    keys = {path.stem: load(path) for path in sorted(places.solutions().glob("0[12]*.ipynb"))}
    found = submission.read("ana", hand_in(solved, change=lambda notebook: notebook["cells"].extend(more)))
    assert [one.name for one in submission.exercises_of(found, keys)] == list(keys)[: 1 + both]


def test_another_notebook_is_named_as_such(tmp_path: Path, exercise: Exercise) -> None:
    path = tmp_path / "ana.ipynb"
    path.write_text(json.dumps({"cells": [cell("x = 1")]}))
    with pytest.raises(SubmissionError, match="another notebook"):
        submission.exercise_of(submission.read("ana", path), {exercise.name: exercise})


Change = Callable[[dict[str, Any]], None]


def on_another_article(notebook: dict[str, Any]) -> None:
    notebook["metadata"]["kit"]["blank"] = {"article": ["S01"]}


def test_an_exercise_on_another_article_is_not_graded_by_this_key(
    exercise: Exercise, solved: dict[str, str], hand_in: Callable[..., Path]
) -> None:
    path = hand_in(solved, change=on_another_article)
    with pytest.raises(SubmissionError, match=r"01_acts_and_contents on another article: give the --course"):
        submission.exercise_of(submission.read("ana", path), {exercise.name: exercise})


def strip_marks(notebook: dict[str, Any]) -> None:
    notebook["metadata"] = {}
    for number, item in enumerate(notebook["cells"]):
        item["metadata"], item["id"] = {}, f"c{number}"


def same_ids(notebook: dict[str, Any]) -> None:
    for item in notebook["cells"]:
        item["id"] = "same"


def wrong_marks(notebook: dict[str, Any]) -> None:
    for item in notebook["cells"]:
        if role(item)[0] == "answer":
            item["metadata"]["kit"]["question"] = "several"


def reverse(notebook: dict[str, Any]) -> None:
    notebook["cells"].reverse()


def copy_answer(notebook: dict[str, Any]) -> None:
    notebook["cells"] += [dict(c) for c in notebook["cells"] if role(c)[0] == "answer"]


def no_checks(notebook: dict[str, Any]) -> None:
    notebook["cells"] = [c for c in notebook["cells"] if role(c)[0] != "check"]


def older_format(notebook: dict[str, Any]) -> None:
    code = [{"cell_type": c["cell_type"], "input": c["source"], "outputs": []} for c in notebook.pop("cells")]
    notebook |= {"nbformat": 3, "worksheets": [{"cells": code}]}


def odd_shapes(notebook: dict[str, Any]) -> None:
    notebook["metadata"] = []
    notebook["cells"] += [3, None, {"cell_type": "code"}, {"cell_type": "code", "source": 5, "metadata": "no"}]


CHANGES = [strip_marks, same_ids, wrong_marks, reverse, copy_answer, no_checks, older_format, odd_shapes]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_answers_are_found_whatever_happened_around_them(
    change: Change, hand_in: Callable[..., Path], solved: dict[str, str], exercise: Exercise
) -> None:
    found = submission.read("ana", hand_in(solved, change=change))
    assert submission.exercise_of(found, {exercise.name: exercise}) is exercise
    given = submission.answers(found, exercise)
    assert {name: answer.source for name, answer in given.items()} == solved
    assert not any(answer.note for answer in given.values())


def answer_in(cells: list[dict[str, Any]], exercise: Exercise, tmp_path: Path) -> submission.FoundAnswer:
    path = tmp_path / "ana.ipynb"
    path.write_text(json.dumps({"cells": cells}))
    return submission.answers(submission.read("ana", path), exercise)["layers"]


MARK = {"kit": {"role": "answer", "question": "layers"}}


@pytest.mark.parametrize("name", [path.stem for path in sorted(places.solutions().glob("*.ipynb"))])
def test_every_exercise_is_read_without_ids_and_metadata(name: str, tmp_path: Path) -> None:
    solution = load(places.solutions() / f"{name}.ipynb")
    notebook = json.loads((places.exercises() / f"{name}.ipynb").read_text("utf-8"))
    starters = {question.name: question.starter for question in solution.questions}
    strip_marks(notebook)
    path = tmp_path / "ana.ipynb"
    path.write_text(json.dumps(notebook), "utf-8")
    given = submission.answers(submission.read("ana", path), solution)
    assert {question: answer.source for question, answer in given.items()} == starters


def test_what_never_ends_is_named(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.ipynb")
    with pytest.raises(SubmissionError, match="no file that can be read"):
        submission.read("ana", tmp_path / "x.ipynb")
    (tmp_path / "y.ipynb").write_text(json.dumps({"cells": [cell("x = 1\n" * 100_000)]}))
    with pytest.raises(SubmissionError, match="letters of code"):
        submission.read("ana", tmp_path / "y.ipynb")


def test_a_missing_answer_cell_is_no_answer(exercise: Exercise, tmp_path: Path) -> None:
    found = answer_in([cell("several = 3")], exercise, tmp_path)
    assert found.source is None and not found.note  # the mark says it


def test_of_two_answers_the_marked_one_counts_then_the_last(exercise: Exercise, tmp_path: Path) -> None:
    marked, scratch = cell(RIGHT, metadata=MARK), cell("layers = {}")
    assert answer_in([marked, scratch], exercise, tmp_path).source == RIGHT
    found = answer_in([cell("layers = {}"), cell(RIGHT)], exercise, tmp_path)
    assert found.source == RIGHT and "last one counts" in found.note


def test_work_in_a_scratch_cell_beats_an_untouched_starter(exercise: Exercise, tmp_path: Path) -> None:
    starter = next(q.starter for q in exercise.questions if q.name == "layers")
    assert answer_in([cell(RIGHT), cell(starter, metadata=MARK)], exercise, tmp_path).source == RIGHT


def test_an_answer_with_a_syntax_error_is_still_the_answer(exercise: Exercise, tmp_path: Path) -> None:
    broken = 'layers = {"S10a": "act"'
    assert answer_in([cell(broken)], exercise, tmp_path).source == broken


@pytest.mark.parametrize(
    ("later", "noted"),
    [
        ('layers["S10b"] = "content"', True),
        ("layers |= {}", True),
        ("layers = dict(layers, x=1)", True),
        ("layers", False),
        ('other = layers["S10a"]', False),
        ("layers[", False),
    ],
)
def test_a_later_cell_that_mends_an_answer_is_named(
    later: str, noted: bool, exercise: Exercise, tmp_path: Path
) -> None:
    check = next(cell for cell in exercise.notebook["cells"] if role(cell) == ("check", "layers"))
    found = answer_in([cell(RIGHT), cell(check["source"]), cell(later)], exercise, tmp_path)
    assert found.source == RIGHT
    assert ("a later cell changes this answer" in found.note) == noted
    split = answer_in([cell(RIGHT), cell(later), cell(check["source"])], exercise, tmp_path)
    assert split.source == (f"{RIGHT}\n{later}" if noted else RIGHT) and not split.note, "before the check it counts"


HELPER = 'words = ["act"]\nfirst = words[0]'
USES = 'layers = {"S10a": first}'


@pytest.mark.parametrize(
    ("cells", "source"),
    [
        ([cell(HELPER), cell("unused = 1"), cell(USES)], f"{HELPER}\n{USES}"),
        ([cell(HELPER, metadata=MARK), cell(USES, metadata=MARK)], f"{HELPER}\n{USES}"),
        ([cell("a = 1"), cell("first = a"), cell("a = 2"), cell(USES)], f"a = 1\nfirst = a\n{USES}"),
        ([cell("first = []"), cell("first.append(1)"), cell(USES)], f"first = []\nfirst.append(1)\n{USES}"),
        ([cell("first = 1"), cell(f"spans = {{}}\n{HELPER}"), cell(USES)], USES),
        ([cell("%%time\nfirst = 1"), cell(USES)], USES),
        ([cell("claims = claims.head(3)"), cell("layers = claims")], "layers = claims"),
        ([cell(USES), cell(HELPER)], USES),
        ([cell("layers = 0"), cell("for n in [1]:\n    layers += n")], "layers = 0\nfor n in [1]:\n    layers += n"),
        ([cell('layers = {"a": 1,', metadata=MARK), cell('"b": 2}', metadata=MARK)], 'layers = {"a": 1,\n"b": 2}'),
        ([cell("layers = ["), cell("1, 2,"), cell("3]", metadata=MARK)], "layers = [\n1, 2,\n3]"),
        ([cell("layers = ["), cell("spans = 1"), cell("other = 2]")], "layers = ["),
    ],
)
def test_an_answer_that_is_split_over_cells_is_put_together(
    cells: list[dict[str, Any]], source: str, exercise: Exercise, tmp_path: Path
) -> None:
    found = answer_in(cells, exercise, tmp_path)
    assert found.source == source
    assert ("changes `claims`" in found.note) == ("claims" in source)


@pytest.mark.parametrize("theirs", ["import numpy", "claims.head()", "claims = claims.dropna()"])
def test_of_a_cell_of_ours_only_a_new_line_is_the_students(
    theirs: str, hand_in: Callable[..., Path], solved: dict[str, str], exercise: Exercise
) -> None:
    def begun(notebook: dict[str, Any]) -> None:
        setup = next(item for item in notebook["cells"] if role(item)[0] == "setup")
        setup["source"] = "".join(setup["source"]).replace("PRACTICE = False", "PRACTICE = True") + f"\n{theirs}"

    given = submission.answers(submission.read("ana", hand_in(solved, change=begun)), exercise)
    noted = [name for name, answer in given.items() if "changes `claims`" in answer.note]
    assert noted == ["acts", "counts", "several"] * ("claims =" in theirs)


def test_an_answer_may_go_on_with_what_stands_there_before_the_student_writes(
    exercise: Exercise, tmp_path: Path
) -> None:
    starter, more = exercise.by_name["layers"].starter, 'layers["S10a"] = "act"'
    for marks in ({}, MARK):
        found = answer_in([cell(starter, metadata=MARK), cell(more, metadata=marks)], exercise, tmp_path)
        assert found.source == f"{starter}\n{more}" and not found.note


@pytest.mark.parametrize("typed", ["layers = {“S10a”: “act”}", "layers = {„S10a“: ‘act’}", 'layers = {«S10a»: "act”}'])
def test_curly_quotation_marks_are_read_as_the_notebook_reads_them(
    typed: str, exercise: Exercise, tmp_path: Path
) -> None:
    found = answer_in([cell(typed)], exercise, tmp_path)
    assert found.source is not None and literal(found.source, "layers") == "layers = {'S10a': 'act'}"


def merged(*names: str) -> dict[str, Any]:
    """The solved exercises `names` in one file, as nbmerge makes it."""
    found = [json.loads((places.solutions() / f"{name}.ipynb").read_text("utf-8")) for name in names]
    return found[0] | {"cells": [cell for notebook in found for cell in notebook["cells"]]}


def test_each_exercise_in_a_file_is_found_with_its_own_answers(tmp_path: Path) -> None:
    keys = {one.name: one for one in (load(path) for path in sorted(places.solutions().glob("*.ipynb")))}
    for names in (list(keys)[1:4:2], list(keys)[:2], list(keys)[2:3]):
        path = tmp_path / "ana.ipynb"
        path.write_text(json.dumps(merged(*names)), "utf-8")
        found = submission.read("ana", path)
        assert [one.name for one in submission.exercises_of(found, keys)] == names
        for name in names:
            solved = {role(c)[1]: c["source"] for c in keys[name].notebook["cells"] if role(c)[0] == "answer"}
            assert {q: a.source for q, a in submission.answers(found, keys[name]).items()} == solved


def test_what_is_left_as_it_was_given_is_no_second_exercise(exercise: Exercise, tmp_path: Path) -> None:
    second = load(places.solutions() / "02_facts_and_allegations.ipynb")
    keys = {exercise.name: exercise, second.name: second}
    starters = [cell(q.starter, metadata={"kit": {"role": "answer", "question": q.name}}) for q in second.questions]
    about = {"kit": {"exercise": exercise.name}}
    for more in (starters, [cell("second = 2")]):
        data = json.dumps({"metadata": about, "cells": [cell(RIGHT, metadata=MARK), *more]}).encode()
        assert submission.exercises_of(submission.read("ana", tmp_path, data), keys) == [exercise]
