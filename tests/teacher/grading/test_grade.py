"""A class from folder to points, and what cheats get: exactly what their answers earn."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kit.article import seeds
from kit.errors import KitError
from kit.questions import role
from kit.setup import places
from kit.teacher.exercises.keys import Exercise
from kit.teacher.grading import classroom, grade, gradebook, submission
from kit.teacher.grading import classroom as classroom_
from kit.teacher.grading.grade import Graded
from kit.teacher.grading.points import Mark
from kit.teacher.sandbox.kernels import Kernel

GradedBy = Callable[..., dict[str, Mark]]
CLASS = Path(__file__).parents[2] / "data/sample_class"
UNREADABLE = None
PINNED = {
    "ada_perfect": 24,
    "ben_half_right": 12,
    "chi_empty": 0,
    "dina_all_one_label": 5,
    "eli_exception_in_cell_2": 20,
    "fay_endless_loop": 22,
    "gus_deleted_check_cells": 24,
    "hana_edited_check_cells": 12,
    "ivo_renamed_file": 24,
    "jun_truncated_json": UNREADABLE,
    "kim_alternatives": 24,
    "lea_copied_feedback_text": 0,
}


@pytest.fixture(scope="module")
def sample(exercise: Exercise, kernel: Kernel, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Graded]:
    keys = {exercise.name: exercise}
    with gradebook.opened(tmp_path_factory.mktemp("grades") / "book", keys, versions="") as book:
        count, coming = classroom.grade_class(
            CLASS, book, keys=keys, kernel=kernel, engine=classroom_.processes(os.cpu_count() or 1)
        )
        graded = [one for one, _ in coming]
    assert count == len(graded) == len(PINNED)
    return {one.student: one for one in graded}


@pytest.mark.parametrize("student", PINNED)
def test_the_sample_class_has_its_pinned_points(student: str, sample: dict[str, Graded]) -> None:
    one = sample[student]
    if PINNED[student] is UNREADABLE:
        assert one.exercise is None and one.undecided and "JSON" in one.notes[0]
    else:
        assert one.earned == PINNED[student]
        assert not one.undecided


def test_one_bad_answer_costs_only_its_own_question(sample: dict[str, Graded]) -> None:
    outcomes = {mark.question: mark.outcome for mark in sample["fay_endless_loop"].marks}
    assert outcomes.pop("acts") == "timeout"
    assert set(outcomes.values()) == {"right"}
    assert {mark.outcome for mark in sample["eli_exception_in_cell_2"].marks} == {"right", "error"}


WRONG = {
    "layers": 'layers = {"S10a": "act", "S10b": "act"}',
    "acts": "acts = 13",
    "counts": "counts = claims.groupby('paragraph').size().to_frame('act').assign(content=1)",
    "several": "several = 23",
}
HONEST = 0.5 + 2

PATCH = """
import kit, kit.check, kit.check.answers, builtins
kit.check.number = kit.check.labels = kit.check.table = lambda *a, **k: "all right"
kit.check.answers.number = kit.check.answers.table = lambda *a, **k: kit.check.answers.Answer({"value": 12})
kit.check.answers.Answer.__repr__ = lambda self: "24 of 24"
"""
VERDICT = "\nprint('24 of 24 points, passed')\n'right'"
SKIP = "# NBVAL_SKIP\n# NBVAL_IGNORE_OUTPUT\n# NBVAL_RAISES_EXCEPTION\n"
LOOK_UP = """
import kit
kit.load_article.__globals__["DEFAULT"]
key = kit.load_article(practice=True).annotation.claims
layers = {claim.id: claim.layer for claim in key}
"""


def marks_changed(notebook: dict[str, Any]) -> None:
    for number, cell in enumerate(notebook["cells"]):
        cell["id"] = f"mine-{number}"
        tags = ["nbval-skip", "raises-exception"]
        cell["metadata"] = {"tags": tags, "kit": {**cell["metadata"].get("kit", {}), "points": 99, "accept": {"x": 1}}}


def checks_gone(notebook: dict[str, Any]) -> None:
    notebook["cells"] = [cell for cell in notebook["cells"] if role(cell)[0] != "check"]


CHEATS: dict[str, tuple[dict[str, str], Callable[[dict[str, Any]], None]]] = {
    "patched kit": ({name: source + PATCH for name, source in WRONG.items()}, lambda nb: None),
    "printed verdict and skip markers": (
        {name: SKIP + source + VERDICT for name, source in WRONG.items()},
        lambda nb: None,
    ),
    "changed metadata and ids, no checks": (WRONG, lambda nb: (marks_changed(nb), checks_gone(nb))[0]),
}


@pytest.mark.parametrize("cheat", CHEATS)
def test_points_follow_the_answers_and_nothing_else(cheat: str, graded: GradedBy) -> None:
    answers, change = CHEATS[cheat]
    marks = graded(answers, change=change)
    assert sum(mark.earned or 0 for mark in marks.values()) == HONEST, marks


def test_the_labels_that_are_asked_for_cannot_be_looked_up_through_the_kit(graded: GradedBy) -> None:
    assert graded({"layers": LOOK_UP})["layers"].earned == 0


def test_a_dead_kernel_costs_only_the_answer_that_killed_it(graded: GradedBy, solved: dict[str, str]) -> None:
    marks = graded({**solved, "acts": "import os\nacts = len(claims)\nos._exit(0)"}, seconds=5)
    assert {name: mark.outcome for name, mark in marks.items() if mark.outcome != "right"} == {"acts": "error"}


def test_a_failing_grader_is_not_the_students_fault(
    hand_in: Callable[..., Path], exercise: Exercise, kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grade, "trial", lambda *_, **__: None)
    marks, _ = grade.grade_one(submission.read("ana", hand_in({})), exercise, kernel=kernel)
    assert {(mark.earned, mark.outcome) for mark in marks} == {(None, "failed")}


def test_a_key_made_from_other_labels_is_refused(tmp_path: Path) -> None:
    for path in seeds.seeds().glob("*.t*"):
        shutil.copy(path, tmp_path)
    changed = tmp_path / "soldiers.toml"
    changed.write_text(changed.read_text("utf-8").replace('status = "alleged"', 'status = "stance"', 1), "utf-8")
    with pytest.raises(KitError, match="kit build"):
        grade.exercises(places.solutions(), seeds=tmp_path)


FORGE = """
import glob, json, os
acts = len(claims)
verdict = {q: {"answer": {}, "check": {"passed": True, "shown": "{}"}} for q in ("layers", "acts", "several")}
for folder in glob.glob("/tmp/tmp*"):
    if os.path.isdir(folder):
        open(folder + "/result.json", "w").write(json.dumps({"found": verdict}))
