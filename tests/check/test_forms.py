"""Answers in canonical form: whatever a student writes, the form is valid, and a sentence says what is wrong."""

from __future__ import annotations

import ast
import html
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest

import kit
from kit.check import forms
from kit.check.answers import UNEXPLAINED, Answer, notes, parse
from kit.check.forms import LONGEST, Prose, written

LINES = ("S05a", "S05b")
VALUES = ("act", "content")
TEXTS = {"S05a": "The minister  said the bridge is “safe”.", "S05b": "It rains."}
PIECES = {"S05": 3, "S06": 2}


def labels(answer: object) -> Answer:
    return forms.choices(answer, lines=LINES, values=VALUES)


def words(answer: object) -> Answer:
    return forms.words(answer, lines=TEXTS)


def spans(answer: object) -> Answer:
    return forms.spans(answer, lines=PIECES)


def table(answer: object) -> Answer:
    return forms.table(answer, rows=[0, 7], columns=["act", "content"], total=10)


def frame(rows: Mapping[Any, Any] | None = None, **further: Any) -> pd.DataFrame:
    """The right small frame, with the paragraphs as its index."""
    return pd.DataFrame(rows or {"act": [1, 2], "content": [3, 4]}, index=pd.Index([0, 7], name="paragraph"), **further)


# The canonical form

NASTY = [
    "",
    "plain",
    "two\nlines\r\n# not a remark",
    "# at the start",
    "\"quoted\" and 'so' \\ \\n",
    "“…” naïve 한국어 🙂",
    "\x00\x1b[31m\x85\u2028\u2029\x0c",
    "half a character: \ud800",
    "x" * 100_000,
]


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_the_canonical_form_can_be_read_back(text: str) -> None:
    lines = {"a": text, "b": [1, text], text + "c": 2.5}
    form = repr(Answer(lines, problems=(f"Mind {text}!",), remarks={"a": text}))
    assert parse(form) == lines
    data = "\n".join(row for row in form.split("\n") if not row.startswith("# "))
    assert json.loads(data) == ast.literal_eval(form) == lines
    assert len(notes(form)) == 2
    form.encode()


def test_the_canonical_form_is_one_line_per_thing_asked() -> None:
    answer = Answer({"S05a": "act", "S05b": ""}, ("Still\nblank: S05b.",), {"S05a": "Fits the text."})
    assert repr(answer) == '{"S05a": "act",\n "S05b": ""}\n# Still blank: S05b.\n# S05a: Fits the text.'
    assert answer.blanks == ["S05b"]
    assert answer.verdict == "1 of 2 lines filled; 1 fits the text."
    assert labels({"S05a": "act"}).verdict == "1 of 2 lines filled."
    assert labels({"S05a": "act", "S05b": "act"}).verdict.startswith("Complete")


@pytest.mark.parametrize("text", ["", "1", "[1]", "<Article>", '{"a": ', "{'a': 1}", "[" * 100_000])
def test_a_text_that_is_no_answer_is_none(text: str) -> None:
    assert parse(text) is None


def test_notes_are_at_most_ten() -> None:
    assert notes("{}" + "\n# a" * 12) == ["a"] * 10


def test_the_page_shows_what_was_typed_as_text() -> None:
    answer = labels({"S05a": "<b onclick='x'>", "<i>": "act"})
    assert "<b o" not in answer._repr_html_() and "<i>&" not in answer._repr_html_()
    assert "&lt;b onclick=" in answer._repr_html_() and "“&lt;i&gt;”" in answer._repr_html_()


# Labels

TWO = {"S05a": "act", "S05b": "content"}


@pytest.mark.parametrize(
    "answer",
    [
        TWO,
        {"S05a": " ACT ", "S05b": "“Content”."},
        {"S05a": "„act“", "S05b": "`content`"},
        pd.Series(TWO),
        pd.Series(["act", "content"], index=pd.Index(LINES, name="claim"), dtype="category"),
        {np.str_("S05b"): np.str_("content"), "S05a": "\nact"},
    ],
)
def test_labels_in_any_sensible_form_are_complete(answer: object) -> None:
    found = labels(answer)
    assert (found.lines, found.problems) == (TWO, ())


