"""Grades: given, scored by a person, reported, exported; and those of a student alone."""

from __future__ import annotations

import argparse
import os
import sys
import webbrowser
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from kit.errors import KitError, SetupError
from kit.files import write_atomically
from kit.setup import places

if TYPE_CHECKING:
    from tqdm import tqdm

    from kit.teacher.grading.grade import Graded

_STOPPED = "What is graded is kept in {out}: the same command goes on from there, and writes the tables and pages."
_SHAPE = "{n_fmt} of {total_fmt} |{bar}| {elapsed}, {remaining} left{postfix}"


def add_grade(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("submissions", type=Path, help="a folder per student, or one file per student")
    parser.add_argument("-o", "--out", type=Path, default=Path("grades"), help="where to write (default: grades/)")
    _add_course(parser)
    parser.add_argument("--trust", action="store_true", help="grade also where nothing can isolate the students' code")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--workers", type=int, help="how many notebooks at a time (default: one per core)")
    where.add_argument("--dask", metavar="ADDRESS", help="grade on the workers of this dask.distributed scheduler")
    where.add_argument("--executor", metavar="MODULE:FUNCTION", help="grade on the executor that this returns")


def cmd_grade(options: argparse.Namespace) -> int:
    """Grade a folder of submitted notebooks."""
    from kit.teacher.sandbox.kernels import choose

    with ThreadPoolExecutor(1) as aside:
        choosing = aside.submit(choose, trust=options.trust)  # it starts a process: meanwhile, load the rest
        from tqdm import tqdm

        from kit.teacher.grading import classroom, grade, gradebook
        from kit.teacher.reports import grades_folder

        course = places.course(options.course)
        keys = grade.exercises(course.solutions, seeds=course.seeds)
        if options.dask:
            workers = classroom.dask(options.dask)
        elif options.executor:
            workers = classroom.named(options.executor)
        else:
            workers = classroom.processes(options.workers or os.cpu_count() or 1)
    kernel = choosing.result()
    options.out.mkdir(parents=True, exist_ok=True)
    about = {"versions": classroom.versions(), "isolation": kernel.isolation}
    try:
        with gradebook.opened(options.out / gradebook.FILE, keys, **about) as book:
            count, coming = classroom.grade_class(
                options.submissions, book, keys=keys, kernel=kernel, engine=workers, seeds=course.seeds
            )
            with tqdm(total=count, disable=not sys.stderr.isatty(), bar_format=_SHAPE) as bar:
                changed = {one.student for one, fresh in _told(coming, bar) if fresh}
    except KeyboardInterrupt:
        raise KeyboardInterrupt(_STOPPED.format(out=options.out)) from None
    found = grades_folder.read(options.out, keys)
    written = grades_folder.write(found, options.out, changed=changed, seeds=course.seeds)
    print(f"{written}: {count} submissions, {found.isolation}. Feedback, a page each: {written.parent / 'feedback'}")
    for line in grades_folder.to_look_at(found.graded):
        print(line)
    return _left(found.graded)


def _left(graded: Sequence[Graded]) -> int:
    """Say what waits. The grader's own failures, and only they, are a failure of the command."""
    if waiting := sum(len(one.written) for one in graded):
        print(f"{waiting} written answer{'s wait' if waiting > 1 else ' waits'} for a person.")
    failed = sum(mark.outcome == "failed" for one in graded for mark in one.marks)
    if failed:
        print(f"{failed} questions could not be graded by a fault of the grader. Grade again.")
    return 1 if failed else 0


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


def add_mine(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser; print where the page is")


def cmd_mine(options: argparse.Namespace) -> int:
    """Grade your own exercises on the desk, and show the page with points and reasons."""
    from kit.setup import progress

    target = places.work()
    try:
        solutions = places.solutions()
    except SetupError:
        raise KitError("Your teacher has the key, and this copy of the kit has none: hand your exercises in.") from None
    begun = [page for page in progress.read(target).pages if page.is_exercise and not page.course and page.filled]
    if not begun:
        raise KitError(f"No exercise in {target} has an answer that is saved. Fill some lines, save, and come back.")
    from kit.teacher.reports import own_work

    page, graded = own_work.feedback([target / one.path for one in begun], solutions, say=print)
    out = target / "feedback" / "mine.html"
    write_atomically(out, page)
    for one in graded:
        print(
            f"{one.path.stem}: "
            + (f"{one.earned:g} of {one.exercise.points:g} points" if one.exercise else one.notes[0])
        )
    print(f"What to look at again, and why: {out}")
    if not options.no_browser:
        webbrowser.open(out.as_uri())
    return 0


def _add_grades(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("grades", type=Path, nargs="?", default=Path("grades"), help="a folder of `kit grade`")
    _add_course(parser)


def _add_course(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--course", type=Path, metavar="DIR", help="exercises that `kit new-course` made")


def add_score(parser: argparse.ArgumentParser) -> None:
    _add_grades(parser)
    parser.add_argument("--port", type=int, default=0, help="the port of the page (default: any that is free)")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser; print the address")


def cmd_score(options: argparse.Namespace) -> int:
    """Score written answers by their rubric, in the browser."""
    from kit.teacher.grading import grade, gradebook
    from kit.teacher.reports import grades_folder, person_scoring

    course = places.course(options.course)
    keys = grade.exercises(course.solutions, seeds=course.seeds)
    found = gradebook.standing(options.grades / gradebook.FILE, keys)
    answers = person_scoring.waiting(found.graded)
    if not answers:
        print("No written answer waits for a person.")
        return 0
    desk = person_scoring.Desk(answers, options.grades / person_scoring.FILE)
    with person_scoring.Server(desk, port=options.port) as server:
        print(f"{desk.scored} of {len(answers)} written answers are scored. Go on here: {server.url}", flush=True)
        print("Each key is saved at once. Ctrl+C ends, and writes the points into grades and feedback.", flush=True)
        if not options.no_browser:
            webbrowser.open(server.url)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
        finally:
            # Read again: the class may have been graded again meanwhile.
            grades_folder.write(grades_folder.read(options.grades, keys), options.grades, seeds=course.seeds)
    print(f"{desk.scored} of {len(answers)} written answers are scored. Grades and feedback hold them.")
    return 0


def add_report(parser: argparse.ArgumentParser) -> None:
    _add_grades(parser)
    parser.add_argument("--forms", type=Path, metavar="FOLDER", help="a folder per student with lessons 0, 5, 7")
    parser.add_argument("--show-key", action="store_true", help="put accepted answers on the students' pages")


def cmd_report(options: argparse.Namespace) -> int:
    """Write a class report, and the students' pages again, from grades."""
    from kit.teacher.grading import grade
    from kit.teacher.reports import class_report, class_statistics, grades_folder

    course = places.course(options.course)
    keys = grade.exercises(course.solutions, seeds=course.seeds)
    found = grades_folder.read(options.grades, keys)
    grades_folder.write(found, options.grades, show_key=options.show_key, seeds=course.seeds)
    forms, votes = (
        class_statistics.handed_in(options.forms, pair) if options.forms else {}
        for pair in (class_statistics.FORMS, class_statistics.VOTES)
    )
    about = {"isolation": found.isolation, "seeds": course.seeds}
    written = class_report.write(options.grades, found.graded, forms=forms, votes=votes, **about)
    print(f"{written}: the class. A page per student: {options.grades / 'feedback'}")
    if options.show_key:
        print("The students' pages show the accepted answers. Give them out only when nobody can hand in any more.")
    return 0


FORMATS = ("canvas", "moodle", "blackboard", "brightspace", "ilias", "gradescope", "nbgrader", "junit")


def add_export_grades(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("format", choices=FORMATS)
    _add_grades(parser)
    parser.add_argument("--roster", type=Path, metavar="FILE.csv", help="names and ids, as the LMS exports them")
    parser.add_argument("-o", "--out", type=Path, help="where to write (default: GRADES/export)")


def cmd_export_grades(options: argparse.Namespace) -> int:
    """Write grades for the gradebook of an LMS, for Gradescope, nbgrader or JUnit."""
    from kit.teacher.grading import grade
    from kit.teacher.reports import export_grades, grades_folder, roster

    course = places.course(options.course)
    keys = grade.exercises(course.solutions, seeds=course.seeds)
    whole = grades_folder.read(options.grades, keys).graded
    people = roster.load(options.roster) if options.roster else None
    out = options.out or options.grades / "export"
    for path in export_grades.write(options.format, whole, people, out, seeds=course.seeds):
        print(path)
    for line in export_grades.left_out(whole, options.format, people):
        print(f"Left out: {line}")
    return 0
