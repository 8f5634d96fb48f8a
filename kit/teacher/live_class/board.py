"""The board: the claims to vote on, the votes in numbers, and how far the class agrees before and after. No server."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from kit import agreement
from kit.article import annotation_file, codebook, seeds
from kit.article.records import Annotation
from kit.check.answers import number_of, text
from kit.errors import KitError, many
from kit.page.names import literal
from kit.questions import WRITTEN_OUT
from kit.teacher.exercises.keys import Exercise, KeyedQuestion
from kit.teacher.exercises.own_templates import ARTICLE
from kit.teacher.grading import submission
from kit.teacher.live_class import class_record
from kit.teacher.live_class.class_record import ClassRecord

__all__ = ["LABELS", "NEAR", "agreed", "article", "counted", "offered", "right_lines", "voted"]

LABELS = codebook.names("status")
NEAR = (0.35, 0.65)
"""A class splits near half where the most frequent label has a share between these. Peer Instruction found discussion
most fruitful about there (Crouch and Mazur, "Peer Instruction: Ten years of experience and results", 2001)."""
_FEWEST = 4
"""Votes below which nothing is called a split."""
Votes = Sequence[tuple[int, str, int, int, str]]
"""Round, claim, number, student and label, as `ClassRecord.votes` gives them."""


def article(course: Path | None) -> Annotation:
    """The article of the course whose articles lie in the folder `course`; by default the kit's own."""
    return annotation_file.read(course / f"{ARTICLE}.toml" if course else seeds.article("soldiers"))


def counted(votes: Votes) -> dict[str, list[dict[str, Any]]]:
    """Each claim that anybody voted on to its votes in order: their `number`, the `counts` of each label of the
    codebook, and whether the class splits `near` half."""
    chosen: dict[tuple[str, int], list[str]] = defaultdict(list)
    for _, claim, number, _, label in votes:
        chosen[claim, number].append(label)
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for (claim, number), labels in chosen.items():
        counts = {name: labels.count(name) for name in LABELS}
        near = len(labels) >= _FEWEST and NEAR[0] <= max(counts.values()) / len(labels) <= NEAR[1]
        found[claim].append({"number": number, "counts": counts, "near": near})
    return found


def offered(whole: Annotation, votes: Votes) -> list[str]:
    """The claims in the order in which they are worth a vote: first those that split near half and were voted on once,
    then those without a vote that careful readers label in two ways, then the others, and last what is done."""
    last = {claim: rounds[-1] for claim, rounds in counted(votes).items()}

    def place(claim: str) -> int:
        if claim not in last:
            return 1 if whole.by_id[claim].also else 2
        return 0 if last[claim]["number"] == 1 and last[claim]["near"] else 3

    return sorted((claim.id for claim in whole.claims), key=place)


def agreed(votes: Votes) -> tuple[str, str]:
    """Krippendorff's alpha of the first and of the last vote, each with what it rests on, in words.

    Once any claim has been voted on twice, both are of these claims alone, so that like is compared with like.
    """
    frame = pd.DataFrame(votes, columns=["round", "claim", "number", "student", "label"])
    twice = set(frame.loc[frame["number"] > 1, "claim"])
    both = frame[frame["claim"].isin(twice)] if twice else frame
    last = both[both["number"] == both.groupby("claim")["number"].transform("max")]
    return _alpha(both[both["number"] == 1]), _alpha(last) if twice else "no second vote yet"


def _alpha(rows: pd.DataFrame) -> str:
    table = rows.pivot(index="claim", columns="student", values="label")
    table = table[table.notna().sum(axis=1) > 1]
    if len(table) < 2:
        return "no value yet: it needs two claims with two votes each"
    value = agreement.alpha(table)
    rests = f"{many(len(table), 'claim')}, {many(int(table.notna().any().sum()), 'voter')}"
    said = "every vote is the same label, so there is nothing to compare" if math.isnan(value) else f"{value:.2f}"
    return f"{said} ({rests})"


def voted(folder: Path, course: Path | None) -> tuple[list[list[str]], tuple[str, str]]:
    """The record of votes in a class's `folder` for a report: rows (claim with its words, first vote, last vote, how
    many of those who voted in both changed theirs), and `agreed`. Raises KitError where there is no record."""
    if not (folder / class_record.FILE).is_file():
        raise KitError(f"{folder} holds no record of a class. Give the folder of `python -m kit class`.")
    record = ClassRecord(folder)
    votes, claims = record.votes(), article(course).by_id
    record.close()
    theirs: dict[str, dict[int, dict[int, str]]] = defaultdict(lambda: defaultdict(dict))
    for _, claim, number, student, label in votes:
        theirs[claim][number][student] = label
    rows = []
    for claim, found in theirs.items():
        first, last = found.get(1, {}), found[max(found)] if max(found) > 1 else {}
        moved = str(sum(first[one] != last[one] for one in first.keys() & last.keys())) if last else "–"
        quote = f" “{claims[claim].quote}”" if claim in claims else ""
        rows.append([f"{claim}{quote}", _told(first), _told(last), moved])
    return rows, agreed(votes)


def _told(cast: Mapping[int, str]) -> str:
    counts = Counter(cast.values())
    return ", ".join(f"{counts[name]} {name}" for name in LABELS if counts[name]) or "–"


def right_lines(file: Path, exercise: Exercise) -> dict[str, set[str]]:
    """Question to the lines that are right in a notebook of `exercise` that was handed in.

    Only of answers that are plain data, which are read and never run; nothing where it cannot be read.
    """
    try:
        given = submission.answers(submission.read("", file), exercise)
        asked = [one for one in exercise.questions if one.kind == WRITTEN_OUT]
        return {one.name: set(_right(one, given[one.name].source or "")) for one in asked}
    except Exception:  # whatever a stranger's file does to its reader, the board goes on
        return {}


def _right(question: KeyedQuestion, source: str) -> Iterable[str]:
    value = literal(source, question.name)
    for line, said in value.items() if isinstance(value, dict) else ():
        if str(line) in question.key and _even(said) in map(_even, question.accepted(str(line))):
            yield str(line)


def _even(value: object) -> object:
    """A value as it is compared: capitals and marks around a text do not matter."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return [_even(one) for one in value]
    return text(value).casefold() if isinstance(value, str) else number_of(value)
