"""Make a first annotation of an article of your own.

Give a text file, or nothing (or -) to read from standard input. What is missing is asked for. With
--format jsonl it prints the attributions instead, for a text file or a JSONL file of {"id", "text"}.
"""

from __future__ import annotations

import argparse
import datetime
import sys
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from kit.errors import KitError


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("article", nargs="?", default="-", metavar="ARTICLE.txt", help="a text file, or - (default)")
    parser.add_argument("--dateline", help="the date of the article: 2024-10-19")
    parser.add_argument("--headline", help="its headline (default: its first line)")
    parser.add_argument("--address", help="where it was published")
    parser.add_argument("--slug", help="a short name for the files (default: that of the article's file)")
    parser.add_argument("-o", "--out", type=Path, help="the folder to write to (default: beside the article)")
    parser.add_argument("--force", action="store_true", help="replace files that exist")
    parser.add_argument("--format", choices=("toml", "jsonl"), default="toml", help="default: toml, an annotation file")


def run(options: argparse.Namespace) -> int:
    return _jsonl(options) if options.format == "jsonl" else _annotate(options)


def _annotate(options: argparse.Namespace) -> int:
    from kit.draft import drafting
    from kit.draft.claims import headline_of

    data, name = _read(options.article)
    text = drafting.decoded(data, name)
    asking = sys.stdin.isatty() and sys.stdout.isatty() and options.article != "-"
    first = options.headline or headline_of(text)
    slug = drafting.slug_of(options.slug or (first if options.article == "-" else Path(options.article).stem))
    folder = options.out or (Path() if options.article == "-" else Path(options.article).parent)
    # What is wrong is said before anything is asked, since the answers would be lost.
    drafting.refuse_taken(data, folder, slug, force=options.force)
    given = drafting.date_of(options.dateline) if options.dateline else None
    headline = _ask("Headline", first) if asking and not options.headline else first
    dateline = given or _date(asking)
    address = options.address if options.address is not None else _ask("Address (none: Enter)", "") if asking else ""
    made = drafting.annotated(text, slug=slug, headline=headline, dateline=dateline, address=address)
    path = drafting.write(made, data, folder, slug, force=options.force)
    if drafting.foreign(text):
        print("This text does not look English, and the rules know English only: expect little.", file=sys.stderr)
    _report(path)
    return 0


def _report(path: Path) -> None:
    from kit.annotation import read

    whole = read(path)
    counts = f"{len(whole.units)} units, {len(whole.sources)} sources, {len(whole.claims)} claims"
    unsure = sum(claim.proposed == "guess" for claim in whole.claims)
    print(f"{path}: {counts}, all of them proposed ({unsure} are guesses).")
    print(f"Next: python -m kit annotate {path}")


def _date(asking: bool) -> datetime.date:
    from kit.draft.drafting import date_of

    if not asking:
        raise KitError("The date of the article is missing. Add it: --dateline 2024-10-19")
    while True:
        try:
            return date_of(_ask("Date of the article, as in 2024-10-19", ""))
        except KitError as error:
            print(error)


def _ask(question: str, default: str) -> str:
    hint = f" [{default}]" if default else ""
    try:
        return input(f"{question}{hint}: ").strip() or default
    except EOFError:
        raise KitError("Stopped. Nothing was written.") from None


def _jsonl(options: argparse.Namespace) -> int:
    from kit.draft import drafting

    if Path(options.article).suffix not in (".jsonl", ".ndjson", ".json") and options.article != "-":
        data, name = _read(options.article)
        _print(drafting.line_of(Path(name).stem, drafting.decoded(data, name)))
        return 0
    if options.article == "-":
        rows = sys.stdin.buffer
        first = next((row for row in rows if row.strip()), b"")
        if first.lstrip(b"\xef\xbb\xbf \t").startswith(b"{"):
            return _stream(chain([first], rows), "standard input")
        _print(drafting.line_of("article", drafting.decoded(first + rows.read(), "standard input")))
        return 0
    with Path(options.article).open("rb") as rows:
        return _stream(rows, Path(options.article).name)


def _stream(rows: Iterable[bytes], name: str) -> int:
    """Print a line for each document, and name each that could not be read; 1 if there was one."""
    from kit.draft.drafting import Fault, lines

    bad = 0
    for line in lines(rows):
        if isinstance(line, Fault):
            bad += 1
            print(f"{name}, {line.what}", file=sys.stderr)
        else:
            _print(line)
    return 1 if bad else 0


def _print(line: str) -> None:
    """Print in UTF-8, whatever the terminal's own encoding: JSON is UTF-8."""
    sys.stdout.buffer.write(f"{line}\n".encode())
    sys.stdout.flush()


def _read(name: str) -> tuple[bytes, str]:
    """The bytes of a file, or of standard input, and what to call them."""
    if name != "-":
        path = Path(name)
        if path.is_dir():
            raise KitError(f"{path} is a folder. Name the text file in it.")
        if not path.exists():
            raise KitError(f"There is no file {path}. Look at its name, and at the folder that the terminal is in.")
        return path.read_bytes(), path.name
    if sys.stdin.isatty():
        print("Paste the article, then press Ctrl+D (on Windows Ctrl+Z and Enter).", file=sys.stderr)
    return sys.stdin.buffer.read(), "standard input"
