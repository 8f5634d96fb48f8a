"""Check the annotation of an article."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from kit.errors import AnnotationError


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE.toml")


def run(options: argparse.Namespace) -> int:
    from kit.annotation import read

    bad = 0
    for path in options.files:
        try:
            claims = len(read(path).claims)
            print(f"{path.name}: {claims} claims, all anchored")
        except AnnotationError as error:
            bad += 1
            print(*error.faults, sep="\n", file=sys.stderr)
            faults = len(error.faults)
            print(f"{path.name}: {faults} fault{'s' * (faults != 1)}. Nothing was changed.", file=sys.stderr)
    return 1 if bad else 0
