"""The process that runs notebooks under nbval: `main`, with jobs on its input.

Each line of the input is a job, each line of the output what was found. Where it `forks`, each job is done in a fork,
so that none sees or slows another; elsewhere the process ends after one. `grade` starts it.

No file holds the key. It comes with the cells through this process's input, and is laid beside them in memory, where
nbval compares it with what the student's kernel shows. What was found goes down a pipe of ours: nothing that the
kernel prints can get in there. Of pytest there is what nbval stands on, and not its phases and reports, which cost as
much as the cells.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import re
import shutil
import tempfile
import time
from collections import defaultdict
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

import nbformat
import nbval.kernel
import pytest
from nbval.plugin import IPyNbCell, IPyNbFile

from kit.questions import role
from kit.teacher.exercises.keys import shown
from kit.teacher.grading.points import STOPPED
from kit.teacher.grading.transplant import EMPTY
from kit.teacher.sandbox.kernels import SOCKET
from kit.teacher.sandbox.limits import LONGEST, MORE_SECONDS
from kit.teacher.sandbox.talk import Talk

_UNUSED = ("assertion", "cacheprovider", "doctest", "faulthandler", "logging", "threadexception", "unittest",
           "unraisableexception", "warnings")  # fmt: skip
_QUIET = ("-q", "-s", "--color=no", "--noconftest", "-c", os.devnull, "-p", "nbval.plugin",
          *(f"-pno:{name}" for name in _UNUSED))  # fmt: skip
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class Judge:
    """Runs the cells of one notebook, of which only checks are compared with the key, and notes what became of each."""

    def __init__(self, job: dict[str, Any], session: pytest.Session) -> None:
        config = session.config
        config.option.nbval_kernel_name, config.option.nbval_cell_timeout = job["kernel"], job["seconds"]
        self.notebook: Any = IPyNbFile.from_parent(session, path=Path(job["scratch"], "notebook.ipynb"))
        self.notebook.skip_compare += ("text/html",)  # points go by the text
        if SOCKET in os.environ:
            nbval.kernel.start_new_kernel = lambda **_: (one := Talk(), one)
        self.key, self.seconds = job["key"], job["seconds"]
        self.found: dict[str, dict[str, Any]] = {}
        self.last = ""

    def run(self, cells: list[dict[str, Any]]) -> None:
        """Run all of `cells`, as far as the kernel can go."""
        self.notebook.setup()
        for number, cell in enumerate(cells):
            what, question = role(cell)
            if what == "check":
                cell = cell | {"outputs": self.key[question], "execution_count": 1}
            item: Any = IPyNbCell.from_parent(
                self.notebook, name=str(number), cell_num=number, cell=nbformat.from_dict(cell),
                options=defaultdict(bool, check=what == "check"),  # comments such as NBVAL_SKIP decide nothing
            )  # fmt: skip
            item.format_output_compare = lambda *_: None  # its diff is slow for long texts, and shows the key
            if not self.goes_on(item, what, question):
                break
        self.notebook.teardown()

    def goes_on(self, item: Any, what: str, question: str) -> bool:
        """Run one cell, and tell whether the kernel can run another."""
        kernel, passed = item.parent.kernel, False
        kernel.kc.deadline = time.monotonic() + self.seconds + MORE_SECONDS
        answered = item.cell.metadata["kit"].get("answered", what == "answer" and item.cell.source != EMPTY)
        if answered and kernel.is_alive():
            self.last = question  # what happens from here on is this answer's doing
        with suppress(Exception):  # by which nbval says that a cell failed, whatever a kernel sent
            item.runtest()
            passed = True
        if what in ("answer", "check"):
            self.found.setdefault(question, {})[what] = _seen(item.test_outputs, passed=passed)
        if not item.parent.timed_out and (passed or kernel.is_alive()):
            return True
        if self.last:
            self.found.setdefault(self.last, {})["stopped"] = "timeout" if item.parent.timed_out else "died"
        return False


def _seen(outputs: list[Any] | None, *, passed: bool) -> dict[str, Any]:
    try:
        outputs = outputs or []
        errors = [f"{out['ename']}: {out['evalue']}" for out in outputs if out["output_type"] == "error"]
        text = shown(outputs)
    except Exception:  # a kernel may send anything
        errors, text = [STOPPED["unreadable"]], None
    return {
        "passed": passed,
        "shown": text if text is not None and len(text) <= LONGEST else None,
        "error": _COLOUR.sub("", errors[0])[:500] if errors else "",
    }


class _Jobs:
    """Does jobs in the place where pytest would collect, when it has set up everything."""

    def __init__(self, jobs: TextIO, answers: int, *, forks: bool) -> None:
        self.jobs, self.answers, self.forks = jobs, answers, forks

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> bool:
        """Called by pytest: do the jobs, each in a fork, or the first one here. Then there is nothing to collect."""
        # All that is loaded on first use is loaded here, so that no fork has to.
        nbval.kernel.pformat = repr  # it prepares each message for a log that nobody keeps
        importlib.import_module("IPython.display")
        gc.collect()
        gc.freeze()
        for line in self.jobs:
            if not self.forks:
                self.do(json.loads(line), session)
                break
            if not (pid := os.fork()):
                failed = 1
                try:
                    gc.disable()
                    self.do(json.loads(line), session)
                    failed = 0
                finally:
                    os._exit(failed)  # at once: threads of a kernel's channels may be in the way of another end
            if os.waitpid(pid, 0)[1]:
                try:
                    os.write(self.answers, b"null\n")
                except BrokenPipeError:  # the grader was killed, and could not tidy up
                    shutil.rmtree(json.loads(line)["scratch"], ignore_errors=True)
                    break
        return True

    def do(self, job: dict[str, Any], session: pytest.Session) -> None:
        """Do one job in this process, and write what was found."""
        os.environ.clear()
        os.environ.update(job["environment"])
        tempfile.tempdir = None  # what is written now belongs to the job, and goes with it
        os.chdir(job["scratch"])
        judge = Judge(job, session)
        try:
            judge.run(job["cells"])
        except Exception:
            if judge.last:
                judge.found.setdefault(judge.last, {})["stopped"] = "unreadable"
        os.write(self.answers, json.dumps({"found": judge.found}).encode() + b"\n")


def main(*, forks: bool) -> None:
    """Do the jobs on standard input, and end with it. A kernel inherits 0 to 2, and nothing of ours."""
    jobs = _Jobs(os.fdopen(os.dup(0), encoding="utf-8"), os.dup(1), forks=forks)
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    here = Path(__file__).parent
    pytest.main(["--nbval", str(here), f"--rootdir={here}", *_QUIET], plugins=[jobs])
