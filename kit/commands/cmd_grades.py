"""Grades: given, scored by a person, reported, exported; and those of a student alone."""

from __future__ import annotations

import argparse
import json
import os
import sys
import webbrowser
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from kit.commands import flag, takes, takes_path
from kit.errors import KitError, SetupError, SubmissionError, many
from kit.files import write_atomically
from kit.setup import places

if TYPE_CHECKING:
    from tqdm import tqdm

    from kit.teacher.exercises.keys import Exercise
    from kit.teacher.grading.classroom import Engine
    from kit.teacher.grading.grade import Graded
    from kit.teacher.grading.gradebook import Gradebook
    from kit.teacher.sandbox.kernels import Kernel

_STOPPED = "What is graded is kept in {out}: the same command goes on from there, and writes the tables and pages."
_PATIENCE = 10
"""Seconds that a command waits for another one which writes into the same folder."""
_SHAPE = "{n_fmt} of {total_fmt} |{bar}| {elapsed}, {remaining} left{postfix}"
_on_grades = takes_path("grades", "a folder of `kit grade`", nargs="?", default="grades")
_on_course = takes_path("--course=DIR", "exercises that `kit new-course` made")


@takes_path("submissions", "what your LMS gave, zip or unpacked; or a folder per student")
@takes_path("-o --out", "where to write (default: grades/)", default="grades")
@_on_course
@takes_path("--names=FILE.toml", "how your LMS names files, if it is another one")
@flag("--only", "put aside what was graded from other folders before")
@flag("--trust", "grade also where nothing can isolate the students' code")
@takes(
    "--again=WHAT",
    "grade this anew though nothing has changed: a student, an exercise, a question; may be given several times",
    action="append",
    default=[],
)
@takes("--late=RULE", "what a late day costs: “10%% a day”, “1 point a day”, “off”")
@takes("--due=EXERCISE=TIME", "when it was due, such as 01=2027-03-05T18:00", action="append", default=[])
@takes("--workers", "how many notebooks at a time (default: one per core)", one_of=True, type=int)
@takes("--dask=ADDRESS", "grade on the workers of this dask.distributed scheduler", one_of=True)
@takes("--executor=MODULE:FUNCTION", "grade on the executor that this returns", one_of=True)
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
        workers = _workers(options)
    kernel = choosing.result()
    options.out.mkdir(parents=True, exist_ok=True)
    about = {"versions": classroom.versions(), "isolation": kernel.isolation}
    book_file = options.out / gradebook.FILE
    with gradebook.alone(book_file):
        try:
            with gradebook.opened(book_file, keys, **about) as book:
                _say_taken(book.taken)
                _set_rules(book, options, keys)
                given = {"names": options.names, "again": options.again, "seeds": course.seeds}
                count, coming = classroom.grade_class(
                    options.submissions, book, keys=keys, kernel=kernel, engine=workers, **given
                )
                with tqdm(total=count, disable=not sys.stderr.isatty(), bar_format=_SHAPE, file=sys.__stderr__) as bar:
                    _tell(coming, bar)
                told = book.finish(only=options.only)
        except KeyboardInterrupt:
            raise KeyboardInterrupt(_STOPPED.format(out=options.out)) from None
        found = grades_folder.write(options.out, keys, seeds=course.seeds)
    feedback = f"Feedback, a page each: {options.out / 'feedback'}"
    print(f"{options.out / 'grades.csv'}: {count} submissions, {found.isolation}. {feedback}")
    for line in (*told, *grades_folder.to_look_at(found.graded)):
        print(line)
    if found.untimed:
        print(f"Of {many(found.untimed, 'submission')} nobody knows when they came: being late costs them nothing.")
    return _left(found.graded)


def _workers(options: argparse.Namespace) -> Engine:
    from kit.teacher.grading import classroom

    if options.dask:
        return classroom.dask(options.dask)
    if options.executor:
        return classroom.named(options.executor)
    return classroom.processes(options.workers or os.cpu_count() or 1)