@pytest.mark.parametrize("nothing", [None, ..., "", "  ", pd.NA, pd.NaT, float("nan"), np.nan, np.float64("nan")])
def test_a_missing_value_is_a_blank(nothing: object) -> None:
    found = labels({"S05a": nothing, "S05b": "act"})
    assert found.lines == {"S05a": "", "S05b": "act"}
    assert found.problems == ("Still blank: S05a.",)
    assert words({"S05a": nothing}).lines["S05a"] == ""
    assert spans({"S05": nothing}).lines["S05"] == []
    given = forms.number(nothing, kind="count")
    assert (given.lines, given.problems, given.faults) == ({"value": ""}, ("Still blank: give a number.",), {})


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (None, "nothing yet"),
        (..., "still `...`"),
        (["act", "content"], "a list"),
        (("act",), "a tuple. Does a comma stand after the last bracket? Take it away"),
        ("act", "text"),
        (3, "a number"),
        (np.array(["act", "content"]), "an array"),
        (frame(), "a DataFrame"),
        ({"act"}, "a set. Between a name and its value belongs a colon"),
        (pd.Series, "of the type type"),
    ],
)
def test_what_is_no_dict_gets_the_kind_that_is_asked_for(answer: object, kind: str) -> None:
    for read in (labels, words, spans):
        found = read(answer)
        assert not any(found.lines.values())
        asked = next(iter(found.lines))
        assert found.problems[0] == f'An answer like {{"{asked}": …}} is asked for, but this is {kind}.'


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ({"S05a": "akt"}, 'S05a: “akt” is not one of act, content; did you mean "act"?'),
        ({"S05a": "contents"}, 'S05a: “contents” is not one of act, content; did you mean "content"?'),
        ({"S05a": "fact, probably not"}, "S05a: “fact, probably not” is not one of act, content."),
        ({"S05a": ["act", "akt"]}, "S05a: “['act', 'akt']” is not one of act, content."),
        ({"S05a": "act, content"}, "S05a: one of them is enough; the first counts here: act."),
        ({"S05a": "content - act"}, "S05a: one of them is enough; the first counts here: content."),
        ({"S05a": "content or act"}, "S05a: one of them is enough; the first counts here: content."),
        ({"S05a": True}, "S05a: “true” is not one of act, content."),
        ({"s05a": "act"}, '“s05a” is not asked for here; did you mean "S05a"?'),
        ({"S5a": "act"}, '“S5a” is not asked for here; did you mean "S05a"?'),
        ({"S05 a:": "act"}, '“S05 a:” is not asked for here; did you mean "S05a"?'),
        ({"SO5a": "act"}, '“SO5a” is not asked for here; did you mean "S05a"?'),
        ({"S05c": "act"}, "“S05c” is not asked for here."),
        ({"S05a": "fact"}, "S05a: “fact” is not one of act, content."),
        ({5: "act"}, "“5” is not asked for here."),
        ({"S05a": "act"}, "Still blank: S05b."),
    ],
)
def test_what_is_wrong_with_a_label_is_said(answer: object, problem: str) -> None:
    assert problem in labels(answer).problems


def test_many_strange_lines_are_named_in_few_words() -> None:
    found = labels(TWO | {f"line {n}": "act" for n in range(5000)})
    assert found.lines == TWO
    assert len(found.problems) == 6
    assert found.problems[-1] == "There are 4995 more like this."


# Words


@pytest.mark.parametrize("given", ["said", " Said", "“SAID”", "said.", "The  minister\nsaid", '"said"'])
def test_words_may_be_copied_with_marks_and_capitals(given: str) -> None:
    found = words({"S05a": given, "S05b": "rains"})
    assert found.lines["S05a"].endswith("said")
    assert found.problems == ()


@pytest.mark.parametrize("given", ["sayed", "sai", "aid", "he minister"])
def test_words_from_elsewhere_and_parts_of_words_are_named(given: str) -> None:
    assert words({"S05a": given, "S05b": "rains"}).problems == (
        f"S05a: “{given}” does not stand in that sentence; copy the words letter by letter.",
    )


# Spans


