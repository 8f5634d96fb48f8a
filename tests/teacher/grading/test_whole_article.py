"""Exercise 5: its key counted again without pandas, its figures without matplotlib, what answers to it earn, and what
becomes of the one that a person reads."""

from __future__ import annotations

import copy
import csv
import io
import json
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import nbformat
import pytest

import kit.commands.cmd_grades as command
from kit.article import seeds
from kit.errors import KitError
from kit.questions import role
from kit.setup import places
from kit.teacher.exercises.keys import LEVELS, Exercise, KeyedQuestion, load, student_copy
from kit.teacher.grading import grade, submission
from kit.teacher.grading.grade import Graded
from kit.teacher.grading.points import Mark
from kit.teacher.grading.transplant import transplant
from kit.teacher.reports import grades_folder, student_page
from kit.teacher.sandbox.kernels import Kernel

NAME = "05_the_whole_article"
EXERCISE: Exercise = load(places.solutions() / f"{NAME}.ipynb")
KEY = {question.name: question.key for question in EXERCISE.questions}
SEED: dict[str, Any] = tomllib.loads((seeds.seeds() / "soldiers.toml").read_text("utf-8"))
CLAIMS: list[dict[str, Any]] = SEED["claim"]
CONTENTS = [claim for claim in CLAIMS if claim["layer"] == "content"]
ACCUSED = {source["id"] for source in SEED["source"] if source.get("accused")}
REGISTER = [source["id"] for source in SEED["source"]]
SAID = {kind["id"]: kind["kind"] for kind in SEED["source"]} | {"author": "author", "none": "none"}
SPEAK = {p["id"]: Counter(c["source"] for c in CONTENTS if c["id"] in p["claims"]) for p in SEED["proposition"]}
MISSING = {p: {r["source"] for r in SEED["reply"] if r["reply"] == "not reported" and p in r["on"]} for p in SPEAK}


def asked(question: str, option: str) -> list[str]:
    """The names that a check asks for, in its order."""
    check = next(c["source"] for c in EXERCISE.notebook["cells"] if role(c) == ("check", question))
    return re.findall(r'"([\w -]+)"', re.search(rf"{option}=\[(.*?)\]", check, re.DOTALL)[1])


# The key, by an independent route


def test_it_is_about_all_56_claims() -> None:
    assert len(CLAIMS) == 56 == sum(KEY["mix"][status][0] + KEY["mix"][status][1] for status in KEY["mix"])
    assert EXERCISE.blank == {"soldiers": ()}
    assert len(REGISTER) == 14 and ACCUSED == set.union(*MISSING.values())


def test_status_by_layer() -> None:
    for status, counts in KEY["mix"].items():
        mine = [claim for claim in CLAIMS if claim["status"] == status]
        layers = Counter(claim["layer"] for claim in mine)
        assert counts == [layers["act"], layers["content"], sum(not claim.get("also") for claim in mine)]


def test_second_readings_by_kind_of_source() -> None:
    question = next(question for question in EXERCISE.questions if question.name == "firm")
    for kind, (size, several, share) in question.key.items():
        mine = [claim for claim in CONTENTS if SAID[claim["source"]] == kind]
        assert (size, several) == (len(mine), sum(bool(claim.get("also")) for claim in mine))
        assert abs(share - several / size) < 0.0005
        exact = [[size, several, round(several / size, 6)]]
        assert question.accept.get(kind, [question.key[kind]]) == exact
    assert not [kind for kind, (size, some, _) in question.key.items() if (1000 * some / size) % 1 == 0.5]


def test_the_matrix_of_propositions_and_sources() -> None:
    columns = asked("coverage", "columns")
    assert set(columns) == {source for said in SPEAK.values() for source in said}
    assert KEY["coverage"] == {p: [said[source] for source in columns] for p, said in SPEAK.items()}


def test_no_reply_is_apart_from_blank() -> None:
    for proposition, counts in KEY["quiet"].items():
        speaks = {source for source in SPEAK[proposition] if source in REGISTER}
        blank = set(REGISTER) - speaks - MISSING[proposition]
        assert counts == [len(speaks), len(MISSING[proposition]), len(blank)]
        assert sum(counts) == len(REGISTER)


