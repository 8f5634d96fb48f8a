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
    from kit.files import many

    bad = 0
    for path in options.files:
        if path.suffix.lower() == ".txt":
            bad += 1
            print(f"{path.name} is a text. Check its annotation: {path.stem}.toml", file=sys.stderr)
            continue
        try:
            claims = read(path).claims
            proposed = sum(bool(claim.proposed) for claim in claims)
            print(f"{path.name}: {len(claims)} claims, all anchored" + f", {proposed} still proposed" * bool(proposed))
        except AnnotationError as error:
            bad += 1
            print(*error.faults, sep="\n", file=sys.stderr)
            print(f"{path.name}: {many(len(error.faults), 'fault')}. Nothing was changed.", file=sys.stderr)
    return 1 if bad else 0
