"""Merge several annotations of one article into one file, with what is open marked."""

from __future__ import annotations

import argparse
from pathlib import Path

from kit.errors import KitError


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE.toml", help="the first one's comments are kept")
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="AGREED.toml", help="the file to write")
    parser.add_argument("--majority", action="store_true", help="settle what more than half of the files agree on")
    parser.add_argument(
        "--passes", action="store_true", help="keep the statuses as passes: only if each worked alone, from no draft"
    )
    parser.add_argument("--force", action="store_true", help="write over the file if it is there")


def run(options: argparse.Namespace) -> int:
    from kit import consensus, readings
    from kit.annotation import read
    from kit.files import write_atomically

    out = options.out
    if out.suffix != ".toml":
        raise KitError(f"An annotation is a .toml file, but the one to write is {out.name}.")
    if out.resolve() in {path.resolve() for path in options.files}:
        raise KitError(f"{out.name} is one of the files to merge. Give the agreed file another name.")
    if out.exists() and not options.force:
        raise KitError(f"{out.name} is there already. Give another name, or --force to write over it.")
    people = readings.gather(options.files)
    merged = consensus.agreed(people, majority=options.majority, passes=options.passes)
    _lay_text(people[0].annotation.path.parent, people[0].annotation.facts.text, out.parent)
    write_atomically(out, merged.text.encode())
    read(out)
    print(f"{out}: {merged.settled} claims agreed, {len(merged.open)} open")
    for key, reasons in merged.open.items():
        print(f"  {key}", *reasons, sep="\n    ")
    if merged.open:
        print(f"The open ones are marked as proposed. To settle them: python -m kit annotate {out}")
    print(f"Replies and propositions are those of {people[0].name}: look at the others' yourself.")
    return 0


def _lay_text(here: Path, name: str, there: Path) -> None:
    """Lay the article's text beside the agreed file. Raises KitError where another text has its name there."""
    from kit.files import write_atomically

    content = (here / name).read_bytes()
    target = there / name
    if not target.exists():
        write_atomically(target, content)
    elif target.read_bytes() != content:
        raise KitError(f"In {there} there is another text called {name}. Write the agreed file to another folder.")
