"""Pack what the students of a course get, and make sure that no key is in it."""

from __future__ import annotations

import argparse
from pathlib import Path


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("course", type=Path, metavar="DIR", help="a folder that `kit new-course` made")
    parser.add_argument(
        "-o", "--out", type=Path, default=Path("student.zip"), help="the archive (default: student.zip)"
    )


def run(options: argparse.Namespace) -> int:
    from kit.course.release import release

    packed = release(options.course, options.out)
    print(f"{options.out}: {len(packed)} files. Searched for every answer of the key: none is in it.")
    return 0
