"""Files are written whole or not at all."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from kit.files import outlasts, own_page, write_atomically


@pytest.mark.parametrize(("content", "found"), [(b"a\r\n\xff", b"a\r\n\xff"), ("é\n\ud800\r\n", b"\xc3\xa9\n?\r\n")])
def test_a_file_holds_exactly_what_is_given(content: bytes | str, found: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a folder" / ("n" * 250)
    write_atomically(path, content)
    write_atomically(path, content)
    assert path.read_bytes() == found
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_new_file_is_as_open_as_any_other_and_an_old_one_as_it_was(tmp_path: Path) -> None:
    ours, other = tmp_path / "ours", tmp_path / "other"
    write_atomically(ours, "")
    other.write_text("")
    assert ours.stat().st_mode == other.stat().st_mode
    ours.chmod(0o640)
    write_atomically(ours, "new")
    assert stat.S_IMODE(ours.stat().st_mode) == 0o640


def test_a_write_that_fails_names_the_file_that_was_wanted(tmp_path: Path) -> None:
    with pytest.raises(OSError) as caught:
        write_atomically(tmp_path, "new")
    assert caught.value.filename == str(tmp_path) and not list(tmp_path.iterdir())


def test_a_write_that_fails_leaves_the_old_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.ipynb"
    write_atomically(path, b"old")

    def fail(*_: object) -> None:
        raise OSError("no")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_page_is_found_by_its_whole_path_or_by_its_path_on_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    assert own_page() is None
    for told, found in {
        "exercises/01.ipynb": tmp_path / "01.ipynb",
        "/srv/me/02.ipynb": Path("/srv/me/02.ipynb"),
    }.items():
        monkeypatch.setenv("JPY_SESSION_NAME", told)
        assert own_page() == found


def test_in_a_browser_only_what_is_on_the_drive_outlasts_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert outlasts(tmp_path)
    monkeypatch.setattr(sys, "platform", "emscripten")
    assert not outlasts(tmp_path)
    assert outlasts(Path("/drive")) and outlasts(Path("/drive/exercises")) and not outlasts(Path("/drives"))
