"""Run the kit's own tests (needs a clone); options are for pytest."""

from __future__ import annotations

import argparse
import subprocess
import sys

from kit import places


def add(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(more=True)


def run(options: argparse.Namespace) -> int:
    from kit import environment

    root = places.clone("test")
    python = sys.executable if environment.settled(root, dev=True) else environment.ensure(root, dev=True, say=print)
    both_cores = ["-n", "auto", "--dist", "loadfile"]
    return subprocess.run([str(python), "-m", "pytest", *(options.arguments or both_cores)], cwd=root).returncode