@pytest.mark.parametrize(
    "given",
    [[1, 2], (2, 1), {1, 2}, [2, 2, 1], [1.0, 2.0], np.array([1, 2]), pd.Series([2, 1]), range(1, 3), [np.int64(1), 2]],
)
def test_spans_are_sorted_numbers(given: object) -> None:
    found = spans({"S05": given, "S06": 2})
    assert (found.lines, found.problems) == ({"S05": [1, 2], "S06": [2]}, ())


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ([1, 4], "4"),
        ([0, 1], "0"),
        ([1, -1], "-1"),
        ([1, True], "'True'"),
        ([1, 1.5], "1.5"),
        ([1, "2"], "'2'"),
        ([1, float("inf")], "'inf'"),
        ([1, [2]], "'[2]'"),
    ],
)
def test_what_is_no_piece_is_named_and_left_out(given: object, shown: str) -> None:
    found = spans({"S05": given, "S06": [1]})
    assert found.lines["S05"] == [1]
    (problem,) = found.problems
    assert "is not the number of a piece; give numbers from 1 to 3 in square brackets" in problem
    assert ("without quotation marks" in problem) == (shown == "'2'")
    assert problem.startswith(f"S05: “{shown.strip(chr(39))}”")


def test_a_line_whose_pieces_are_all_wrong_is_not_called_blank_and_keeps_its_cells() -> None:
    found = spans({"S05": "1", "S06": []})
    assert found.problems[1:] == ("Still blank: S06.",)
    assert found._repr_html_().count("<td") == 4  # an answer and a glance in each of the two rows


def test_a_sum_is_named_only_where_the_cells_can_be_counts() -> None:
    odd = forms.table(frame() * 0.5, rows=[0, 7], columns=["act", "content"], total=10, kind="count")
    assert not any("add up" in problem for problem in odd.problems) and odd.faults


def test_endless_numbers_end() -> None:
    def ones() -> Iterator[int]:
        while True:
            yield 1

    assert spans({"S05": ones(), "S06": range(10**12)}).lines == {"S05": [1], "S06": [1, 2]}


# A number


@pytest.mark.parametrize(
    ("given", "value"),
    [
        (12, 12),
        (12.0, 12),
        (0, 0),
        (-3, -3),
        (2.5, 2.5),
        (1 / 3, 0.333333),
        (0.1 + 0.2, 0.3),
        (np.int64(12), 12),
        (np.float32(2.5), 2.5),
        (np.array(12), 12),
        (pd.Series([12]), 12),
        (pd.Series([True, False]).sum(), 1),
    ],
)
def test_a_number_is_plain(given: object, value: float) -> None:
    found = forms.number(given)
    assert (found.lines, found.problems) == ({"value": value}, ())
    assert type(found.lines["value"]) is type(value)


COUNTED = " Count, or add up, until one number is left."


@pytest.mark.parametrize(
    ("given", "shown", "said"),
    [
        ("12", "12", "this is text. Write it without quotation marks: 12."),
        ("45,8", "45,8", "this is text. Write a point: 45.8."),
        ((45, 8), "(45, 8)", "this is a tuple. Write a point: 45.8."),
        ((-3, 25), "(-3, 25)", "this is a tuple. Write a point: -3.25."),
        ([0, 474], "[0, 474]", "this is a list. Write a point: 0.474."),
        ("47.4 %", "47.4 %", "this is text. Write it without the sign %: 47.4."),
        ("47,4%", "47,4%", "this is text. Write a point: 47.4."),
        ([12], "[12]", "this is a list. Write the number alone, without brackets or comma: 12."),
        ((1, 2, 3), "(1, 2, 3)", "this is a tuple."),
        ("twelve", "twelve", "this is text."),
        (True, "True", "this is True or False."),
        (np.True_, "True", "this is True or False."),
        (pd.Series([1, 2]), "a Series", f"this is a Series.{COUNTED}"),
        (np.array([1, 2]), "an array", f"this is an array.{COUNTED}"),
        (frame(), "a DataFrame", f"this is a DataFrame.{COUNTED}"),
        (
            pd.Series([1]).sum,
            "of the type method",
            "this is of the type method. A command works only with round brackets after it: ().",
        ),
    ],
    ids=range(16),
)
def test_what_is_no_number_is_shown_and_named(given: object, shown: str, said: str) -> None:
    found = forms.number(given)
    assert found.lines == {"value": shown} and found.faults == {"value": "no number"}
    assert found.problems == (f"A number is asked for, but {said}",)
    assert html.escape(f"Your answer: {shown}") in found._repr_html_() and not found.blanks


