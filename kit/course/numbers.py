"""The questions of an exercise, numbered from 1, and counted with their points, after some were left out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from kit.errors import KitError
from kit.grading.exercise import role

__all__ = ["NUMBER_WORDS", "number"]

NUMBER_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NAMED = re.compile(r"\b([Qq])uestions? (\d+)(?: to (\d+))?")
_HEADED = re.compile(r"^(## Question .*)\([\d.]+ points?\)$", re.MULTILINE)
_COUNTED = re.compile(r"(\*\*Points\*\* \| )[\d.]+, in \w+ questions?")


def number(notebook: Any) -> None:
    """Number the questions from 1, in headings and wherever they are named, and state points and questions anew."""
    points = [cell.metadata["kit"]["points"] for cell in notebook.cells if role(cell)[0] == "check"]
    texts = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    heads = [head for cell in texts for head in re.findall(r"^## Question (\d+) ", cell.source, re.MULTILINE)]
    if len(heads) != len(points):
        name = notebook.metadata["kit"]["exercise"]
        raise KitError(f"The exercise {name} has {len(points)} checks and {len(heads)} headings “Question …”.")
    new = {int(old): at for at, old in enumerate(heads, 1)}
    worth = iter(points)
    for cell in texts:
        cell.source = _NAMED.sub(lambda found: _renamed(found, new), cell.source)
        cell.source = _HEADED.sub(lambda found: f"{found[1]}({_many(next(worth), 'point')})", cell.source)
    count = f"{sum(points):g}, in {NUMBER_WORDS[len(points)]} question{'s' * (len(points) != 1)}"
    texts[0].source = _COUNTED.sub(rf"\g<1>{count}", texts[0].source)


def _many(number: float, what: str) -> str:
    return f"{number:g} {what}{'s' * (number != 1)}"


def _renamed(found: re.Match[str], new: Mapping[int, int]) -> str:
    """“questions 4 to 7” with the new numbers of those that are left."""
    first, last = int(found[2]), int(found[3] or found[2])
    left = [new[n] for n in range(first, last + 1) if n in new] or [1]
    many = "" if len(left) == 1 else "s"
    return f"{found[1]}uestion{many} {left[0]}" + (f" to {left[-1]}" if many else "")
