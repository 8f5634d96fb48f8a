"""Grading with nbval: from a folder of submissions to grades and feedback.

The road: `submission` reads a student's file -> `transplant` puts its answers into our notebook -> `judge` runs
that under nbval in a `kernel` -> `marks` gives points line by line -> `grade` does it for a class -> `report` writes.
"""

import sys

# jsonschema, which nbformat needs, builds a grammar of web addresses from this when it is imported. That takes most of
# a second in each process, and no notebook asks for it.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
