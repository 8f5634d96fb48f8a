"""Building the course: run the lessons and the solved exercises in place, and derive the students' copies."""

from __future__ import annotations

import ast
import copy
import math
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from kit import questions
from kit.article import seeds as seeds_
from kit.errors import KitError
from kit.files import write_atomically
from kit.questions import role
from kit.teacher.exercises.feedback_words import unfit_words
from kit.teacher.exercises.keys import Exercise, KeyedQuestion, annotation_hash, load
from kit.teacher.sandbox.kernels import ColdKernel

__all__ = ["NUMBER_WORDS", "build", "executed", "faults", "student_copy", "text_of", "worded"]

LIKELIEST = 1 / 8
"""How likely blind guessing may be to earn all points of a question."""
_FREE = 1000
"""Ways to fill a line that has no list to choose from."""


def faults(exercise: Exercise) -> Iterator[str]:
    """One sentence for each cell of `exercise` that is not fit for grading, and why."""
    questions = exercise.by_name
    for cell in exercise.notebook["cells"]:
        what, name = role(cell)
        if what == "check":
            for fault in (*_asked(questions[name]), *_shows(cell, name), *_guessed(questions[name])):
                yield f"{exercise.name}, cell {cell['id']}: {fault}."
        elif cell["cell_type"] == "code" and what != "answer" and _body(cell["source"]) is None:
            yield f"{exercise.name}, cell {cell['id']}: it is not plain Python; write it without “%” and “!” commands."


def _asked(question: KeyedQuestion) -> Iterator[str]:
    if not question.asked:
        yield f"nothing asks “{question.name}”; give the cell that does the role “ask”, its question and a title"


def _body(source: str) -> list[ast.stmt] | None:
    """The statements of a cell; None where it is not plain Python."""
    try:
        return ast.parse(source).body
    except SyntaxError:
        return None


def _shows(cell: Any, name: str) -> Iterator[str]:
    """Whether its last line is a value that is made from the answer. An assert tells a student nothing but no."""
    body = _body(cell["source"])
    if body is None:
        yield "it is not Python"
        return
    if any(isinstance(node, ast.Assert) for part in body for node in ast.walk(part)):
        yield "it asserts; let it show the answer, so that each line can earn its points"
    last = body[-1] if body else None
    if not isinstance(last, ast.Expr):
        yield "its last line shows nothing; end it with the value to compare"
    elif name not in {node.id for node in ast.walk(last) if isinstance(node, ast.Name)}:
        yield f"what it shows does not depend on the answer “{name}”"


def _guessed(question: KeyedQuestion) -> Iterator[str]:
    """Whether one label for all lines, or a few blind tries, would earn everything."""
    if question.rubric:
        return
    values = [question.key[line] for line in question.key]
    if all(value in ("", [], {}) for value in values):
        yield "its key is empty"
        return
    texts = [value for value in values if isinstance(value, str)]
    if len(texts) > 1 and len(texts) == len(values) and len(set(texts)) == 1:
        yield f"the same value, “{texts[0]}”, is right on every line"
    if math.prod(map(len, _choices(question))) < 1 / LIKELIEST:
        yield "it has so few possible answers that it can be guessed; ask for more lines"


def _choices(question: KeyedQuestion) -> Iterator[range]:
    texts = {value for value in question.key.values() if isinstance(value, str)}
    for value in question.key.values():
        if isinstance(value, bool):
            yield range(2)
        elif isinstance(value, str) and question.choices:
            yield range(len(question.choices))
        elif isinstance(value, str) and len(question.key) > 1:
            yield range(max(2, len(texts)))
        else:
            yield range(_FREE)


NUMBER_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

