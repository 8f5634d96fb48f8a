"""Download all packages, to set up laptops without a network."""

from __future__ import annotations

import argparse

from kit import places


def add(parser: argparse.ArgumentParser) -> None:
    """It has no options."""


def run(options: argparse.Namespace) -> int:
    from kit import environment

    folder = environment.wheelhouse(places.clone("wheelhouse"), say=print)
    print(f"Copy the whole folder of the kit, {folder.name}/ included, to each laptop, and run `python -m kit` there.")
    return 0
