"""The cells of a page as they ran in this kernel, in order, where the front end tells which cell is which."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import Any

__all__ = ["WATCH", "Run", "Watch", "watching"]

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
