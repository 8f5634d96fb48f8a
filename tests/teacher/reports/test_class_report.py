"""The class report: a page that is whole and harmless, and holds up for 1, 3 and many."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import synthetic_class
from synthetic_class import form, of

from kit.commands import main
from kit.teacher.exercises.keys import Exercise
from kit.teacher.exercises.printing import outside
from kit.teacher.grading.grade import Graded
from kit.teacher.grading.points import Mark
from kit.teacher.reports import class_report, class_statistics


@pytest.fixture(scope="module")
def page(both: tuple[Exercise, Exercise]) -> str:
    made, dice = synthetic_class.made(both), random.Random(5)
    forms = {f"s{n}": (form("A", dice.randrange(1, 6)), form("B", dice.randrange(3, 9))) for n in range(12)}
    votes = {f"s{n}": ({"S09b": "stance"}, {"S09b": "asserted"}) for n in range(9)}
    return class_report.page(made, isolation="not isolated", forms=forms, votes=votes)


def test_the_page_is_whole_harmless_and_fetches_nothing(page: str) -> None:
    assert not outside(page) and "<script" not in page and "http:" not in page and "https:" not in page
    assert "&lt;script&gt;" in page and "not isolated" in page
    for head in ("Claims to discuss", "What lies behind", "Agreement in the class", "Before and after", "All students"):
        assert f">{head}" in page
    assert "<img" not in page and page.count("<svg") == page.count("aria-hidden") > 30
    assert re.search(r"4\d answers wait for a person", page)
    assert 'href="feedback/ana.html"' in page and "9 stance" in page and "9 asserted" in page


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("worthless", [1, 99])
def test_questions_of_no_points_are_no_matter_of_arithmetic(exercise: Exercise, worthless: int) -> None:
    first = {question.name for question in exercise.questions[:worthless]}
    questions = tuple(replace(one, points=0) if one.name in first else one for one in exercise.questions)
    whole = replace(exercise, questions=questions)
    made = [of(whole, f"s{n}", **({"acts": {"value": n}} if n % 2 else {})) for n in range(12)]
    graded = [
        replace(one, marks=tuple(replace(m, points=0, earned=0) if m.question in first else m for m in one.marks))
        for one in made
    ]
    assert "it is worth no points" in class_report.page(graded, isolation="not isolated")


def test_the_board_of_a_class_is_told_where_there_was_one(both: tuple[Exercise, Exercise]) -> None:
    voted = [["S13a “<b>reached”", "2 alleged, 1 stance", "3 alleged", "1"]], ("0.10 (2 claims, 3 voters)", "1.00")
    told = class_report.page(synthetic_class.made(both), isolation="none", board=voted)
    assert "Votes on the board" in told and "first votes 0.10 (2 claims, 3 voters); last votes 1.00" in told
    assert "2 alleged, 1 stance" in told and "&lt;b&gt;reached" in told
    assert "Votes on the board" not in class_report.page([], isolation="none", board=([], ("", "")))


def test_what_is_drawn_stands_beside_its_number(page: str) -> None:
    drawn = re.findall(r"<bdi>([^<]*) <svg class='(\w+)' [^>]*><(?:rect width|path d)='([^']*)'", page)
    assert len(drawn) == page.count("<svg") and {kind for _, kind, _ in drawn} == {"bar", "interval"}
    shares = [(number, float(width)) for number, kind, width in drawn if kind == "bar" and number.endswith("%")]
    assert shares and all(float(number[:-1]) == pytest.approx(100 * share, abs=0.6) for number, share in shares)
    for ends, path in ((words, path) for words, kind, path in drawn if kind == "interval"):
        low, high = map(float, ends.split(" to "))
        assert low <= high and re.match(r"M[01]\.\d+ \.5H[01]\.\d+M", path)
    parts = re.findall(r"<span class='(accepted)?' style='flex: (\d+); [^']*'>(\d+) (\w+)</span>", page)
    assert all(size == count for _, size, count, _ in parts) and {key for key, *_ in parts} == {"accepted", ""}


@pytest.mark.parametrize(
    ("totals", "out_of", "expected"),
    [([], 10, []), ([1, 2], 0, []), ([0, 0.5, 12], 10, [("0 to 1.2", 2), ("10.8 to 12", 1)])],
)
def test_points_are_counted_in_ten_rows(totals: list[float], out_of: float, expected: list[tuple[str, int]]) -> None:
    rows = class_report.points(pd.Series(totals, dtype=float), out_of)
    assert [row for row in rows if row[1]] == expected and len(rows) == 10 * bool(expected)


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


@pytest.mark.filterwarnings("error")
def test_a_class_in_which_nobody_has_points_is_told_so(exercise: Exercise) -> None:
    marks = tuple(Mark(question.name, question.points, None, "failed") for question in exercise.questions)
    graded = [Graded(name, Path(f"{name}.ipynb"), exercise, marks) for name in ("ana", "bo")]
    given = class_statistics.points(graded, exercise)
    about = class_statistics.spread(given, exercise)
    assert (about["students"], about["waiting"], about["out_of"]) == (0, 2, 0) and math.isnan(about["mean"])
    assert "No student has points in every question yet." in class_report.page(graded, isolation="")
