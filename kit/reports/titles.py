"""What the questions of an exercise are called, for people: the headings that stand above them."""

from __future__ import annotations

import re

from kit.grading.exercise import Exercise, role

__all__ = ["asked", "titles"]

_HEADING = re.compile(r"^## Question \d+ · (.+?)(?: \([\d.]+ points?\))?$", re.MULTILINE)


def titles(exercise: Exercise) -> dict[str, str]:
    """Question to title, in the order of the notebook; its name where no heading stands above it."""
    found, heading = {}, ""
    for cell in exercise.notebook["cells"]:
        if cell["cell_type"] == "markdown":
            match = _HEADING.search("".join(cell["source"]))
            heading = match[1] if match else heading
        elif role(cell)[0] == "check":
            found[role(cell)[1]] = heading or role(cell)[1]
            heading = ""
    return {question.name: found.get(question.name, question.name) for question in exercise.questions}


def asked(exercise: Exercise, question: str) -> str:
    """What the question asks: the first paragraph below its heading, as Markdown; "" where it has none."""
    text = ""
    for cell in exercise.notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown" and _HEADING.search(source):
            text = _HEADING.split(source)[-1].strip().partition("\n\n")[0]
        elif role(cell) == ("check", question):
            return text
    return ""
