"""The lab starts on the first lesson, quietly, and leaves the user's own settings alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kit.errors import SetupError
from kit.setup import lab


def test_the_start_page_is_the_first_lesson(tmp_path: Path) -> None:
    assert lab.start_page(tmp_path) == "/lab"
    (tmp_path / "lessons").mkdir()
    for name in ("02_b.ipynb", "01_a.ipynb", "00_start.new.ipynb"):
        (tmp_path / "lessons" / name).touch()
    assert lab.start_page(tmp_path) == "/lab/tree/lessons/01_a.ipynb"
    (tmp_path / "lessons" / "00_start.ipynb").touch()
    assert lab.start_page(tmp_path) == "/lab/tree/lessons/00_start.ipynb"


def test_the_command_line_calls_nobody_and_asks_nothing(tmp_path: Path) -> None:
    line = lab.arguments(tmp_path, browser=True)
    assert "--LabApp.extension_manager=readonly" in line
    assert "--ServerApp.answer_yes=True" in line
    assert "--no-browser" not in line
    assert {"--no-browser", "--port=9001"} <= set(lab.arguments(tmp_path, browser=False, port=9001))


@pytest.mark.parametrize(("user", "allowed"), [(0, True), (1000, False)])
def test_root_is_allowed_only_to_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, user: int, allowed: bool
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: user, raising=False)
    assert ("--allow-root" in lab.arguments(tmp_path, browser=False)) is allowed


def test_the_settings_lie_on_the_desk(tmp_path: Path) -> None:
    folder = lab.configure(tmp_path)
    assert folder.is_relative_to(tmp_path)
    page = json.loads((folder / "labconfig" / "page_config.json").read_text())
    assert page["disabledExtensions"] == {"@jupyterlab/apputils-extension:announcements": True}
    settings = json.loads((folder / "labconfig" / "default_setting_overrides.json").read_text())
    assert settings["@jupyterlab/docmanager-extension:plugin"]["autosaveInterval"] == 20


def test_settings_that_cannot_be_written_are_said_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / ".lab").write_text("a file where a folder should be")
    with pytest.raises(SetupError, match="start again"):
        lab.configure(tmp_path)
