"""The class report: right numbers on small classes worked by hand, and a page that holds up for 1, 3 and many."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import synthetic_class

from kit import agreement
from kit.check import feedback
from kit.commands import main
from kit.setup import places
from kit.teacher.exercises.keys import Exercise, load
from kit.teacher.exercises.printing import outside
from kit.teacher.grading.grade import Graded
from kit.teacher.grading.points import Mark, MarkedLine
from kit.teacher.reports import alike, class_report, progress, statistics, student_page
from kit.teacher.reports import class_report as class_report_
from kit.teacher.reports import statistics as statistics_


@pytest.fixture(scope="module")
def both(exercise: Exercise) -> tuple[Exercise, Exercise]:
    return exercise, load(places.solutions() / "05_the_whole_article.ipynb")


@pytest.fixture(scope="module")
def made(both: tuple[Exercise, Exercise]) -> list[Graded]:
    return synthetic_class.made(both)


def of(exercise: Exercise, student: str, **given: dict[str, object]) -> Graded:
    """A submission with these answers; every line that is not named is right."""
    marks = []
    for question in exercise.questions:
        answers = {name: given.get(question.name, {}).get(name, key) for name, key in question.key.items()}
        lines = tuple(
            MarkedLine(name, answer, answer in (question.key[name], *question.accept.get(name, [])))
            for name, answer in answers.items()
        )
        share = sum(line.right for line in lines) / len(lines)
        marks.append(
            Mark(question.name, question.points, question.points * share, "right" if share == 1 else "partly", lines)
        )
    return Graded(student, Path(f"{student}.ipynb"), exercise, tuple(marks))


# Statistics


def frame(exercise: Exercise, *rows: dict[str, float]) -> pd.DataFrame:
    names = [question.name for question in exercise.questions]
    return pd.DataFrame([dict.fromkeys(names, 0.0) | row for row in rows], columns=names)


def test_difficulty_is_the_mean_share_of_the_points(exercise: Exercise) -> None:
    given = frame(exercise, {"layers": 4, "acts": 2}, {"layers": 2, "acts": math.nan}, {"layers": 0, "acts": 1})
    table = statistics.questions(given, exercise)
    assert list(table["difficulty"][["layers", "acts", "several"]]) == [0.5, 0.75, 0]
    assert list(table["students"][["layers", "acts"]]) == [3, 2]
    assert table["note"]["layers"].startswith("too few: fewer than 10") and math.isnan(
        table["discrimination"]["layers"]
    )


def test_discrimination_is_the_correlation_with_all_others(exercise: Exercise) -> None:
    dice = np.random.default_rng(3)
    given = frame(exercise, *({"layers": n % 5, "spans": n % 4, "acts": dice.integers(3)} for n in range(30)))
    table = statistics.questions(given, exercise)
    for name in ("layers", "spans", "acts"):
        rest = given.sum(axis=1) - given[name]
        r = np.cov(given[name], rest)[0, 1] / (given[name].std() * rest.std())
        assert table["discrimination"][name] == pytest.approx(r)
        low, high = (math.tanh(math.atanh(r) + side * 1.959964 / math.sqrt(27)) for side in (-1, 1))
        assert (table["low"][name], table["high"][name]) == pytest.approx((low, high))
    assert "the same points" in table["note"]["cues"]


def test_who_has_no_points_in_a_question_is_left_out_and_counted(exercise: Exercise) -> None:
    about = statistics.spread(frame(exercise, {"layers": 4}, {"layers": 2}, {"layers": math.nan}), exercise)
    assert (about["students"], about["waiting"], about["mean"], about["out_of"]) == (2, 1, 3, 24)
    nobody = statistics.spread(frame(exercise, {"several": math.nan}), exercise)
    assert nobody["out_of"] == 22


# Misconceptions


def test_misconceptions_are_counted_with_the_claims_that_drew_them(exercise: Exercise) -> None:
    graded = [
        of(exercise, "ana", layers={"S10b": "act", "S12b": "act"}),
        of(exercise, "bo", layers={"S10b": "act"}, vouchers={"S10b": "author"}),
        of(exercise, "cy", layers={"S10b": ""}),
    ]
    table = class_report_.misconceptions_behind(graded, student_page.annotations(graded))
    assert set(table.index) == set(feedback.misconceptions()) and len(table) == 12
    first = table.loc["one sentence holds one claim"]
    assert (first["lines"], first["students"]) == (3, 2)
    assert [(claim, count) for claim, _, count in first["claims"]] == [("S10b", 2), ("S12b", 1)]
    assert table["lines"]["said so, therefore so"] == 1
    assert table["askable"]["said so, therefore so"] and not table["askable"]["two outlets are two sources"]


def test_a_line_with_a_note_shows_what_lies_behind_it_and_is_named_by_its_question() -> None:
    chains = load(places.solutions() / "03_sources_and_chains.ipynb")
    graded = [of(chains, "ana", separate={"A": "two", "B": "one"}), of(chains, "bo", separate={"A": "two"})]
    table = class_report_.misconceptions_behind(graded, student_page.annotations(graded))
    row = table.loc["two outlets are two sources"]
    assert (row["lines"], row["students"], row["askable"]) == (2, 2, True)
    assert row["claims"] == [("One source or two? · A", "", 2)]
    assert not table["askable"]["later news changes today's label"]


def test_the_exercises_together_can_show_each_of_the_twelve() -> None:
    graded = [of(load(path), "ana") for path in sorted(places.solutions().glob("*.ipynb"))]
    table = class_report_.misconceptions_behind(graded, student_page.annotations(graded))
    assert table.index[table["askable"]].size == 12, table.index[~table["askable"]]


# Agreement and splits


def test_agreement_is_that_of_the_kit_and_splits_come_most_even_first(exercise: Exercise) -> None:
    graded = [of(exercise, f"s{n}", layers={"S10a": "act" if n < 5 else "content"}) for n in range(10)]
    graded += [
        of(exercise, f"t{n}", layers={"S10a": "content", "S15a": "content", "S15b": "nonsense"}) for n in range(4)
    ]
    frame = statistics_.labels(graded, exercise, exercise.questions[0])
    assert frame.shape == (8, 14) and frame.loc["S15b"].isna().sum() == 4
    found = statistics_.agreements(graded)
    assert [one.question.name for one in found] == ["layers", "vouchers"]
    assert found[0].alpha == agreement.interval(frame, "alpha")
    table = statistics_.splits(graded, student_page.annotations(graded))
    assert list(table["claim"]) == ["S10a"]
    assert table["counts"][0] == {"act": 5, "content": 9} and table["share"][0] == 9 / 14
    assert statistics_.splits(graded[:3], student_page.annotations(graded)).empty


# Submissions that resemble each other


ODD = {"cues": {"S11b": "odd", "S14a": "odder", "S17b": "oddest", "S19b": "strange"}, "acts": {"value": 77}}


@pytest.mark.parametrize("others", [2, 30])
def test_right_answers_and_frequent_mistakes_are_no_sign(exercise: Exercise, others: int) -> None:
    frequent = {"layers": {name: "act" for name in exercise.questions[0].key}}
    graded = [of(exercise, f"s{n:02}", **(frequent if n % 2 else {})) for n in range(others)]
    assert others < 5 or not alike.pairs(graded, student_page.annotations(graded))
    graded += [of(exercise, "x", **ODD), of(exercise, "y", **ODD)]
    found = alike.pairs(graded, student_page.annotations(graded))
    assert [(one.students, len(one.same), one.differ) for one in found if "x" in one.students] == [(("x", "y"), 5, ())]
    graded += [of(exercise, f"z{n}", **ODD) for n in range(5)]
    assert not [one for one in alike.pairs(graded, student_page.annotations(graded)) if "x" in one.students]


def test_words_of_ones_own_count_and_words_of_the_article_do_not(both: tuple[Exercise, Exercise]) -> None:
    _, article = both
    words = "seven odd words that nobody else would put in this very order here today"
    quoted = " ".join(student_page.annotations([of(article, "x")])["soldiers"].text.split()[30:60])

    def wrote(student: str, text: str) -> Graded:
        return Graded(student, Path("x"), article, (Mark("judgement", 4, None, "person", text=text),))

    graded = [wrote("a", f"I say {words}. {quoted}"), wrote("b", f"But {words}!"), wrote("c", quoted)]
    found = alike.pairs(graded, student_page.annotations(graded))
    assert [(one.students, one.words) for one in found] == [(("a", "b"), words.removesuffix(" today"))]


# Before and after


RIGHT = dict(
    enumerate(("confirmed", "alleged", "asserted", "unconfirmed", "denied", "stance", "alleged", "alleged"), 1)
)


def form(letter: str, right: int) -> dict[str, str]:
    return {f"{letter}{item}": label if item <= right else "" for item, label in RIGHT.items()}


def test_the_gain_is_each_student_against_themself() -> None:
    forms = {"a": (form("A", 2), form("B", 6)), "b": (form("A", 4), form("B", 5)), "c": (form("A", 8), {})}
    table = progress.table(forms)
    whole = table.loc["all"]
    assert (whole["students"], whole["before"], whole["after"], whole["gain"]) == (2, 3, 5.5, 2.5)
    assert 1 <= whole["low"] <= 2.5 <= whole["high"] <= 4
    assert set(progress.table({})["note"]) == {"no cases"} and progress.table({})["gain"].isna().all()
    assert progress.table({"a": forms["a"]})["note"]["all"] == "one student: no interval"


def test_forms_are_read_from_the_lessons_and_nothing_is_run(tmp_path: Path) -> None:
    cell = {"cell_type": "code", "source": f"before = {form('A', 3)!r}"}
    (tmp_path / "ana").mkdir()
    (tmp_path / "ana" / "00_start_here.ipynb").write_text(pd.Series({"cells": [cell]}).to_json(), "utf-8")
    (tmp_path / "ana" / "07_looking_back.ipynb").write_text("[" * 100_000, "utf-8")
    (tmp_path / "bo").mkdir()
    assert progress.handed_in(tmp_path) == {"ana": (form("A", 3), {})}


def test_two_votes_are_set_side_by_side() -> None:
    votes = {
        "a": ({"S09b": "stance", "S13a": "alleged"}, {"S09b": "asserted", "S13a": "Alleged "}),
        "b": ({"S09b": "stance", "S13a": ""}, {"S09b": "stance"}),
        "c": ({"S09b": "nonsense"}, {"S09b": "stance"}),
    }
    table = progress.votes(votes)
    assert list(table.loc["S09b"]) == [2, "2 stance", "1 stance, 1 asserted", 1]
    assert list(table.loc["S13a"]) == [1, "1 alleged", "1 alleged", 0]
    assert progress.votes({}).empty


# The page


@pytest.fixture(scope="module")
def page(made: list[Graded]) -> str:
    dice = random.Random(5)
    forms = {f"s{n}": (form("A", dice.randrange(1, 6)), form("B", dice.randrange(3, 9))) for n in range(12)}
    votes = {f"s{n}": ({"S09b": "stance"}, {"S09b": "asserted"}) for n in range(9)}
    return class_report.page(made, isolation="not isolated", forms=forms, votes=votes)


def test_the_page_is_whole_harmless_and_fetches_nothing(page: str) -> None:
    assert not outside(page) and "<script" not in page and "http:" not in page and "https:" not in page
    assert "&lt;script&gt;" in page and "not isolated" in page
    for head in ("Claims to discuss", "What lies behind", "Agreement in the class", "Before and after", "All students"):
        assert f">{head}" in page
    assert page.count("<img") == page.count(' alt="') == 4 + 2 * 2
    assert "40 written answers wait for a person" in page
    assert 'href="feedback/ana.html"' in page and "9 stance" in page and "9 asserted" in page


def test_every_figure_has_its_table_right_below(page: str) -> None:
    for part in page.split("<figure>")[1:]:
        after = part.split("</figure>")[1]
        assert after.lstrip().startswith('<div class="wide"') and "<table>" in after


def test_who_could_not_be_graded_is_named_with_the_reason(page: str) -> None:
    part = page.split('id="stopped"')[1].split("<h2")[0]
    for words in (
        "name &#39;claims2&#39; is not defined",
        "did not end in time",
        "not in the file",
        "grade again: OSError",
    ):
        assert words in part
    assert "not JSON" in part and "07_looking_back" not in part
    assert part.index("not JSON") < part.index("claims2"), "what has no points comes first"


def test_resemblance_is_shown_without_an_accusation(page: str) -> None:
    part = page.split('id="alike"')[1].split("<h2")[0]
    assert "dina" in part and "eli" in part and "This proves nothing." in part
    assert not [word for word in ("cheat", "plagiar", "guilty", "suspicious", "fraud") if word in part.casefold()]


@pytest.mark.parametrize("students", [0, 3, pytest.param(1, marks=pytest.mark.slow)])
def test_it_says_where_there_is_too_little_to_say(exercise: Exercise, students: int) -> None:
    page = class_report.page(synthetic_class.made([exercise], students=students), isolation="not isolated")
    assert "No cases." in page and f"{students} student{'s' * (students != 1)}, " in page
    words = re.sub(r'src="[^"]*"', "", page)
    assert not re.search(r"\bnan\b", words) and ("too few" in words or not students)


@pytest.mark.slow
def test_it_holds_up_for_three_hundred(both: tuple[Exercise, Exercise]) -> None:
    page = class_report.page(synthetic_class.made(both, students=300), isolation="not isolated")
    assert "300 students, " in page and len(page) < 3_000_000


def test_the_command_writes_it_beside_the_grades(
    tmp_path: Path, exercise: Exercise, capsys: pytest.CaptureFixture[str], keep: Callable[..., None]
) -> None:
    keep([of(exercise, "ana", layers={"S10a": "content"})], tmp_path, isolation="not isolated")
    assert main(["report", str(tmp_path), "--show-key"]) == 0
    assert "class.html" in capsys.readouterr().out and (tmp_path / "class.html").is_file()
    assert "Accepted" in (tmp_path / "feedback" / "ana.html").read_text("utf-8")
    assert main(["report", str(tmp_path / "none")]) == 1
    assert "Grade first" in capsys.readouterr().err