@pytest.mark.parametrize("given", [float("inf"), -(10**400), 10**5000], ids=range(3))
def test_a_number_can_be_too_large(given: object) -> None:
    assert forms.number(given).problems == ("This number is too large.",)


def test_a_count_with_a_comma_is_no_number_with_a_point() -> None:
    for given in ((1, 234), "1,234"):
        (said,) = forms.number(given, kind="count").problems
        assert said.endswith("A count is one whole number, without a comma.")


@pytest.mark.parametrize(
    ("kind", "most", "fitting", "odd"),
    [
        ("number", None, [-3, 0.5, 1e6], []),
        ("count", 38, [0, 12, 38, 12.0], [-3, 12.5, 39, 0.474]),
        ("count", None, [0, 10**6], [-1, 1 / 3]),
        ("share", None, [0, 0.474, 1], [-0.1, 1.5, 47.4, 200]),
        ("percent", None, [0, 1, 47.4, 100], [0.474, -1, 100.5, 474]),
    ],
)
def test_an_impossible_number_is_shown_and_named(
    kind: str, most: float | None, fitting: list[float], odd: list[float]
) -> None:
    for value in fitting:
        assert forms.number(value, kind=kind, most=most).verdict.startswith("Complete")
    for value in odd:
        found = forms.number(value, kind=kind, most=most)
        assert found.faults == {"value": "impossible"} and f"{value:g}" in found.problems[0]
        assert found.verdict == "0 of 1 lines filled, 1 impossible." and parse(repr(found)) == found.lines
        assert found.lines == forms.number(value).lines


def test_the_matter_with_a_number_is_said_in_words() -> None:
    assert forms.number(-3, kind="count").problems == (
        "-3 is below 0, and a count is never that. Look again at what is asked.",
    )
    assert "is more than there are: 38" in forms.number(56, kind="count", most=38).problems[0]
    assert "looks like a share of 1; percent lie" in forms.number(0.474, kind="percent").problems[0]
    assert "(is it percent?)" in forms.number(47.4, kind="share").problems[0]
    with pytest.raises(ValueError, match="“counts” is no kind of number"):
        forms.number(3, kind="counts")


# A line that is malformed is not filled

SEVERAL = {"S05a": ["S16", "S18"], "S05b": "s18 and S16", "c": "S16, S99", "d": "S16 S18", "e": ("S18",)}


def test_a_misspelt_line_does_not_count_as_filled() -> None:
    found = labels({"S05a": "akt", "S05b": "act"})
    assert found.verdict == "1 of 2 lines filled, 1 misspelt."
    assert labels({"S05a": "akt"}).verdict == "0 of 2 lines filled, 1 misspelt."
    assert labels({"S05a": "akt", "S05b": "denied"}).verdict == "0 of 2 lines filled, 1 misspelt, 1 not offered."
    assert words({"S05a": "sayed", "S05b": "rains"}).verdict == "1 of 2 lines filled, 1 not in the sentence."
    assert spans({"S05": [9], "S06": [1, 4]}).faults == {"S05": "not a piece", "S06": "not a piece"}


def test_of_several_values_the_first_counts_and_that_is_said() -> None:
    found = forms.choices(SEVERAL, lines=list(SEVERAL), values=["none in this text", "S16", "S18"])
    assert found.lines == {"S05a": "S16", "S05b": "S18", "c": "s16, s99", "d": "S16", "e": "S18"}
    assert found.problems[0] == "S05a: one unit is enough; the first counts here: S16."
    assert list(found.faults) == ["c"] and len(found.problems) == 4
    assert forms.choices({"a": "none in this text"}, lines=["a"], values=["none in this text", "none"]).problems == ()