def _set_rules(book: Gradebook, options: argparse.Namespace, keys: Collection[str]) -> None:
    """Keep the late rule and the times that are given with the class, beside those of before."""
    from kit.teacher.grading import adjustments

    times = {}
    for name, _, text in (given.partition("=") for given in options.due):
        exercise = adjustments.exercise_named(name.strip(), keys)
        times[exercise] = "" if text.strip() == adjustments.OFF else adjustments.due_time(text)
    due = {name: time for name, time in {**adjustments.late_rule("", book.setting("due")).due, **times}.items() if time}
    rule = adjustments.late_rule(book.setting("late") if options.late is None else options.late, json.dumps(due))
    if options.late is not None:
        book.set("late", options.late)
    if times:
        book.set("due", json.dumps(due))
        if not rule.each:
            print("Times are kept, and being late costs nothing until you say how much: --late “10% a day”.")


def _say_taken(scores: int) -> None:
    if scores:
        found = f"{many(scores, 'score')} of scores.json {'is' if scores == 1 else 'are'}"
        print(f"{found} in the gradebook now. The file stays, and is not read again.")


def _left(graded: Sequence[Graded]) -> int:
    """Say what waits. The grader's own failures, and only they, are a failure of the command."""
    from kit.teacher.reports import student_page

    if waiting := sum(one.waiting for one in graded if not student_page.is_lesson(one)):
        print(f"{many(waiting, 'answer')} wait{'s' * (waiting == 1)} for a person: python -m kit score")
    failed = sum(mark.outcome == "failed" for one in graded for mark in one.marks)
    if failed:
        print(f"{many(failed, 'question')} could not be graded by a fault of the grader. Grade again.")
    return 1 if failed else 0


