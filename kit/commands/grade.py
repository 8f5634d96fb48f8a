"""Grade a folder of submitted notebooks."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from kit import places

if TYPE_CHECKING:
    from kit.grading.grade import Graded


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("submissions", type=Path, help="a folder per student, or one file per student")
    parser.add_argument("-o", "--out", type=Path, default=Path("grades"), help="where to write (default: grades/)")
    parser.add_argument("--workers", type=int, help="how many notebooks at a time (default: one per core)")


def run(options: argparse.Namespace) -> int:
    from tqdm import tqdm

    from kit.grading import grade, report
    from kit.grading.kernel import ColdKernel

    kernel = ColdKernel()
    options.out.mkdir(parents=True, exist_ok=True)
    keys = grade.exercises(places.solutions())
    count, coming = grade.grade_class(options.submissions, keys=keys, kernel=kernel, workers=options.workers)
    graded, on_terminal = [], sys.stderr.isatty()
    with tqdm(total=count, unit="notebook", disable=not on_terminal) as bar:
        for one in coming:
            graded.append(one)
            bar.update()
            if not on_terminal:
                print(_plain(f"{len(graded)} of {count}: {one.student}"), file=sys.stderr)
    graded.sort(key=lambda one: (one.student, one.exercise.name if one.exercise else "", one.path.name))
    written = report.write(graded, options.out, isolation=kernel.isolation)
    print(f"{written}: {count} submissions. A page of feedback per student: {written.parent / 'feedback'}")
    return _left(graded)


def _plain(text: str) -> str:
    """`text` without what a terminal would obey or could not show: names of files come from strangers."""
    return "".join(c if c.isprintable() else "?" for c in text)


def _left(graded: list[Graded]) -> int:
    """Name what a person must look at. The grader's own failures, and only they, are a failure of the command."""
    for one in graded:
        name = one.exercise.name if one.exercise else one.path.name
        for note in one.notes:
            print(_plain(f"Look at {one.student}, {name}: {note}."))
    outcomes = Counter(mark.outcome for one in graded for mark in one.marks)
    if written := sum(len(one.written) for one in graded):
        print(f"{written} written answer{'s wait' if written > 1 else ' waits'} for a person.")
    if outcomes["failed"]:
        print(f"{outcomes['failed']} questions could not be graded by a fault of the grader. Grade again.")
    return 1 if outcomes["failed"] else 0
