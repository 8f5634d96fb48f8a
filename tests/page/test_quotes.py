"""Curly quotation marks outside of strings are read as straight ones, by the notebook and by the grader alike."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.page.quotes import straightened

READ = {
    "{“S10a”: “act”}": {"S10a": "act"},
    "{„S10a“: „act”}": {"S10a": "act"},
    "{«S10a» : « act »}": {"S10a": "act"},
    "{»S10a«: »act«}": {"S10a": "act"},
    "{‘S10a’: ‘act’}": {"S10a": "act"},
    "{‚S10a‘: ‹act›}": {"S10a": "act"},
    "{”S10a”: ″act″}": {"S10a": "act"},
    "{‘a’: ‘don’t’}": {"a": "don’t"},
    '{"a": "he said “hi”", “b”: “x”}': {"a": "he said “hi”", "b": "x"},
    '[“he said "hi"”]': ['he said "hi"'],
    "[“he said ‘hi’”]": ["he said ‘hi’"],
    '{“a”: “act", "b”: “content”, "c": "d"}': None,
    '{"S10a": "act”,\n "S10b": “content",\n}': {"S10a": "act", "S10b": "content"},
    '[“““one\n"two"\n”””]': ['one\n"two"\n'],
    '[“”"one\ntwo"”“]': ["one\ntwo"],
    '{“a”: “”, "b": ""}': {"a": "", "b": ""},
    "{\u00a0“a”:\u202f1\u200b}": {"a": 1},
    "[“a#b”]  # don’t “touch” this": ["a#b"],
}


@pytest.mark.parametrize("typed", [typed for typed, meant in READ.items() if meant is not None])
def test_what_was_meant_is_read(typed: str) -> None:
    assert ast.literal_eval(straightened(typed)) == READ[typed]


@pytest.mark.parametrize(
    "source",
    [
        "x = '“a”'",
        'x = """„a“ ‘b’"""  # “c”',
        "x = 'a\u00a0b'",
        "# “Your” answer\nx = 1",
        "%%writefile a.txt\n“a”",
        "!echo “a”",
        "  %matplotlib “a”",
    ],
)
def test_what_python_can_read_and_magics_stay(source: str) -> None:
    assert straightened(source) == source


def test_comments_and_magics_beside_a_curly_string_stay() -> None:
    typed = "# “one”\n!echo “two”\nx = “three”  # “four”"
    assert straightened(typed) == '# “one”\n!echo “two”\nx = "three"  # “four”'


@given(st.text("ab“”„‘’«»\"'\\#\n= {}:,\u00a0", max_size=40))
def test_any_text_ends_and_what_can_be_read_is_not_touched(source: str) -> None:
    done = straightened(source)
    assert straightened(done).count("\n") == source.count("\n")
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return
    assert done == source


@pytest.mark.parametrize("piece", ["‘a", "“", "x='“\n", "”a\\n", "«", '“a"'])
def test_a_long_text_does_not_take_long(piece: str) -> None:
    assert len(straightened(piece * 20_000)) >= len(piece) * 10_000
