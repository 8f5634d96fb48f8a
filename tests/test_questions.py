"""The model of a notebook as questions: what is read from metadata, and what from code that is never run."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

from kit.questions import COMPUTED, IN_WORDS, WRITTEN_OUT, Line, Page, Question, read, role
from kit.setup import places
from kit.teacher.exercises.build import NUMBER_WORDS, worded
from kit.teacher.exercises.keys import load
from kit.teacher.exercises.unfit import unfit_cells
from kit.teacher.grading.grade import Graded
from kit.teacher.grading.points import Mark, MarkedLine
from kit.teacher.reports import class_report, student_page

LESSONS = sorted(places.notebooks().glob("*.ipynb"))
EXERCISES = sorted(places.exercises().glob("*.ipynb"))
SOLUTIONS = sorted(places.solutions().glob("*.ipynb"))
ALL = [*LESSONS, *EXERCISES, *SOLUTIONS]
LAYERS = 'kit.check.labels(a, field="layer", lines=["S05a"], article=article)'


def cell(what: str, question: str, source: str, **more: Any) -> dict[str, Any]:
    kind = "markdown" if what == "ask" else "code"
    return {
        "cell_type": kind,
        "metadata": {"kit": {"role": what, "question": question, **more}},
        "source": source.splitlines(keepends=True),
    }


def one(starter: str, check: str = "", *, name: str = "a") -> Question:
    cells = [cell("answer", name, starter), cell("check", name, check)]
    return read({"metadata": {}, "cells": cells}).questions[0]


# What an answer is made of


def test_lines_are_written_out() -> None:
    found = one('a = {"S05a": "", "S05b": "act"}', LAYERS)
    assert (found.kind, found.check, found.field) == (WRITTEN_OUT, "labels", "layer")
    assert found.choices == ("act", "content")
    assert found.lines == (Line("S05a", "S05a", ("",)), Line("S05b", "S05b", ("act",)))


def test_lines_can_have_several_parts_or_be_lists() -> None:
    nested = one('a = {"S05a": {"cue": "", "status": ""}}')
    assert nested.columns == ("cue", "status") and nested.lines[0].given == ("", "")
    chain = one('a = {"S09a": ["nis", "", "article"], "S10b": [], "S11b": ["", ""]}')
    assert [line.given for line in chain.lines] == [("nis, _____, article",), ("",), ("",)]


def test_a_line_knows_its_claim_by_the_check() -> None:
    code = 'of = {"A": "S17a"}\nkit.check.labels(a, field="status", lines=of, article=article)'
    assert one('a = {"A": ""}', code).lines == (Line("A", "S17a", ("",)),)


def test_what_may_be_chosen_is_read_from_the_check() -> None:
    assert one('a = {"A": ""}', 'kit.check.choices(a, lines=["A"], values=["one", "two"])').choices == ("one", "two")
    assert one('a = {"A": ""}', 'kit.check.choices(a, lines=["A"], values=[*units])').choices == ()
    assert one('a = {"A": ""}', "kit.check.words(a, lines=list(a))").choices == ()


def test_what_is_no_plain_data_is_computed() -> None:
    number = one("a = ...", "kit.check.number(a)")
    assert (number.kind, number.check, number.lines, number.columns) == (COMPUTED, "number", (), ())
    assert one("a = (claims['layer'] == 'act').sum()").kind == COMPUTED
    grid = one("a = ...", 'kit.check.table(a, rows=[0, 1], columns=["act", "content"])')
    assert [line.name for line in grid.lines] == ["0", "1"] and grid.columns == ("act", "content")
    assert grid.kind == COMPUTED


def test_a_text_is_written_in_words() -> None:
    found = one('a = """\n\n"""', "kit.check.written(a, words=(120, 200), article=article)")
    assert (found.kind, found.most) == (IN_WORDS, 200)


@pytest.mark.parametrize(
    ("starter", "call", "kind"),
    [
        ('a = {"S05a": ""}', "labels(a, lines=5)", WRITTEN_OUT),
        ('a = {"S05a": ""}', 'labels(a, field=["layer"], values=3, reasons=0)', WRITTEN_OUT),
        ("a = ", 'labels(a, lines="S05a")', COMPUTED),
        ('a = ""', "written(a, words=5)", IN_WORDS),
        ("a = ...", "table(a, rows=2, columns=2)", COMPUTED),
    ],
)
def test_an_option_that_a_student_made_into_something_else_is_passed_over(starter: str, call: str, kind: str) -> None:
    found = one(starter, f"kit.check.{call}")
    assert (found.kind, found.most, found.choices) == (kind, 0, ())
    assert [line.name for line in found.lines] == (["S05a"] if kind == WRITTEN_OUT else [])


@pytest.mark.parametrize("starter", ["open('x') as", "", "b = 1", "a = [" * 2000])
def test_code_that_assigns_no_answer_asks_for_no_lines(starter: str) -> None:
    assert (one(starter).kind, one(starter).lines) == (COMPUTED, ())


@pytest.mark.parametrize("after", ["", "\n# one line each", "\nprint(a)"])
def test_what_stands_after_an_answer_does_not_change_its_kind(after: str) -> None:
    """What is written out is searched for in the students' archive."""
    assert one(f'a = {{\n    "A": "",\n}}{after}').kind == WRITTEN_OUT


