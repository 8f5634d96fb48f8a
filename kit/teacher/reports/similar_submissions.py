"""Submissions that resemble each other where they need not: the same rare wrong answers, or the same odd words.

That two students give the same right answer is expected and says nothing, and so does a wrong answer that many give.
What is counted are exact errors in common, as in Harpp, Hogan and Jennings, "Crime in the classroom: Part II", Journal
of Chemical Education 73 (1996), but only rare ones: a pair is shown where it has at least as many of them as lines on
which it differs. That index is simple and known to be crude; it finds pairs to look at, and proves nothing.
"""

from __future__ import annotations

import re
import string
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby

from kit.article.records import Annotation
from kit.check.answers import shown
from kit.questions import role
from kit.teacher.exercises.keys import Exercise
from kit.teacher.grading.grade import Graded
from kit.teacher.reports.class_statistics import by_exercise
from kit.teacher.sandbox.limits import LONGEST

FEWEST = 4
"""Rare wrong answers in common, at the least."""
RUN = 12
"""Words in a row of two written answers that stand neither in the article nor in the exercise."""
_SHOWN = 1_000
"""Letters of such a run that are shown."""

_AROUND = f"{string.punctuation}“”‘’«»–—…"


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


def too_long(graded: Sequence[Graded]) -> list[tuple[str, str]]:
    """Student and exercise of each text that is too long to be compared: longer than `limits.LONGEST`."""
    return [(one.student, one.exercise.title) for one in graded if one.exercise and len(_text(one)) > LONGEST]


def pairs(graded: Sequence[Graded], notes: Mapping[str, Annotation], *, most: int) -> tuple[list[Pair], int]:
    """The first `most` pairs of submissions to look at, most rare errors in common first, and how many more there are.

    Never a verdict. Only what is returned is compared in full: a class of copies has very many pairs.
    """
    found = []
    for exercise, theirs in by_exercise(graded):
        asked = (cell for cell in exercise.notebook["cells"] if role(cell)[0] not in ("answer", "sample"))
        read = [*(notes[name].text for name in exercise.blank), *("".join(cell["source"]) for cell in asked)]
        one = _Compared(exercise, theirs, " ".join(read))
        found += [(-same, differ, students, one) for same, differ, students in one.found()]
    found.sort(key=lambda pair: pair[:3])
    return [one.pair(students) for *_, students, one in found[:most]], max(0, len(found) - most)


class _Compared:
    """The submissions of one exercise, each student's lines and words; `read` is what everybody has read."""

    def __init__(self, exercise: Exercise, theirs: Sequence[Graded], read: str) -> None:
        self.exercise = exercise
        self.lines = {
            one.student: {(m.question, line.name): _plain(shown(line.given)) for m in one.marks for line in m.lines}
            for one in theirs
        }
        self.words = {one.student: text for one in theirs if len(text := _text(one)) <= LONGEST}
        self.wrong = _wrong(theirs)
        usual = {shingle for shingle, _ in _shingles(read)}
        self.shingles = {text: {one for one, _ in _shingles(text)} - usual for text in set(self.words.values())}

    def found(self) -> Iterator[tuple[int, int, tuple[str, str]]]:
        """Each pair, with how many rare wrong answers it shares, and on how many lines it differs."""
        shared = Counter(pair for names in self.wrong.values() for pair in combinations(sorted(names), 2))
        runs = set(self._runs())
        for pair in {pair for pair, count in shared.items() if count >= FEWEST} | runs:
            a, b = (self.lines[student] for student in pair)
            differ = sum(b.get(place, given) != given for place, given in a.items())
            if pair in runs or shared[pair] >= differ:
                yield shared[pair], differ, pair

    def _runs(self) -> Iterator[tuple[str, str]]:
        """Pairs of students whose texts share a run of words that is in neither the article nor the exercise."""
        holders: dict[int, list[str]] = defaultdict(list)
        for student, text in self.words.items():
            for shingle in self.shingles[text]:
                holders[shingle].append(student)
        few = {frozenset(names) for names in holders.values() if 2 <= len(names) <= rare(len(self.words))}
        groups: list[frozenset[str]] = []
        for names in sorted(few, key=len, reverse=True):
            if not any(names <= group for group in groups):  # else its pairs are known, of which there are many
                groups.append(names)
                yield from combinations(sorted(names), 2)

    def pair(self, students: tuple[str, str]) -> Pair:
        """The pair with all that is shown of it."""
        titles = {question.name: question.title for question in self.exercise.questions}
        a, b = (self.lines[student] for student in students)
        both = [(titles[place[0]], place, given, b[place]) for place, given in a.items() if place in b]
        same = tuple(
            (title, place[1], given, len(self.wrong[*place, given]) - 2)
            for title, place, given, other in both
            if given == other and self.wrong.get((*place, given), frozenset()).issuperset(students)
        )
        differ = tuple((title, place[1], given, other) for title, place, given, other in both if given != other)
        return Pair(self.exercise, students, same, differ, len(both), self._longest_run(*students))

    def _longest_run(self, student: str, other: str) -> str:
        """The most words in a row that both wrote, as `student` wrote them: "" where there is no such run."""
        text, theirs = self.words.get(student, ""), self.shingles.get(self.words.get(other, ""), set())
        runs = (list(run) for both, run in groupby(_shingles(text), key=lambda one: one[0] in theirs) if both)
        longest = max(runs, key=len, default=[])
        run = text[longest[0][1].start : longest[-1][1].stop] if longest else ""
        return run if len(run) <= _SHOWN else f"{run[:_SHOWN]} …"


def _wrong(theirs: Sequence[Graded]) -> dict[tuple[str, str, str], frozenset[str]]:
    """(question, line, wrong answer) to the students who gave it, where these are few but not one."""
    givers: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for one in theirs:
        for mark in one.marks:
            for line in mark.lines:
                if not line.right and line.given not in ("", []):
                    givers[mark.question, line.name, _plain(shown(line.given))].add(one.student)
    return {place: frozenset(names) for place, names in givers.items() if 2 <= len(names) <= rare(len(theirs))}


def _shingles(text: str) -> Iterator[tuple[int, slice]]:
    """Every `RUN` words in a row, as a hash of them in small letters, and where they stand."""
    found = ((word[0].strip(_AROUND).casefold(), word) for word in re.finditer(r"\S+", text))
    words = [(small, word) for small, word in found if small]
    for at in range(len(words) - RUN + 1):
        row = words[at : at + RUN]
        yield hash(tuple(small for small, _ in row)), slice(row[0][1].start(), row[-1][1].end())


def _text(one: Graded) -> str:
    return " ".join(mark.text for mark in one.marks)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
