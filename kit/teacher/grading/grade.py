"""Grading one submission: its answers are run in our notebook by a judge, as often as it takes, and marked."""

# pyright: reportOptionalMemberAccess=false
# The judge is started with pipes.
from __future__ import annotations

import dataclasses
import functools
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.article.seeds import seeds as own_seeds
from kit.errors import KitError
from kit.questions import role
from kit.teacher.exercises.keys import Exercise, load, relabelled, write_edition
from kit.teacher.grading import submission
from kit.teacher.grading.points import OUTCOMES, Mark, mark
from kit.teacher.grading.submission import Submission
from kit.teacher.grading.transplant import joined, transplant
from kit.teacher.sandbox.kernels import Edition, Kernel
from kit.teacher.sandbox.limits import CELL_SECONDS, MORE_SECONDS, RUN_SECONDS

__all__ = ["Graded", "exercises", "grade_one", "trial"]

FORKS = sys.platform == "linux"
"""Whether a judge does each job in a fork of its own; elsewhere it ends after one."""
_JUDGE = (
    "from kit.teacher import grading; grading.start_fast(); "
    f"from kit.teacher.grading import judge; judge.main(forks={FORKS})"
)


@dataclass(frozen=True)
class Graded:
    """One submission after grading. Without `exercise` it could not be graded, and `notes` say why.

    What an LMS said of it: `ids`, pairs of a column of the roster and what stands there; `at`, when it was handed in,
    UTC in ISO 8601, "" where that is not known; `late`, whether it was late there. `sha256` is that of the file.
    Where the late rule takes something off, `lost` is how many points, and `late_words` why.
    """

    student: str
    path: Path
    exercise: Exercise | None
    marks: tuple[Mark, ...] = ()
    notes: tuple[str, ...] = ()
    ids: tuple[tuple[str, str], ...] = ()
    at: str = ""
    late: bool = False
    sha256: str = dataclasses.field(default="", compare=False)
    lost: float = 0.0
    late_words: str = ""

    @property
    def graded_exercise(self) -> Exercise:
        """The exercise, of a submission that could be graded."""
        assert self.exercise is not None, f"{self.path.name} could not be graded"
        return self.exercise

    @property
    def of_questions(self) -> float:
        """The sum of all points that were given."""
        return round(sum(mark.earned or 0.0 for mark in self.marks), 2)

    @property
    def extra(self) -> float:
        """What of it was earned by questions for extra credit."""
        asked = self.graded_exercise.by_name
        return round(sum(mark.earned or 0.0 for mark in self.marks if asked[mark.question].extra), 2)

    @property
    def earned(self) -> float:
        """What counts: this sum without what being late costs."""
        return round(self.of_questions - self.lost, 2)

    @property
    def undecided(self) -> bool:
        """Whether a person must look: some question, or all of it, has no points at all."""
        return self.exercise is None or any(mark.earned is None for mark in self.marks)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the person who grades should read: the notes, and by outcome the questions without points."""
        outcomes = dict.fromkeys(mark.outcome for mark in self.marks if mark.earned is None)
        asked = {how: ", ".join(m.question for m in self.marks if m.outcome == how) for how in outcomes}
        return (*self.notes, *(f"{names}: {OUTCOMES[how]}" for how, names in asked.items()))

    @property
    def waiting(self) -> int:
        """How many answers wait for points of a person; a file that could not be graded is one."""
        return sum(m.earned is None and m.outcome != "failed" for m in self.marks) if self.exercise else 1


def exercises(folder: Path, *, seeds: Path | None = None) -> dict[str, Exercise]:
    """All solved exercises in `folder`, by name. Their articles are in `seeds`, by default the kit's own.

    Raises KitError where an annotation was changed after a key was made from it.
    """
    found = [load(path) for path in sorted(folder.glob("*.ipynb"))]
    for exercise in found:
        if article := relabelled(exercise, seeds or own_seeds()):
            made = "`python -m kit new-course` in a new folder" if exercise.sealed else "`python -m kit build`"
            raise KitError(
                f"The labels in {article}.toml have changed since the key of {exercise.name} was made. "
                f"Put them back; or run {made}, look at what changed, and grade again."
            )
    return {exercise.name: exercise for exercise in found}


def grade_one(
    found: Submission,
    exercise: Exercise,
    *,
    kernel: Kernel,
    seeds: Path | None = None,
    cell_seconds: float = CELL_SECONDS,
) -> tuple[tuple[Mark, ...], tuple[str, ...]]:
    """The marks of one submission, one per question, and notes for the person who grades.

    The articles are those in `seeds`, by default the kit's own; students' code sees their edition of them.
    An answer that does not end, or that ends the kernel, is taken out, and the rest is run again: one answer
    never costs another its points. Where one changes what is ours, each later one counts as it does after it, or from
    our data again: whichever earns more.
    """
    given = submission.answers(found, exercise)
    sources = {name: answer.source for name, answer in given.items()}
    seen: dict[str, Any] = {}
    while (result := trial(exercise, sources, kernel, cell_seconds, seeds=seeds)) is not None:
        stopped = {name: what for name, what in result.items() if "stopped" in what}
        seen = result | {name: what for name, what in seen.items() if "stopped" in what} | stopped
        if not stopped:
            break
        sources |= dict.fromkeys(stopped)
    notes = tuple(f"{name}: {answer.note}" for name, answer in given.items() if answer.note)

    def marks(found: dict[str, Any]) -> tuple[Mark, ...]:
        return tuple(mark(one, found.get(one.name), source=given[one.name].source) for one in exercise.questions)

    earned = marks(seen)
    short = any(one.earned is not None and one.earned < one.points for one in earned)
    if short and transplant(exercise, sources, afresh=True) != transplant(exercise, sources):
        again = marks(trial(exercise, sources, kernel, cell_seconds, seeds=seeds, afresh=True) or {})
        earned = tuple(max(pair, key=lambda one: one.earned or 0.0) for pair in zip(earned, again, strict=True))
    return earned, notes


def trial(
    exercise: Exercise,
    sources: dict[str, str | None],
    kernel: Kernel,
    cell_seconds: float,
    *,
    seeds: Path | None = None,
    afresh: bool = False,
) -> dict[str, dict[str, Any]] | None:
    """Run `sources`, transplanted into the exercise, under nbval in a process of its own. `seeds` as in `grade_one`,
    `afresh` as in `transplant`.

    Returns, per question, what the judge found; None where that process failed, which is our fault and nobody else's.
    """
    cells = joined(transplant(exercise, sources, afresh=afresh)["cells"])
    first = next((place for place, cell in enumerate(cells) if role(cell)[0] in ("answer", "check")), 0)
    opening = tuple(cell["source"] for cell in cells[:first])
    edition = _edition(seeds or own_seeds(), tuple(exercise.blank.items()), exercise.sealed, opening)
    if kernel.prepared(edition):
        del cells[:first]
    key = {role(c)[1]: c["outputs"] for c in exercise.notebook["cells"] if role(c)[0] == "check"}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as theirs:
        job = {
            "cells": cells,
            "scratch": theirs,
            "key": key,
            "seconds": cell_seconds,
            "kernel": kernel.name,
            "environment": kernel.environment(Path(theirs), edition),
        }
        return _judged(job, RUN_SECONDS + (cell_seconds + MORE_SECONDS) * len(cells))


@functools.lru_cache(maxsize=16)
def _edition(
    seeds: Path, blank: tuple[tuple[str, tuple[str, ...]], ...], sealed: bool, cells: tuple[str, ...]
) -> Edition:
    """The students' edition, with `cells` to run before the first answer; making it takes long."""
    with tempfile.TemporaryDirectory() as folder:
        write_edition(seeds, dict(blank), Path(folder), seal=sealed)
        return Edition(tuple((path.name, path.read_bytes()) for path in sorted(Path(folder).iterdir())), cells)


