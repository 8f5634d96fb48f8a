"""A class of made-up students over the questions of real exercises: seeded, in memory, nothing is run."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable
from pathlib import Path

from kit.article import codebook
from kit.article.loading import load_article
from kit.check.answers import Value, shown
from kit.teacher.exercises.keys import Exercise, KeyedQuestion
from kit.teacher.grading.grade import Graded
from kit.teacher.grading.points import Mark, MarkedLine

CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,Acts and contents (771),Final Score
    Points Possible,,,,,24,(read only)
"Vale, Ana",101,S1,ana@x.org,A,,
"Ohm, Bo",102,S2,bo@x.org,A,,
"""
MOODLE = "First name;Last name;ID number;Email address\nAna;Vale;S1;Ana@x.org\nBo;Ohm;S2;bo@x.org\n"
STRANGE = "<script>alert('x')</script> =cmd()|x ‮"
NAMES = (
    "ana ben chi dina eli fay gus hana ivo jun kim lea mo nia omar pia quy ravi sara tom uma vic wen xia yan zoe "
    "abel bea cleo dag ewa finn gita hugo inga jo kai lou mei ned"
).split()


def made(exercises: Iterable[Exercise], *, students: int = 40, seed: int = 7) -> list[Graded]:
    """A class: most answer everything, better or worse; two hand in nearly the same; some things go wrong."""
    dice = random.Random(seed)
    names = [NAMES[n] if n < len(NAMES) else f"student{n:03}" for n in range(students)]
    able = {name: dice.gauss(0.9, 1.1) for name in names}
    hard: dict[tuple[str, str, str], float] = {}
    graded = []
    for exercise in exercises:
        theirs = {name: _marks(exercise, able[name], dice, hard) for name in names}
        if students > 8:
            theirs[names[4]] = _almost(theirs[names[3]])
        graded += [
            Graded(name, Path(f"{name}/{exercise.name}.ipynb"), exercise, marks) for name, marks in theirs.items()
        ]
    return _accidents(graded) if students > 8 else graded


def of(exercise: Exercise, student: str, **given: dict[str, object]) -> Graded:
    """A submission with these answers; every line that is not named is right."""
    marks = []
    for question in exercise.questions:
        answers = {name: given.get(question.name, {}).get(name, key) for name, key in question.key.items()}
        lines = tuple(MarkedLine(name, answer, answer in question.accepted(name)) for name, answer in answers.items())
        share = sum(line.right for line in lines) / len(lines)
        marks.append(
            Mark(question.name, question.points, question.points * share, "right" if share == 1 else "partly", lines)
        )
    return Graded(student, Path(f"{student}.ipynb"), exercise, tuple(marks))


RIGHT = {claim.id: claim.accepts("status")[0] for claim in load_article("sentences").annotation.claims}


def form(letter: str, right: int) -> dict[str, str]:
    """The answers to a form of which the first `right` are right, and the others blank."""
    return {name: label if int(name[1:]) <= right else "" for name, label in RIGHT.items() if name[0] == letter}


def _marks(
    exercise: Exercise, able: float, dice: random.Random, hard: dict[tuple[str, str, str], float]
) -> tuple[Mark, ...]:
    found = []
    for question in exercise.questions:
        if question.rubric:
            words = [dice.choice("who says so of act content source open claim S17a S12b".split()) for _ in range(120)]
            text = f"{' '.join(words)}\n\n{STRANGE}"
            found.append(Mark(question.name, question.points, None, "person", text=text))
            continue
        lines = []
        for name in question.key:
            where = (exercise.name, question.name, name)
            hard.setdefault(where, dice.gauss(0, 1.2))
            right = dice.random() < 1 / (1 + math.exp(hard[where] - able))
            given = dice.choice(question.accepted(name)) if right else _wrong(question, name, dice)
            lines.append(MarkedLine(name, given, right))
        found.append(_mark(question, tuple(lines)))
    return tuple(found)


def _mark(question: KeyedQuestion, lines: tuple[MarkedLine, ...]) -> Mark:
    share = sum(line.right for line in lines) / len(lines)
    outcome = "right" if share == 1 else "partly" if share else "wrong"
    return Mark(question.name, question.points, round(question.points * share, 2), outcome, lines)


def _wrong(question: KeyedQuestion, name: str, dice: random.Random) -> Value:
    right = question.accepted(name)
    if dice.random() < 0.05:
        return ""
    if question.field:
        others = [label for label in codebook.names(question.field) if label not in right]
        return dice.choices(others, [3.0, *[1.0] * (len(others) - 1)])[0]
    key = question.key[name]
    if isinstance(key, list) and all(isinstance(item, int | float) for item in key):
        return [item + dice.choice([0, 1, 2, 5]) for item in key] + [7] * (dice.random() < 0.1)
    if isinstance(key, int | float):
        return key + dice.choice([1, 2, -1, 10, 0.5])
    return f"{shown(key).split()[0]} {dice.choice(['news', 'the', 'Friday', 'soldiers', STRANGE])}"


def _almost(marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    """The same answers, but for one line."""
    changed = list(marks)
    for at, one in enumerate(marks):
        if len(one.lines) > 4:
            other = MarkedLine(one.lines[0].name, "" if one.lines[0].right else one.lines[0].given, False)
            changed[at] = Mark(one.question, one.points, one.earned, one.outcome, (other, *one.lines[1:]))
            break
    return tuple(changed)


def _accidents(graded: list[Graded]) -> list[Graded]:
    first = graded[0].exercise
    kinds = {
        7: ("error", 0.0, "NameError: name 'claims2' is not defined"),
        8: ("timeout", 0.0, "This cell did not end by itself, or it ended the kernel."),
        9: ("missing", None, ""),
        10: ("failed", None, "OSError"),
        11: ("blank", 0.0, ""),
    }
    for at, (outcome, earned, message) in kinds.items():
        one = graded[at]
        spoilt = Mark(one.marks[-1].question, one.marks[-1].points, earned, outcome, message=message)
        graded[at] = Graded(one.student, one.path, one.exercise, (*one.marks[:-1], spoilt))
    graded[12] = Graded(
        graded[12].student, Path(f"{first.name}.ipynb"), None, notes=("the file is cut off or damaged: it is not JSON",)
    )
    graded.append(Graded("zoe", Path("07_looking_back.ipynb"), None, notes=("it is another notebook",)))
    return graded
