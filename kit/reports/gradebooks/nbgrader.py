"""Grades as nbgrader exports them: one CSV with a row per student and assignment.

The columns are those of nbgrader's own exporter (jupyter/nbgrader, nbgrader/plugins/export.py). It gives 0 to who
handed in nothing; here such a student has no row.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kit.files import csv_text
from kit.grading.grade import Graded
from kit.reports.roster import Person, Roster

__all__ = ["HEAD", "export"]

HEAD = ("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email", "raw_score",
        "late_submission_penalty", "score", "max_score")  # fmt: skip


def export(graded: Sequence[Graded], roster: Roster | None, seeds: Path | None) -> dict[Path, str]:
    """`nbgrader-grades.csv` to CSV. Names and addresses are empty for who is not in the roster, or without one."""
    rows = []
    for one in graded:
        who = (roster.find(one.student) if roster else None) or Person(0)
        about = (one.graded_exercise.name, "", "", one.student, who.last, who.first, who.email)
        rows.append((*about, float(one.earned), 0.0, float(one.earned), float(one.graded_exercise.points)))
    return {Path("nbgrader-grades.csv"): csv_text(HEAD, rows)}
