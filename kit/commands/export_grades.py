"""Write grades for Canvas, Moodle, Gradescope, nbgrader or JUnit."""

from __future__ import annotations

import argparse
from pathlib import Path

from kit import places

FORMATS = ("canvas", "moodle", "gradescope", "nbgrader", "junit")


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("format", choices=FORMATS)
    parser.add_argument("grades", type=Path, nargs="?", default=Path("grades"), help="a folder of `kit grade`")
    parser.add_argument("--course", type=Path, metavar="DIR", help="exercises that `kit new-course` made")
    parser.add_argument("--roster", type=Path, metavar="FILE.csv", help="names and ids; Canvas and Moodle need it")
    parser.add_argument("-o", "--out", type=Path, help="where to write (default: GRADES/export)")


def run(options: argparse.Namespace) -> int:
    from kit.files import visible, write_atomically
    from kit.grading import grade
    from kit.reports import gradebooks, report, roster

    course = places.course(options.course)
    keys = grade.exercises(course.solutions, seeds=course.seeds)
    whole = report.standing(options.grades, keys).graded
    people = roster.load(options.roster) if options.roster else None
    out = options.out or options.grades / "export"
    for name, text in gradebooks.export(options.format, whole, people, seeds=course.seeds).items():
        write_atomically(out / name, text)
        print(out / name)
    for line in gradebooks.left_out(whole):
        print(visible(f"Left out: {line}", otherwise="?"))
    return 0
