"""An exercise: our solved notebook, read as questions. Its stored outputs are the key."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from kit.answers import Value, parse
from kit.errors import KitError

__all__ = ["Exercise", "Question", "load", "role", "shown"]


@dataclass(frozen=True)
class Question:
    """One graded question. Its name is the variable that the student assigns, and is unique in its exercise.

    `key` maps each line to its value, `accept` to further accepted ones. `field` is the field of the claims
    that is asked for ("layer", …; empty for other kinds of questions), `advice` is said of wrong lines.
    """

    name: str
    points: float
    starter: str
    key: dict[str, Value]
    accept: dict[str, list[Value]]
    field: str
    advice: str


@dataclass(frozen=True)
class Exercise:
    """A graded exercise on one `article` (a seed's name). `notebook` is the solution, with the key as its outputs;
    `blank` are the units whose labels students must not see."""

    name: str
    title: str
    article: str
    notebook: dict[str, Any]
    questions: tuple[Question, ...]
    blank: tuple[str, ...]

    @property
    def points(self) -> float:
        """The sum over all questions."""
        return sum(question.points for question in self.questions)


def role(cell: dict[str, Any]) -> tuple[str, str]:
    """The role of a cell of ours ("answer", "check", … or "") and its question."""
    mine = cell.get("metadata", {}).get("kit", {})
    return mine.get("role", ""), mine.get("question", "")


def shown(outputs: list[dict[str, Any]]) -> str | None:
    """The text of the one result that a check cell shows; None where there is none, or more than one."""
    results = [out for out in outputs if out.get("output_type") == "execute_result"]
    text = results[0].get("data", {}).get("text/plain") if len(results) == 1 else None
    return "".join(text) if isinstance(text, (str, list)) else None


def load(path: Path) -> Exercise:
    """Read the solved exercise at `path`.

    Raises KitError, naming the cell, where it is not fit for grading: no name, a question without an answer
    cell, a check cell that has not been run or shows no answer, or two questions of one name.
    """
    notebook = nbformat.read(path, as_version=4)
    about = notebook.metadata.get("kit", {})
    if "exercise" not in about:
        raise KitError(f"{path.name} is not an exercise: its metadata name none (kit.exercise).")
    starters = {role(c)[1]: c.metadata["kit"]["starter"] for c in notebook.cells if role(c)[0] == "answer"}
    checks = [cell for cell in notebook.cells if role(cell)[0] == "check"]
    questions = tuple(_question(path, cell, starters) for cell in checks)
    names = [question.name for question in questions]
    if len(set(names)) != len(names) or set(names) != set(starters):
        raise KitError(f"{path.name}: every question needs one answer cell and one check cell of its name.")
    return Exercise(about["exercise"], about["title"], about["article"], notebook, questions, tuple(about["blank"]))


def _question(path: Path, cell: Any, starters: dict[str, str]) -> Question:
    about = cell.metadata["kit"]
    name = about["question"]
    key = parse(shown(cell.outputs) or "")
    if not key or cell.execution_count is None:
        raise KitError(f"{path.name}, cell {cell.id}: it shows no answer. Run `kit build`, and look at that cell.")
    accept = about.get("accept", {})
    strange = sorted(set(accept) - set(key))
    if strange:
        raise KitError(f"{path.name}, cell {cell.id}: “accept” names lines that the key has not: {', '.join(strange)}.")
    field, advice = about.get("field", ""), about.get("advice", "")
    return Question(name, about["points"], starters.get(name, ""), key, accept, field, advice)
