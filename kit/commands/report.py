"""Write a class report, and the students' pages again, from grades."""

from __future__ import annotations

import argparse
from pathlib import Path

from kit import places


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("grades", type=Path, nargs="?", default=Path("grades"), help="a folder of `kit grade`")
    parser.add_argument("--course", type=Path, metavar="DIR", help="exercises that `kit new-course` made")
    parser.add_argument("--forms", type=Path, metavar="FOLDER", help="a folder per student with lessons 0, 5, 7")
    parser.add_argument("--show-key", action="store_true", help="put accepted answers on the students' pages")


def run(options: argparse.Namespace) -> int:
    from kit.files import write_atomically
    from kit.grading import grade
    from kit.reports import class_report, progress, report

    course = places.course(options.course)
    keys = grade.exercises(course.solutions, seeds=course.seeds)
    found = report.standing(options.grades, keys)
    about = {"isolation": found.isolation, "seeds": course.seeds}
    report.publish(found.graded, options.grades, show_key=options.show_key, **about)
    forms, votes = (
        progress.handed_in(options.forms, pair) if options.forms else {} for pair in (progress.FORMS, progress.VOTES)
    )
    page = class_report.page(found.graded, forms=forms, votes=votes, **about)
    write_atomically(options.grades / "class.html", page)
    print(f"{options.grades / 'class.html'}: the class. A page per student: {options.grades / 'feedback'}")
    if options.show_key:
        print("The students' pages show the accepted answers. Give them out only when nobody can hand in any more.")
    return 0
