"""Grading with nbval: from a folder of submissions to marks.

The road: `handed_in` says which files there are -> `classroom` has each of them graded somewhere -> `grade` grades one:
`submission` reads it, `transplant` puts its answers into our notebook, `judge` runs that under nbval in a kernel,
`points` gives points line by line -> `gradebook` keeps it. What a submission may take stands in
`kit.teacher.sandbox.limits`.
"""

import sys

__all__ = ["start_fast"]


def start_fast() -> None:
    """Have this process import notebooks without the grammars of web addresses and durations, which none asks for.

    jsonschema, which nbformat needs, would build them when it is imported, and that takes most of a second. So call it
    first in a process that grades; it stands here because this imports nothing else.
    """
    for name in ("isoduration", "rfc3987_syntax"):
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]
