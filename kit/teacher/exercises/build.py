"""What `kit build` writes: lessons and solved exercises run in place, and the students' copies derived from them.

Title, minutes, points and headings are written into the notebooks from their metadata.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from kit import questions
from kit.article.seeds import seeds as own_seeds
from kit.errors import KitError
from kit.files import write_atomically
from kit.questions import role
from kit.teacher.exercises.keys import annotation_hash, load, student_copy
from kit.teacher.exercises.unfit import unfit_cells, unfit_words
from kit.teacher.sandbox.kernels import ColdKernel

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
        made = {path: text_of(executed(path))}
        if path.parent.name == "solutions":
            made[path.parent.parent / path.name] = text_of(student_copy(nbformat.reads(made[path], as_version=4)))
        for file, text in made.items():
            if not file.is_file() or file.read_text("utf-8") != text:
                changed.append(file)
                if not check:
                    write_atomically(file, text)
        if len(made) > 1 and not check and (unfit := list(unfit_cells(load(path)))):
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
        kit["seeds"] = {name: annotation_hash(seeds or own_seeds(), name) for name in kit["blank"]}
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
    headings = {}
    for one in page.questions if page.is_exercise else ():
        points = f"{one.points:g} point{'s' * (one.points != 1)}"
        headings[one.name] = f"## Question {one.number} · {one.title} ({points})"
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
    asked = [question for question in page.questions if not question.extra]
    count = NUMBER_WORDS[len(asked)] if page.is_exercise else ""
    beyond = sum(question.points for question in page.questions) - page.points
    more = f"; for extra credit, up to {beyond:g} more" if beyond else ""
    if page.is_exercise:
        heading, minutes = f"# Exercise {page.number} · {page.title}", f"{first} to {last}"
    else:
        heading, minutes = f"# {page.number} · {page.title}", f"{first + last} (teaching {first}, doing {last})"
    plural = "s" * (len(asked) != 1)
    rows = {
        "| **Minutes** |": f"{minutes}, {how}" if how else minutes,
        "| **Points** |": f"{page.points:g}, in {count} question{plural}; every line counts on its own{more}",
    }
    lines = [heading, *source.splitlines()[1:]]
    starts = {start: f"{start} {words} |" for start, words in rows.items()}
    return "\n".join(next((row for start, row in starts.items() if line.startswith(start)), line) for line in lines)


def text_of(notebook: Any) -> str:
    """A notebook as text: the same bytes for the same notebook."""
    nbformat.validate(notebook)
    return nbformat.writes(notebook, version=nbformat.NO_CONVERT).rstrip("\n") + "\n"
