"""A small pytest plugin over nbval, and the process that runs it: `python -m kit.grading.judge`, a job on its input.

The file on disk holds no key. The key reaches pytest through this process's input and is laid beside the cells
in memory, where nbval compares it with what the student's kernel shows. What was found goes down a pipe of ours:
nothing that the kernel prints can get in there.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from kit.grading.exercise import role, shown

__all__ = ["Judge", "main"]

LONGEST = 100_000
"""Characters of an output that are looked at. Answers of this course have some hundreds."""
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class Judge:
    """Lays the key beside the check cells, and notes what became of each answer and each check."""

    def __init__(self, key: dict[str, list[dict[str, Any]]]) -> None:
        self.key = key
        self.found: dict[str, dict[str, Any]] = {}

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Called by pytest when nbval has collected the cells. Only check cells are compared."""
        for item in items:
            what, question = role(item.cell)
            item.options.clear()  # comments such as NBVAL_SKIP in an answer decide nothing
            item.options["check"] = what == "check"
            item.format_output_compare = lambda *_: None  # its diff is slow for long texts, and shows the key
            if what == "check":
                item.cell.outputs = [nbformat.from_dict(out) for out in self.key[question]]
                item.cell.execution_count = 1

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: Any, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
        """Called by pytest after each phase of each cell."""
        report = yield
        what, question = role(item.cell)
        if call.when == "call" and what in ("answer", "check"):
            self.found.setdefault(question, {})[what] = _seen(item, report)
        if item.parent.timed_out or (call.when == "call" and not item.parent.kernel.is_alive()):
            if what in ("answer", "check") and call.when == "call":
                self.found[question]["stopped"] = "timeout" if item.parent.timed_out else "died"
            item.session.shouldstop = "the kernel cannot go on"
        return report


def _seen(item: Any, report: pytest.TestReport) -> dict[str, Any]:
    outputs = item.test_outputs or []
    errors = [out for out in outputs if out.get("output_type") == "error"]
    text = shown(outputs)
    return {
        "passed": report.outcome == "passed" and not hasattr(report, "wasxfail"),
        "shown": text if text is not None and len(text) <= LONGEST else None,
        "error": _COLOUR.sub("", f"{errors[0]['ename']}: {errors[0]['evalue']}")[:500] if errors else "",
    }


def main() -> None:
    """Read a job from standard input, run it, write what was found to the pipe it was started with, and end."""
    job = json.load(sys.stdin)
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")  # ours alone: a kernel inherits 1 and 2, and no copy of them
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    judge = Judge(job["key"])
    notebook = Path(job["notebook"])
    quiet = ["-q", "--tb=no", "--color=no", "-p", "no:cacheprovider", "-p", "nbval.plugin", "-c", os.devnull]
    code = pytest.main(
        [str(notebook), "--nbval", f"--rootdir={notebook.parent}", *quiet, *job["options"]], plugins=[judge]
    )
    json.dump({"code": int(code), "found": judge.found}, answer)
    answer.flush()
    os._exit(0)  # a kernel that died can leave sockets that would hold this process for ever


if __name__ == "__main__":
    main()
