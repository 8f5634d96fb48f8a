"""What a student gets back: a page on how each question went, and what helps with each wrong line.

Words of students are escaped: on the page in HTML by the template, in Markdown by `in_markdown`.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kit.article.annotation_file import read
from kit.article.records import Annotation
from kit.article.seeds import seeds as own_seeds
from kit.check.answers import in_quotes, shown
from kit.check.feedback import Note, explain
from kit.setup import places
from kit.setup.environment import VERSION
from kit.teacher.exercises.keys import Exercise, KeyedQuestion
from kit.teacher.grading.grade import Graded
from kit.teacher.grading.points import OUTCOMES, Mark, MarkedLine
from kit.teacher.pages_and_tables import file_name, templates

_SIGNS = re.compile(r"([\\`*_\[\]<>&#|~$!@]|:(?=//)|(?<=www)\.)")
_START = re.compile(r"^([-+=]|\d+(?=[.)]))", re.MULTILINE)
_SAID: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def pages(
    graded: Sequence[Graded],
    *,
    isolation: str,
    show_key: bool = False,
    alone: bool = False,
    suffixes: Sequence[str] = (".html",),
    seeds: Path | None = None,
) -> Iterator[tuple[str, str]]:
    """File name and text, one after the other: a self-contained page per student for each of `suffixes` (.html, .md).

    The key is on it only with `show_key`; with `alone`, nobody else is said to score what is written. `seeds` holds the
    articles, by default the kit's own. What a student wrote is escaped.
    """
    by_student: dict[str, list[Graded]] = {}
    for one in graded:
        by_student.setdefault(one.student, []).append(one)
    notes = annotations(graded, seeds=seeds)
    environment = templates(Path(__file__).parent / "templates", points=in_points, md=in_markdown)
    about = {"isolation": isolation, "version": VERSION, "show_key": show_key, "alone": alone}
    for student, theirs in by_student.items():
        words = {"student": student, "parts": parts(theirs, notes), **about}
        for suffix in suffixes:
            yield file_name(student, suffix), environment.get_template(f"feedback{suffix}").render(words)


def in_points(number: float | None) -> str:
    """A number of points as people write it: 2, 2.5; “none yet” for None."""
    return "none yet" if number is None else f"{number:g}"


def in_markdown(text: object) -> str:
    """`text` as it is, in Markdown: no sign in it means anything, no link and no HTML comes of it."""
    lines = (line.strip() for line in str(text).splitlines())
    escaped = _SIGNS.sub(r"\\\1", "\n".join(lines))
    return _START.sub(lambda found: f"\\{found[1]}" if not found[1].isdigit() else f"{found[1]}\\", escaped)


@dataclass(frozen=True)
class Row:
    """One wrong line: what was written, what helps (of rule, cue and contrast what there is), and what is accepted."""

    line: str
    given: str
    helps: tuple[str, ...]
    accepted: str


@dataclass(frozen=True)
class Asked:
    """One question on the page: its mark, and a row for each wrong line."""

    question: KeyedQuestion
    mark: Mark
    rows: tuple[Row, ...]

    @property
    def how(self) -> str:
        """How it went, in a few words."""
        if self.mark.outcome == "partly":
            return f"{sum(line.right for line in self.mark.lines)} of {len(self.mark.lines)} lines are right"
        if self.mark.by_hand:
            return ": ".join(filter(None, (OUTCOMES["scored"], self.mark.by_hand.level)))
        return OUTCOMES[self.mark.outcome]

    @property
    def happened(self) -> str:
        """What happened where there was no answer to compare."""
        return _SAID.get(self.mark.outcome, {}).get("happened", "")

    @property
    def said(self) -> str:
        """The last line of the error, or what the check said: 300 letters of it at the most."""
        lines = [line for line in self.mark.message.splitlines() if line.strip()]
        return lines[-1][:300] if lines and self.mark.outcome not in ("scored", "failed", "timeout") else ""

    @property
    def next(self) -> str:
        """What to do now."""
        unknown = "is not defined" in self.mark.message and not self.mark.by_hand
        return _SAID.get("not_defined" if unknown else self.mark.outcome, {}).get("next", "")

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
        Part(one, one.exercise.title, False, tuple(_asked(one.exercise, mark, notes) for mark in one.marks))
        if one.exercise
        else Part(one, one.path.name, is_lesson(one), ())
        for one in theirs
    ]


def _asked(exercise: Exercise, mark: Mark, notes: Mapping[str, Annotation]) -> Asked:
    question, rows = exercise.by_name[mark.question], []
    for line in mark.lines if mark.outcome != "blank" and mark.earned != mark.points else ():
        if not line.right:
            quote, why = note(exercise, question, line, notes)
            name = "" if line.name == "value" else f"{line.name}: “{quote}”" if quote else line.name
            helps = tuple(in_quotes(part) for part in (why.rule, why.cue, why.contrast) if part)
            rows.append(Row(name, shown(line.given), helps, " or ".join(map(shown, question.accepted(line.name)))))
    return Asked(question, mark, tuple(rows))


def note(
    exercise: Exercise, question: KeyedQuestion, line: MarkedLine, notes: Mapping[str, Annotation]
) -> tuple[str, Note]:
    """The words of a line's claim ("" where it is none) and why what was given is wrong."""
    avoid = frozenset(c.id for name, units in exercise.blank.items() for c in notes[name].claims if c.unit in units)
    for annotation in (notes[name] for name in exercise.blank if question.field):
        if claim := annotation.by_id.get(line.name):
            found = explain(claim, question.field, shown(line.given), annotation=annotation, avoid=avoid)
            return claim.quote, found or Note(question.advice)
    if own := question.notes.get(line.name):
        return "", Note(own.words, misconception=own.misconception)
    return "", Note(question.advice)


def annotations(graded: Sequence[Graded], *, seeds: Path | None = None) -> dict[str, Annotation]:
    """The annotations of all articles that these exercises use, by name; from `seeds`, by default the kit's own."""
    names = {name for one in graded if one.exercise for name in one.exercise.blank}
    return {name: read((seeds or own_seeds()) / f"{name}.toml") for name in sorted(names)}


def is_lesson(one: Graded) -> bool:
    """Whether this is a lesson that was handed in along with the exercises: nothing in it is graded."""
    return one.path.stem in {path.stem for path in places.notebooks().glob("*.ipynb")}
