"""One trial: a transplant, run under nbval in a process of its own, and what the judge found there."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from kit import places
from kit.grading import edition
from kit.grading.exercise import Exercise, role
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
        edition.write(places.seeds(), exercise.blank, scratch / "seeds")
        path = scratch / f"{exercise.name}.ipynb"
        path.write_text(json.dumps(notebook), "utf-8")
        job = {
            "notebook": str(path),
            "key": key,
            "options": [*kernel.options(), f"--nbval-cell-timeout={cell_seconds}"],
        }
        said = _run(json.dumps(job), kernel.environment(scratch), START_SECONDS + cell_seconds * len(code))
        try:
            return json.loads(said)["found"] if said else None
        except (ValueError, KeyError):
            return None


def _run(job: str, environment: dict[str, str], seconds: float) -> str | None:
    """What the judge said; None where it did not end by itself."""
    command = [sys.executable, "-P", "-m", "kit.grading.judge"]
    process = subprocess.Popen(
        command,
        env=environment,
        encoding="utf-8",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        said, _ = process.communicate(job, timeout=seconds)
        return said if process.returncode == 0 else None
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError, AttributeError):
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.wait()
        return None
