"""`START.ipynb`: the page that the kit opens first. What the student adds to it stays."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kit.errors import writing
from kit.files import free, from_json, write_atomically
from kit.setup import progress

__all__ = ["CELLS", "NAME", "lay"]

NAME = "START.ipynb"
_HEAD = "# Where you are"
_NOW = (
    "This table is from when the kit was started, and is made of what you saved. For how it is **now**: click into the "
    "next cell and press **Shift+Enter**."
)
_WORDS = """## Good to know

- **A bar beside a cell is orange** when you have changed the cell and not run it since: what stands below it is about \
what was there before. Run the cell (**Shift+Enter**), and the bar is blue or gone.
- **Save** with **Ctrl+S** (on a Mac **Cmd+S**). A page also saves itself every few seconds.
- **You come back to a page, and a name “is not defined”?** A page that was closed for an hour has let go of what it \
had worked out; your answers stay. Choose **Run → Run All Above Selected Cell**.
- **You want a page fresh?** Right-click it in the list on the left, choose **Rename**, and give it another name. Then \
type `python -m kit` in a terminal once more: a fresh one is laid beside yours. Nothing is lost.
- **Hand in** with the last cell of an exercise. It puts a copy into the folder `handed_in` and says what to do with it.
- You may write into this page, and add cells. Only this text and the table at the top are written anew.
"""

CELLS: tuple[tuple[str, str, str], ...] = (
    ("start-table", "markdown", ""),
    ("start-progress", "code", "import kit\n\nkit.progress()"),
    ("start-mixed-up", "code", "import kit\n\nkit.mixed_up()  # what practice says you mix up"),
    ("start-words", "markdown", _WORDS),
)
"""Our cells, in order: id, kind, source. The first is made from the progress; one that is added here is laid into
pages that are there already, below the one before it."""


def lay(target: Path) -> Path:
    """Write the page on the desk `target` with the progress of today, and return its path.

    Cells of the student's own, and our code where it was changed, stay as they are. A page that cannot be read is kept
    under another name. Raises SetupError where it cannot be written.
    """
    path = target / NAME
    with writing(f"{path} could not be written"):
        notebook = _there(path)
        table = f"{_HEAD}\n\n{progress.read(target).markdown()}\n\n{_NOW}"
        at = 0
        for name, kind, source in CELLS:
            found = next((n for n, cell in enumerate(notebook["cells"]) if cell.get("id") == name), None)
            if found is None:
                notebook["cells"].insert(at, _cell(name, kind, source))
                found = at
            cell = notebook["cells"][found]
            if kind == "markdown":
                cell["source"] = source or table
            else:  # what it showed last time is no longer so
                cell["outputs"], cell["execution_count"] = [], None
            at = found + 1
        write_atomically(path, json.dumps(notebook, indent=1, ensure_ascii=False) + "\n")
    return path


def _there(path: Path) -> dict[str, Any]:
    """The page as it is, or an empty one."""
    try:
        notebook = from_json(path.read_bytes())
        shape = [type(notebook["cells"]), type(notebook["metadata"]), *map(type, notebook["cells"])]
        if shape != [list, *[dict] * (len(shape) - 1)] or not all("cell_type" in cell for cell in notebook["cells"]):
            raise ValueError("no notebook")
        return notebook
    except FileNotFoundError:
        pass
    except (ValueError, KeyError, TypeError):
        path.replace(free(path, ".broken-"))
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    about = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"cells": [], "metadata": about, "nbformat": 4, "nbformat_minor": 5}


def _cell(name: str, kind: str, source: str) -> dict[str, Any]:
    more = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"id": name, "cell_type": kind, "metadata": {}, "source": source, **more}
