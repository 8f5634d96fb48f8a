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

__all__ = ["FEWEST", "RUN", "Pair", "pairs", "rare"]

FEWEST = 4
"""Rare wrong answers in common, at the least."""
RUN = 12
"""Words in a row of two written answers that stand neither in the article nor in the exercise."""


@dataclass(frozen=True)
class Pair:
    """Two students' submissions of one exercise: rare errors in common, lines that differ, and words in a row.

    `same` holds the question, the line, the wrong answer and how many more of the class gave it; `differ` the question,
    the line and both answers. `lines` is how many lines both answered in all.
    """

    exercise: Exercise
    students: tuple[str, str]
    same: tuple[tuple[str, str, str, int], ...]
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
        titles = {question.name: question.title for question in exercise.questions}
        lines = {
            one.student: {(m.question, line.name): _plain(shown(line.given)) for m in one.marks for line in m.lines}
            for one in theirs
        }
        words = {one.student: " ".join(mark.text for mark in one.marks) for one in theirs}
        asked = (cell for cell in exercise.notebook["cells"] if role(cell)[0] not in ("answer", "sample"))
        read = [*(notes[name].text for name in exercise.blank), *("".join(cell["source"]) for cell in asked)]
        wrong, runs = _wrong(theirs), _runs(words, " ".join(read))
        shared = Counter(pair for names in wrong.values() for pair in combinations(sorted(names), 2))
        for pair in sorted({pair for pair, count in shared.items() if count >= FEWEST} | runs):
            a, b = (lines[student] for student in pair)
            both = [(titles[place[0]], place, given, b[place]) for place, given in a.items() if place in b]
            same = tuple(
                (title, place[1], given, len(wrong[*place, given]) - 2)
                for title, place, given, other in both
                if given == other and set(pair) <= set(wrong.get((*place, given), ()))
            )
            differ = tuple((title, place[1], given, other) for title, place, given, other in both if given != other)
            run = _longest_run(*(words[student] for student in pair)) if pair in runs else ""
            if run or (len(same) >= FEWEST and len(same) >= len(differ)):
                found.append(Pair(exercise, pair, same, differ, len(both), run))
    return sorted(found, key=lambda pair: (-len(pair.same), len(pair.differ), pair.students))


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


def _longest_run(text: str, other: str) -> str:
    """The most words in a row that stand in both."""
    words = text.split()
    run = SequenceMatcher(None, words, other.split(), autojunk=False).find_longest_match()
    return " ".join(words[run.a : run.a + run.size])


def _shingles(text: str) -> Iterable[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return zip(*(words[start:] for start in range(RUN)), strict=False)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