def test_the_bars_show_the_contents() -> None:
    statuses = Counter(claim["status"] for claim in CONTENTS)
    assert KEY["bars"]["sum"] == KEY["kinds"]["sum"] == len(CONTENTS)
    for status in asked("bars", "rows"):
        assert KEY["bars"][status] == statuses[status]
    columns = asked("kinds", "columns")
    assert set(columns) == set(statuses)
    for kind in asked("kinds", "rows"):
        mine = Counter(claim["status"] for claim in CONTENTS if SAID[claim["source"]] == kind)
        assert KEY["kinds"][kind] == [mine[status] for status in columns]


def test_the_heatmap_shows_speech_and_missing_replies() -> None:
    for p, said in SPEAK.items():
        cells = [2 if source in said else source in MISSING[p] for source in [*REGISTER, "author", "none"]]
        assert KEY["heatmap"][p] == [int(cell) for cell in cells]
    assert KEY["heatmap"]["sum"] == sum(2 * len(said) + len(MISSING[p]) for p, said in SPEAK.items())


def test_the_titles_of_the_solved_figures_are_true() -> None:
    solved = "\n".join(SOLVED.values())
    statuses = Counter(claim["status"] for claim in CONTENTS)
    assert "Almost half of the contents are alleged; none is denied, none confirmed" in solved
    assert 0.45 < statuses["alleged"] / len(CONTENTS) < 0.5 and not statuses["denied"] + statuses["confirmed"]
    assert "Institutions allege, the author asserts" in solved
    assert KEY["kinds"]["institution"] == [0, 0, 8, 0] and KEY["kinds"]["author"] == [1, 0, 0, 8]


def test_most_points_ask_for_pandas_or_matplotlib() -> None:
    computed = sum(question.points for question in EXERCISE.questions if not question.rubric)
    assert (EXERCISE.points, computed) == (25, 21)


def test_each_sample_judgement_has_the_asked_length_and_real_claims() -> None:
    known = {claim["id"] for claim in CLAIMS}
    pointed = []
    for level in EXERCISE.questions[0].rubric:
        assert 120 <= len(level.sample.split()) <= 200
        ids = re.findall(r"\bS\d\d[a-z]\b", level.sample)
        assert set(ids) <= known
        pointed.append(len(set(ids)))
    assert pointed[0] >= 4 > pointed[1] > pointed[2] == 0


# What answers earn

SOLVED = {role(c)[1]: c["source"] for c in EXERCISE.notebook["cells"] if role(c)[0] == "answer"}
SLIPS = {
    # The status that never occurs has no row, and nothing is counted as sure.
    "mix": 'mix = pd.crosstab(claims["status"], claims["layer"])\nmix["sure"] = 0',
    # All claims instead of the contents: the author vouches for every act.
    "firm": SOLVED["firm"].replace("contents.assign(open=contents", "claims.assign(open=claims"),
    # A claim that bears on several propositions is counted in the first alone.
    "coverage": SOLVED["coverage"].replace('.explode("claims")', '.explode("claims").drop_duplicates("claims")'),
    # The author and nobody are counted as sources.
    "quiet": SOLVED["quiet"].replace('.drop(index=["author", "none"])', ""),
    # Shares, no title and no label on y.
    "bars": 'bars = contents["status"].value_counts(normalize=True, sort=False).plot.bar()\nplt.show()',
    # All claims, only the four statuses of the contents.
    "kinds": SOLVED["kinds"].replace("contents[", "claims["),
    # A missing reply is taken for blank.
    "heatmap": SOLVED["heatmap"].replace('"no reply": 1', '"no reply": 0'),
    "judgement": 'judgement = "Too short, S17a."',
}
OTHER_WAYS = {
    "mix": 'mix = claims.groupby(["status", "layer"], observed=False).size().unstack()\n'
    'mix["sure"] = claims[claims["accepted"].map(len).eq(1)]["status"].value_counts()',
    "firm": SOLVED["firm"].replace(".round(3)", ""),
    "coverage": SOLVED["coverage"] + "\ncoverage = coverage.reset_index()",
    "quiet": 'register = article.matrix.loc[article.sources["source"]]\n'
    'quiet = pd.DataFrame({"speaks": (~register.isin(["", "no reply"])).sum(),'
    ' "no reply": register.eq("no reply").sum(), "blank": register.eq("").sum()})',
    "bars": 'fig, ax = plt.subplots()\nax.bar(*zip(*contents["status"].value_counts(sort=False).items()))\n'
    'ax.set(title="t", xlabel="a", ylabel="b")\nbars = fig\nplt.show()',
    "kinds": SOLVED["kinds"].replace("barh(stacked=True, ", "bar(").replace("plt.show()", 'plt.close("all")'),
    "heatmap": 'words = article.matrix.map(lambda c: {"": 0, "no reply": 1}.get(c, 2)).T\nfig, ax = plt.subplots()\n'
    "fig.colorbar(ax.imshow(words))\nax.set_xticks(range(words.shape[1]), labels=words.columns, rotation=90)\n"
    'ax.set_yticks(range(8), labels=words.index)\nfig.suptitle("t")\nax.set(xlabel="a", ylabel="b")\nheatmap = fig',
    "judgement": 'judgement = """Only acts, S17a.""" + undefined',
}