def test_each_row_says_at_a_glance_how_it_stands() -> None:
    lines = {"a": "act", "b": "content", "c": "akt", "d": "", "e": "act"}
    remarks = {
        "a": "Fits the text.",
        "b": "Cover the speaker.",
        "c": "“akt” is no label.",
        "e": "Hidden, " + UNEXPLAINED,
    }
    answer = Answer(lines, ("Still blank: d.",), remarks, {"c": "misspelt"})
    assert [answer.glance(name) for name in lines] == ["fits", "look again", "look again: misspelt", "blank", "filled"]
    assert "# b: Look again. Cover the speaker." in repr(answer) and "# a: Fits the text." in repr(answer)
    assert "# c: Look again. “akt”" in repr(answer) and "# e: Hidden" in repr(answer)
    page = answer._repr_html_()
    for words in ("at a glance", "<td", ">fits</td>", ">look again</td>", ">look again: misspelt</td>", ">filled</td>"):
        assert words in page
    assert answer.verdict == "3 of 5 lines filled, 1 misspelt; 1 fits the text."
    assert "at a glance" not in labels({"S05a": "act", "S05b": "act"})._repr_html_()
    assert ">look again: misspelt</td>" in labels({"S05a": "akt"})._repr_html_()


def test_what_is_code_is_shown_as_code_and_nothing_else_is() -> None:
    page = Answer({"a": "`b`"}, ('Write `x = "<1>"` there.',))._repr_html_()
    assert "<code>x = &quot;&lt;1&gt;&quot;</code>" in page and "<td" in page and "`b`" in page


# A table

RIGHT = {"0": [1, 3], "7": [2, 4]}
LONG = pd.DataFrame({"n": [1, 3, 2, 4], "paragraph": [0, 0, 7, 7], "layer": ["act", "content"] * 2})


@pytest.mark.parametrize(
    "answer",
    [
        frame(),
        frame().reset_index(),
        frame().reset_index().astype(str).astype({"act": int, "content": int}),
        frame().astype(float),
        frame().astype("Int64"),
        frame().reset_index().astype(float),
        frame().reset_index().assign(all=[4, 6]),
        frame()[["content", "act"]],
        frame().assign(all=lambda f: f["act"] + f["content"]),
        frame().iloc[::-1],
        LONG.pivot_table(index="paragraph", columns="layer", values="n", aggfunc="sum"),
        LONG.astype({"layer": "category"}).pivot_table(
            index="paragraph", columns="layer", values="n", aggfunc="sum", observed=True
        ),
    ],
    ids=range(12),
)
def test_a_table_in_any_sensible_form_is_complete(answer: object) -> None:
    found = table(answer)
    assert (found.lines, found.problems) == (RIGHT, ())


@pytest.mark.parametrize(
    ("answer", "lines", "problem"),
    [
        (None, {}, "A DataFrame is asked for, but this is nothing yet."),
        (..., {}, "A DataFrame is asked for, but this is still `...`."),
        (
            LONG["n"],
            {},
            "A DataFrame is asked for, but this is a Series. Try .to_frame(…), or .unstack() where it has two levels.",
        ),
        ({"act": [1]}, {}, "A DataFrame is asked for, but this is a dict."),
        (pd.DataFrame, {}, "A DataFrame is asked for, but this is of the type type."),
        (pd.DataFrame(), {}, "The columns act, content are missing; your frame has: none."),
        (frame()[["act"]], {}, "The column content is missing; your frame has: act."),
        (
            frame().T,
            {},
            "The columns act, content are missing; your frame has: 0, 7. They are its rows: .T turns it round.",
        ),
        (pd.concat({"n": frame()}, axis=1), {}, "your frame has: ('n', 'act'), ('n', 'content')."),
        (frame()[:0], {}, "Still blank: 0, 7."),
        (frame()[:1], {"0": [1, 3]}, "Still blank: 7."),
        (pd.concat({2024: frame()}), {}, "The row '(2024, 0)' is not asked for; it is left out."),
        (
            pd.concat([frame(), frame().rename(index={0: 5})[:1]]),
            RIGHT,
            "The row '5' is not asked for; it is left out.",
        ),
        (
            pd.concat([frame(), frame().rename(index={0: "?"})[:1]]),
            RIGHT,
            "The row '?' is not asked for; it is left out.",
        ),
        (
            pd.concat([frame(), frame()[1:]]),
            RIGHT,
            "The row 7 stands in your frame more than once; the last one counts.",
        ),
        (
            frame({"act": [1, None], "content": [3, 4]}),
            {"0": [1, 3], "7": ["", 4]},
            "The row 7 has an empty cell; where there is nothing to count it is 0.",
        ),
        (
            frame({"act": [1, 3], "content": [3, 4]}),
            {"0": [1, 3], "7": [3, 4]},
            "add up to 11, but 10 things",
        ),
        (
            frame({"act": [1, True], "content": ["c", 4]}),
            {"0": [1, "c"], "7": ["True", 4]},
            "The row 0, column content: “c” is no number; a number is asked for.",
        ),
        (
            frame({"act": [1, "2,5"], "content": [3, 4]}),
            {"0": [1, 3], "7": ["2,5", 4]},
            "The row 7, column act: “2,5” is no number; write a point: 2.5.",
        ),
        (
            frame().set_index(pd.Index([0, None])),
            {"0": [1, 3]},
            "A row without a name (its key is a missing value) is not asked for; it is left out.",
        ),
    ],
    ids=range(20),
)
def test_what_is_wrong_with_a_table_is_said(answer: object, lines: dict[str, Any], problem: str) -> None:
    found = table(answer)
    assert found.lines == {"0": "", "7": ""} | lines
    assert any(problem in said for said in found.problems), found.problems


