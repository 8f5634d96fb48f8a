"""What a student gets back: how each question went, and for each wrong line the rule, the cue and a contrast."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kit.article import seeds as seeds_
from kit.article.reading import read
from kit.article.records import Annotation
from kit.check.answers import shown
from kit.check.feedback import Note, explain
from kit.setup import places
from kit.teacher.exercises.keys import KeyedQuestion
from kit.teacher.grading.grade import Graded
from kit.teacher.grading.points import OUTCOMES, Mark, MarkedLine

__all__ = ["Asked", "Part", "Row", "annotations", "is_lesson", "note", "parts"]

_LONGEST = 300  # letters of an error's last line
_HAPPENED = {
    "error": "Your cell stopped with an error of its own, so there was no answer to compare.",
    "timeout": "Your cell did not come to its end in the time that one cell has, or it ended the kernel. It was "
    "stopped there, and your other answers were graded without it.",
    "missing": "The cell for this answer is not in the file that you handed in. That is not a zero: a person looks.",
    "failed": "The grader itself failed here. This is not your fault, and it costs you nothing.",
    "blank": "Nothing was answered here.",
}
_NEXT = {
    "error": "Choose Kernel → Restart Kernel and Run All Cells in your notebook, and read the last line of the red "
    "text: it names what to mend.",
    "timeout": "Look for a loop that never ends, for a wait, and for input(), which waits for ever when nobody types.",
    "missing": "Ask your teacher to look at it, or hand the file in again with this cell in it.",
    "failed": "You need not do anything. Your teacher knows of it, and grades this question again.",
    "blank": "If you did not know how to begin, do the lesson that belongs to it once more.",
}
_NOT_DEFINED = (
    "Only your answer cells are graded. If the name was made in another cell of yours, move that line into the answer "
    "cell."
)


@dataclass(frozen=True)
class Row:
    """One wrong line: what was written, what helps (rule, cue, contrast; each may be ""), and what is accepted."""

    line: str
    given: str
    rule: str
    cue: str
    contrast: str
    accepted: str

    @property
    def helps(self) -> tuple[str, ...]:
        """The parts of the explanation that there are."""
        return tuple(part for part in (self.rule, self.cue, self.contrast) if part)


@dataclass(frozen=True)
class Asked:
    """One question on the page: its number and title, its mark, and in words what happened and what to do next."""

    number: int
    title: str
    mark: Mark
    question: KeyedQuestion
    how: str
    happened: str
    said: str
    next: str
    rows: tuple[Row, ...]

    @property
    def alike(self) -> tuple[str, ...]:
        """The explanation, where all lines have the same one."""
        return self.rows[0].helps if len({row.helps for row in self.rows}) == 1 and len(self.rows) > 1 else ()


@dataclass(frozen=True)
class Part:
    """One file of the student. Without `asked` it is a lesson, or it could not be graded."""

    one: Graded
    title: str
    lesson: bool
    asked: tuple[Asked, ...]


def parts(theirs: Sequence[Graded], notes: Mapping[str, Annotation]) -> list[Part]:
    """The files of one student, in words. `notes` are the annotations by article, from `annotations`."""
    return [
        Part(
            one,
            one.exercise.title if one.exercise else one.path.name,
            one.exercise is None and is_lesson(one),
            tuple(_asked(one, notes)) if one.exercise else (),
        )
        for one in theirs
    ]


def annotations(graded: Sequence[Graded], *, seeds: Path | None = None) -> dict[str, Annotation]:
    """The annotations of all articles that these exercises use, by name; from `seeds`, by default the kit's own."""
    names = {name for one in graded if one.exercise for name in one.exercise.blank}
    return {name: read((seeds or seeds_.seeds()) / f"{name}.toml") for name in sorted(names)}


def is_lesson(one: Graded) -> bool:
    """Whether this is a lesson that was handed in along with the exercises: nothing in it is graded."""
    return one.path.stem in {path.stem for path in places.notebooks().glob("*.ipynb")}


def note(one: Graded, question: KeyedQuestion, line: MarkedLine, notes: Mapping[str, Annotation]) -> tuple[str, Note]:
    """The words of a line's claim ("" where it is none) and why what was given is wrong."""
    blank = one.graded_exercise.blank
    used = [notes[name] for name in blank]
    avoid = frozenset(c.id for name, units in blank.items() for c in notes[name].claims if c.unit in units)
    for annotation in used:
        claim = annotation.by_id.get(line.name)
        if question.field and claim:
            found = explain(claim, question.field, shown(line.given), annotation=annotation, avoid=avoid)
            return claim.quote, found or Note(question.advice)
    if own := question.notes.get(line.name):
        return "", Note(own.words, misconception=own.misconception)
    return "", Note(question.advice)


def _asked(one: Graded, notes: Mapping[str, Annotation]) -> list[Asked]:
    questions = one.graded_exercise.by_name
    found = []
    for mark in one.marks:
        question = questions[mark.question]
        rows = tuple(_row(one, question, line, notes) for line in mark.lines if not line.right)
        found.append(
            Asked(
                question.number,
                question.title,
                mark,
                question,
                _how(mark),
                _HAPPENED.get(mark.outcome, ""),
                "" if mark.outcome in ("scored", "failed", "timeout") else _last(mark.message),
                _NOT_DEFINED if "is not defined" in mark.message else _NEXT.get(mark.outcome, ""),
                rows if mark.outcome != "blank" else (),
            )
        )
    return found


def _how(mark: Mark) -> str:
    if mark.outcome == "partly":
        return f"{sum(line.right for line in mark.lines)} of {len(mark.lines)} lines are right"
    if mark.outcome == "scored":
        return f"a person read it: {mark.message}"
    return OUTCOMES[mark.outcome]


def _last(message: str) -> str:
    lines = [line for line in message.splitlines() if line.strip()]
    return lines[-1][:_LONGEST] if lines else ""


def _row(one: Graded, question: KeyedQuestion, line: MarkedLine, notes: Mapping[str, Annotation]) -> Row:
    quote, found = note(one, question, line, notes)
    name = "" if line.name == "value" else f"{line.name}: “{quote}”" if quote else line.name
    accepted = " or ".join(shown(value) for value in (question.key[line.name], *question.accept.get(line.name, [])))
    return Row(name, shown(line.given), found.rule, found.cue, found.contrast, accepted)