def graded(folder: Path, answers: dict[str, str], kernel: Kernel) -> dict[str, Mark]:
    notebook = json.loads((places.exercises() / f"{NAME}.ipynb").read_text("utf-8"))
    for cell in notebook["cells"]:
        what, question = role(cell)
        if what == "answer" and question in answers:
            cell["source"] = answers[question]
    path = folder / f"{NAME}.ipynb"
    path.write_text(json.dumps(notebook), "utf-8")
    marks, _ = grade.grade_one(submission.read("ana", path), EXERCISE, kernel=kernel, cell_seconds=30)
    return {mark.question: mark for mark in marks}


def test_the_solution_earns_all_but_what_a_person_scores(tmp_path: Path, kernel: Kernel) -> None:
    marks = graded(tmp_path, SOLVED, kernel)
    assert {name: mark.earned for name, mark in marks.items()} == {
        question.name: None if question.rubric else question.points for question in EXERCISE.questions
    }
    assert marks["judgement"].outcome == "person"
    assert marks["judgement"].text == KEY["judgement"]["text"]


@pytest.mark.slow
def test_an_untouched_copy_earns_nothing(tmp_path: Path, kernel: Kernel) -> None:
    assert {(mark.earned, mark.outcome) for mark in graded(tmp_path, {}, kernel).values()} == {(0, "blank")}


def test_plausible_slips_cost_their_lines_and_are_told(tmp_path: Path, kernel: Kernel) -> None:
    marks = graded(tmp_path, SLIPS, kernel)
    right = {name: [line.name for line in mark.lines if line.right] for name, mark in marks.items()}
    assert right["mix"] == []
    assert right["firm"] == ["named", "role", "institution", "none"]
    assert right["coverage"] == ["P1", "P2", "P3", "P5", "P6", "P8"]
    assert right["quiet"] == [] and f"{8 * len(REGISTER)} things are counted" in marks["quiet"].message
    assert right["bars"] == ["kind", "denied", "confirmed", "x label"] and "look like shares" in marks["bars"].message
    assert [line.name for line in marks["kinds"].lines if not line.right] == ["sum"]
    assert "Left out, since it is not asked for: confirmed." in marks["kinds"].message
    assert right["heatmap"] == ["kind", "P7", "P8", "title", "x label", "y label"]
    assert (marks["judgement"].outcome, marks["judgement"].text) == ("person", "Too short, S17a.")


@pytest.mark.slow
def test_where_a_student_would_draw_costs_no_figure(tmp_path: Path, kernel: Kernel) -> None:
    for asked in (
        "import matplotlib\nmatplotlib.use('TkAgg')",
        "from matplotlib import use\nuse('Agg')",
        "%matplotlib qt",
        "%matplotlib notebook\nplt.switch_backend('TkAgg')",
    ):
        bars = graded(tmp_path, {"bars": f"{asked}\n{SOLVED['bars']}\nplt.show()"}, kernel)["bars"]
        assert (bars.outcome, bars.message) == ("right", ""), asked


def test_other_ways_earn_the_same(tmp_path: Path, kernel: Kernel) -> None:
    marks = graded(tmp_path, OTHER_WAYS, kernel)
    lost = {name: mark for name, mark in marks.items() if mark.outcome != "right"}
    assert list(lost) == ["judgement"], lost
    assert lost["judgement"].text == OTHER_WAYS["judgement"]