def test_what_is_typed_into_a_copy_is_seen() -> None:
    source = json.loads(EXERCISES[0].read_text("utf-8"))
    answer = next(item for item in source["cells"] if role(item) == ("answer", "layers"))
    answer["source"] = [line.replace('"S10a": ""', '"S10a": "act"') for line in answer["source"]]
    layers = read(source).questions[0]
    assert [line.name for line in layers.lines if any(line.given)] == ["S10a"] and len(layers.lines) == 8


# What the metadata say


def test_title_text_and_number_come_from_the_cells_that_ask() -> None:
    cells = [
        cell("ask", "a b", "## Both\n\nType.", title="Both of them"),
        cell("ask", "b", "And this."),
        cell("answer", "a", "a = ...", form="before"),
        cell("check", "a", "kit.check.number(a)", points=2.5),
        cell("answer", "b", "b = ..."),
    ]
    page = read({"metadata": {"kit": {"lesson": "01_x", "title": "X", "minutes": [6, 9]}}, "cells": cells})
    first, second = page.questions
    assert (page.name, page.title, page.is_exercise, page.minutes, page.points) == ("01_x", "X", False, (6, 9), 2.5)
    assert (first.title, first.asked, first.number, first.file) == ("Both of them", "## Both\n\nType.", 1, "01_x.ipynb")
    assert (second.title, second.asked, second.number) == ("Both of them", "## Both\n\nType.\n\nAnd this.", 2)
    assert (first.form, first.points, second.form, second.points) == ("before", 2.5, "", 0)


def test_a_notebook_of_somebody_else_has_no_questions() -> None:
    plain = {"metadata": {}, "cells": [{"cell_type": "code", "metadata": {}, "source": "a = 1"}]}
    assert read(plain) == Page("", "", False, (), ())


