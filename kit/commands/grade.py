"""Grade a folder of submitted notebooks."""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from kit import places
from kit.files import visible

if TYPE_CHECKING:
    from tqdm import tqdm

    from kit.grading.engine import Engine
    from kit.grading.grade import Graded

_SHAPE = "{n_fmt} of {total_fmt} |{bar}| {elapsed}, {remaining} left{postfix}"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("submissions", type=Path, help="a folder per student, or one file per student")
    parser.add_argument("-o", "--out", type=Path, default=Path("grades"), help="where to write (default: grades/)")
    parser.add_argument("--course", type=Path, metavar="DIR", help="exercises that `kit new-course` made")
    parser.add_argument("--trust", action="store_true", help="grade also where nothing can isolate the students' code")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--workers", type=int, help="how many notebooks at a time (default: one per core)")
    where.add_argument("--dask", metavar="ADDRESS", help="grade on the workers of this dask.distributed scheduler")
    where.add_argument("--executor", metavar="MODULE:FUNCTION", help="grade on the executor that this returns")


def run(options: argparse.Namespace) -> int:
    from kit.grading.kernel import choose

    with ThreadPoolExecutor(1) as aside:
        choosing = aside.submit(choose, trust=options.trust)  # it starts a process: meanwhile, load the rest
        from tqdm import tqdm

        from kit.grading import classroom, grade, gradebook
        from kit.reports import report

        course = places.course(options.course)
        keys = grade.exercises(course.solutions, seeds=course.seeds)
        engine = _engine(options)
    kernel = choosing.result()
    options.out.mkdir(parents=True, exist_ok=True)
    about = {"versions": classroom.versions(), "isolation": kernel.isolation}
    with gradebook.opened(options.out / gradebook.FILE, keys, **about) as book:
        count, coming = classroom.grade_class(
            options.submissions, book, keys=keys, kernel=kernel, engine=engine, seeds=course.seeds
        )
        with tqdm(total=count, disable=not sys.stderr.isatty(), bar_format=_SHAPE) as bar:
            changed = {one.student for one, fresh in _told(coming, bar) if fresh}
    found = report.standing(options.out, keys)
    written = report.publish(found.graded, options.out, isolation=found.isolation, changed=changed, seeds=course.seeds)
    print(f"{written}: {count} submissions, {found.isolation}. Feedback, a page each: {written.parent / 'feedback'}")
    return _left(found.graded)


def _engine(options: argparse.Namespace) -> Engine:
    from kit.grading import engine

    if options.dask:
        return engine.dask(options.dask)
    return (
        engine.named(options.executor) if options.executor else engine.processes(options.workers or os.cpu_count() or 1)
    )


def _told(coming: Iterator[tuple[Graded, bool]], bar: tqdm) -> Iterator[tuple[Graded, bool]]:
    """Pass the grades on, and say how far it is: on the bar, or where there is no terminal in some plain lines."""
    seen: Counter[str] = Counter()
    for done, (one, fresh) in enumerate(coming, 1):
        seen["not graded" if one.undecided else "graded"] += 1
        seen["as before"] += not fresh
        counts = ", ".join(f"{number} {what}" for what, number in seen.items() if number)
        bar.set_postfix_str(counts, refresh=False)
        bar.update()
        if bar.disable and (done == bar.total or done % max(1, bar.total // 20) == 0):
            print(f"{done} of {bar.total}: {counts}, {bar.total - done} waiting", file=sys.stderr)
        yield one, fresh


def _left(graded: Sequence[Graded]) -> int:
    """Name what a person must look at. The grader's own failures, and only they, are a failure of the command."""
    for one in graded:
        name = one.exercise.name if one.exercise else one.path.name
        for note in one.notes:
            # Names of files come from strangers.
            print(visible(f"Look at {one.student}, {name}: {note}.", otherwise="?"))
    outcomes = Counter(mark.outcome for one in graded for mark in one.marks)
    if written := sum(len(one.written) for one in graded):
        print(f"{written} written answer{'s wait' if written > 1 else ' waits'} for a person.")
    if outcomes["failed"]:
        print(f"{outcomes['failed']} questions could not be graded by a fault of the grader. Grade again.")
    return 1 if outcomes["failed"] else 0
