"""A kernel that is told which cell it runs, as JupyterLab tells it, and a page on disk."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from jupyter_client.manager import KernelManager

FRESH = """import kit, kit.page.cells
kit.page.cells.watching().runs.clear()
for name in [name for name in globals() if not name.startswith("_") and name not in ("In", "Out", "get_ipython")]:
    del globals()[name]
"""
KIT = ("role", "question")


@dataclass
class Shown:
    """What stands below a cell that ran."""

    plain: str = ""
    html: str = ""
    error: str = ""
    traceback: str = ""
    names: list[str] = field(default_factory=list)


class Page:
    """A notebook as a front end has it: cells with ids, of which some are saved, and a kernel that runs them."""

    def __init__(self, path: Path, client: Any) -> None:
        self.path, self.client = path, client

    def save(self, *cells: tuple[str, ...], kind: str = "exercise", later: float = 0) -> None:
        """Save the page with these cells (id, source, role, question), `later` seconds from now."""
        code = [
            {
                "cell_type": "code",
                "id": name,
                "source": source,
                "metadata": {"kit": dict(zip(KIT, about, strict=False))},
            }
            for name, source, *about in cells
        ]
        self.path.write_text(json.dumps({"cells": code, "metadata": {"kit": {kind: "01"}}}), "utf-8")
        when = time.time_ns() + int(later * 1e9)
        os.utime(self.path, ns=(when, when))

    def run(self, cell: str | None, source: str) -> Shown:
        """Run a cell, by its id where the front end tells it."""
        content = {"code": source, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
        message = self.client.session.msg("execute_request", content | {"stop_on_error": False})
        message["metadata"] = {"cellId": cell} if cell else {}
        self.client.shell_channel.send(message)
        shown = Shown()
        while True:
            try:
                heard = self.client.get_iopub_msg(timeout=60)
            except Empty as error:
                raise AssertionError(f"{cell} did not end") from error
            if heard["parent_header"].get("msg_id") != message["header"]["msg_id"]:
                continue
            kind, content = heard["msg_type"], heard["content"]
            if kind in ("execute_result", "display_data"):
                shown.plain += content["data"].get("text/plain", "") + "\n"
                shown.html += content["data"].get("text/html", "") + "\n"
                shown.names.append(kind)
            elif kind == "stream":
                shown.plain += content["text"]
            elif kind == "error":
                shown.error = f"{content['ename']}: {content['evalue']}"
                shown.traceback = "\n".join(content["traceback"])
                shown.names.append("error")
            elif kind == "status" and content["execution_state"] == "idle":
                return shown


@pytest.fixture(scope="session")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Any]]:
    """A kernel for all tests of a worker, and the path of the page that it belongs to."""
    path = tmp_path_factory.mktemp("page") / "page.ipynb"
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(env=os.environ | {"JPY_SESSION_NAME": str(path)}, cwd=str(path.parent))
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    yield path, client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


@pytest.fixture
def page(kernel: tuple[Path, Any]) -> Iterator[Page]:
    """A page as after a restart, except that the kit is watching: nothing has run, and nothing is saved."""
    path, client = kernel
    found = Page(path, client)
    found.run(None, FRESH)
    yield found
    path.unlink(missing_ok=True)
