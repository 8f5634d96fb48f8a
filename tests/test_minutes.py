"""Each lesson can be done in the minutes that it states: counted in words to read and in blanks to fill."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from kit.questions import WRITTEN_OUT, Page, Question, read

LESSONS = sorted((Path(__file__).resolve().parents[1] / "notebooks").glob("*.ipynb"))
WORDS, BLANKS = 130, 2
"""What a minute is enough for: so many words to read, or so many blanks to fill."""


def words(path: Path) -> int:
    """The words of a page's cells of text, without addresses of links, tags and marks."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    text = " ".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return len(re.findall(r"[^\W_]+(?:['’.-][^\W_]+)*", re.sub(r"<[^>]+>|\]\([^)]*\)", " ", text)))


def blanks(question: Question) -> int:
    """Where a student writes: each line and each part of it; one for what is worked out or put in words."""
    if question.kind != WRITTEN_OUT:
        return 1
    return sum(not value for line in question.lines for value in line.given)


def needed(path: Path, page: Page) -> float:
    """Minutes that a page needs. A form that is filled in weeks later is not counted."""
    asked = [question for question in page.questions if question.form != "two weeks later"]
    return words(path) / WORDS + sum(map(blanks, asked)) / BLANKS


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_can_be_done_in_its_minutes(path: Path) -> None:
    page = read(path)
    asked = sum(map(blanks, page.questions))
    assert needed(path, page) <= sum(page.minutes), f"{words(path)} words and {asked} blanks are too many"
