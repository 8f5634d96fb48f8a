"""Where students' code runs. `Kernel` is the seam: another kernel is another subclass, named in an entry point."""

from __future__ import annotations

import os
import sys
from abc import ABC, abstractmethod
from pathlib import Path

__all__ = ["ColdKernel", "Kernel"]

_KEPT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "WINDIR", "PYTHONPATH", "COMSPEC", "PATHEXT")


class Kernel(ABC):
    """One kind of kernel. The grader asks it for pytest options once, and for an environment per notebook."""

    isolation: str
    """Said with the grades, in words: what the students' code was kept from."""

    @abstractmethod
    def options(self) -> list[str]:
        """Options of nbval that choose this kernel. Called by `grade` before each run of pytest."""

    @abstractmethod
    def environment(self, scratch: Path) -> dict[str, str]:
        """The environment of the run, and so of the kernel. Called by `grade` once per notebook.

        `scratch` is a new folder that belongs to this notebook and is deleted after it.
        """


class ColdKernel(Kernel):
    """An ordinary kernel of this Python, started anew for each notebook, in its own folder, with a time limit."""

    isolation = (
        "not isolated: each notebook ran in a kernel and a folder of its own with a time limit, but with the rights "
        "of the person who graded"
    )

    def options(self) -> list[str]:
        """The kernel of the environment that runs the grader."""
        return ["--nbval-current-env"]

    def environment(self, scratch: Path) -> dict[str, str]:
        """Nothing of the grader's own environment but what a Python needs to start."""
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        private = ("HOME", "USERPROFILE", "TMPDIR", "TEMP", "TMP", "IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "MPLCONFIGDIR")
        return {
            **kept,
            **{name: str(scratch) for name in private},
            "KIT_SEEDS": str(scratch / "seeds"),
            "PYTHONHASHSEED": "0",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "PATH": os.pathsep.join(filter(None, (str(Path(sys.executable).parent), kept.get("PATH", "")))),
        }
