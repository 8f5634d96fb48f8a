"""The kit itself: its tests, and its packages on a stick."""

from __future__ import annotations

import argparse
import subprocess
import sys

from kit.setup import places


def add_test(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(more=True)


def cmd_test(options: argparse.Namespace) -> int:
    """Run the kit's own tests (needs a clone); options are for pytest."""
    from kit.setup import environment

    root = places.clone("test")
    python = sys.executable if environment.settled(root, dev=True) else environment.ensure(root, dev=True, say=print)
    both_cores = ["-n", "auto", "--dist", "loadfile"]
    return subprocess.run([str(python), "-m", "pytest", *(options.arguments or both_cores)], cwd=root).returncode


def add_wheelhouse(parser: argparse.ArgumentParser) -> None:
    """It has no options."""


def cmd_wheelhouse(options: argparse.Namespace) -> int:
    """Download all packages, to set up laptops without a network."""
    from kit.setup import environment

    folder = environment.wheelhouse(places.clone("wheelhouse"), say=print)
    print(f"Copy the whole folder of the kit, {folder.name}/ included, to each laptop, and run `python -m kit` there.")
    return 0