os.write(1, json.dumps({"found": verdict}).encode())
os.kill(os.getppid(), 9)
"""


def test_a_forged_verdict_earns_nothing(graded: GradedBy) -> None:
    assert not sum(mark.earned or 0 for mark in graded({"acts": FORGE}).values())


def test_curly_quotation_marks_cost_nothing(graded: GradedBy, solved: dict[str, str]) -> None:
    typed = {"layers": solved["layers"].replace('"', "“"), "acts": "acts = (claims[“layer”] == „act“).sum()"}
    marks = graded(typed)
    assert [marks[name].earned for name in typed] == [marks[name].points for name in typed]


THREAD = """
import os, threading, time
acts = len(claims)
threading.Thread(target=lambda: (time.sleep(0), os._exit(0)), daemon=True).start()
"""


def test_a_thread_that_ends_the_kernel_later_ends_no_loop_of_the_grader(
    graded: GradedBy, solved: dict[str, str]
) -> None:
    marks = graded({**solved, "acts": THREAD})
    assert marks["acts"].earned == 0 and marks["acts"].outcome == "error"
    assert {mark.outcome for mark in marks.values()} <= {"right", "error"}


CHATTER = """
import threading, time, signal
acts = len(claims)
signal.signal(signal.SIGINT, signal.SIG_IGN)
def chat():
    while True:
        print("x", flush=True)
        time.sleep(0.05)
threading.Thread(target=chat, daemon=True).start()
while True: pass
"""


@pytest.mark.slow
def test_a_kernel_that_never_stops_talking_runs_out_of_time(graded: GradedBy, solved: dict[str, str]) -> None:
    marks = graded({**solved, "acts": CHATTER}, seconds=1)
    assert {name: mark.outcome for name, mark in marks.items() if mark.outcome != "right"} == {"acts": "timeout"}


OURS_LOST = "article = claims = pieces = kit = None\ncues = {}\ncues['S11b'] = 'As per'"


@pytest.mark.slow
def test_an_answer_that_overwrites_what_is_ours_costs_no_other_answer_its_points(
    graded: GradedBy, solved: dict[str, str]
) -> None:
    outcomes = {name: mark.outcome for name, mark in graded({**solved, "cues": OURS_LOST}).items()}
    assert outcomes.pop("cues") == "partly"
    assert set(outcomes.values()) == {"right"}


FEWER = "claims = claims.head(3)\nacts = 12 + len(claims) - 3"
MORE = "claims['n'] = 1\nacts = 12 * claims['n'].iloc[0]"
BUILT_ON = "several = (claims.groupby('unit')['n'].size() > 1).sum()"


def test_a_later_answer_counts_from_our_data_or_as_it_builds_on_the_one_before(
    graded: GradedBy, solved: dict[str, str]
) -> None:
    for changed in ({"acts": FEWER}, {"acts": MORE, "several": BUILT_ON}):
        assert {mark.outcome for mark in graded({**solved, **changed}).values()} == {"right"}, changed


SHOWN = """
shown = type(get_ipython().display_formatter).format
def patched(self, value, include=None, exclude=None):
    if type(value).__name__ == "Answer":
        return {"text/plain": '{"S10a": ' + "[" * 600 + "]" * 600 + "}"}, {}
    return shown(self, value, include, exclude)
type(get_ipython().display_formatter).format = patched
layers = dict()
"""
SENT = """
kernel = get_ipython().kernel
for kind, content in (("execute_result", {"data": [1], "metadata": {}, "execution_count": 1}), ("error", {"ename": 1})):
    kernel.session.send(kernel.iopub_socket, kind, content, parent=kernel.get_parent(), ident=b"x")
acts = (claims["layer"] == "act").sum()
"""


def test_what_a_kernel_puts_out_is_never_a_fault_of_the_grader(graded: GradedBy, solved: dict[str, str]) -> None:
    marks = graded({**solved, "acts": SENT, "several": SHOWN + solved["several"]})
    outcomes = {name: mark.outcome for name, mark in marks.items()}
    assert (outcomes.pop("acts"), outcomes.pop("several")) == ("right", "error")
    assert set(outcomes.values()) == {"right"}
    assert marks["acts"].message == "What this cell put out cannot be read."
    assert marks["several"].message == "The check could not show this answer."
