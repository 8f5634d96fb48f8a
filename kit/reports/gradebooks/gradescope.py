"""Grades for Gradescope: one `results.json` per submission, as its autograder harness reads it.

The fields are those of https://gradescope-autograders.readthedocs.io/en/latest/specs/: a `score` for the whole, and
`tests`, each with `name`, `number`, `score`, `max_score`, `output` and `visibility`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from kit.files import file_name
from kit.grading.grade import Graded
from kit.reports import student_page
from kit.reports.roster import Roster
from kit.reports.student_page import Asked

__all__ = ["export"]


def export(graded: Sequence[Graded], roster: Roster | None, seeds: Path | None) -> dict[Path, str]:
    """File name (`gradescope/<exercise>/<student>/results.json`) to JSON. The key is not in it; no roster is needed."""
    notes = student_page.annotations(graded, seeds=seeds)
    found = {}
    for one in graded:
        (part,) = student_page.parts([one], notes)
        results = {
            "score": one.earned,
            "output": f"{part.title}: {one.earned:g} of {one.graded_exercise.points:g} points",
            "output_format": "text",
            "visibility": "visible",
            "stdout_visibility": "hidden",
            "extra_data": {"exercise": one.graded_exercise.name, "student": one.student},
            "tests": [_test(asked) for asked in part.asked],
        }
        place = Path("gradescope", one.graded_exercise.name, file_name(one.student, ""), "results.json")
        found[place] = json.dumps(results, indent=1)
    return found


def _test(asked: Asked) -> dict[str, object]:
    return {
        "name": asked.title,
        "number": str(asked.number),
        "score": asked.mark.earned,
        "max_score": asked.mark.points,
        "status": "passed" if asked.mark.earned == asked.mark.points else "failed",
        "output": "\n".join(_lines(asked)),
        "output_format": "text",
        "visibility": "visible",
    }


def _lines(asked: Asked) -> list[str]:
    found = [line for line in (asked.how, asked.happened, asked.said, asked.next) if line]
    for row in asked.rows:
        found += ["", f"{row.line or 'Your answer'} · you wrote: {row.given or '(blank)'}", *row.helps]
    return found
