"""Points from answers: each line is compared with the key and with what else is accepted."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any

from kit.check.answers import Value, notes, parse, printable
from kit.teacher.exercises.keys import KeyedQuestion

__all__ = ["OUTCOMES", "ByHand", "Mark", "MarkedLine", "mark"]

OUTCOMES = {
    "right": "every line is right",
    "partly": "some lines are right",
    "wrong": "no line is right",
    "blank": "nothing was answered",
    "error": "the answer cell stopped with an error",
    "timeout": "the answer cell did not end in time",
    "scored": "a person gave the points",
    "person": "a person scores this by the rubric",
    "missing": "the answer cell is not in the file, a person must look",
    "unreadable": "the file cannot be graded, a person must look",
    "failed": "the grader itself failed, grade again",
}
"""Every outcome, and what it says. The last four have no points: not zero, but none."""
STOPPED = {
    "died": "This cell ended the kernel.",
    "timeout": "This cell did not end by itself, or it ended the kernel.",
    "unreadable": "What this cell put out cannot be read.",
}


@dataclass(frozen=True, slots=True)
class MarkedLine:
    """One line of an answer: what was given ("" is blank), and whether it is accepted."""

    name: str
    given: Value
    right: bool


@dataclass(frozen=True, slots=True)
class ByHand:
    """What a person said with their points: a comment, and the level of a rubric ("" for none); and what the machine
    had found: its points and its outcome."""

    comment: str
    level: str
    earned: float | None
    outcome: str


@dataclass(frozen=True, slots=True)
class Mark:
    """What one question earned. `earned` is None where the grader could not decide; `message` says why.

    `text` is a written answer, for the person who scores it: the student's words, as they are. `answer` is a hash of
    the answer's source, "" where there is none. With `by_hand`, a person gave `earned`; the outcome is "scored".
    """

    question: str
    points: float
    earned: float | None
    outcome: str
    lines: tuple[MarkedLine, ...] = ()
    message: str = ""
    text: str = ""
    answer: str = ""
    by_hand: ByHand | None = None


def mark(question: KeyedQuestion, found: dict[str, Any] | None, *, source: str | None) -> Mark:
    """The mark for `question`, given what the judge found (None: the grader failed) and the answer's source.

    Credit is by line: the question's points times the share of lines that are accepted. A question with a rubric
    has no credit before a person has read the answer.
    """
    answer = "" if source is None else hashlib.sha256(source.encode()).hexdigest()
    return replace(_marked(question, found, source), answer=answer)


def _marked(question: KeyedQuestion, found: dict[str, Any] | None, source: str | None) -> Mark:
    if source is None:
        return Mark(question.name, question.points, None, "missing")
    if found is None:
        return Mark(question.name, question.points, None, "failed")
    answer, check = found.get("answer", {}), found.get("check", {})
    untouched = source.split() == question.starter.split()
    if question.rubric:
        # An answer that stopped with an error is still read: then its text is the cell as it was written.
        lines = parse(check.get("shown") or "") if "stopped" not in found else None
        written = printable(str(lines.get("text", ""))) if lines and not answer.get("error") else source
        if not written.strip() or untouched:
            return Mark(question.name, question.points, 0.0, "blank")
        return Mark(question.name, question.points, None, "person", text=written)
    if "stopped" in found:
        outcome = "timeout" if found["stopped"] == "timeout" else "error"
        return Mark(question.name, question.points, 0.0, outcome, message=STOPPED[found["stopped"]])
    text = printable(check.get("shown") or "")
    lines, error = parse(text), printable(answer.get("error") or "")
    if lines is None:
        message = error or printable(check.get("error") or "The check could not show this answer.")
        return Mark(question.name, question.points, 0.0, "error", message=message)
    answers = {name: _printable(lines.get(name, "")) for name in question.key}
    marked = tuple(MarkedLine(name, given, given in question.accepted(name)) for name, given in answers.items())
    share = sum(line.right for line in marked) / len(marked)
    outcome = "right" if share == 1 else "partly" if share else "wrong"
    if share < 1 and untouched and all(line.given in ("", []) for line in marked):
        outcome = "blank"
    message = error or " ".join(notes(text))
    return Mark(question.name, question.points, round(question.points * share, 2), outcome, marked, message)


def _printable(value: Value) -> Value:
    return (
        printable(value) if isinstance(value, str) else [*map(_printable, value)] if isinstance(value, list) else value
    )