def test_impossible_cells_are_named_by_the_kind_of_their_column() -> None:
    given = frame({"act": [1, -2], "share": [0.5, 47.4]})
    found = forms.table(given, rows=[0, 7], columns=["act", "share"], kind=["count", "share"])
    assert found.lines == {"0": [1, 0.5], "7": [-2, 47.4]} and found.faults == {"7": "impossible"}
    assert found.problems[0] == "The row 7, column act: -2 is below 0, and a count is never that."
    assert found.problems[1].startswith("The row 7, column share: 47.4 is more than 1")
    assert found.verdict == "1 of 2 lines filled, 1 impossible."
    more = forms.table(frame(), rows=[0, 7], columns=["act", "content"], kind="count", most=3)
    assert more.problems == ("The row 7, column content: 4 is more than there are: 3.",)


def test_the_columns_stand_over_the_numbers_and_in_the_text() -> None:
    found = table(frame())
    assert repr(found).endswith("# Each row: act, content") and parse(repr(found)) == RIGHT
    assert notes(repr(found)) == []
    page = found._repr_html_()
    heads = re.findall(r"<th scope='col'[^>]*>([^<]*)</th>", page)
    assert heads == ["act", "content"] and "<td style='text-align:left;vertical-align:top'>3</td>" in page
    assert "colspan='2'" in table(frame()[:1])._repr_html_()  # a row that is blank
    assert "vertical-rl" not in page
    wide = Answer({"P1": list(range(20))}, columns=tuple(f"source {n}" for n in range(20)))._repr_html_()
    assert wide.count("writing-mode:vertical-rl") == 20 and ">source 19</th>" in wide


def test_a_large_frame_is_answered_in_few_words() -> None:
    found = table(pd.DataFrame({"act": range(5000), "content": 1}))
    assert found.lines == {"0": [0, 1], "7": [7, 1]}
    assert len(found.problems) <= 7


# Nothing stops a check


class Unreadable:
    """Everything that Python asks of it fails."""

    def __getattr__(self, name: str) -> Any:
        raise ValueError(name)

    def __str__(self) -> str:
        raise ValueError("no text")

    __repr__ = __iter__ = __len__ = __bool__ = __str__  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        raise ValueError("not comparable")

    __hash__ = object.__hash__


class Unspoken:
    """Only its text fails."""

    def __str__(self) -> str:
        raise ValueError("no text")


class Obliging:
    """It has every name and can be called, and nothing in it is what it seems."""

    def __getattr__(self, name: str) -> Any:
        return self

    def __call__(self, *_: object) -> Any:
        return self


class BrokenDict(dict):
    def items(self) -> Any:
        raise ValueError("no items")