@pytest.mark.parametrize("path", ALL, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_question_of_ours_is_asked_and_called_something(path: Path) -> None:
    page, notebook = read(path), nbformat.read(path, as_version=4)
    assert page.name == path.stem and page.title and len(page.minutes) == 2 and page.questions
    assert page.is_exercise == (path.parent.name in ("exercises", "solutions"))
    prose = [line for item in notebook.cells if item.cell_type == "markdown" for line in item.source.splitlines()]
    headings = "\n".join(line for line in prose if line.startswith("#")).casefold()
    checks = [role(item)[1] for item in notebook.cells if role(item)[0] == "check"]
    assert [question.name for question in page.questions] == checks
    for question in page.questions:
        assert question.asked and question.check and question.title != question.name
        assert question.title.casefold() in headings
        assert question.lines or question.kind != WRITTEN_OUT


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_a_copy_asks_what_its_solution_asks(path: Path) -> None:
    assert read(path) == read(path.parents[1] / path.name)
    for question, keyed in zip(read(path).questions, load(path).questions, strict=True):
        assert all(getattr(keyed, name) == value for name, value in vars(question).items())
        assert question.kind == COMPUTED or {line.name for line in question.lines} <= set(keyed.key)


def test_the_tests_and_the_votes_are_marked_once_each() -> None:
    forms = [question.form for path in LESSONS for question in read(path).questions if question.form]
    assert sorted(forms) == ["after", "before", "first vote", "second vote", "two weeks later"]


def test_the_model_needs_nothing_but_the_codebook() -> None:
    code = "import sys, kit.questions; print(*sorted(name for name in sys.modules if name.startswith('kit.')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    page = {"kit.page", "kit.page.cells", "kit.page.names", "kit.page.quotes", "kit.files"}
    assert set(done.stdout.split()) <= {"kit.questions", "kit.article", "kit.article.codebook", "kit.errors", *page}


def test_a_question_is_called_by_its_title() -> None:
    titles = [question.title for question in load(SOLUTIONS[0]).questions]
    assert titles[:2] == ["Act or content?", "Which pieces are the act?"]


# What is written from them


@pytest.mark.parametrize("path", [*LESSONS, *SOLUTIONS], ids=lambda path: path.stem)
def test_what_the_metadata_state_is_what_a_reader_sees(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    before = [item.source for item in notebook.cells]
    worded(notebook)
    assert [item.source for item in notebook.cells] == before


def test_questions_are_numbered_and_counted_after_one_was_taken_out() -> None:
    notebook = nbformat.read(SOLUTIONS[0], as_version=4)
    notebook.cells = [item for item in notebook.cells if role(item)[1] != "layers"]
    ask = next(item for item in notebook.cells if role(item) == ("ask", "cues"))
    ask.metadata["kit"]["title"], ask.source = "The cue", ask.source.partition("\n\n")[2]
    notebook.metadata["kit"] |= {"title": "Another", "minutes": [5, 10]}
    worded(notebook)
    top = notebook.cells[0].source
    assert top.startswith("# Exercise 1 · Another\n")
    assert "| **Minutes** | 5 to 10 |" in top and "| **Points** | 20, in six questions; every line" in top
    heads = [item.source.partition("\n")[0] for item in notebook.cells if role(item)[0] == "ask"]
    assert heads[:2] == ["## Question 1 · Which pieces are the act? (4 points)", "## Question 2 · The cue (4 points)"]
    assert [head.split()[2] for head in heads] == [str(number) for number in range(1, 7)]


def test_a_question_that_nothing_asks_is_not_fit_for_grading(tmp_path: Path) -> None:
    notebook = nbformat.read(SOLUTIONS[0], as_version=4)
    next(item for item in notebook.cells if role(item) == ("ask", "cues")).metadata = {}
    nbformat.write(notebook, tmp_path / "x.ipynb")
    assert [fault for fault in unfit_cells(load(tmp_path / "x.ipynb")) if "nothing asks “cues”" in fault]


# Courses that were made before cells had titles


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Exercise 1 with the metadata of former courses: no title, no cell that asks, and the field beside the points."""
    notebook = copy.deepcopy(nbformat.read(SOLUTIONS[0], as_version=4))
    notebook.metadata["kit"].pop("minutes")
    for item in notebook.cells:
        mine = item.metadata.get("kit", {})
        if item.cell_type == "markdown":
            item.metadata = {}
        elif role(item)[0] == "text":
            mine.pop("question", None)
        elif role(item) == ("check", "layers"):
            mine["field"] = "layer"
    nbformat.write(notebook, tmp_path / SOLUTIONS[0].name)
    return tmp_path / SOLUTIONS[0].name


def test_an_old_course_is_still_graded_and_reported_by_the_names_of_its_variables(old: Path) -> None:
    exercise, now = load(old), load(SOLUTIONS[0])
    for before, after in zip(exercise.questions, now.questions, strict=True):
        assert before.title == before.name and before.asked == ""
        assert (before.key, before.accept, before.field, before.kind) == (
            after.key,
            after.accept,
            after.field,
            after.kind,
        )
    lines = tuple(MarkedLine(name, "act", value == "act") for name, value in exercise.questions[0].key.items())
    mark = Mark("layers", 4, 2, "partly", lines)
    graded = Graded("ana", Path("ana.ipynb"), exercise, (mark,))
    page = dict(student_page.pages([graded], isolation="not isolated"))["ana.html"]
    assert '<th scope="row">1 · layers</th>' in page
    assert "layers" in class_report.page([graded], isolation="not isolated")


def test_the_words_for_numbers_are_enough() -> None:
    assert max(len(read(path).questions) for path in EXERCISES) < len(NUMBER_WORDS)
