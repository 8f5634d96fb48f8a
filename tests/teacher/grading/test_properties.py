"""Whatever is handed in: nothing crashes, and the transplant holds our cells, in our order, and nothing else."""

from __future__ import annotations

import ast
import dataclasses
import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.check.answers import Answer, parse
from kit.errors import SubmissionError
from kit.questions import role
from kit.teacher.exercises.keys import Exercise, KeyedQuestion
from kit.teacher.grading import judge, submission
from kit.teacher.grading import transplant as transplant_
from kit.teacher.grading.points import mark
from kit.teacher.grading.transplant import literal, transplant

PATH = Path("ana.ipynb")
FIXED = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
NAMES = ["layers", "spans", "acts", "counts", "several", "nothing"]

texts = st.text(max_size=30)
plain_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts | st.just(10**400),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
assigned = st.builds("{} = {}".format, st.sampled_from(NAMES), plain_values.map(repr) | texts)
sources = st.one_of(texts, assigned, st.lists(assigned, max_size=3).map("\n".join), st.lists(texts), plain_values)
cells = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown", "raw"]) | plain_values,
        "id": st.sampled_from([f"{name}-answer" for name in NAMES]) | plain_values,
        "source": sources,
        "metadata": st.fixed_dictionaries(
            {"kit": st.fixed_dictionaries({"role": st.just("answer"), "question": st.sampled_from(NAMES)})}
        )
        | plain_values,
        "outputs": plain_values,
    },
)
notebooks = st.one_of(
    plain_values,
    st.fixed_dictionaries({"cells": st.lists(cells | plain_values, max_size=8)}, optional={"metadata": plain_values}),
    st.fixed_dictionaries({"worksheets": st.lists(st.fixed_dictionaries({"cells": st.lists(cells)}), max_size=2)}),
)


def handed_in(notebook: Any) -> submission.Submission | None:
    try:
        return submission.read("ana", PATH, json.dumps(notebook).encode("utf-8", "surrogatepass"))
    except SubmissionError as error:
        assert str(error) and "\n" not in str(error)
        return None


@FIXED
@given(notebook=notebooks)
def test_any_file_is_read_or_refused_in_one_sentence(notebook: Any, exercise: Exercise) -> None:
    found = handed_in(notebook)
    if found is None:
        return
    given_ = submission.answers(found, exercise)
    assert list(given_) == [question.name for question in exercise.questions]
    held = [source for _, _, source in found.cells]
    for answer in given_.values():
        whole = answer.source
        for source in held:  # the answer is cells of the file, in their order, and nothing else
            whole = whole and whole.removeprefix(source).removeprefix("\n")
        assert answer.source is None or answer.source in held or not whole


@FIXED
@given(data=st.binary(max_size=200) | texts.map(lambda text: text.encode("utf-16", "surrogatepass")))
def test_any_bytes_are_read_or_refused_in_one_sentence(data: bytes) -> None:
    try:
        submission.read("ana", PATH, data)
    except SubmissionError as error:
        assert str(error) and "\n" not in str(error)


@FIXED
@given(notebook=notebooks)
def test_the_transplant_is_our_notebook_with_other_answers(notebook: Any, exercise: Exercise) -> None:
    found = handed_in(notebook)
    if found is None:
        return
    given_ = {name: answer.source for name, answer in submission.answers(found, exercise).items()}
    made = transplant(exercise, given_)
    kept = {cell["id"] for cell in transplant(exercise, {})["cells"]}
    ours = [cell for cell in exercise.notebook["cells"] if cell["id"] in kept]
    assert [cell["id"] for cell in made["cells"]] == [cell["id"] for cell in ours]
    before: list[str] = []
    for cell, our in zip(made["cells"], ours, strict=True):
        what, name = role(our)
        assert role(cell) == (what, name) or cell["cell_type"] != "code"
        if what == "answer":
            allowed = {"pass"} if given_[name] is None else {given_[name], literal(given_[name], name)}
            assert cell["source"].removeprefix(transplant_._INLINE) in allowed
        elif what == "check":
            assert cell["source"] in {our["source"], transplant_.restored(our["source"], name, before)}
        else:
            assert cell["source"] == our["source"]
            if cell["cell_type"] == "code" and transplant_.assigned([our["source"]]):
                before.append(our["source"])
        assert not cell.get("outputs")


