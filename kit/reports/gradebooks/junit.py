"""Grades as JUnit XML: a suite per submission, a case per question, with its points as properties.

The elements and attributes are those of the schema that Jenkins uses (junit-10.xsd of its xUnit plugin): suites hold
cases, a case holds properties and at most one of `failure` and `error`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from kit.grading.grade import Graded
from kit.grading.marks import Mark
from kit.reports.roster import Roster

__all__ = ["export"]

# What XML 1.0 cannot hold.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_STOPPED = ("error", "timeout")


def export(graded: Sequence[Graded], roster: Roster | None, seeds: Path | None) -> dict[Path, str]:
    """`junit.xml` to XML. No roster is needed: a suite is called by the student and the exercise."""
    root = ElementTree.Element("testsuites", name="Who Says So?")
    for one in graded:
        exercise = one.graded_exercise
        short = [mark for mark in one.marks if mark.earned != mark.points]
        stopped = sum(mark.outcome in _STOPPED for mark in short)
        counts = {"tests": len(one.marks), "failures": len(short) - stopped, "errors": stopped, "skipped": 0}
        about = {
            "name": f"{_plain(one.student)}/{exercise.name}",
            **{name: str(n) for name, n in counts.items()},
        }
        suite = ElementTree.SubElement(root, "testsuite", about)
        _properties(suite, points=exercise.points, earned=one.earned)
        for mark in one.marks:
            _case(suite, mark, one.graded_exercise.name, one.graded_exercise.by_name[mark.question].title)
    ElementTree.indent(root, " ")
    return {Path("junit.xml"): ElementTree.tostring(root, "unicode", xml_declaration=True) + "\n"}


def _case(suite: ElementTree.Element, mark: Mark, exercise: str, title: str) -> None:
    case = ElementTree.SubElement(suite, "testcase", classname=exercise, name=_plain(title), time="0")
    _properties(case, points=mark.points, earned=mark.earned)
    if mark.earned != mark.points:
        said = f"{mark.earned:g} of {mark.points:g} points"
        kind = "error" if mark.outcome in _STOPPED else "failure"
        ElementTree.SubElement(case, kind, message=said, type=mark.outcome).text = _plain(mark.message)


def _properties(parent: ElementTree.Element, **numbers: float | None) -> None:
    properties = ElementTree.SubElement(parent, "properties")
    for name, number in numbers.items():
        ElementTree.SubElement(properties, "property", name=name, value=f"{number:g}")


def _plain(text: str) -> str:
    return _NO_XML.sub("?", text)
