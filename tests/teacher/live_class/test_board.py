"""The board in numbers: which claims come first, how far a class agrees, and what is right in a notebook as it lies."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pandas as pd
import pytest

from kit import agreement
from kit.errors import KitError
from kit.setup import places
from kit.teacher.exercises import keys
from kit.teacher.live_class import board
from kit.teacher.live_class.class_record import ClassRecord

from .conftest import EXERCISE


def votes(claim: str, number: int, labels: str) -> list[tuple[int, str, int, int, str]]:
    names = {name[:2]: name for name in board.LABELS}
    return [(number, claim, number, at, names[label]) for at, label in enumerate(labels.split())]


def test_claims_that_split_near_half_come_first_and_done_ones_last() -> None:
    whole = board.article(None)
    given = [
        *votes("S27a", 1, "al al st st"),
        *votes("S26b", 1, "al al al al"),
        *votes("S13a", 1, "al st"),
        *votes("S10a", 1, "al al st st"),
        *votes("S10a", 2, "al al al al"),
    ]
    order = board.offered(whole, given)
    assert order[0] == "S27a" and set(order[-3:]) == {"S26b", "S13a", "S10a"}
    double = [claim.id for claim in whole.claims if claim.also and claim.id not in order[:1] + order[-3:]]
    assert order[1 : 1 + len(double)] == double and sorted(order) == sorted(whole.by_id)


def test_alpha_is_that_of_the_kit_and_says_what_it_rests_on() -> None:
    first = [*votes("S13a", 1, "al st al"), *votes("S15b", 1, "co al al")]
    table = pd.DataFrame({0: ["alleged", "confirmed"], 1: ["stance", "alleged"], 2: ["alleged", "alleged"]})
    assert board.agreed(first) == (f"{agreement.alpha(table):.2f} (2 claims, 3 voters)", "no second vote yet")
    assert board.agreed(first[:3])[0].startswith("no value yet")
    assert board.agreed([])[0].startswith("no value yet")


def test_before_and_after_are_of_the_same_claims() -> None:
    twice = [(s, n) for s in ("S13a", "S15b") for n in (1, 2)]
    given = [row for claim, number in twice for row in votes(claim, number, "al al" if claim == "S13a" else "st st")]
    before, after = board.agreed([*given, *votes("S10a", 1, "al co")])
    assert before == after == "1.00 (2 claims, 2 voters)"


def test_right_lines_are_read_and_nothing_is_run(work: bytes, tmp_path: Path) -> None:
    exercise = keys.load(places.solutions() / f"{EXERCISE}.ipynb")
    every = {EXERCISE: exercise}
    found = board.right_lines(work, Path("x.ipynb"), every)
    assert {name for _, name in found} == {"statuses", "later"}
    assert all(len(lines) == len(exercise.by_name[name].key) for (_, name), lines in found.items())
    notebook = json.loads(work)
    mark = tmp_path / "run"
    for cell in notebook["cells"]:
        if cell["metadata"].get("kit", {}).get("role") == "answer":
            cell["source"] = f"statuses = dict(open({str(mark)!r}, 'w') and {{}})"
    found = board.right_lines(json.dumps(notebook).encode(), Path("x.ipynb"), every)
    assert not any(found.values()) and not mark.exists()


@pytest.mark.parametrize(
    "data", [b"", b"null", b'{"cells": 3}', b'{"cells": [{"cell_type": "code", "source": "x = ' + b"(" * 5000 + b'"}]}']
)
def test_what_cannot_be_read_has_nothing_right(data: bytes) -> None:
    exercise = keys.load(places.solutions() / f"{EXERCISE}.ipynb")
    assert not any(board.right_lines(data, Path("x.ipynb"), {EXERCISE: exercise}).values())


def test_near_half_needs_votes_enough() -> None:
    (poll,) = board.polls(votes("S13a", 1, "al st"))
    assert not poll.near
    assert dataclasses.replace(poll, counts=dict.fromkeys(board.LABELS, 0) | {"alleged": 3, "stance": 3}).near


def test_a_report_is_given_both_votes_of_each_claim(tmp_path: Path) -> None:
    record = ClassRecord(tmp_path / "class")
    students = [record.join(record.setting("code"), name).student for name in ("Ana", "Bo", "Cem")]
    for labels in (("alleged", "stance", "alleged"), ("alleged", "alleged", "alleged")):
        record.open("S13a")
        for student, label in zip(students, labels, strict=True):
            record.vote(student, record.rounds()[-1].id, label)
    record.close()
    rows, alpha = board.voted(tmp_path / "class", None)
    ((claim, *told),) = rows
    assert claim.startswith("S13a “") and told == ["1 stance, 2 alleged", "3 alleged", "1"]
    assert alpha[0].startswith("no value yet")
    with pytest.raises(KitError, match="no record of a class"):
        board.voted(tmp_path, None)
    assert not (tmp_path / "class.sqlite").exists()