# The written answer: a person finds all of it, students see the rubric, and no sample leaves

NASTY = "<script>alert('x')</script>\n\nS17a is an act."


@pytest.fixture(scope="module")
def question() -> KeyedQuestion:
    (found,) = [one for one in EXERCISE.questions if one.rubric]
    return found


def test_the_rubric_has_three_levels_with_a_sample_each(question: KeyedQuestion) -> None:
    assert tuple(level.name for level in question.rubric) == LEVELS
    points = [level.points for level in question.rubric]
    assert points == sorted(points, reverse=True) and points[0] == question.points and points[-1] > 0
    assert len({level.sample for level in question.rubric}) == 3
    assert question.rubric[0].sample == question.key["text"]


def cells(notebook: Any, role: str) -> list[Any]:
    return [cell for cell in notebook.cells if cell.metadata.get("kit", {}).get("role") == role]


def person(notebook: Any) -> dict[str, Any]:
    return next(c.metadata["kit"] for c in cells(notebook, "check") if "rubric" in c.metadata["kit"])


@pytest.mark.parametrize("fault", ["a level", "a sample", "the points"])
def test_a_rubric_with_something_missing_is_refused(tmp_path: Path, fault: str) -> None:
    notebook = nbformat.read(places.solutions() / f"{NAME}.ipynb", as_version=4)
    if fault == "a level":
        person(notebook)["rubric"].pop()
    elif fault == "a sample":
        cells(notebook, "sample")[0].source = "**A heading**"
    else:
        person(notebook)["rubric"][0]["points"] = 3
    nbformat.write(notebook, tmp_path / "x.ipynb")
    with pytest.raises(KitError, match=r"judgement-check: .*(rubric and a sample|all 4 points)"):
        load(tmp_path / "x.ipynb")


def test_students_see_the_rubric_and_no_sample(question: KeyedQuestion) -> None:
    copied = student_copy(nbformat.from_dict(copy.deepcopy(EXERCISE.notebook)))
    assert not cells(copied, "sample")
    text = "\n".join(cell.source for cell in copied.cells)
    for level in question.rubric:
        assert f"| {level.name} | {level.points:g} | {level.words} |" in text
        assert not [line for line in level.sample.splitlines() if line and line in text]
    assert text == "\n".join(cell.source for cell in nbformat.read(places.exercises() / f"{NAME}.ipynb", 4).cells)


def test_no_sample_is_in_the_file_that_is_run(question: KeyedQuestion) -> None:
    text = str(transplant(EXERCISE, {}))
    assert "judgement" in text
    assert not [level for level in question.rubric if level.sample[:40] in text]


@pytest.fixture
def handed() -> Graded:
    marks = (
        Mark("mix", 3, 3.0, "right"),
        Mark("judgement", 4, None, "person", text=NASTY),
    )
    return Graded("ana", Path("x.ipynb"), EXERCISE, marks)


def test_the_answers_to_read_are_at_hand(handed: Graded) -> None:
    assert [(one.question, one.text) for one in handed.marks if one.earned is None] == [("judgement", NASTY)]
    assert handed.waiting == 1 and handed.undecided and handed.earned == 3


def test_the_csv_leaves_the_points_open(handed: Graded) -> None:
    rows = list(csv.DictReader(io.StringIO(grades_folder.grades_csv([handed]))))
    assert (rows[1]["earned"], rows[1]["outcome"]) == ("", "person")


def test_the_page_shows_rubric_and_text_and_no_sample(handed: Graded, question: KeyedQuestion) -> None:
    page = dict(student_page.pages([handed], isolation=""))["ana.html"]
    assert "3 of 25 points so far" in page
    assert "A person will read this and give up to 4 points" in page
    for level in question.rubric:
        assert level.words in page.replace("&#34;", '"')
        assert level.sample[:40] not in page
    assert "<script>" not in page and "&lt;script&gt;" in page and "S17a is an act." in page


@pytest.mark.parametrize(("count", "line"), [(0, ""), (1, "1 answer waits"), (12, "12 answers wait")])
def test_the_command_says_how_many_wait(
    handed: Graded, count: int, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command._left([handed] * count) == 0
    assert capsys.readouterr().out == (f"{line} for a person: python -m kit score\n" if line else "")