class BrokenFrame:
    columns = index = None


class BrokenSeries:
    def to_dict(self, needed: object) -> None: ...


def endless() -> list[Any]:
    """A list that is in itself."""
    itself: list[Any] = []
    itself.append(itself)
    return itself


def deep() -> list[Any]:
    nest: list[Any] = []
    for _ in range(50_000):
        nest = [nest]
    return nest


STRANGE: dict[str, Callable[[], Any]] = {
    "unreadable": Unreadable,
    "obliging": Obliging,
    "broken dict": lambda: BrokenDict(S05a="act"),
    "broken frame": BrokenFrame,
    "broken series": BrokenSeries,
    "unreadable key": lambda: {Unreadable(): "act"},
    "in itself": endless,
    "deep": deep,
    "huge": lambda: 10**5000,
    "half a character": lambda: "\ud800",
    "bytes": lambda: b"act",
    "complex": lambda: 1 + 2j,
    "a class": lambda: pd.DataFrame,
    "a function": lambda: len,
    "a module": lambda: forms,
    "array": lambda: np.array([[1, 2], [3, 4]]),
    "no array": lambda: np.array([]),
    "scalar": lambda: np.array(1),
    "date": lambda: pd.Timestamp("2024-10-19"),
    "days": lambda: np.timedelta64(3, "D"),
    "index": lambda: pd.MultiIndex.from_tuples([(1, 2), (3, 4)]),
    "groups": lambda: LONG.groupby("layer"),
    "double rows": lambda: pd.Series(["act", "content"], index=["S05a", "S05a"]),
    "double columns": lambda: pd.DataFrame([[1, 2, 3]], columns=["act", "act", "content"]),
    "frame of objects": lambda: frame({"act": [Unreadable(), endless()], "content": [10**5000, pd.NA]}, dtype=object),
    "odd types": lambda: frame(
        {"act": pd.arrays.IntervalArray.from_breaks([0, 1, 2]), "content": pd.arrays.SparseArray([1, 2])}
    ),
    "odd keys": lambda: pd.DataFrame({"act": [1], "content": [2], Unspoken(): [3]}, index=[Unspoken()]),
}
READERS: dict[str, Callable[[Any], Answer]] = {
    "labels": labels,
    "a label": lambda value: labels({"S05a": value, "S05b": "act"}),
    "words": words,
    "a word": lambda value: words({"S05a": value, "S05b": "rains"}),
    "spans": spans,
    "a span": lambda value: spans({"S05": value, "S06": [1]}),
    "a piece": lambda value: spans({"S05": [value], "S06": [1]}),
    "number": forms.number,
    "table": table,
    "a cell": lambda value: table(frame({"act": pd.Series([value, 1], [0, 7], dtype=object), "content": [1, 2]})),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("strange", STRANGE)
def test_whatever_is_written_a_sentence_comes_back(reader: str, strange: str) -> None:
    found = READERS[reader](STRANGE[strange]())
    form = repr(found)
    assert parse(form) == found.lines
    assert ast.literal_eval(form) == found.lines
    assert len(form) < 4000
    (form + found._repr_html_()).encode()
    right = {"number": {"value": 1}, "a span": {"S05": [1], "S06": [1]}, "a piece": {"S05": [1], "S06": [1]}}
    assert found.problems or found.lines == right.get(reader)
    others = {"a label": ("S05b", "act"), "a word": ("S05b", "rains"), "a span": ("S06", [1]), "a piece": ("S06", [1])}
    if reader in others:
        line, value = others[reader]
        assert found.lines[line] == value


def test_a_word_that_begins_a_permitted_one_is_recognised() -> None:
    values = ["none in this text", *(f"S{n:02}" for n in range(1, 28))]
    given = {"a": "none", "b": "S5", "c": "S05a", "d": "05", "e": "s28"}
    found = forms.choices(given, lines=list(given), values=values)
    listed, *meant = "is not one of none in this text, S01 … S27", "none in this text", *["S05"] * 3
    assert found.problems == (
        *(
            f'{at}: “{given[at].lower()}” {listed}; did you mean "{one}"?'
            for at, one in zip("abcd", meant, strict=True)
        ),
        f"e: “s28” {listed}.",
    )


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("not hedged", ""), ("unhedged", ""), ("hedge", "hedged"), ("urging", ""), ("dire", "directive"),
        ("demand", ""), ("denial", "denied"), ("warn", "warning"), ("wraning", "warning"), ("hint", ""),
        ("goes to far", "goes too far"), ("too far", "goes too far"), ("the plain", "plain"),
    ],
)  # fmt: skip
def test_no_guess_turns_a_word_into_another_one(given: str, meant: str) -> None:
    values = ["denied", "hedged", "plain", "warning", "directive", "goes too far"]
    (problem,) = forms.choices({"a": given}, lines=["a"], values=values).problems
    assert problem.endswith(f'; did you mean "{meant}"?' if meant else "goes too far."), problem


