"""The cells of a page: as they ran in this kernel, where the front end tells which is which, and as they are saved."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kit.files import from_json, own_page

ABOVE = "Choose Run → Run All Above Selected Cell in the menu, then run this cell again."
"""What to do where a kernel knows nothing of the cells above, as after a restart."""
WATCH = "_kit_watch"
"""Where a shell of IPython keeps its watch: there, and not here, so that a kit that is imported anew finds it."""


@dataclass(frozen=True)
class Run:
    """A cell that ran: its id ("" where the front end does not tell), its source, and when it began (nanoseconds since
    the epoch). `line` is where an error stopped it, from 1 on; 0 where it came to its end. `whole` says that not even
    its first line ran, since Python could not read it."""

    cell: str
    source: str
    began: int
    line: int = 0
    whole: bool = False


@dataclass
class Watch:
    """What one kernel has run, in order, and the cell that runs `now`. `names` is the namespace of the page."""

    names: dict[str, Any]
    runs: list[Run] = field(default_factory=list)
    now: Run | None = None

    def last(self, cell: str) -> Run | None:
        """The last time that a cell ran, of those that are over; None where it did not, and for ""."""
        return next((run for run in reversed(self.runs) if run.cell == cell), None) if cell else None


def watching() -> Watch | None:
    """The watch over the page that runs this; None in a Python without one."""
    module = sys.modules.get("IPython.core.getipython")
    return getattr(module and module.get_ipython(), WATCH, None)


@dataclass(frozen=True)
class Cell:
    """A code cell as saved. `role` and `question` are "" where it is the student's own."""

    id: str
    source: str
    role: str
    question: str


@dataclass(frozen=True)
class SavedPage:
    """The code cells of a saved page in order, and when it was saved (nanoseconds since the epoch)."""

    cells: tuple[Cell, ...]
    saved: int
    is_exercise: bool

    def answer(self, name: str) -> Cell | None:
        """The answer cell of the question `name`. Of several, as where one was copied, the last one."""
        return next((cell for cell in reversed(self.cells) if (cell.role, cell.question) == ("answer", name)), None)

    def cell(self, name: str) -> Cell | None:
        """The cell with the id `name`."""
        return next((cell for cell in self.cells if cell.id == name), None)


def role(cell: Mapping[str, Any]) -> tuple[str, str]:
    """The role of a cell of ours ("ask", "answer", "check", … or "") and its question.

    A cell that asks several questions names them all, with spaces between.
    """
    mine = cell.get("metadata", {}).get("kit", {})
    return mine.get("role", ""), mine.get("question", "")


def read_saved() -> SavedPage | None:
    """The page that this kernel belongs to, where the front end says where it is and it can be read; else None."""
    path = own_page()
    if path is None:
        return None
    try:
        saved = path.stat().st_mtime_ns
        whole = from_json(path.read_bytes())
        code = [cell for cell in whole["cells"] if cell["cell_type"] == "code"]
        cells = tuple(Cell(cell.get("id", ""), "".join(cell["source"]), *role(cell)) for cell in code)
        return SavedPage(cells, saved, "exercise" in whole["metadata"].get("kit", {}))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
