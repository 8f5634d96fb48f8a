"""The page as it is saved on disk: which cell answers which question, and which cells are the kit's own."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.files import parsed

__all__ = ["Cell", "SavedPage", "read_saved"]


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


def read_saved() -> SavedPage | None:
    """The page that this kernel belongs to, where the front end says where it is and it can be read; else None."""
    path = Path(os.environ.get("JPY_SESSION_NAME", ""))
    try:
        saved = path.stat().st_mtime_ns
        whole = parsed(path.read_bytes())
        cells = tuple(_cell(cell) for cell in whole["cells"] if cell["cell_type"] == "code")
        return SavedPage(cells, saved, "exercise" in whole["metadata"].get("kit", {}))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _cell(cell: Mapping[str, Any]) -> Cell:
    about = cell["metadata"].get("kit", {})
    return Cell(cell.get("id", ""), "".join(cell["source"]), about.get("role", ""), about.get("question", ""))
