"""Sentences and quotations: line breaks first, abbreviations kept whole, marks paired over sentences."""

from __future__ import annotations

import pytest

from kit.draft.rules_in_order import read
from kit.draft.tokens import paragraphs, sentences


def split(text: str) -> list[str]:
    return [text[a:b] for _, paragraph in paragraphs(text) for a, b in sentences(text, paragraph)]


@pytest.mark.parametrize(
    "found",
    [
        ["Mr. Smith of the U.S. Air Force said so.", "He left."],
        ["Net rose to $4.2 million, or 5.1%, from Jan. 3 to Feb. 4.", "Hollis Co. said so."],
        ['"We saw it," she said.', '"Nobody was there."'],
        ["“We saw it,” she said in the hall.", "“Nobody was there.”"],
        ['He said "No!" and left.', "She stayed."],
        ["Sen. Ann Doyle (D., Ohio) spoke.", "Nobody listened."],
        ["Sen. Ann Doyle (D-Vt.), an old hand, spoke.", "Nobody listened."],
        ["Lt. Roe and Cllr. Ann Doyle spoke.", "Nobody listened."],
        ["The vote is set for 3 p.m. Monday.", "It may slip."],
    ],
)
def test_sentences(found: list[str]) -> None:
    assert split(" ".join(found)) == found


def test_line_breaks_come_first() -> None:
    assert split("A headline\n\nOne sentence\r\nand a line\u2028more") == [
        "A headline",
        "One sentence",
        "and a line",
        "more",
    ]


def test_wrapped_lines_are_one_paragraph() -> None:
    text = (
        "The mayor of the town said on Monday that the pool\nwould stay open for the summer, and that nobody\n"
        "in the town hall had ever planned to close it.\n\nHe left."
    )
    assert [len(split(text)), split(text)[1]] == [2, "He left."]


def test_lines_of_uneven_width_are_not_wrapped() -> None:
    lines = ["Monday, 1st August 2016, 10:33 am", "Updated Monday, 1st August 2016, 12:39 pm"]
    lines.append("Walkers at the gate of the hall in Elm on 27/7/16, worried about the new cellar")
    assert split("\n".join(lines) + "\n\nHe left.") == [*lines, "He left."]


@pytest.mark.parametrize(
    "second",
    [
        "The clerk, Tom Brack, denied a report that he\nwould follow.",
        "The clerk denied that the mayor's friend\nVelma Roe left.",
    ],
)
def test_two_wrapped_lines_are_one_paragraph_too(second: str) -> None:
    text = f"Mayor quits\n\nThe mayor said on Monday that she quits.\n\n{second}"
    assert split(text)[2:] == [second]


def test_a_heading_above_its_paragraph_is_not_taken_for_a_wrapped_line() -> None:
    lines = ["Mayor of Lindental says she will quit", "The mayor, Rosa Lind, said on Monday that she quits."]
    assert split("\n".join(lines) + "\n\nThe clerk denied it.") == [*lines, "The clerk denied it."]


@pytest.mark.parametrize(
    "text", ["A title\n\n“One. Two,” he said. Three!\tFour?\r\n\r\n(Five.) Six", "The man was Mr.", "“One. “"]
)
def test_nothing_but_blanks_is_lost(text: str) -> None:
    left = "".join(split(text))
    assert [c for c in left if not c.isspace()] == [c for c in text if not c.isspace()]


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ('"We know. It is so," he said. "Yes."', ['"We know. It is so,"', '"Yes."']),
        ("“One.\n\n“Two,” he said.", ["“One.\n\n“Two,”"]),
        ("``One,'' he said.", ["``One,''"]),
        ('The 6" pipe broke. "Yes," he said.', ['"Yes,"']),
        ('He said "yes. Nobody knows.\n\n"No," she said.', ['"No,"']),
        ("It’s the mayor’s.", []),
    ],
)
def test_quotations(text: str, quotes: list[str]) -> None:
    tokens = read(text).tokens
    assert [text[tokens.starts[a] : tokens.ends[b]] for a, b in tokens.quotes] == quotes
