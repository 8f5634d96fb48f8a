"""Say how far several annotations of one article agree, and which claims to talk about."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from kit.comparison import Difference
    from kit.readings import Annotator, Match

WIDTH, STAR = 100, "*"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE.toml", help="one file from each annotator")
    parser.add_argument(
        "--labels", metavar="FIELD", default="status", help="the field whose labels are listed (default: status)"
    )


def run(options: argparse.Namespace) -> int:
    from kit import comparison, readings

    people = readings.gather(options.files)
    names, found = [person.name for person in people], readings.matches(people)
    labels = comparison.labels(found, names, options.labels)
    differences = comparison.differences(found)
    parts = (
        _who(people, found),
        ["", "How far they agree. 1.00 is full agreement; for kappa and alpha, 0.00 is what chance gives.", ""],
        _fields(comparison.fields(found, names)),
        ["", f"On each label of “{options.labels}”: of those who gave it, the share of others who gave it too.", ""],
        _labels(labels),
        _alone(people, found),
        _talk(differences),
        ["", f"This is how {len(people)} annotators read one article. It is not a survey of readers."],
    )
    for part in parts:
        print(*part, sep="\n")
    return 0


def _who(people: tuple[Annotator, ...], found: tuple[Match, ...]) -> Iterator[str]:
    for person in people:
        claims = person.annotation.claims
        blank, proposed = sum(c.blank for c in claims), sum(bool(c.proposed) and not c.blank for c in claims)
        yield f"{person.name}: {len(claims)} claims"
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
        WIDTH,
    )


def _fields(table: pd.DataFrame) -> Iterator[str]:
    yield f"{'field':<13}{'claims':>7}{'the same':>10}{'kappa':>11}{'alpha':>11}   95% interval of alpha"
    for field, row in table.iterrows():
        shares = f"{_share(row['percent'], percent=True):>10}{_share(row['kappa']):>11}{_share(row['alpha']):>11}"
        yield f"{field:<13}{row['claims']:>7}{shares}   {_interval(row)}".rstrip()
    yield from _notes(table)


def _labels(table: pd.DataFrame) -> Iterator[str]:
    wide = max(13, *(len(label) + 2 for label in table.index))
    yield f"{'label':<{wide}}{'claims':>7}{'share':>10}{'alpha':>11}   95% interval of the share"
    for label, row in table.iterrows():
        shares = f"{_share(row['specific']):>10}{_share(row['alpha']):>11}"
        told = f"{shares}   {_interval(row)}" if row["cases"] else f"{'no cases':>10}"
        yield f"{label:<{wide}}{row['cases']:>7}{told}".rstrip()
    yield from _notes(table[table["cases"] > 0])


def _notes(table: pd.DataFrame) -> Iterator[str]:
    """Why a measure is undefined, once for all rows that it holds for; and what a starred interval rests on."""
    for note, rows in table[table["note"].str.contains("undefined")].groupby("note", sort=False):
        yield fill(f"{', '.join(rows.index)}: {note}.", WIDTH)
    if any(map(_shaky, table.itertuples())):
        yield fill(f"{STAR} So few or so like claims that this interval says little.", WIDTH)


def _interval(row: pd.Series) -> str:
    import pandas as pd

    star = f" {STAR}" if _shaky(row) else ""
    return "" if pd.isna(row["low"]) else f"{row['low']:.2f} to {row['high']:.2f}{star}"


def _shaky(row: Any) -> bool:
    """Whether an interval has a note: some resampled sets of claims had no value, or all had the same one."""
    return bool(row.note) and row.low == row.low


def _share(value: float, *, percent: bool = False) -> str:
    import pandas as pd

    if pd.isna(value):
        return "undefined"
    return f"{value:.0%}" if percent else f"{value:.2f}"


def _alone(people: tuple[Annotator, ...], found: tuple[Match, ...]) -> Iterator[str]:
    rest = [match for match in found if len(match.claims) < len(people)]
    if rest:
        yield from ("", "Not in every file", "")
    for match in rest:
        where = "only in" if len(match.claims) == 1 else "in"
        yield f"{where} {' and '.join(match.claims)}: {_named(match)}"


def _talk(differences: tuple[Difference, ...]) -> Iterator[str]:
    if not differences:
        yield from ("", "There is no claim to talk about: on what they all answered, they agree.")
        return
    many = f"{len(differences)} claims, those furthest apart first" if len(differences) > 1 else "1 claim"
    yield from ("", f"To talk about: {many}")
    for difference in differences:
        yield from ("", _named(difference.match))
        for field, answers in difference.fields.items():
            said: dict[str, list[str]] = {}
            for name, answer in answers.items():
                said.setdefault(answer, []).append(name)
            line = "; ".join(f"{', '.join(names)}: {answer}" for answer, names in said.items())
            yield fill(f"  {field:<14}{line}", WIDTH, subsequent_indent=" " * 16)


def _named(match: Match) -> str:
    first = match.first
    return f"{first.id} “{' '.join(first.quote.split())}”"
