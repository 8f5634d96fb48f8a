"""Submissions that resemble each other where they need not: the same rare wrong answers, or the same odd words.

That two students give the same right answer is expected and says nothing, and so does a wrong answer that many give.
What is counted are exact errors in common, as in Harpp, Hogan and Jennings, "Crime in the classroom: Part II", Journal
of Chemical Education 73 (1996), but only rare ones: a pair is shown where it has at least as many of them as lines on
which it differs. That index is simple and known to be crude; it finds pairs to look at, and proves nothing.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations

from kit.article.records import Annotation
from kit.check.answers import shown
from kit.questions import role
from kit.teacher.exercises.keys import Exercise
from kit.teacher.grading.grade import Graded
from kit.teacher.reports.class_statistics import by_exercise

__all__ = ["FEWEST", "RUN", "Pair", "Same", "pairs", "rare"]

FEWEST = 4
"""Rare wrong answers in common, at the least."""
RUN = 12
"""Words in a row of two written answers that stand neither in the article nor in the exercise."""


@dataclass(frozen=True)
class Same:
    """One wrong answer that both gave; `others` is how many more of the class gave it too."""

    title: str
    line: str
    given: str
    others: int


@dataclass(frozen=True)
class Pair:
    """Two students' submissions of one exercise: rare errors in common, lines that differ, and words in a row.

    `differ` holds the question, the line and both answers; `lines` is how many lines both answered in all.
    """

    exercise: Exercise
    students: tuple[str, str]
    same: tuple[Same, ...]
    differ: tuple[tuple[str, str, str, str], ...]
    lines: int
    words: str


def rare(students: int) -> int:
    """How many of a class may give a wrong answer that is still rare: two, or one in ten."""
    return max(2, students // 10)


def pairs(graded: Sequence[Graded], notes: Mapping[str, Annotation]) -> list[Pair]:
    """The pairs of submissions to look at, most rare errors in common first. Never a verdict."""
    found = []
    for exercise, theirs in by_exercise(graded):
        lines = {one.student: _lines(one) for one in theirs}
        words = {one.student: " ".join(mark.text for mark in one.marks) for one in theirs}
        known = " ".join([*(notes[name].text for name in exercise.blank), *_read_by_all(exercise)])
        wrong, runs = _wrong(theirs), _runs(words, known)
        shared = Counter(pair for names in wrong.values() for pair in combinations(sorted(names), 2))
        for pair in sorted({pair for pair, count in shared.items() if count >= FEWEST} | runs):
            one = _pair(exercise, pair, lines, wrong, words if pair in runs else {})
            if one.words or (len(one.same) >= FEWEST and len(one.same) >= len(one.differ)):
                found.append(one)
    return sorted(found, key=lambda pair: (-len(pair.same), len(pair.differ), pair.students))


def _lines(one: Graded) -> dict[tuple[str, str], str]:
    return {(mark.question, line.name): _plain(shown(line.given)) for mark in one.marks for line in mark.lines}


def _wrong(theirs: Sequence[Graded]) -> dict[tuple[str, str, str], list[str]]:
    """(question, line, wrong answer) to the students who gave it, where these are few but not one."""
    givers: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for one in theirs:
        for mark in one.marks:
            for line in mark.lines:
                if not line.right and line.given not in ("", []):
                    givers[mark.question, line.name, _plain(shown(line.given))].append(one.student)
    return {place: names for place, names in givers.items() if 2 <= len(names) <= rare(len(theirs))}


def _runs(words: dict[str, str], known: str) -> set[tuple[str, str]]:
    """Pairs of students whose texts share a run of words that is in neither the article nor the exercise."""
    usual, holders = set(_shingles(known)), defaultdict(list)
    for student, text in words.items():
        for run in set(_shingles(text)) - usual:
            holders[run].append(student)
    few = (names for names in holders.values() if 2 <= len(names) <= rare(len(words)))
    return {pair for names in few for pair in combinations(sorted(names), 2)}


def _pair(
    exercise: Exercise,
    pair: tuple[str, str],
    lines: dict[str, dict[tuple[str, str], str]],
    wrong: dict[tuple[str, str, str], list[str]],
    words: dict[str, str],
) -> Pair:
    a, b = (lines[student] for student in pair)
    asked = exercise.by_name
    same = tuple(
        Same(asked[question].title, name, given, len(wrong[question, name, given]) - 2)
        for (question, name), given in a.items()
        if b.get((question, name)) == given and set(pair) <= set(wrong.get((question, name, given), ()))
    )
    both = [place for place in a if place in b]
    differ = tuple((asked[place[0]].title, place[1], a[place], b[place]) for place in both if a[place] != b[place])
    one, other = (words.get(student, "").split() for student in pair)
    run = SequenceMatcher(None, one, other, autojunk=False).find_longest_match()
    return Pair(exercise, pair, same, differ, len(both), " ".join(one[run.a : run.a + run.size]))


def _read_by_all(exercise: Exercise) -> list[str]:
    """What every student has read: the exercise without its solutions."""
    return ["".join(c["source"]) for c in exercise.notebook["cells"] if role(c)[0] not in ("answer", "sample")]


def _shingles(text: str) -> Iterable[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return zip(*(words[start:] for start in range(RUN)), strict=False)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
