"""The lab starts on the start page, quietly, and leaves the user's own settings alone."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from kit.errors import SetupError
from kit.setup import lab


def test_the_start_page_is_opened_or_the_notebook_that_is_asked_for(tmp_path: Path) -> None:
    assert "--LabApp.default_url=/lab/tree/START.ipynb" in lab.arguments(tmp_path, browser=True)
    asked = lab.arguments(tmp_path, browser=True, notebook=tmp_path / "lessons" / "a b.ipynb")
    assert "--LabApp.default_url=/lab/tree/lessons/a%20b.ipynb" in asked


def test_only_the_kernels_of_closed_pages_end(tmp_path: Path) -> None:
    line = lab.arguments(tmp_path, browser=True)
    assert f"--MappingKernelManager.cull_idle_timeout={lab.IDLE}" in line
    assert "--MappingKernelManager.cull_connected=False" in line


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadingHTTPServer]:
    """Something that answers, and that is said to run on the desk `tmp_path / "work"`."""

    class Yes(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.headers["Authorization"] == "token secret" else 403)
            self.end_headers()

        def log_message(self, *words: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Yes) as found:
        threading.Thread(target=found.serve_forever, daemon=True).start()
        about = {"root_dir": str(tmp_path / "work"), "url": f"http://127.0.0.1:{found.server_port}/", "token": "secret"}
        monkeypatch.setattr("jupyter_server.serverapp.list_running_servers", lambda: iter([about]))
        yield found
        found.shutdown()


def test_a_second_start_opens_what_runs_already(
    tmp_path: Path, server: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", "")
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    said: list[str] = []
    assert lab.start(target=tmp_path / "work", say=said.append) == 0
    assert opened == [f"http://127.0.0.1:{server.server_port}/lab/tree/START.ipynb?token=secret"]
    assert any("It runs already" in line and opened[0] in line for line in said)
    assert (tmp_path / "work/lessons").is_dir(), "a page that was renamed is laid again also now"


def test_one_that_runs_elsewhere_or_answers_no_more_is_none(
    tmp_path: Path, server: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")  # as in a school; it knows nothing of this machine
    monkeypatch.delenv("no_proxy", raising=False)
    assert lab.running(tmp_path / "work") == (f"http://127.0.0.1:{server.server_port}/", "secret")
    assert lab.running(tmp_path / "other") is None
    server.shutdown()
    server.server_close()
    assert lab.running(tmp_path / "work") is None


def test_a_broken_choice_of_the_teacher_is_said_before_anything_starts(tmp_path: Path) -> None:
    (tmp_path / "class.toml").write_text("practise = false")
    with pytest.raises(SetupError, match="practise"):
        lab.start(target=tmp_path / "work", browser=False)


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
    assert settings["@jupyterlab/notebook-extension:tracker"]["codeCellConfig"]["lineWrap"] is True


def test_settings_that_cannot_be_written_are_said_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / ".lab").write_text("a file where a folder should be")
    with pytest.raises(SetupError, match="start again"):
        lab.configure(tmp_path)


@pytest.mark.parametrize(
    ("spoilt", "shown"),
    [
        ("", True),
        ("<div><table border='1' class='dataframe'><tr style='color:red'><td>1</td></tr></table></div>", True),
        ("<script>alert(1)</script>", False),
        ("<b onclick='x()'>1</b>", False),
        ("<img src='https://example.org/x.png'>", False),
        ("[click](java&#115;cript:x)", False),
        ("<!-- --><b>1</b>", False),
    ],
)
def test_the_pages_of_a_released_course_are_shown_whole_unless_they_could_act(
    tmp_path: Path, spoilt: str, *, shown: bool
) -> None:
    for place in ("output", "text"):
        page = tmp_path / place / "lessons" / "01_said.ipynb"
        for name in (page, page.parent.parent / "seeds" / "article.toml"):
            name.parent.mkdir(parents=True)
            name.write_text("[]", "utf-8")
        output = {"output_type": "display_data", "metadata": {}, "data": {"text/html": [spoilt * (place == "output")]}}
        cells = [
            {"cell_type": "code", "source": "1 < 2", "metadata": {}, "outputs": [output], "execution_count": None},
            {"cell_type": "markdown", "source": [spoilt * (place == "text")], "metadata": {}},
        ]
        page.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}), "utf-8")
        assert [path.name for path in lab._of_courses(tmp_path) if path == page] == ["01_said.ipynb"] * shown
        (tmp_path / place / "seeds" / "article.toml").unlink()
        assert not [path for path in lab._of_courses(tmp_path) if path == page]
