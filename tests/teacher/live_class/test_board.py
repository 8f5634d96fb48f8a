"""The board in numbers: which claims come first, how far a class agrees, and what is right in a notebook as it lies."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from kit import agreement
from kit.errors import KitError
from kit.setup import places
from kit.teacher.exercises import keys
from kit.teacher.live_class import board
from kit.teacher.live_class.class_record import ClassRecord, Round

from .conftest import EXERCISE


def votes(claim: str, number: int, labels: str) -> Round:
    names = {name[:2]: name for name in board.LABELS}
    cast = {at: names[label] for at, label in enumerate(labels.split())}
    return Round(number, claim, number, "closed", cast)


def test_claims_that_split_near_half_come_first_and_done_ones_last() -> None:
    whole = board.article(None)
    given = [
        votes("S27a", 1, "al al st st"),
        votes("S26b", 1, "al al al al"),
        votes("S13a", 1, "al st"),
        votes("S10a", 1, "al al st st"),
        votes("S10a", 2, "al al al al"),
    ]
    order = [claim.id for claim in board.offered(whole, given)]
    assert order[0] == "S27a" and set(order[-3:]) == {"S26b", "S13a", "S10a"}
    double = [claim.id for claim in whole.claims if claim.also and claim.id not in order[:1] + order[-3:]]
    assert order[1 : 1 + len(double)] == double and sorted(order) == sorted(whole.by_id)


def test_alpha_is_that_of_the_kit_and_says_what_it_rests_on() -> None:
    first = [votes("S13a", 1, "al st al"), votes("S15b", 1, "co al al")]
    table = pd.DataFrame({0: ["alleged", "confirmed"], 1: ["stance", "alleged"], 2: ["alleged", "alleged"]})
    assert board.agreed(first) == (f"{agreement.alpha(table):.2f} (2 claims, 3 voters)", "no second vote yet")
    assert board.agreed(first[:1])[0].startswith("no value yet")
    assert board.agreed([])[0].startswith("no value yet")
    assert board.agreed([*first, votes("S13a", 2, "")])[1] == "no second vote yet"


def test_before_and_after_are_of_the_same_claims() -> None:
    twice = [(s, n) for s in ("S13a", "S15b") for n in (1, 2)]
    given = [votes(claim, number, "al al" if claim == "S13a" else "st st") for claim, number in twice]
    before, after = board.agreed([*given, votes("S10a", 1, "al co")])
    assert before == after == "1.00 (2 claims, 2 voters)"


@pytest.fixture(scope="module")
def exercise() -> keys.Exercise:
    return keys.load(places.solutions() / f"{EXERCISE}.ipynb")


def test_right_lines_are_read_and_nothing_is_run(exercise: keys.Exercise, work: bytes, tmp_path: Path) -> None:
    file, mark = tmp_path / "x.ipynb", tmp_path / "run"
    file.write_bytes(work)
    found = board.right_lines(file, exercise)
    assert set(found) == {"statuses", "later"}
    assert all(lines == set(exercise.by_name[name].key) for name, lines in found.items())
    notebook = json.loads(work)
    for cell in notebook["cells"]:
        if cell["metadata"].get("kit", {}).get("role") == "answer":
            cell["source"] = f"statuses = dict(open({str(mark)!r}, 'w') and {{}})"
    file.write_text(json.dumps(notebook), "utf-8")
    assert not any(board.right_lines(file, exercise).values()) and not mark.exists()


@pytest.mark.parametrize(
    "data", [b"", b"null", b'{"cells": 3}', b'{"cells": [{"cell_type": "code", "source": "x = ' + b"(" * 5000 + b'"}]}']
)
def test_what_cannot_be_read_has_nothing_right(exercise: keys.Exercise, data: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.ipynb").write_bytes(data)
    assert not any(board.right_lines(tmp_path / "x.ipynb", exercise).values())


@pytest.mark.parametrize(("labels", "near"), [("al st", False), ("al al al st st st", True), ("al al al st", False)])
def test_near_half_needs_votes_enough_and_two_sides(labels: str, near: bool) -> None:
    ((told,),) = board.counted([votes("S13a", 2, labels)]).values()
    assert told["number"] == 2 and told["near"] is near and sum(told["counts"].values()) == len(labels.split())


def test_a_report_is_given_both_votes_of_each_claim(tmp_path: Path) -> None:
    record = ClassRecord(tmp_path / "class")
    for name in ("Ana", "Bo", "Cem"):
        record.join(record.setting("code"), name)
    for labels in (("alleged", "stance", "alleged"), ("alleged", "alleged", "alleged")):
        record.open("S13a")
        for student, label in zip(record.people(), labels, strict=True):
            record.vote(student, record.rounds()[-1].id, label)
    record.close()
    rows, alpha = board.voted(tmp_path / "class", None)
    ((claim, *told),) = rows
    assert claim.startswith("S13a “") and told == ["1 stance, 2 alleged", "3 alleged", "1"]
    assert alpha[0].startswith("no value yet")
    with pytest.raises(KitError, match="no record of a class"):
        board.voted(tmp_path, None)
    assert not (tmp_path / "class.sqlite").exists()
