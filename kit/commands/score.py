"""Score written answers by their rubric, in the browser."""

from __future__ import annotations

import argparse
import webbrowser
from pathlib import Path

from kit import places


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("grades", type=Path, nargs="?", default=Path("grades"), help="a folder of `kit grade`")
    parser.add_argument("--course", type=Path, metavar="DIR", help="exercises that `kit new-course` made")
    parser.add_argument("--port", type=int, default=0, help="the port of the page (default: any that is free)")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser; print the address")


def run(options: argparse.Namespace) -> int:
    from kit.grading import grade, gradebook
    from kit.reports import report, scores
    from kit.reports.scoring import Desk, Server

    course = places.course(options.course)
    keys = grade.exercises(course.solutions, seeds=course.seeds)
    found = gradebook.standing(options.grades / gradebook.FILE, keys)
    answers = scores.waiting(found.graded)
    if not answers:
        print("No written answer waits for a person.")
        return 0
    desk = Desk(answers, options.grades / scores.FILE)
    with Server(desk, port=options.port) as server:
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
            found = gradebook.standing(options.grades / gradebook.FILE, keys)
            report.publish(found.graded, options.grades, isolation=found.isolation, seeds=course.seeds)
    print(f"{desk.scored} of {len(answers)} written answers are scored. Grades and feedback hold them.")
    return 0