def test_python_s_none_is_no_label() -> None:
    found = forms.choices({"a": None, "b": "none"}, lines=["a", "b"], values=["source", "none"])
    assert found.lines == {"a": "", "b": "none"}
    told = 'a: None means that there is nothing yet. For the label, type "none".'
    assert found.problems == (told, "Still blank: a.")
    assert told not in forms.choices({"b": "none"}, lines=["a", "b"], values=["source", "none"]).problems


# Texts of the student's own

CLAIMS = ["S01a", "S17b", "S18b"]
TEXT = "The act stands (S17b), “really”.\n\nIt's open: s18b."


def read(answer: object, words: tuple[int, int] = (3, 20)) -> Prose:
    return written(answer, words=words, claims=CLAIMS)


@pytest.mark.parametrize("text", [TEXT, TEXT * 60, "# S01a\n# not a note", "\ud800 S01a", "\x00 \u2028 \\ \\n 한 S01a"])
def test_the_text_comes_through_whole(text: str) -> None:
    found = read(text)
    form = repr(found)
    assert parse(form) == ast.literal_eval(form) == found.lines == {"text": text.strip()[:LONGEST].rstrip()}
    (form + found._repr_html_()).encode()


def test_a_text_that_fits_has_no_problem_and_its_claims_are_named() -> None:
    found = read(TEXT)
    assert not found.problems
    assert found.remarks == {"text": "It points to S17b, S18b."} and "\n# text: It points to" in repr(found)
    assert found.verdict == "8 words. A person will read this and score it by the rubric."


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("S01a", "It is too short: 1 words, and 3 to 20 are asked for."),
        ("S01a " * 21, "It is too long: 21 words, and 3 to 20 are asked for."),
        ("S01a " * 1000, f"Only its first {LONGEST} characters are kept."),
        ("see S99x and S01a", "S99x is not a claim of this article."),
        ("no claim is named", "It points to no claim yet: name some by id, such as S01a."),
        ("", "Still blank: write your text between the quotation marks."),
        (" \n ", "Still blank: write your text between the quotation marks."),
        (None, "Still blank: write your text."),
        (..., "Still blank: write your text."),
        (["a"], "A text in quotation marks is asked for, but this is a list."),
        (b"a b c", "A text in quotation marks is asked for, but this is of the type bytes."),
    ],
    ids=range(11),
)
def test_what_is_missing_is_said(text: object, problem: str) -> None:
    assert problem in read(text).problems


def test_a_flood_of_ids_is_answered_in_few_words() -> None:
    found = read(" ".join(f"X{n}a" for n in range(500)))
    assert len(found.problems) < 10


def test_a_text_of_a_class_of_ones_own_is_plain() -> None:
    class Text(str):
        def strip(self, *_: Any) -> str:
            raise ValueError

        __str__ = __len__ = strip  # type: ignore[assignment]

    assert read(Text(TEXT)).lines == {"text": TEXT}


def test_html_in_a_text_is_only_text() -> None:
    page = read("<script>alert(1)</script> S01a")._repr_html_()
    assert "<script>" not in page and "&lt;script&gt;" in page


def test_the_check_knows_the_claims_of_the_article() -> None:
    found = kit.check.written("S12b, S99z", words=(1, 9), article=kit.load_article())
    assert found.remarks == {"text": "It points to S12b."}
    assert found.problems == ("S99z is not a claim of this article.",)
