"""Grading with nbval: from a folder of submissions to grades and feedback.

The road: `submission` reads a student's file -> `transplant` puts its answers into our notebook -> `judge` runs
that under nbval in a `kernel` -> `marks` gives points line by line -> `grade` does it for a class -> `report` writes.
"""

import sys

__all__ = ["FORKS", "MORE_SECONDS", "start_fast"]

FORKS = sys.platform == "linux"
"""Whether the process that judges does each job in a fork of its own; elsewhere it ends after one."""
MORE_SECONDS = 6.0
"""How long a cell may go on being heard after its time: long enough for the traceback of an interrupt."""


def start_fast() -> None:
    """Have this process import notebooks without a grammar of web addresses, which no notebook asks for.

    jsonschema, which nbformat needs, would build it when it is imported, and that takes most of a second.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
