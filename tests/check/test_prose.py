"""Written answers: the whole text comes through, and the check says only how long it is and what it points to."""

from __future__ import annotations

import ast
from typing import Any

import pytest

import kit
from kit.check.answers import parse
from kit.check.forms import LONGEST, Prose, written

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
    assert found.remarks == {"text": "It points to S17b, S18b."}
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
