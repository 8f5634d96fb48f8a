"""`python -m kit class` says in one sentence why it cannot start."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from kit.commands import main


def test_without_a_site_it_says_how_to_build_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["class", str(tmp_path / "class"), "--site", str(tmp_path / "site")]) == 1
    assert "python -m kit site" in capsys.readouterr().err
    assert not (tmp_path / "class").exists()


def test_a_class_is_not_kept_where_the_site_is_served(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "index.html").touch()
    assert main(["class", str(tmp_path / "class"), "--site", str(tmp_path)]) == 1
    assert "Give another folder" in capsys.readouterr().err and not (tmp_path / "class").exists()


def test_a_port_that_is_taken_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").touch()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        options = [str(tmp_path / "class"), "--site", str(tmp_path / "site"), "--port", port, "--no-browser"]
        assert main(["class", *options]) == 1
    assert f"Port {port} cannot be used" in capsys.readouterr().err
