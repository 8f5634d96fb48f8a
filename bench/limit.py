"""The limit: the cells of each notebook alone, run in a forked child that has imported everything already.

No kernel, no messages, no judge, no walls: nothing that grades a notebook by running it can cost less.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from pathlib import Path

import matplotlib.pyplot
import nbformat
import pandas
from IPython.core.interactiveshell import InteractiveShell

import kit.check
from kit.questions import role

assert pandas and matplotlib and kit


def run(path: Path) -> None:
    """Run all code cells of the notebook at `path`."""
    shell = InteractiveShell.instance()
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code" and role(cell)[0] != "sample":
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                shell.run_cell(cell.source)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        child = os.fork()
        if not child:
            run(Path(name))
            os._exit(0)
        os.waitpid(child, 0)
