"""What is told of a text before it is annotated, and of the wording of a proposition."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from kit.article import annotation_file, seeds
from kit.article.records import Annotation
from kit.teacher.authoring import drafting
from kit.teacher.authoring.opening import advice, polarity

INTERVIEWS = {
    "names": "A talk\n\nHarbor Post: Did you win?\n\nRosa Lind: No, we lost.\n\nHarbor Post: Why?\n\nRosa: Rain.\n",
    "letters": "A talk\n\nQ: Did you win?\n\nA: No, we lost.\n\nQ: Why?\n\nA: It rained.\n",
    "questions": "A talk\n\nDid you win?\n\nNo, we lost.\n\nWhy?\n\nIt rained.\n\nAnd now?\n\nWe train.\n",
}  # fmt: skip


def drafted(text: str, folder: Path) -> Annotation:
    made = drafting.annotated(text, slug="a", headline=drafting.headline_of(text), dateline=datetime.date(2024, 1, 1))
    (folder / "a.txt").write_bytes(text.encode())
    return annotation_file.parse(made, folder / "a.toml")[0]


@pytest.mark.parametrize("kind", INTERVIEWS)
def test_an_interview_is_named(kind: str, tmp_path: Path) -> None:
    assert any(one.startswith("This is an interview") for one in advice(drafted(INTERVIEWS[kind], tmp_path)))


@pytest.mark.parametrize("name", ["pool", "ferry", "budget", "sluice", "soldiers", "ottawa"])
def test_an_article_with_several_speakers_needs_no_warning(name: str) -> None:
    (said,) = advice(annotation_file.read(seeds.article(name)))
    assert said.startswith("This text has ") and said.endswith(" quotations.")


def test_what_there_is_is_counted() -> None:
    whole = annotation_file.read(seeds.article("pool"))
    assert advice(whole) == ("This text has 8 speakers, 9 acts and 2 quotations.",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The leak\n\nThe mayor said that the pool is shut.\n", "This has one speaker: a course needs more."),
        ("The leak\n\nThe pool is shut. It is old.\n", "This gives nobody a word: a course needs more."),
    ],
)
def test_a_text_with_too_few_speakers_is_named(text: str, said: str, tmp_path: Path) -> None:
    assert said in " ".join(advice(drafted(text, tmp_path)))


@pytest.mark.parametrize(
    "text",
    ["Rehn's statements are false.", "The town does not close the pool.", "The firm denies it.", "No gate was open."],
)
def test_a_denial_that_is_worded_as_a_proposition_is_asked_about(text: str) -> None:
    assert polarity(text).startswith("Is “")


def test_no_proposition_of_ours_is_asked_about() -> None:
    for path in seeds.seeds().glob("*.toml"):
        assert not [row.text for row in annotation_file.read(path).propositions if polarity(row.text)]
