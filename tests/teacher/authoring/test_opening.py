"""The notebook in which a file is annotated, and the command that opens it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest

from kit.commands import main
from kit.setup import lab, places
from kit.teacher.authoring import opening


@pytest.fixture
def file(file: Path) -> Path:
    return Path(shutil.copytree(file.parent, file.parent / "my news")) / file.name


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[dict[str, Any]]:
    """What the lab would be started with."""
    calls: list[dict[str, Any]] = []
    monkeypatch.setattr(lab, "start", lambda **options: calls.append(options) or 0)
    monkeypatch.setattr(places, "work", lambda: tmp_path / "work")
    return calls


def test_the_notebook_is_sound_and_knows_its_file(file: Path, tmp_path: Path) -> None:
    made = opening.lay(file, tmp_path / "work")
    assert made == tmp_path / "work" / "annotate" / "pool.ipynb"
    notebook = nbformat.read(made, as_version=4)
    nbformat.validate(notebook)
    assert [cell.cell_type for cell in notebook.cells] == ["markdown", "code", "markdown"]
    assert f"annotate({str(file)!r})" in notebook.cells[1].source
    assert "Annotate pool.toml" in notebook.cells[0].source


def test_a_notebook_is_never_written_over(file: Path, tmp_path: Path) -> None:
    first = opening.lay(file, tmp_path / "work")
    mine = json.loads(first.read_text("utf-8"))
    mine["cells"][0]["source"] = "My notes"
    first.write_text(json.dumps(mine), "utf-8")
    assert opening.lay(file, tmp_path / "work") == first
    assert "My notes" in first.read_text("utf-8")
    # Another file of the same name, and a notebook that is not one.
    other = tmp_path / "other" / "pool.toml"
    assert opening.lay(other, tmp_path / "work").name == "pool-2.ipynb"
    assert opening.lay(other, tmp_path / "work").name == "pool-2.ipynb"
    first.write_text("{", "utf-8")
    assert opening.lay(file, tmp_path / "work").name == "pool-3.ipynb"
    assert first.read_text("utf-8") == "{"


def test_the_command_opens_the_lab_on_it(
    file: Path, tmp_path: Path, started: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["annotate", str(file), "--no-browser", "--port", "9001"]) == 0
    assert main(["--no-browser", "annotate", str(file)]) == 0
    made = tmp_path / "work" / "annotate" / "pool.ipynb"
    assert [(call["browser"], call["port"], call["notebook"]) for call in started] == [
        (False, 9001, made),
        (False, None, made),
    ]
    assert f"Every step is saved at once in {file}" in capsys.readouterr().out
    line = lab.arguments(tmp_path / "work", browser=False, notebook=made)
    assert "--LabApp.default_url=/lab/tree/annotate/pool.ipynb" in line


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("none.toml", None, "none.toml: cannot be read in "),
        ("pool.txt", None, "pool.txt is not an annotation. Make one of it first: python -m kit draft '"),
        (".", None, "is a folder. Name the annotation in it, such as "),
        ("x.toml", b"\xff", "x.toml: this is not UTF-8 text (byte 1)."),
        ("x.toml", b"claim = 1", "x.toml: above all tables there must be the line “format = 1”"),
    ],
)
def test_what_cannot_be_annotated_is_said(
    file: Path,
    started: list[dict[str, Any]],
    capsys: pytest.CaptureFixture[str],
    name: str,
    content: bytes | None,
    said: str,
) -> None:
    path = file.parent / name
    if content is not None:
        path.write_bytes(content)
    assert main(["annotate", str(path)]) == 1
    error = capsys.readouterr().err
    assert said in error and "Traceback" not in error and len(error.splitlines()) <= 2
    assert not started


def test_inline_claims_are_left_to_a_text_editor(
    file: Path, started: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    text = file.read_text("utf-8")
    head, claim = text.split("[[claim]]")[0], '{id = "Ta", unit = "T", quote = "Town"}'
    file.write_text(head.replace("format = 1", f"format = 1\nclaim = [{claim}]"), "utf-8")
    assert main(["annotate", str(file)]) == 1
    assert "Change it in a text editor." in capsys.readouterr().err
