"""The hook in a browser, whose kernel tells a cell's id by its request alone, and its page by what runs first."""

from __future__ import annotations

import os
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

from kit.files import PAGE
from kit.page.cells import WATCH
from kit.page.hook import begin


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A shell as Pyodide's kernel has it: what is asked for stands in its kernel's request."""
    monkeypatch.setattr(sys, "platform", "emscripten")
    monkeypatch.delenv(PAGE, raising=False)
    made = InteractiveShell()
    made.kernel = SimpleNamespace(_parent_header={"metadata": {}})
    monkeypatch.setitem(os.environ, PAGE, "")  # so that it is taken away again
    del os.environ[PAGE]
    return made


def run(shell: Any, cell: str, code: str) -> None:
    shell.kernel._parent_header = {"metadata": {"cellId": cell} if cell else {}}
    shell.run_cell(code, store_history=True)


def test_a_kernel_learns_its_page_and_what_told_it_is_not_counted(shell: Any) -> None:
    begin(shell, "/drive/exercises/01.ipynb")
    assert (os.environ[PAGE], shell.execution_count) == ("/drive/exercises/01.ipynb", 0)
    shell.execution_count = 7
    begin(shell, "/drive/exercises/02.ipynb")
    assert (os.environ[PAGE], shell.execution_count) == ("/drive/exercises/02.ipynb", 6)


def test_each_cell_is_known_by_its_request(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    begin(shell, "/drive/exercises/01.ipynb")
    run(shell, "abc", "x = 1")
    run(shell, "def", "get_ipython().run_cell('y = 2')\nundefined")
    runs = [one for one in getattr(shell, WATCH).runs if one.cell]
    assert [(one.cell, one.line) for one in runs] == [("abc", 0), ("def", 2)]
    assert "In plain words" in capsys.readouterr().out