_SECONDS = 120
_PLAIN = {"PYTHONHASHSEED": "0", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def build(root: Path, *, check: bool = False, say: Callable[[str], None] = print) -> tuple[Path, ...]:
    """Run every lesson and solved exercise under `root`, and write what came out, and the students' copies.

    Returns the files whose text changed; with `check` nothing is written, and they are the stale ones.
    Two builds give the same bytes. Raises KitError where a cell fails, naming notebook and cell; and before anything
    is run, with every fault in the words of the feedback.
    """
    if broken := unfit_words():
        raise KitError("\n".join(broken))
    changed: list[Path] = []
    sources = [*sorted((root / "notebooks").glob("*.ipynb")), *sorted((root / "exercises/solutions").glob("*.ipynb"))]
    for path in sources:
        say(f"Running {path.relative_to(root)}")
        text = text_of(executed(path))
        _put(path, text, changed, check=check)
        if path.parent.name == "solutions":
            copy_text = text_of(student_copy(nbformat.reads(text, as_version=4)))
            _put(path.parent.parent / path.name, copy_text, changed, check=check)
            if not check and (unfit := list(faults(load(path)))):
                raise KitError("\n".join(unfit))
    wanted = {path.name for path in sources if path.parent.name == "solutions"}
    for path in sorted((root / "exercises").glob("*.ipynb")):
        if path.name not in wanted:
            raise KitError(f"{path.relative_to(root)} has no solution in exercises/solutions; delete it or add one.")
    return tuple(changed)


def executed(path: Path, *, seeds: Path | None = None, edition: Path | None = None) -> Any:
    """The notebook at `path` after a run in a new kernel, with nothing in it that changes from run to run.

    The hash of the annotation is taken in `seeds`, by default the kit's own; `edition` is what the notebook reads.
    """
    notebook = nbformat.read(path, as_version=4)
    worded(notebook)
    started: list[str] = []
    client = NotebookClient(
        notebook,
        timeout=_SECONDS,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
        resources={"metadata": {"path": str(path.parent)}},
        on_cell_start=lambda cell, cell_index: started.append(cell.id),
    )
    KernelProvisionerFactory.instance().default_provisioner_name = ColdKernel.name  # no ports, which others can take
    try:
        client.execute(env={**os.environ, **_PLAIN} | ({"KIT_SEEDS": str(edition)} if edition else {}))
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        cell = f", cell {started[-1]}" if started else ""
        raise KitError(f"{path.name}{cell}: it does not run.\n{_COLOUR.sub('', str(error))}") from None
    kit = notebook.metadata.get("kit")
    if kit and "blank" in kit:
        kit["seeds"] = {name: annotation_hash(seeds or seeds_.seeds(), name) for name in kit["blank"]}
    notebook.metadata = nbformat.from_dict(_METADATA | ({"kit": kit} if kit else {}))
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", ()):
            output.pop("transient", None)
            output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)  # its id is new in each run
    return notebook


def worded(notebook: Any) -> None:
    """Write into the text of a lesson or an exercise what its metadata state: title, minutes and points at its top, and
    the heading of each question of an exercise."""
    page, about = questions.read(notebook), notebook.metadata.get("kit", {})
    headings = {
        question.name: f"## Question {question.number} · {question.title} ({_many(question.points, 'point')})"
        for question in page.questions
        if page.is_exercise
    }
    for cell in notebook.cells:
        what, question = role(cell)
        if what == "title":
            cell.source = _front(cell.source, page, about.get("how", ""))
        elif what == "ask" and question in headings:
            body = cell.source.partition("\n\n")[2] if cell.source.startswith("## ") else cell.source
            cell.source = f"{headings[question]}\n\n{body}"


def _front(source: str, page: questions.Page, how: str) -> str:
    """The first cell of a page, with its heading and the rows on minutes and points written anew."""
    first, last = page.minutes
    number, count = int(page.name[:2]), NUMBER_WORDS[len(page.questions)]
    if page.is_exercise:
        heading, minutes = f"# Exercise {number} · {page.title}", f"{first} to {last}"
    else:
        heading, minutes = f"# {number} · {page.title}", f"{first + last} (teaching {first}, doing {last})"
    plural = "s" * (len(page.questions) != 1)
    rows = {
        "| **Minutes** |": f"{minutes}, {how}" if how else minutes,
        "| **Points** |": f"{page.points:g}, in {count} question{plural}; every line counts on its own",
    }
    lines = [heading, *source.splitlines()[1:]]
    starts = {start: f"{start} {words} |" for start, words in rows.items()}
    return "\n".join(next((row for start, row in starts.items() if line.startswith(start)), line) for line in lines)


def _many(number: float, what: str) -> str:
    return f"{number:g} {what}{'s' * (number != 1)}"


def student_copy(solution: Any) -> Any:
    """The exercise as students get it: starters for answers, and no output, accepted value, advice or sample."""
    notebook = copy.deepcopy(solution)
    if notebook.metadata.get("kit", {}).get("sealed"):
        notebook.metadata["kit"].pop("seeds", None)  # a hash of all labels
    notebook.cells = [cell for cell in notebook.cells if role(cell)[0] != "sample"]
    for cell in notebook.cells:
        what, question = role(cell)
        if cell.cell_type == "code" and what in ("answer", "check"):
            about = cell.metadata["kit"]
            if what == "answer":
                cell.source = about["starter"]
            kept = {"role": what, "question": question} | ({"points": about["points"]} if what == "check" else {})
            cell.metadata["kit"] = nbformat.from_dict(kept)
        if cell.cell_type == "code" and what != "text":
            cell.outputs, cell.execution_count = [], None
    return notebook


def text_of(notebook: Any) -> str:
    """A notebook as text: the same bytes for the same notebook."""
    nbformat.validate(notebook)
    return nbformat.writes(notebook, version=nbformat.NO_CONVERT).rstrip("\n") + "\n"


def _put(path: Path, text: str, changed: list[Path], *, check: bool) -> None:
    old = path.read_text("utf-8") if path.is_file() else ""
    if old == text:
        return
    changed.append(path)
    if not check:
        write_atomically(path, text)
