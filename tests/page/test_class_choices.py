"""What a teacher chooses for a class holds for every page of it, and a slip in it is named."""

from __future__ import annotations

from pathlib import Path

import pytest

import kit
from kit.errors import SetupError
from kit.page import class_choices
from kit.page.class_choices import ClassChoices


def chosen(folder: Path, text: str) -> Path:
    """The folder of exercises on a desk in `folder`, whose `class.toml` holds `text`."""
    (folder / class_choices.FILE).write_text(text, "utf-8")
    pages = folder / "work" / "exercises"
    pages.mkdir(parents=True)
    return pages


def test_without_a_file_nothing_is_chosen(tmp_path: Path) -> None:
    assert class_choices.read(tmp_path) == ClassChoices(practice=True, ask_name=False)


def test_the_file_of_the_kit_holds_for_a_page_on_the_desk_and_the_nearer_one_wins(tmp_path: Path) -> None:
    pages = chosen(tmp_path, "practice = false\nask_name = true\n")
    assert class_choices.read(pages) == ClassChoices(practice=False, ask_name=True)
    (tmp_path / "work" / class_choices.FILE).write_text("", "utf-8")
    assert class_choices.read(pages) == ClassChoices()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("practise = false", "no choice “practise”; there are: practice, ask_name"),
        ('practice = "no"', "practice must be true or false"),
        ("practice = False", "Write lines such as: practice = false"),
    ],
)
def test_a_slip_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SetupError, match=said):
        class_choices.read(chosen(tmp_path, text))


def test_practice_is_off_in_exercises_and_the_page_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = chosen(tmp_path, "practice = false")
    monkeypatch.chdir(pages)
    article = kit.load_article(blank=["S10"], practice=True)
    answer = kit.check.labels({"S10a": "content"}, field="layer", lines=["S10a"], article=article)
    assert not answer.remarks
    assert "your teacher has turned it off" in repr(article).splitlines()[1]
    assert "teacher" not in repr(kit.load_article())
    (copies := pages.parent / "handed_in").mkdir()
    monkeypatch.chdir(copies)
    assert "turned it off" in repr(kit.load_article(practice=True)), "a copy of an exercise is one"
    (lessons := pages.parent / "lessons").mkdir()
    monkeypatch.chdir(lessons)
    answer = kit.check.labels(
        {"S10a": "content"}, field="layer", lines=["S10a"], article=kit.load_article(practice=True)
    )
    assert answer.remarks


def test_a_site_carries_the_choices_in_its_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / class_choices.FILE).write_text("ask_name = true", "utf-8")
    monkeypatch.setattr(class_choices, "__file__", str(tmp_path / "page" / "class_choices.py"))
    assert class_choices.read(tmp_path / "elsewhere").ask_name
