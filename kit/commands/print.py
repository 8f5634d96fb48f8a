"""Make pages to print: lessons, exercises and, apart, their keys."""

from __future__ import annotations

import argparse
from pathlib import Path


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="NAME", help="a number, a part of a name, a file (default: all)")
    parser.add_argument("-o", "--out", type=Path, default=Path("print"), help="where to write (default: print/)")
    parser.add_argument("--key", action="store_true", help="make the keys too, for the teacher")
    parser.add_argument("--paper", choices=("A4", "letter"), default="A4", help="the size of paper (default: A4)")


def run(options: argparse.Namespace) -> int:
    from kit.printing import printing

    written = printing.write(options.names, options.out, key=options.key, size=options.paper)
    print(*written, sep="\n")
    if printing.browser() is None:
        print(printing.NO_BROWSER)
    return 0
