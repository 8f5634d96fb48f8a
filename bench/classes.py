"""Classes to grade: as many submissions as wanted, made from a few dozen by a fixed rule."""

from __future__ import annotations

import ast
import copy
import json
import random
from pathlib import Path
from typing import Any

import nbformat

from kit.questions import role
from kit.setup import places
from kit.teacher.exercises.keys import Exercise

__all__ = ["PATTERNS", "copy_of", "patterns", "write"]

PATTERNS = 24
"""So many different submissions there are; a larger class repeats them."""


def copy_of(exercise: Exercise) -> Any:
    """The students' copy of the exercise."""
    return nbformat.read(places.exercises() / f"{exercise.name}.ipynb", as_version=4)


def patterns(exercise: Exercise) -> list[dict[str, str]]:
    """Question to source, for each pattern: all right, all blank, and between them with more and more lines wrong."""
    solved = {role(c)[1]: c["source"] for c in exercise.notebook["cells"] if role(c)[0] == "answer"}
    starters = {question.name: question.starter for question in exercise.questions}
    made = [solved, starters]
    for number in range(2, PATTERNS):
        chance = random.Random(number)
        made.append({q: _spoilt(source, starters[q], chance, number / PATTERNS) for q, source in solved.items()})
    return made


def write(exercise: Exercise, students: int, folder: Path) -> None:
    """Write a class of so many students into `folder`, one folder each."""
    answers, notebook = patterns(exercise), copy_of(exercise)
    texts = [json.dumps(_filled(notebook, sources)) for sources in answers]
    for number in range(students):
        own = folder / f"s{number:05}"
        own.mkdir(parents=True)
        # A space more at the end makes each file one of its own, so that none is known from another.
        (own / f"{exercise.name}.ipynb").write_text(texts[number % PATTERNS] + " " * (number // PATTERNS), "utf-8")


def _filled(notebook: Any, sources: dict[str, str]) -> Any:
    made = copy.deepcopy(notebook)
    for cell in made["cells"]:
        what, question = role(cell)
        if what == "answer":
            cell["source"] = sources[question]
    return made


def _spoilt(source: str, starter: str, chance: random.Random, share: float) -> str:
    """A literal with some values moved from line to line; of other code, the starter or the right answer."""
    try:
        (node,) = ast.parse(source).body
        value = ast.literal_eval(node.value)
    except (ValueError, AttributeError):
        return starter if chance.random() < share / 2 else source
    if not isinstance(value, dict):
        return source
    values = list(value.values())
    lines = {line: chance.choice(values) if chance.random() < share else own for line, own in value.items()}
    return f"{node.targets[0].id} = {lines!r}"