def _judged(job: dict[str, Any], seconds: float) -> dict[str, dict[str, Any]] | None:
    judge = _idle.pop() if _idle else _JudgeProcess()
    try:
        found = json.loads(judge.ask(json.dumps(job), seconds))["found"]
    except (ValueError, KeyError, TypeError):
        found = None
    if found is not None and FORKS:
        _idle.append(judge)
    else:  # what else it may have to say would be taken for the answer to the next job
        judge.end()
    return found


class _JudgeProcess:
    """A process that judges one job after another, each in a fork of its own where the system can fork."""

    def __init__(self) -> None:
        bare = {name: text for name, text in os.environ.items() if not name.startswith(("KIT_", "PYTEST_"))}
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-c", _JUDGE],
            env=bare | {"PYTHONDONTWRITEBYTECODE": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            encoding="utf-8",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def ask(self, job: str, seconds: float) -> str:
        """What the judge says to a job; "" where it did not end by itself within `seconds`."""
        limit = threading.Timer(seconds, self.kill)
        limit.start()
        try:
            self.process.stdin.write(job + "\n")
            self.process.stdin.flush()
            return self.process.stdout.readline()
        except OSError:
            return ""
        finally:
            limit.cancel()

    def kill(self) -> None:
        with suppress(ProcessLookupError, AttributeError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()

    def end(self) -> None:
        """Kill it, wait for it, and close its pipes."""
        with suppress(OSError), self.process:
            self.kill()


_idle: list[_JudgeProcess] = []
