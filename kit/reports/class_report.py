"""The report for the teacher: one page on how the class did, every figure with its table, and nothing fetched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from kit import __version__
from kit.files import file_name
from kit.grading.grade import Graded
from kit.grading.marks import OUTCOMES, Mark
from kit.reports import alike, opinions, pages, progress, sections, statistics, student_page
from kit.reports.sections import Table

__all__ = ["page"]

_MOST_PAIRS = 20
_STOPPED = ("error", "timeout", "missing", "failed")


def page(
    graded: Sequence[Graded],
    *,
    isolation: str,
    forms: Mapping[str, progress.Forms] | None = None,
    votes: Mapping[str, progress.Forms] | None = None,
    seeds: Path | None = None,
) -> str:
    """The class report as one self-contained HTML page.

    `forms` are the labels before and after by student, and `votes` their two votes, as `progress.handed_in` reads them.
    `seeds` holds the articles, by default the kit's own.

    The key is on it: it is for the teacher. What students wrote is escaped.
    """
    notes, asked = student_page.annotations(graded, seeds=seeds), statistics.exercises(graded)
    students = sorted({one.student for one in graded})
    agreements, pairs = opinions.agreements(graded), alike.pairs(graded, notes)
    return pages.render(
        "class_report.html",
        version=__version__,
        isolation=isolation,
        students=len(students),
        submissions=sum(one.exercise is not None for one in graded),
        waiting=sum(len(one.written) for one in graded),
        exercises=[(one, sections.spread_of(graded, one), sections.questions_of(graded, one)) for one in asked],
        splits=sections.splits_of(graded, notes),
        most=sections.MOST,
        near=opinions.NEAR,
        behind=sections.behind(graded, notes),
        agreement=sections.agreement_of(agreements),
        labels=[sections.labels_of(one) for one in agreements],
        gain=sections.gain_of(progress.table(forms or {})),
        votes=sections.votes_of(progress.votes(votes or {})),
        stopped=_stopped(graded),
        pairs=pairs[:_MOST_PAIRS],
        more_pairs=max(0, len(pairs) - _MOST_PAIRS),
        rule={"fewest": alike.FEWEST, "run": alike.RUN, "rare": alike.rare(len(students))},
        everybody=_everybody(graded, students),
        files=[file_name(student) for student in students],
        enough=statistics.ENOUGH,
    )


def _stopped(graded: Sequence[Graded]) -> Table:
    """Who could not be graded, wholly or in part, and why: first what has no points, then what stopped with none.

    Lessons that were handed in along are not asked for.
    """
    rows = []
    for one in graded:
        if one.exercise is None:
            if not student_page.is_lesson(one):
                rows.append((one.student, one.path.name, "the whole file", "; ".join(one.notes), "none yet"))
            continue
        asked = one.exercise.by_name
        rows += [
            (one.student, one.exercise.title, asked[mark.question].title, _why(mark), pages.points(mark.earned))
            for mark in one.marks
            if mark.outcome in _STOPPED
        ]
        rows += [(one.student, one.exercise.title, "to look at", note, "") for note in one.notes]
    rows.sort(key=lambda row: row[-1] != "none yet")
    heads = ("student", "exercise", "what", "why", "points")
    return Table("Who could not be graded, and why", heads, tuple(rows), (4,))


def _why(mark: Mark) -> str:
    more = f": {mark.message}" if mark.outcome in ("error", "failed") and mark.message else ""
    return f"{OUTCOMES[mark.outcome]}{more}"


def _everybody(graded: Sequence[Graded], students: Sequence[str]) -> Table:
    """Points of each student in each exercise; “*” where some have not been given yet."""
    asked = statistics.exercises(graded)
    given = {
        (one.student, one.exercise.name): f"{one.earned:g}{'*' if one.undecided else ''}"
        for one in graded
        if one.exercise
    }
    rows = tuple((student, *(given.get((student, one.name), "–") for one in asked)) for student in students)
    heads = ("student", *(f"{one.title} (of {one.points:g})" for one in asked))
    return Table("Points of each student (*: some are still open)", heads, rows, tuple(range(1, len(heads))))
