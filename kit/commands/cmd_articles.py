"""The annotation of an article: checked, corrected, compared, exported."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING

from kit.article import seeds
from kit.commands import flag, takes, takes_path
from kit.errors import AnnotationError, KitError, many, typed

if TYPE_CHECKING:
    import pandas as pd

    from kit.article.records import Annotation
    from kit.teacher.authoring.comparing import Match

_WIDTH, _STAR = 100, "*"
_OF_FIELDS = {"the same": "percent:.0%", "kappa": "kappa:.2f", "alpha": "alpha:.2f"}
_OF_LABELS = {"share": "specific:.2f", "alpha": "alpha:.2f"}
_EXPORTS = ("jsonld", "brat", "csv")


@takes_path("files=FILE.toml", nargs="+")
def cmd_check(options: argparse.Namespace) -> int:
    """Check the annotation of an article."""
    from kit.article.annotation_file import read

    bad = 0
    for path in options.files:
        if path.suffix.lower() == ".txt":
            bad += 1
            print(f"{path.name} is a text. Check its annotation: {path.stem}.toml", file=sys.stderr)
            continue
        try:
            claims = read(path, strict=True).claims
            proposed = sum(bool(claim.proposed) for claim in claims)
            print(f"{path.name}: {len(claims)} claims, all anchored" + f", {proposed} still proposed" * bool(proposed))
        except AnnotationError as error:
            bad += 1
            print(*error.faults, sep="\n", file=sys.stderr)
            print(f"{path.name}: {many(len(error.faults), 'fault')}. Nothing was changed.", file=sys.stderr)
    return 1 if bad else 0


@takes_path("file=ARTICLE.toml")
@flag("--no-browser", "do not open a browser", default=argparse.SUPPRESS)
@takes("--port", "the port for JupyterLab", type=int, default=argparse.SUPPRESS)
def cmd_annotate(options: argparse.Namespace) -> int:
    """Open an annotation on screen, to accept or correct it."""
    from kit.setup import lab, places
    from kit.teacher.authoring import opening

    opening.check(options.file)
    target = places.work().resolve()
    notebook = opening.lay(options.file, target)
    print(f"Every step is saved at once in {options.file.resolve()}")
    return lab.start(browser=not options.no_browser, port=options.port, target=target, notebook=notebook, say=print)


@takes_path("files=FILE.toml", "one file from each annotator", nargs="+")
@takes("--labels=FIELD", "the field whose labels are listed (default: status)", default="status")
def cmd_agree(options: argparse.Namespace) -> int:
    """Say how far several annotations of one article agree, and which claims to talk about."""
    from kit.teacher.authoring import comparing

    people = comparing.gather(options.files)
    names, found = list(people), comparing.matches(people)
    labels = comparing.labels(found, names, options.labels)
    for part in (
        _who(people, found),
        ["", "How far they agree. 1.00 is full agreement; for kappa and alpha, 0.00 is what chance gives.", ""],
        _measured(comparing.compared_fields(found, names), "field", _OF_FIELDS, "alpha"),
        ["", f"On each label of “{options.labels}”: of those who gave it, the share of others who gave it too.", ""],
        _measured(labels, "label", _OF_LABELS, "the share"),
        _talk(people, found),
        ["", f"This is how {len(people)} annotators read one article. It is not a survey of readers."],
    ):
        print(*part, sep="\n")
    return 0


def _who(people: Mapping[str, Annotation], found: tuple[Match, ...]) -> Iterator[str]:
    for name, whole in people.items():
        claims = whole.claims
        blank, proposed = sum(c.blank for c in claims), sum(bool(c.proposed) and not c.blank for c in claims)
        yield f"{name}: {len(claims)} claims"
        if blank:
            yield f"  {blank} of them {'are' if blank > 1 else 'is'} blank and left out of the count."
        if proposed:
            verb = "are proposals" if proposed > 1 else "is a proposal"
            yield f"  {proposed} of them {verb} that no person has accepted yet, and left out of the count."
    shared = sum(len(match.claims) == len(people) for match in found)
    yield f"In all files: {shared} of {len(found)} claims. The rest stands below, under “Not in every file”."
    yield fill(
        "Two claims are taken for the same one if they stand in the same unit and at least half of the words of "
        "their quotes are in both.",
        _WIDTH,
    )


def _measured(table: pd.DataFrame, head: str, shares: Mapping[str, str], of: str) -> Iterator[str]:
    """A line for each row, with its `shares` (head to column and format) and the 95% interval `of` one of these.

    Below them stands why a measure is undefined, once for all rows that it holds for, and what a star says: some
    resampled sets of claims had no value, or all had the same one.
    """
    wide, undefined, starred = max(13, *(len(name) + 2 for name in table.index)), {}, False
    yield f"{head:<{wide}}{'claims':>7}{''.join(f'{name:>11}' for name in shares)}   95% interval of {of}"
    for name, row in table.astype(object).where(table.notna(), None).iterrows():
        known = [(row[column], form) for column, _, form in (share.partition(":") for share in shares.values())]
        cells = ["undefined" if value is None else format(value, form) for value, form in known]
        cells = cells if row.iloc[0] else ["no cases"]
        ends = "" if row["low"] is None else f"{row['low']:.2f} to {row['high']:.2f}" + f" {_STAR}" * bool(row["note"])
        starred = starred or _STAR in ends
        yield f"{name:<{wide}}{row.iloc[0]:>7}{''.join(f'{cell:>11}' for cell in cells)}   {ends}".rstrip()
        if row.iloc[0] and "undefined" in row["note"]:
            undefined.setdefault(row["note"], []).append(name)
    for note, names in undefined.items():
        yield fill(f"{', '.join(names)}: {note}.", _WIDTH)
    if starred:
        yield fill(f"{_STAR} So few or so like claims that this interval says little.", _WIDTH)


def _talk(people: Mapping[str, Annotation], found: tuple[Match, ...]) -> Iterator[str]:
    """What there is to talk about: the claims that some have not, and those on which the answers differ."""
    from kit.teacher.authoring.comparing import differences

    rest = [match for match in found if len(match.claims) < len(people)]
    if rest:
        yield from ("", "Not in every file", "")
    for match in rest:
        where = "only in" if len(match.claims) == 1 else "in"
        yield f"{where} {' and '.join(match.claims)}: {_named(match)}"
    apart = differences(found)
    if not apart:
        yield from ("", "There is no claim to talk about: on what they all answered, they agree.")
        return
    order = ", those furthest apart first" * (len(apart) > 1)
    yield from ("", f"To talk about: {many(len(apart), 'claim')}{order}")
    for difference in apart:
        yield from ("", _named(difference.match))
        for field, answers in difference.fields.items():
            said: dict[str, list[str]] = {}
            for name, answer in answers.items():
                said.setdefault(answer, []).append(name)
            line = "; ".join(f"{', '.join(names)}: {answer}" for answer, names in said.items())
            yield fill(f"  {field:<14}{line}", _WIDTH, subsequent_indent=" " * 16)


def _named(match: Match) -> str:
    first = match.first
    return f"{first.id} “{' '.join(first.quote.split())}”"


@takes_path("files=FILE.toml", "the first one's comments are kept", nargs="+")
@takes_path("-o --out=AGREED.toml", "the file to write", required=True)
@flag("--majority", "settle what more than half of the files agree on")
@flag("--passes", "keep the statuses as passes: only if each worked alone, from no draft")
@flag("--force", "write over the file if it is there")
def cmd_merge(options: argparse.Namespace) -> int:
    """Merge several annotations of one article into one file, with what is open marked."""
    from kit.teacher.authoring import comparing, merging

    out = options.out
    if out.suffix != ".toml":
        raise KitError(f"An annotation is a .toml file, but the one to write is {out.name}.")
    if out.resolve() in {path.resolve() for path in options.files}:
        raise KitError(f"{out.name} is one of the files to merge. Give the agreed file another name.")
    if out.exists() and not options.force:
        raise KitError(f"{out.name} is there already. Give another name, or --force to write over it.")
    people = comparing.gather(options.files)
    merged = merging.agreed(people, majority=options.majority, passes=options.passes)
    merging.write(merged, people, out)
    print(f"{out}: {merged.settled} claims agreed, {len(merged.open)} open")
    for key, reasons in merged.open.items():
        print(f"  {key}", *reasons, sep="\n    ")
    if merged.open:
        print(f"The open ones are marked as proposed. To settle them: python -m kit annotate {typed(out)}")
    print(f"Replies and propositions are those of {next(iter(people))}: look at the others' yourself.")
    return 0


@takes("article", "a seed's name, or FILE.toml", nargs="?", default="soldiers")
@takes("--format", "default: all of them", choices=_EXPORTS, action="append")
@takes_path("-o --out", "where to write (default: export/)", default="export")
def cmd_export(options: argparse.Namespace) -> int:
    """Write an annotation for other tools."""
    from kit.article.annotation_file import read
    from kit.teacher.authoring.exports import export

    path = Path(options.article)
    annotation = read(path if path.suffix == ".toml" else seeds.seeds() / f"{path.name}.toml")
    for name in options.format or _EXPORTS:
        for written in export(annotation, name, options.out):
            print(written)
    return 0