@FIXED
@given(source=sources.filter(lambda source: isinstance(source, str)), name=st.sampled_from(NAMES))
def test_a_literal_is_one_assignment_of_the_same_value(source: str, name: str) -> None:
    reduced = literal(source, name)
    if reduced is not None:
        before = {n.targets[0].id: n.value for n in ast.parse(source).body if isinstance(n, ast.Assign)}
        (after,) = ast.parse(reduced).body
        assert repr(ast.literal_eval(after.value)) == repr(ast.literal_eval(before[name]))


lines = st.dictionaries(texts, st.text(max_size=20) | st.integers() | st.lists(st.integers() | texts, max_size=4))


@FIXED
@given(lines=lines, problems=st.lists(texts, max_size=2))
def test_the_canonical_form_comes_back_and_is_code(lines: dict[str, Any], problems: list[str]) -> None:
    shown = repr(Answer(lines, tuple(problems)))
    found = parse(shown)
    clean = {name: value for name, value in json.loads(json.dumps(lines)).items()}
    if all(c.isprintable() or c in "\n" for c in json.dumps(lines, ensure_ascii=False)):
        assert found == clean
    if found is not None:
        assert ast.literal_eval("\n".join(row for row in shown.split("\n") if not row.startswith("# "))) == found


odd_texts = st.text(st.characters() | st.sampled_from("\ud800\udfff\x00\x1b\n#"), max_size=30)
odd_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | odd_texts | st.just(10**400),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(odd_texts, inner, max_size=4),
    max_leaves=12,
)
in_lines = st.dictionaries(st.sampled_from(["S10a", "S10", "value", "kind", "0"]) | odd_texts, odd_values)
DEEP = [f'{{"S10a": {"[" * depth + "]" * depth}}}' for depth in (3, 600, 100_000)]
errors = odd_texts | st.just("x" * 500)


@FIXED
@given(shown=odd_texts | odd_values.map(json.dumps) | in_lines.map(json.dumps) | st.sampled_from(DEEP), error=errors)
def test_no_output_earns_more_than_its_lines_and_every_mark_can_be_kept(
    shown: str, error: str, exercise: Exercise
) -> None:
    for question in exercise.questions:
        found = mark(question, {"answer": {"error": error}, "check": {"shown": shown}}, source="x = 1")
        right = _right(question, parse(shown) or {})
        assert found.earned == round(question.points * right / len(question.key), 2)
        json.dumps(dataclasses.asdict(found), ensure_ascii=False, allow_nan=False).encode()
        assert pickle.loads(pickle.dumps(found)) == found


OUTPUT_KEYS = st.sampled_from(["output_type", "data", "metadata", "ename", "evalue", "text", "name"])
output_values = st.sampled_from(["execute_result", "error"]) | odd_values | st.dictionaries(odd_texts, odd_values)
result = st.fixed_dictionaries({"text/plain": odd_values}) | odd_values
outputs = st.one_of(
    st.dictionaries(OUTPUT_KEYS, output_values),
    st.fixed_dictionaries({"output_type": st.just("execute_result"), "data": result}),
    st.fixed_dictionaries({"output_type": st.just("error")}, optional={"ename": odd_values, "evalue": odd_values}),
)


@FIXED
@given(sent=st.none() | st.lists(outputs, max_size=3))
def test_whatever_a_kernel_sends_is_seen_as_two_texts(sent: list[Any] | None) -> None:
    seen = judge._seen(sent, passed=False)
    assert isinstance(seen["error"], str) and isinstance(seen["shown"], str | None)
    json.dumps(seen)


def _right(question: KeyedQuestion, lines: dict[str, Any]) -> int:
    return sum(lines.get(n, "") in [value, *question.accept.get(n, [])] for n, value in question.key.items())


@pytest.mark.parametrize("depth", [10, 5000])
def test_a_deep_notebook_is_read_or_refused(depth: int) -> None:
    data = b'{"cells": ' + b"[" * depth + b"]" * depth + b"}"
    try:
        submission.read("ana", PATH, data)
    except SubmissionError as error:
        assert str(error)
