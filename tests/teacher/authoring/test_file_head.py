"""The head of a drafted file tells the truth after each step, and is left alone where a person wrote it."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from kit.teacher.authoring import drafting
from kit.teacher.authoring.saving_and_undo import Correction

TEXT = "The pool\n\nThe mayor said that the pool is shut.\n"


@pytest.fixture(params=["\n", "\r\n"])
def held(tmp_path: Path, request: pytest.FixtureRequest) -> Correction:
    """A draft, as it is made and as Windows may have saved it."""
    made = drafting.annotated(TEXT, slug="a", headline="The pool", dateline=datetime.date(2024, 1, 1))
    (tmp_path / "a.txt").write_bytes(TEXT.encode())
    (tmp_path / "a.toml").write_bytes(made.replace("\n", request.param).encode())
    return Correction(tmp_path / "a.toml")


def head(held: Correction) -> str:
    """What stands above everything, in one line."""
    text = held.path.read_bytes().decode()
    assert ("\r\n" in text) == (text.count("\r\n") == text.count("\n"))
    return " ".join(line.strip("# ") for line in text.partition("format")[0].splitlines())


def test_the_head_says_how_far_it_is(held: Correction) -> None:
    before = held.path.read_bytes()
    assert "Nothing here is checked yet." in head(held) and "kit annotate a.toml" in head(held)
    ids = held.ids
    for claim in ids:
        held.take("accept", claim=claim)
        assert held.said == "" and "What is marked as proposed is not checked yet." in head(held)
    for source in held.sheet.whole.sources:
        held.take("accept_source", source=source.id)
    assert "A person has read and accepted all of it." in head(held)
    assert "Next: run `python -m kit check a.toml`, then `python -m kit new-course a.toml`." in head(held)
    assert "Nothing here" not in head(held) and "kit annotate" not in head(held)
    held.take("change", claim=ids[-1], field="status", value="unconfirmed")
    assert "What is marked as proposed is not checked yet." in head(held) and "kit annotate a.toml" in head(held)
    while held.past:
        held.undo()
    assert held.path.read_bytes() == before


def test_a_head_in_other_words_stays(held: Correction) -> None:
    text = held.path.read_bytes().decode().replace("Nothing here is checked yet.", "Mine.")
    held.path.write_bytes(text.encode())
    held = Correction(held.path)
    held.take("accept", claim=held.ids[0])
    assert held.path.read_bytes().decode().partition("format")[0] == text.partition("format")[0]
