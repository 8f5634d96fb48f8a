"""One trial: a transplant, run under nbval in a process of its own, and what the judge found there."""

# The pipes of a process are there: they were asked for.
# pyright: reportOptionalMemberAccess=false
from __future__ import annotations

import functools
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from kit import places
from kit.grading import edition
from kit.grading.exercise import Exercise, role
from kit.grading.judge import FORKS, MORE_SECONDS
from kit.grading.kernel import Kernel
from kit.grading.transplant import transplant

__all__ = ["trial"]

START_SECONDS = 60.0


def trial(
    exercise: Exercise, sources: dict[str, str | None], kernel: Kernel, cell_seconds: float
) -> dict[str, dict[str, Any]] | None:
    """Run `sources`, transplanted into the exercise, under nbval in a process of its own.

    Returns, per question, what the judge found; None where that process failed, which is our fault and nobody else's.
    """
    notebook = transplant(exercise, sources)
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    key = {role(c)[1]: c["outputs"] for c in exercise.notebook["cells"] if role(c)[0] == "check"}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as theirs:
        scratch = Path(theirs)
        (scratch / "seeds").mkdir()
        for name, text in _edition(places.seeds(), tuple(exercise.blank.items()), exercise.sealed):
            (scratch / "seeds" / name).write_bytes(text)
        path = scratch / f"{exercise.name}.ipynb"
        path.write_text(json.dumps(notebook), "utf-8")
        job = {
            "notebook": str(path),
            "scratch": theirs,
            "key": key,
            "seconds": cell_seconds,
            "kernel": kernel.name,
            "environment": kernel.environment(scratch),
        }
        return _judged(job, START_SECONDS + (cell_seconds + MORE_SECONDS) * len(code))


@functools.lru_cache(maxsize=16)
def _edition(seeds: Path, blank: tuple[tuple[str, tuple[str, ...]], ...], sealed: bool) -> list[tuple[str, bytes]]:
    """The files of a students' edition; making it takes as long as grading with it."""
    with tempfile.TemporaryDirectory() as folder:
        edition.write(seeds, dict(blank), Path(folder), seal=sealed)
        return [(path.name, path.read_bytes()) for path in Path(folder).iterdir()]


class _Judge:
    """A process that judges one job after another, each in a fork of its own where the system can fork."""

    def __init__(self) -> None:
        bare = {name: text for name, text in os.environ.items() if not name.startswith(("KIT_", "PYTEST_"))}
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "kit.grading.judge"],
            env=bare | {"PYTHONDONTWRITEBYTECODE": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            encoding="utf-8",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def ask(self, job: str, seconds: float) -> str:
        """What the judge says to a job; "" where it did not end by itself within `seconds`."""
        limit = threading.Timer(seconds, self.kill)
        limit.start()
        try:
            self.process.stdin.write(job + "\n")
            self.process.stdin.flush()
            return self.process.stdout.readline()
        except OSError:
            return ""
        finally:
            limit.cancel()

    def kill(self) -> None:
        with suppress(ProcessLookupError, AttributeError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()

    def end(self) -> None:
        """Kill it, wait for it, and close its pipes."""
        with suppress(OSError), self.process:
            self.kill()


_idle: list[_Judge] = []


def _judged(job: dict[str, Any], seconds: float) -> dict[str, dict[str, Any]] | None:
    judge = _idle.pop() if _idle else _Judge()
    try:
        found = json.loads(judge.ask(json.dumps(job), seconds))["found"]
    except (ValueError, KeyError, TypeError):
        found = None
    if found is not None and FORKS:
        _idle.append(judge)
    else:  # what else it may have to say would be taken for the answer to the next job
        judge.end()
    return found