def _tell(coming: Iterator[tuple[Graded, bool]], bar: tqdm) -> None:
    """Say how far the grading is: on the bar, or where there is no terminal in some plain lines."""
    seen: Counter[str] = Counter()
    for done, (one, fresh) in enumerate(coming, 1):
        bar.total = max(done, bar.total)  # a file may hold several exercises
        seen["not graded" if one.undecided else "graded"] += 1
        seen["as before"] += not fresh
        counts = ", ".join(f"{number} {what}" for what, number in seen.items() if number)
        bar.set_postfix_str(counts, refresh=False)
        bar.update()
        if bar.disable and (done == bar.total or done % max(1, bar.total // 20) == 0):
            total = max(done, bar.total)  # a file may be two exercises
            print(f"{done} of {total}: {counts}, {total - done} waiting", file=sys.stderr)


@flag("--no-browser", "do not open a browser; print where the page is")
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
    from kit.teacher.grading import grade
    from kit.teacher.reports import student_page
    from kit.teacher.sandbox.kernels import choose

    keys = grade.exercises(solutions)
    kernel = choose(trust=True)  # it is the student's own code, so it is run also where nothing isolates it
    try:
        graded = [_own(target / one.path, keys, kernel) for one in begun]
    finally:
        kernel.close()
    ((_, page),) = student_page.pages(graded, isolation=kernel.isolation, alone=True)
    out = target / "feedback" / "mine.html"
    write_atomically(out, page)
    for one in graded:
        told = f"{one.earned:g} of {one.exercise.points:g} points" if one.exercise else one.notes[0]
        print(f"{one.path.stem}: {told}")
    print(f"What to look at again, and why: {out}")
    if not options.no_browser:
        webbrowser.open(out.as_uri())
    return 0


def _own(path: Path, keys: dict[str, Exercise], kernel: Kernel) -> Graded:
    """The grade of a student's own page; where it cannot be graded, why."""
    from kit.teacher.grading import grade, submission

    print(f"Reading {path.name} ...")
    try:
        found = submission.read("you", path)
        exercise = submission.exercise_of(found, keys)
        return grade.Graded("you", path, exercise, *grade.grade_one(found, exercise, kernel=kernel))
    except SubmissionError as error:
        return grade.Graded("you", path, None, notes=(str(error),))


@_on_grades
@_on_course
@takes("--port", "the port of the page (default: any that is free)", type=int, default=0)
@flag("--no-browser", "do not open a browser; print the address")
def cmd_score(options: argparse.Namespace) -> int:
    """Give points by hand, in the browser: to written answers by their rubric, and to any other answer."""
    from kit.teacher.grading import grade, gradebook
    from kit.teacher.reports import grades_folder, person_scoring

    course = places.course(options.course)
    keys = grade.exercises(course.solutions, seeds=course.seeds)
    _say_taken(gradebook.standing(options.grades / gradebook.FILE, keys).taken)
    desk = person_scoring.Desk(options.grades / gradebook.FILE, keys)
    with person_scoring.Server(desk, port=options.port) as server:
        print(f"{desk.told()} Go on here: {server.url}", flush=True)
        print("Each key is saved at once. Ctrl+C ends, and writes the points into grades and feedback.", flush=True)
        if not options.no_browser:
            webbrowser.open(server.url)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
    try:
        with gradebook.alone(options.grades / gradebook.FILE, seconds=_PATIENCE):
            grades_folder.write(options.grades, keys, seeds=course.seeds)
    except gradebook.BusyError:
        print(f"{desk.told()} All are kept; who grades there just now puts them into grades and feedback.")
    else:
        print(f"{desk.told()} Grades and feedback hold them.")
    return 0


@_on_grades
@_on_course
@takes_path("--forms=FOLDER", "a folder per student with lessons 0, 5, 7")
@takes_path("--class=DIR", "the folder of `kit class`: the report tells what was voted on the board", dest="record")
@flag("--show-key", "put accepted answers on the students' pages")
def cmd_report(options: argparse.Namespace) -> int:
    """Write a class report, and the students' pages again, from grades."""
    from kit.teacher.grading import grade, gradebook
    from kit.teacher.live_class import board
    from kit.teacher.reports import class_report, class_statistics, grades_folder

    course = places.course(options.course)
    keys = grade.exercises(course.solutions, seeds=course.seeds)
    voted = board.voted(options.record, course.seeds) if options.record else None
    forms, votes = (
        class_statistics.handed_in(options.forms, pair) if options.forms else {}
        for pair in (class_statistics.FORMS, class_statistics.VOTES)
    )
    with gradebook.alone(options.grades / gradebook.FILE, seconds=_PATIENCE):
        found = grades_folder.write(options.grades, keys, every=True, show_key=options.show_key, seeds=course.seeds)
        about = {"isolation": found.isolation, "seeds": course.seeds, "board": voted}
        written = class_report.write(options.grades, found.graded, forms=forms, votes=votes, **about)
    _say_taken(found.taken)
    print(f"{written}: the class. A page per student: {options.grades / 'feedback'}")
    if options.show_key:
        print("The students' pages show the accepted answers. Give them out only when nobody can hand in any more.")
    return 0


FORMATS = ("canvas", "moodle", "blackboard", "brightspace", "ilias", "gradescope", "nbgrader", "junit")


@takes("format", choices=FORMATS)
@_on_grades
@_on_course
@takes_path("--roster=FILE.csv", "names and ids, as the LMS exports them")
@takes_path("-o --out", "where to write (default: GRADES/export)")
def cmd_export_grades(options: argparse.Namespace) -> int:
    """Write grades for the gradebook of an LMS, for Gradescope, nbgrader or JUnit."""
    from kit.teacher.grading import grade, gradebook
    from kit.teacher.reports import export_grades, roster

    course = places.course(options.course)
    keys = grade.exercises(course.solutions, seeds=course.seeds)
    found = gradebook.standing(options.grades / gradebook.FILE, keys)
    _say_taken(found.taken)
    whole = found.graded
    people = roster.load(options.roster) if options.roster else None
    out = options.out or options.grades / "export"
    for file, text in export_grades.export(options.format, whole, people, seeds=course.seeds).items():
        write_atomically(out / file, text)
        print(out / file)
    for line in export_grades.left_out(whole, options.format, people):
        print(f"Left out: {line}")
    return 0
