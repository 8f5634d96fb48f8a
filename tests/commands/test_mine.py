"""A student alone grades what lies on the desk."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kit import commands
from kit.errors import SetupError
from kit.questions import role
from kit.setup import desk, places

NAME = "01_acts_and_contents"


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    desk.lay(tmp_path)
    monkeypatch.setattr(places, "work", lambda: tmp_path)
    monkeypatch.setattr("webbrowser.open", opened.append)
    opened.clear()
    return tmp_path


opened: list[str] = []


def answer(path: Path, question: str, source: str) -> None:
    notebook = json.loads(path.read_text("utf-8"))
    for cell in notebook["cells"]:
        if role(cell) == ("answer", question):
            cell["source"] = source
    path.write_text(json.dumps(notebook), "utf-8")


def test_the_page_has_points_and_reasons_and_no_key(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = work / "exercises" / f"{NAME}.ipynb"
    answer(page, "acts", "acts = (claims['layer'] == 'act').sum()")
    answer(page, "layers", 'layers = {"S10a": "act", "S10b": "act"}')
    before = page.read_bytes()
    assert commands.main(["mine"]) == 0
    out, err = capsys.readouterr()
    assert f"{NAME}: 2.5 of 24 points" in out and not err
    assert opened == [(work / "feedback/mine.html").as_uri()]
    said = (work / "feedback/mine.html").read_text("utf-8")
    assert "Feedback for <bdi>you</bdi>" in said and "Cover the speaker" in said
    assert page.read_bytes() == before
    assert said.count("<h2>") == 1, "exercises without an answer are not on it"


def test_without_an_answer_there_is_nothing_to_grade(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["mine", "--no-browser"]) == 1
    assert "has an answer that is saved" in capsys.readouterr().err
    assert not opened and not (work / "feedback").exists()


def test_without_the_solutions_the_teacher_has_the_key(
    work: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def none() -> Path:
        raise SetupError("no")

    monkeypatch.setattr(places, "solutions", none)
    assert commands.main(["mine"]) == 1
    err = capsys.readouterr().err
    assert err.startswith("Your teacher has the key") and len(err.splitlines()) == 1
