"""Grade a folder of submitted notebooks."""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kit import places

if TYPE_CHECKING:
    from kit.grading.engine import Engine
    from kit.grading.grade import Graded

BOOK = "gradebook.sqlite"
_SHAPE = "{n_fmt} of {total_fmt} |{bar}| {elapsed}, {remaining} left{postfix}"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("submissions", type=Path, help="a folder per student, or one file per student")
    parser.add_argument("-o", "--out", type=Path, default=Path("grades"), help="where to write (default: grades/)")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--workers", type=int, help="how many notebooks at a time (default: one per core)")
    where.add_argument("--dask", metavar="ADDRESS", help="grade on the workers of this dask.distributed scheduler")
    where.add_argument("--executor", metavar="MODULE:FUNCTION", help="grade on the executor that this returns")


def run(options: argparse.Namespace) -> int:
    from kit.grading import classroom, grade, gradebook, report
    from kit.grading.kernel import ColdKernel

    kernel = ColdKernel()
    keys = grade.exercises(places.solutions())
    engine = _engine(options)
    options.out.mkdir(parents=True, exist_ok=True)
    with gradebook.opened(options.out / BOOK, keys, versions=classroom.versions(kernel)) as book:
        count, coming = classroom.grade_class(options.submissions, book, keys=keys, kernel=kernel, engine=engine)
        graded = list(_told(coming, count))
    graded.sort(key=lambda one: (one.student, one.exercise.name if one.exercise else "", one.path.name))
    written = report.write(graded, options.out, isolation=kernel.isolation)
    print(f"{written}: {count} submissions. A page of feedback per student: {written.parent / 'feedback'}")
    return _left(graded)


def _engine(options: argparse.Namespace) -> Engine:
    from kit.grading import engine

    if options.dask:
        return engine.dask(options.dask)
    return (
        engine.named(options.executor) if options.executor else engine.processes(options.workers or os.cpu_count() or 1)
    )


def _told(coming: Iterator[tuple[Graded, bool]], count: int) -> Iterator[Graded]:
    """Pass the grades on, and say how far it is: a bar on a terminal, elsewhere some plain lines."""
    from tqdm import tqdm

    seen: Counter[str] = Counter()
    plain = not sys.stderr.isatty()
    with tqdm(total=count, disable=plain, bar_format=_SHAPE) as bar:
        for one, fresh in coming:
            seen["not graded" if one.undecided else "graded"] += 1
            seen["as before"] += not fresh
            bar.set_postfix_str(", ".join(f"{number} {what}" for what, number in seen.items() if number), refresh=False)
            bar.update()
            done = seen["graded"] + seen["not graded"]
            if plain and (done == count or done % max(1, count // 20) == 0):
                counts = ", ".join(f"{number} {what}" for what, number in seen.items() if number)
                print(f"{done} of {count}: {counts}, {count - done} waiting", file=sys.stderr)
            yield one


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
