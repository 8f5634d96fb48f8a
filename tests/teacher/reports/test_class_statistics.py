"""A class in numbers: right on small classes worked by hand."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from synthetic_class import form, of

from kit import agreement
from kit.check import feedback
from kit.setup import places
from kit.teacher.exercises.keys import Exercise, load
from kit.teacher.reports import class_statistics, student_page


def frame(exercise: Exercise, *rows: dict[str, float]) -> pd.DataFrame:
    names = [question.name for question in exercise.questions]
    return pd.DataFrame([dict.fromkeys(names, 0.0) | row for row in rows], columns=names)


def test_difficulty_is_the_mean_share_of_the_points(exercise: Exercise) -> None:
    given = frame(exercise, {"layers": 4, "acts": 2}, {"layers": 2, "acts": math.nan}, {"layers": 0, "acts": 1})
    table = class_statistics.questions(given, exercise)
    assert list(table["difficulty"][["layers", "acts", "several"]]) == [0.5, 0.75, 0]
    assert list(table["students"][["layers", "acts"]]) == [3, 2]
    assert table["note"]["layers"].startswith("too few: fewer than 10") and math.isnan(
        table["discrimination"]["layers"]
    )


def test_discrimination_is_the_correlation_with_all_others(exercise: Exercise) -> None:
    dice = np.random.default_rng(3)
    given = frame(exercise, *({"layers": n % 5, "spans": n % 4, "acts": dice.integers(3)} for n in range(30)))
    table = class_statistics.questions(given, exercise)
    for name in ("layers", "spans", "acts"):
        rest = given.sum(axis=1) - given[name]
        r = np.cov(given[name], rest)[0, 1] / (given[name].std() * rest.std())
        assert table["discrimination"][name] == pytest.approx(r)
        low, high = (math.tanh(math.atanh(r) + side * 1.959964 / math.sqrt(27)) for side in (-1, 1))
        assert (table["low"][name], table["high"][name]) == pytest.approx((low, high))
    assert "the same points" in table["note"]["cues"]


def test_who_has_no_points_in_a_question_is_left_out_and_counted(exercise: Exercise) -> None:
    about = class_statistics.spread(frame(exercise, {"layers": 4}, {"layers": 2}, {"layers": math.nan}), exercise)
    assert (about["students"], about["waiting"], about["mean"], about["out_of"]) == (2, 1, 3, 24)
    nobody = class_statistics.spread(frame(exercise, {"several": math.nan}), exercise)
    assert nobody["out_of"] == 22


def test_misconceptions_are_counted_with_the_claims_that_drew_them(exercise: Exercise) -> None:
    graded = [
        of(exercise, "ana", layers={"S10b": "act", "S12b": "act"}),
        of(exercise, "bo", layers={"S10b": "act"}, vouchers={"S10b": "author"}),
        of(exercise, "cy", layers={"S10b": ""}),
    ]
    table = class_statistics.misconceptions(graded, student_page.annotations(graded))
    assert set(table.index) == set(feedback.misconceptions()) and len(table) == 12
    first = table.loc["one sentence holds one claim"]
    assert (first["lines"], first["students"]) == (3, 2)
    assert [(claim, count) for claim, _, count in first["claims"]] == [("S10b", 2), ("S12b", 1)]
    assert table["lines"]["said so, therefore so"] == 1
    assert table["askable"]["said so, therefore so"] and not table["askable"]["two outlets are two sources"]


def test_a_line_with_a_note_shows_what_lies_behind_it_and_is_named_by_its_question() -> None:
    chains = load(places.solutions() / "03_sources_and_chains.ipynb")
    graded = [of(chains, "ana", separate={"A": "two", "B": "one"}), of(chains, "bo", separate={"A": "two"})]
    table = class_statistics.misconceptions(graded, student_page.annotations(graded))
    row = table.loc["two outlets are two sources"]
    assert (row["lines"], row["students"], row["askable"]) == (2, 2, True)
    assert row["claims"] == [("One source or two? · A", "", 2)]
    assert not table["askable"]["later news changes today's label"]


def test_the_exercises_together_can_show_each_of_the_twelve() -> None:
    graded = [of(load(path), "ana") for path in sorted(places.solutions().glob("*.ipynb"))]
    table = class_statistics.misconceptions(graded, student_page.annotations(graded))
    assert table.index[table["askable"]].size == 12, table.index[~table["askable"]]


def test_agreement_is_that_of_the_kit_and_splits_come_most_even_first(exercise: Exercise) -> None:
    graded = [of(exercise, f"s{n}", layers={"S10a": "act" if n < 5 else "content"}) for n in range(10)]
    graded += [
        of(exercise, f"t{n}", layers={"S10a": "content", "S15a": "content", "S15b": "nonsense"}) for n in range(4)
    ]
    frame = class_statistics.labels(graded, exercise.questions[0])
    assert frame.shape == (8, 14) and frame.loc["S15b"].isna().sum() == 4
    found = class_statistics.agreements(graded)
    assert [one.question.name for one in found] == ["layers", "vouchers"]
    assert found[0].alpha == agreement.interval(frame, "alpha")
    table = class_statistics.splits(graded, student_page.annotations(graded))
    assert list(table["claim"]) == ["S10a"]
    assert table["counts"][0] == {"act": 5, "content": 9} and table["share"][0] == 9 / 14
    assert class_statistics.splits(graded[:3], student_page.annotations(graded)).empty


def test_the_gain_is_each_student_against_themself() -> None:
    forms = {"a": (form("A", 2), form("B", 6)), "b": (form("A", 4), form("B", 5)), "c": (form("A", 8), {})}
    table = class_statistics.gain(forms)
    whole = table.loc["all"]
    assert (whole["students"], whole["before"], whole["after"], whole["gain"]) == (2, 3, 5.5, 2.5)
    assert 1 <= whole["low"] <= 2.5 <= whole["high"] <= 4
    assert set(class_statistics.gain({})["note"]) == {"no cases"} and class_statistics.gain({})["gain"].isna().all()
    assert class_statistics.gain({"a": forms["a"]})["note"]["all"] == "one student: no interval"


def test_forms_are_read_from_the_lessons_and_nothing_is_run(tmp_path: Path) -> None:
    cell = {"cell_type": "code", "source": f"before = {form('A', 3)!r}"}
    (tmp_path / "ana").mkdir()
    (tmp_path / "ana" / "00_start_here.ipynb").write_text(pd.Series({"cells": [cell]}).to_json(), "utf-8")
    (tmp_path / "ana" / "07_looking_back.ipynb").write_text("[" * 100_000, "utf-8")
    (tmp_path / "bo").mkdir()
    assert class_statistics.handed_in(tmp_path) == {"ana": (form("A", 3), {})}


def test_two_votes_are_set_side_by_side() -> None:
    votes = {
        "a": ({"S09b": "stance", "S13a": "alleged"}, {"S09b": "asserted", "S13a": "Alleged "}),
        "b": ({"S09b": "stance", "S13a": ""}, {"S09b": "stance"}),
        "c": ({"S09b": "nonsense"}, {"S09b": "stance"}),
    }
    assert class_statistics.votes(votes) == [
        ["S09b", "2", "2 stance", "1 stance, 1 asserted", "1"],
        ["S13a", "1", "1 alleged", "1 alleged", "0"],
    ]
    assert class_statistics.votes({}) == []
