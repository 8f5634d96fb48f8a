"""A first annotation of an article of one's own: what is taken in, what is asked for, and what is told of it."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING

from kit.commands import flag, takes, takes_path
from kit.errors import KitError, many, typed
from kit.files import free, write_atomically

if TYPE_CHECKING:
    import datetime

    from kit.teacher.authoring.taking_in import Taken

_KINDS = "a saved web page, .docx, a PDF with text, .rtf or plain text, or - for standard input (default)"
_WIDTH, _SHOWN = 100, 8


@takes("article=ARTICLE", _KINDS, nargs="?", default="-")
@takes("--dateline", "the date of the article: 2024-10-19")
@takes("--headline", "its headline (default: its first line)")
@takes("--address", "where it was published")
@takes("--slug", "a short name for the files (default: that of the article's file)")
@takes_path("-o --out", "the folder to write to (default: beside the article)")
@flag("--force", "replace files that exist")
@takes("--format", "default: toml, an annotation file", choices=("toml", "jsonl"), default="toml")
@takes_path(
    "--from=OTHER.jsonl",
    "attributions of another tool or a language model, to propose in place of those of the rules",
    dest="other",
)
def cmd_draft(options: argparse.Namespace) -> int:
    """Make a first annotation of an article of your own.

    Give a file (a saved web page, .docx, a PDF with text, .rtf or plain text), or nothing (or -) to paste a text.
    What is missing is asked for. With --format jsonl it prints the attributions instead, for one article or a JSONL
    file of {"id", "text"}.
    """
    if options.other and options.format == "jsonl":
        raise KitError("--from makes an annotation. Leave --format jsonl away.")
    return _jsonl(options) if options.format == "jsonl" else _first_annotation(options)


def _first_annotation(options: argparse.Namespace) -> int:
    from kit.teacher.authoring import drafting

    pasted, asking = options.article == "-", sys.stdin.isatty() and sys.stdout.isatty()
    # What is wrong is said before anything is asked or pasted, since that would be lost.
    given = drafting.date_of(options.dateline) if options.dateline else None
    if pasted and asking and not given:
        given = _asked_date("")
    data, name = _given(options.article)
    try:
        return _drafted(options, data, name, given, asking=asking and not pasted)
    except KitError as fault:
        if not pasted or len(data.split()) < 2:
            raise
        kept = Path("pasted.txt")
        kept = free(kept, "-") if kept.exists() else kept
        write_atomically(kept, data)
        raise KitError(f"{fault}\nWhat was pasted is kept in {kept}: python -m kit draft {typed(kept)}") from None


def _drafted(options: argparse.Namespace, data: bytes, name: str, given: datetime.date | None, *, asking: bool) -> int:
    from kit.draft.rules_in_order import read
    from kit.teacher.authoring import drafting
    from kit.teacher.authoring.other_drafts import with_others
    from kit.teacher.authoring.taking_in import foreign, taken_from

    taken = taken_from(data, name)
    source = None if options.article == "-" else Path(options.article)
    first = options.headline or drafting.headline_of(taken.text)
    slug = drafting.slug_of(options.slug or (source.stem if source else first))
    folder = options.out or (source.parent if source else Path())
    text = taken.text.encode()
    beside = drafting.text_name(source, text, folder, slug)
    drafting.refuse_taken(text, folder, slug, beside=beside, force=options.force)
    reading, told = read(taken.text), ()
    if options.other:
        reading, told = with_others(reading, _given(str(options.other))[0], options.other.name)
    headline = _ask("Headline", first) if asking and not options.headline else first
    given = given or (_asked_date(taken.date or "") if asking else taken.date)
    if not given:
        raise KitError("The date of the article is missing. Add it: --dateline 2024-10-19")
    address = options.address
    if address is None:
        address = _ask("Address (none: Enter)", taken.address) if asking else taken.address
    by = options.other.name if options.other else ""
    facts = {"slug": slug, "headline": headline, "dateline": given, "address": address, "beside": beside, "by": by}
    path = drafting.write(drafting.annotated(reading, **facts), text, folder, slug, beside=beside, force=options.force)
    if given == taken.date and not (asking or options.dateline):
        print(f"Its date, as the page gives it: {given}.")
    _tell(taken, path, beside if text != data else "")
    for warning in filter(None, (*told, foreign(taken.text))):
        print(warning, file=sys.stderr)
    _tell_counts(path)
    print(f"Next: python -m kit annotate {typed(path)}")
    return 0


def _tell(taken: Taken, path: Path, beside: str) -> None:
    """Print what was done to the article; `beside` names the file with the text as taken, "" where it is the same."""
    for sentence in taken.mended:
        print(sentence)
    if beside:
        print(f"The text as it was taken: {path.with_name(beside)}. Units and claims are anchored in that.")
    if taken.left_out:
        gone = path.with_name(f"{path.stem}-left-out.txt")
        write_atomically(gone, "\n".join([*taken.left_out, ""]))
        print(f"Left out: {many(len(taken.left_out), 'line')}, all in {gone}. To bring one back, put it into {beside}")
        print("and draft that file. The first of them:")
        for line in taken.left_out[:_SHOWN]:
            print(f"  {shorten(line, _WIDTH, placeholder=' …')}")


def _tell_counts(path: Path) -> None:
    from kit.article.annotation_file import read
    from kit.teacher.authoring.opening import advice

    whole = read(path)
    rows = {"unit": whole.units, "source": whole.sources, "claim": whole.claims}
    unsure = sum(claim.proposed == "guess" for claim in whole.claims)
    counts = ", ".join(many(len(found), name) for name, found in rows.items())
    print(f"{path}: {counts}, all of them proposed ({unsure} {'is a guess' if unsure == 1 else 'are guesses'}).")
    if aside := [
        f"{unit.id} “{shorten(unit.text, 40, placeholder=' …')}”" for unit in whole.units if unit.kind == "furniture"
    ]:
        print(f"Set aside as no part of the article: {', '.join(aside)}. To bring one back, add a claim to it.")
    print(*advice(whole), sep="\n")


def _asked_date(hint: object) -> datetime.date:
    from kit.teacher.authoring.drafting import date_of

    while True:
        said = _ask("Date of the article, as in 2024-10-19", str(hint))
        try:
            return date_of(said)
        except KitError as error:
            print(error)


def _given(name: str) -> tuple[bytes, str]:
    """The bytes of a file, or of standard input, and what to call them."""
    from kit.teacher.authoring.taking_in import ADDRESS, NO_NETWORK

    if name != "-":
        if ADDRESS.match(name):
            raise KitError(NO_NETWORK.format(name))
        path = Path(name)
        if path.is_dir():
            raise KitError(f"{path} is a folder. Name the text file in it.")
        if not path.exists():
            raise KitError(f"There is no file {path}. Look at its name, and at the folder that the terminal is in.")
        return path.read_bytes(), path.name
    if sys.stdin.isatty():
        print("Paste the article, then press Ctrl+D (on Windows Ctrl+Z and Enter).", file=sys.stderr)
    return sys.stdin.buffer.read(), "standard input"


def _ask(question: str, default: str) -> str:
    hint = f" [{default}]" if default else ""
    try:
        return input(f"{question}{hint}: ").strip() or default
    except EOFError:
        raise KitError("Stopped. Nothing was written.") from None


def _jsonl(options: argparse.Namespace) -> int:
    from kit.teacher.authoring.drafting import line_of
    from kit.teacher.authoring.taking_in import taken_from

    path = Path(options.article)
    if options.article == "-":
        rows = sys.stdin.buffer
        first = next((row for row in rows if row.strip()), b"")
        if re.match(rb"[\xef\xbb\xbf \t]*\{(?!\\rtf)", first):
            return _stream(chain([first], rows), "standard input")
        key, data, name = "article", first + rows.read(), "standard input"
    elif path.suffix in (".jsonl", ".ndjson", ".json"):
        with path.open("rb") as rows:
            return _stream(rows, path.name)
    else:
        key, (data, name) = path.stem, _given(options.article)
    _print(line_of(key, taken_from(data, name).text))
    return 0


def _stream(rows: Iterable[bytes], name: str) -> int:
    """Print a line for each document, and name each that could not be read; 1 if there was one."""
    from kit.teacher.authoring.drafting import lines

    bad = 0
    for line in lines(rows):
        if isinstance(line, KitError):
            bad += 1
            print(f"{name}, {line}", file=sys.stderr)
        else:
            _print(line)
    return 1 if bad else 0


def _print(line: str) -> None:
    """Print in UTF-8, whatever the terminal's own encoding: JSON is UTF-8."""
    sys.stdout.buffer.write(f"{line}\n".encode())
    sys.stdout.flush()
