"""The lessons and exercises as they lie in the folders: their form, their links, and what students must not see."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import nbformat
import pytest

from kit.article import codebook
from kit.article.loading import load_article
from kit.check import feedback
from kit.page.names import changed, made
from kit.questions import role
from kit.teacher.exercises.keys import Exercise, load

ROOT = Path(__file__).resolve().parents[1]
LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))
EXERCISES = sorted((ROOT / "exercises").glob("*.ipynb"))
SOLUTIONS = sorted((ROOT / "exercises/solutions").glob("*.ipynb"))
ALL = [*LESSONS, *EXERCISES, *SOLUTIONS]
GLOSSARY = (ROOT / "docs/glossary.md").read_text("utf-8")
ARTICLES = ("soldiers", "pool", "ferry", "sentences")
CLAIMS = {name: claim for article in ARTICLES for name, claim in load_article(article).annotation.by_id.items()}
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}

each_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
each_notebook = pytest.mark.parametrize("path", ALL, ids=lambda path: f"{path.parent.name}-{path.stem}")
each_exercise = pytest.mark.parametrize("solution", SOLUTIONS, ids=lambda path: path.stem)


def read(path: Path) -> Any:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    return notebook


def prose(path: Path) -> str:
    return "\n\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")


def code(path: Path) -> list[Any]:
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def headings(text: str) -> list[tuple[int, str]]:
    return [(len(marks), words) for marks, words in re.findall(r"^(#+) (.+)$", text, re.MULTILINE)]


def links(text: str) -> list[str]:
    return re.findall(r"\]\(([^)\s]+)[^)]*\)", text) + re.findall(r"(?:href|src)=[\"']([^\"']+)", text)


def shown(cell: Any) -> str:
    """All that a cell shows, as one text."""
    return json.dumps(cell.get("outputs", []), ensure_ascii=False)


def front(path: Path) -> dict[str, str]:
    """The table at the top: what stands left in bold, and right of it."""
    rows = re.findall(r"^\| \*\*(.+?)\*\* \| (.+) \|$", read(path).cells[0].source, re.MULTILINE)
    return dict(rows)


def test_there_are_lessons_and_an_exercise_with_its_solution() -> None:
    assert LESSONS
    assert [path.name for path in EXERCISES] == [path.name for path in SOLUTIONS] != []


# The form of every notebook


@each_notebook
def test_headings_are_in_order(path: Path) -> None:
    levels = [level for level, _ in headings(prose(path))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    words = [words for _, words in headings(prose(path))]
    assert len(set(words)) == len(words)


@each_notebook
def test_nothing_in_it_changes_from_run_to_run(path: Path) -> None:
    notebook = read(path)
    assert {key: notebook.metadata[key] for key in ("kernelspec", "language_info")} == {
        "kernelspec": KERNEL,
        "language_info": {"name": "python"},
    }
    assert set(notebook.metadata) <= {"kernelspec", "language_info", "kit"}
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z_]+(-[a-z0-9_]+)*", name) for name in ids), ids
    passing = {"tags"} if path in EXERCISES else set()  # Run All passes a failed answer in a student's copy
    assert all(set(cell.metadata) <= {"kit", "deletable", "editable"} | passing for cell in notebook.cells)
    assert not re.search(r"\b0x[0-9a-f]{6,}|/tmp/|site-packages", path.read_text("utf-8"))


@each_notebook
def test_links_stay_inside_the_kit(path: Path) -> None:
    notebook = read(path)
    for cell in notebook.cells:  # what is printed is no link: there stand addresses that a reader may type
        cell.outputs = [output for output in cell.get("outputs", []) if output.output_type != "stream"]
    assert not re.search(r"https?://|www\.|file:", json.dumps(notebook))
    for link in links(prose(path)):
        target = (path.parent / link.partition("#")[0]).resolve()
        assert target.exists() and target.is_relative_to(ROOT), link


@each_notebook
def test_no_code_cell_is_long(path: Path) -> None:
    assert not {cell.id: cell.source for cell in code(path) if len(cell.source.splitlines()) > 15}


@each_notebook
def test_pictures_have_words(path: Path) -> None:
    assert not re.findall(r"!\[\s*\]\(|<img(?![^>]*\balt=)", prose(path))


# Lessons


@each_lesson
def test_a_lesson_says_what_it_is_for(path: Path) -> None:
    rows = front(path)
    assert list(rows)[:3] == ["You will be able to", "Minutes", "What you need"]
    assert re.match(r"1\. \w", rows["You will be able to"])
    assert int(re.match(r"\d+", rows["Minutes"])[0]) <= 90
    assert "isconception" not in str(rows), "that is for the teacher's pages: lesson 0 tests for them"


@each_lesson
def test_a_lesson_ends_with_key_points_ticket_and_next(path: Path) -> None:
    assert [words for level, words in headings(prose(path)) if level == 2][-3:] == [
        "Key points",
        "Exit ticket",
        "Next",
    ]


def test_the_glossary_lists_the_misconceptions_of_the_rules() -> None:
    assert listed_misconceptions() == list(feedback.misconceptions())


def listed_misconceptions() -> list[str]:
    section = re.search(r"^## [^\n]*misconceptions\n(.*?)(?=^## |\Z)", GLOSSARY, re.DOTALL | re.MULTILINE)[1]
    return re.findall(r"^(?:\d+\.|-) (.+)$", section, re.MULTILINE)


@each_lesson
def test_a_lesson_is_stored_as_run_and_with_its_answers_blank(path: Path) -> None:
    cells = code(path)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert not [cell.id for cell in cells if any(out.output_type == "error" for out in cell.outputs)]
    answers = [at for at, cell in enumerate(cells) if cell.id.endswith("-answer")]
    assert answers
    for at in answers:
        assert cells[at + 1].id == cells[at].id.replace("-answer", "-check")
        blanks = [line for line, value in _lines(cells[at].source) if value in ("", [], ...)]
        assert blanks, f"{cells[at].id} is answered already"
        assert re.search(f"Still blank: (fill|give|assign|{', '.join(blanks)}\\.)", shown(cells[at + 1]))


@each_lesson
def test_what_a_lesson_gives_away_as_an_example_is_right(path: Path) -> None:
    for cell in code(path):
        if cell.id.endswith("-answer"):
            for line, value in _lines(cell.source):
                if line in CLAIMS and isinstance(value, str) and value:
                    assert value in {v for f in ("layer", "status", "voucher") for v in CLAIMS[line].accepts(f)}


def _lines(source: str) -> Iterator[tuple[str, Any]]:
    """The lines of an answer that is written out as a dict."""
    value = ast.literal_eval(ast.parse(source).body[-1].value)  # type: ignore[attr-defined]
    return iter(value.items() if isinstance(value, dict) else [("value", value)])


@each_notebook
def test_every_claim_in_a_table_is_quoted_as_it_is(path: Path) -> None:
    rows = re.findall(r"^\| ([SF]\d\d[a-z]) \| ([^|]+?)(?: \*\([^|]*\)\*)? \|", prose(path), re.MULTILINE)
    for name, words in rows:
        assert _straight(words) == _straight(CLAIMS[name].quote)
    units = {unit.id: unit.text for unit in load_article().annotation.units}
    for name, words in re.findall(r"^> \*\*(S\d\d)\*\* (.+)$", prose(path), re.MULTILINE):
        assert _straight(words) == _straight(units[name])


def _straight(text: str) -> str:
    return text.translate(str.maketrans("“”‘’", "\"\"''"))


def test_the_glossary_has_every_label() -> None:
    names = {name for field in ("layer", "voucher", "status") for name in codebook.names(field)}
    names |= {name for values in codebook.FIELDS.values() for name in values} | set(codebook.FIELDS)
    assert not {name for name in names if f"`{name}`" not in GLOSSARY}


# Exercises


def student(solution: Path) -> Path:
    return solution.parents[1] / solution.name


@each_exercise
def test_an_exercise_is_fit_for_grading(solution: Path) -> None:
    exercise = load(solution)
    assert exercise.name == solution.stem
    assert len({question.name for question in exercise.questions}) == len(exercise.questions)


def test_the_first_exercise_has_24_points() -> None:
    assert load(ROOT / "exercises/solutions/01_acts_and_contents.ipynb").points == 24


@each_exercise
def test_what_is_accepted_agrees_with_the_annotation(solution: Path) -> None:
    for question in load(solution).questions:
        if question.field:
            for line, value in question.key.items():
                assert [value, *question.accept.get(line, [])] == list(CLAIMS[line].accepts(question.field)), line
        for line, values in question.accept.items():
            assert question.key[line] not in values


@each_notebook
def test_no_check_asks_the_answer_which_lines_are_asked(path: Path) -> None:
    """Else a line that was deleted or misspelt is missed by nobody, and the check says “Complete”."""
    for cell in code(path):
        for call in (node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Call)):
            if call.args and ast.unparse(call.func).startswith("kit.check."):
                asked = [ast.unparse(option.value) for option in call.keywords if option.arg == "lines"]
                assert f"list({ast.unparse(call.args[0])})" not in asked, cell.id


@each_exercise
def test_every_wrong_line_gets_words(solution: Path) -> None:
    assert all(question.field or len(question.advice.split()) > 8 for question in load(solution).questions)


def withheld(exercise: Exercise) -> set[str]:
    return {unit for units in exercise.blank.values() for unit in units}


@each_exercise
def test_the_claims_asked_for_are_withheld_and_no_others_are_needed(solution: Path) -> None:
    exercise = load(solution)
    for question in exercise.questions:
        if question.field or question.name in ("cues", "spans"):
            asked = [line for line in question.key if line in CLAIMS]
            assert {CLAIMS[line].unit for line in asked} <= withheld(exercise)
            assert {line for line in question.key if re.fullmatch(r"S\d\d", line)} <= withheld(exercise)
    loaded = prose_and_code(student(solution))
    for units in filter(None, exercise.blank.values()):
        assert json.dumps(list(units)) in loaded


@each_exercise
def test_no_question_gives_another_one_away(solution: Path) -> None:
    questions = load(solution).questions
    labelled = {line for question in questions if question.field for line in question.key}
    cues = {line for question in questions if question.name == "cues" for line in question.key}
    assert not labelled & cues


def prose_and_code(path: Path) -> str:
    return "\n\n".join(cell.source for cell in read(path).cells)


@each_exercise
def test_the_students_copy_holds_no_key(solution: Path) -> None:
    solved = {role(cell): cell.source for cell in code(solution) if role(cell)[0] == "answer"}
    copy = code(student(solution))
    text = student(solution).read_text("utf-8")
    for word in ('"accept"', '"advice"', '"starter"', '"field"'):
        assert word not in text
    assert {role(cell) for cell in copy if role(cell)[0] == "answer"} == set(solved)
    for cell in copy:
        what, _ = role(cell)
        if what != "text":
            assert (cell.outputs, cell.execution_count) == ([], None)
        if what == "answer":
            assert cell.source.startswith("# Your answer")
            assert solved[role(cell)] not in text
            values = [value for _, value in _lines(cell.source)]
            assert all(value in ("", [], ...) or not str(value).strip() for value in values)


@each_exercise
def test_the_students_copy_shows_no_label_of_what_is_asked(solution: Path) -> None:
    exercise: Exercise = load(solution)
    asked = [claim for claim in CLAIMS.values() if claim.unit in withheld(exercise)]
    for cell in code(student(solution)):
        for claim in asked:
            labels = re.findall(rf"\[{claim.id} ([^\]]+)\]|<td>{claim.id}</td><td>([^<]*)<", shown(cell))
            assert {label for pair in labels for label in pair if label} <= {"?"}
            assert not re.search(rf"<td>{claim.id}</td>(?:(?!</tr>).){{0,300}}<td>(act|content)</td>", shown(cell))


@each_exercise
def test_checks_are_locked_and_stand_behind_their_answers(solution: Path) -> None:
    cells = code(student(solution))
    checks = [at for at, cell in enumerate(cells) if role(cell)[0] == "check"]
    assert checks
    for at in checks:
        assert (cells[at].metadata["deletable"], cells[at].metadata["editable"]) == (False, False)
        assert role(cells[at - 1]) == ("answer", role(cells[at])[1])
        assert set(cells[at].metadata["kit"]) == {"role", "question", "points"}


@each_exercise
def test_a_wrong_choice_gets_a_note_of_its_own_line(solution: Path) -> None:
    exercise = load(solution)
    checks = {role(cell)[1]: cell["source"] for cell in exercise.notebook["cells"] if role(cell)[0] == "check"}
    for question in exercise.questions:
        if "check.choices" in checks[question.name]:
            assert set(question.notes) == set(question.key)
            assert all(10 <= len(note.words.split()) <= 60 for note in question.notes.values())


@each_exercise
def test_no_one_answer_for_all_lines_earns_everything(solution: Path) -> None:
    for question in load(solution).questions:
        if len(question.key) > 1:
            allowed = [[value, *question.accept.get(line, [])] for line, value in question.key.items()]
            assert not [value for value in allowed[0] if all(value in values for values in allowed)], question.name


@each_notebook
def test_no_cell_of_ours_changes_an_answer_behind_its_check(path: Path) -> None:
    cells = [(*role(cell), cell.source) for cell in code(path)]
    answers = [(at, question) for at, (what, question, _) in enumerate(cells) if what == "answer"]
    for at, name in answers:
        later = [source for what, asked, source in cells[at + 1 :] if (what, asked) != ("check", name)]
        assert name in made(cells[at][2])
        assert not [source for source in later if name in changed(source)]
