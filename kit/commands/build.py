"""Run lessons and solutions, and derive the students' copies."""

from __future__ import annotations

import argparse

from kit import places


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="change nothing; fail when something is stale")


def run(options: argparse.Namespace) -> int:
    from kit.grading.build import build

    root = places.clone("build")
    changed = build(root, check=options.check, say=print)
    for path in changed:
        print(f"{'stale' if options.check else 'written'}: {path.relative_to(root)}")
    if not changed:
        print("Everything is up to date.")
    elif options.check:
        print("Run `kit build`, look at what changed, and commit it.")
    return 1 if changed and options.check else 0
