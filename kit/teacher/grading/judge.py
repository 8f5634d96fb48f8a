"""A small pytest plugin over nbval, and the process that runs it: `main`, with jobs on its input.

Each line of the input is a job, each line of the output what was found. Where it `forks`, each job is done in a fork,
so that none sees or slows another; elsewhere the process ends after one. `grade` starts it.

The file on disk holds no key. The key reaches pytest through this process's input and is laid beside the cells
in memory, where nbval compares it with what the student's kernel shows. What was found goes down a pipe of ours:
nothing that the kernel prints can get in there.
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
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, TextIO

import nbformat
import nbval.kernel
import nbval.plugin
import pytest
from jupyter_client.provisioning.factory import KernelProvisionerFactory

from kit.questions import role
from kit.teacher.exercises.keys import shown
from kit.teacher.grading.points import STOPPED
from kit.teacher.grading.transplant import EMPTY
from kit.teacher.sandbox import provisioner
from kit.teacher.sandbox.limits import LONGEST, MORE_SECONDS

__all__ = ["Judge", "main"]

_UNUSED = (
    *("assertion", "cacheprovider", "doctest", "faulthandler", "logging", "skipping", "threadexception", "unittest"),
    *("unraisableexception", "warnings"),
)
"""Plugins of pytest that would look at each cell for something that no cell has."""
_QUIET = (
    *("-q", "-s", "--tb=no", "--color=no", "--noconftest", "-c", os.devnull, "-p", "nbval.plugin"),
    *(f"-pno:{name}" for name in _UNUSED),
)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class Judge:
    """Lays the key beside the check cells, and notes what became of each answer and each check."""

    def __init__(self, key: dict[str, list[dict[str, Any]]], seconds: float) -> None:
        self.key, self.seconds = key, seconds
        self.found: dict[str, dict[str, Any]] = {}
        self.last = ""
        self.kernels: list[Any] = []  # kept: a dead kernel's sockets, let go, can wait for ever

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Called by pytest when nbval has collected the cells. Only check cells are compared."""
        for item in items:
            what, question = role(item.cell)
            item.options.clear()  # comments such as NBVAL_SKIP in an answer decide nothing
            item.options["check"] = what == "check"
            item.format_output_compare = lambda *_: None  # its diff is slow for long texts, and shows the key
            item.repr_failure = lambda *_: ""  # it puts together what a kernel said, whatever that is
            if what == "check":
                item.cell.outputs = [nbformat.from_dict(out) for out in self.key[question]]
                item.cell.execution_count = 1

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_call(self, item: Any) -> None:
        """Called by pytest before each cell is run."""
        kernel = item.parent.kernel
        if kernel not in self.kernels:
            self.kernels.append(kernel)
        kernel.kc.deadline = time.monotonic() + self.seconds + MORE_SECONDS
        what, question = role(item.cell)
        answered = item.cell.metadata["kit"].get("answered", what == "answer" and item.cell.source != EMPTY)
        if answered and kernel.is_alive():
            self.last = question  # what happens from here on is this answer's doing

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: Any, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
        """Called by pytest after each phase of each cell."""
        report = yield
        what, question = role(item.cell)
        if call.when == "call":
            if what in ("answer", "check"):
                self.found.setdefault(question, {})[what] = _seen(item, report)
            if item.parent.timed_out or (report.failed and not item.parent.kernel.is_alive()):
                stopped = "timeout" if item.parent.timed_out else "died"
                if self.last:
                    self.found.setdefault(self.last, {})["stopped"] = stopped
                item.session.shouldstop = "the kernel cannot go on"
        return report


def _seen(item: Any, report: pytest.TestReport) -> dict[str, Any]:
    outputs = item.test_outputs or []
    try:
        errors = [f"{out['ename']}: {out['evalue']}" for out in outputs if out["output_type"] == "error"]
        text = shown(outputs)
    except Exception:  # a kernel may send anything
        errors, text = [STOPPED["unreadable"]], None
    return {
        "passed": report.outcome == "passed" and not hasattr(report, "wasxfail"),
        "shown": text if text is not None and len(text) <= LONGEST else None,
        "error": _COLOUR.sub("", errors[0])[:500] if errors else "",
    }


class _Way(pytest.Directory):
    """A folder above the notebook. What else is in it is not looked at, and not run: `__init__.py` would be."""

    def collect(self) -> Iterator[pytest.Collector]:
        """The next step towards the notebook, and nothing beside it."""
        notebook = Path(self.config.args[0])
        step = self.path / notebook.relative_to(self.path).parts[0]
        if step == notebook:
            yield from self.ihook.pytest_collect_file(file_path=step, parent=self)
        else:
            yield self.ihook.pytest_collect_directory(path=step, parent=self)


class _Jobs:
    """Gives pytest one notebook to collect, in a process that has set up everything else already."""

    def __init__(self, jobs: TextIO, answers: int, *, forks: bool) -> None:
        self.jobs, self.answers, self.forks = jobs, answers, forks
        self.judge: Judge | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> bool | None:
        """Called by pytest before it collects: fork for each job, and let the fork go on with it."""
        # All that is loaded on first use is loaded here, so that no fork has to.
        nbval.kernel.pformat = repr  # it prepares each message for a log that nobody keeps
        KernelProvisionerFactory.instance()
        provisioner.Client.class_traits()
        importlib.import_module("IPython.display")
        nbformat.validate(nbformat.v4.new_notebook())
        gc.collect()
        gc.freeze()
        for line in self.jobs:
            if not self.forks or not (pid := os.fork()):
                return self.start(json.loads(line), session.config)
            if os.waitpid(pid, 0)[1]:
                try:
                    os.write(self.answers, b"null\n")
                except BrokenPipeError:  # the grader was killed, and could not tidy up
                    shutil.rmtree(json.loads(line)["scratch"], ignore_errors=True)
                    break
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_collect_directory(self, path: Path, parent: pytest.Collector) -> pytest.Directory:
        """Called by pytest for each folder above the notebook."""
        return _Way.from_parent(parent, path=path)

    def start(self, job: dict[str, Any], config: pytest.Config) -> None:
        """Make `job` what pytest runs in this process."""
        gc.disable()
        os.environ.clear()
        os.environ.update(job["environment"])
        tempfile.tempdir = None  # what is written now belongs to the job, and goes with it
        os.chdir(Path(job["notebook"]).parent)
        config.args[:] = [job["notebook"]]
        config.option.nbval_kernel_name, config.option.nbval_cell_timeout = job["kernel"], job["seconds"]
        self.judge = Judge(job["key"], job["seconds"])
        config.pluginmanager.register(self.judge)


def main(*, forks: bool) -> None:
    """Do the jobs on standard input, and end with it. A kernel inherits 0 to 2, and nothing of ours."""
    jobs = _Jobs(os.fdopen(os.dup(0), encoding="utf-8"), os.dup(1), forks=forks)
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    ours, here, failed = os.getpid(), Path(__file__).parent, 1
    try:
        how = pytest.main(["--nbval", str(here), f"--rootdir={here}", *_QUIET], plugins=[jobs])
        if jobs.judge:  # else this process did no job, and has nothing to say
            if how == pytest.ExitCode.INTERNAL_ERROR and jobs.judge.last:
                jobs.judge.found.setdefault(jobs.judge.last, {})["stopped"] = "unreadable"
            os.write(jobs.answers, json.dumps({"found": jobs.judge.found}).encode() + b"\n")
            failed = 0
    finally:
        if os.getpid() != ours:
            os._exit(failed)  # of a fork, at once: threads of a kernel's channels may be in the way of another end
