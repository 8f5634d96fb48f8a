"""A lab as the kit starts it, on a desk in a temporary folder, and a page of a real browser to look at it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tarfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

SECONDS, STARTS = 30, 180
"""How long a test waits for what it did; and how long a lab, a page or a kernel may take to start on a busy machine."""
START = "import sys, kit.setup.lab; from pathlib import Path; " + (
    "kit.setup.lab.start(target=Path(sys.argv[1]), browser=False, port=int(sys.argv[2]))"
)
# What a test needs beyond the kit's own settings: a handle on the application, and every cell in the page.
EXTRA = {
    "jupyter_lab_config.json": {"LabApp": {"expose_app_in_browser": True}},
    "labconfig/default_setting_overrides.json": {"@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"}},
}
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)
IDLE = """() => { const kernel = window.jupyterapp?.shell.currentWidget?.context?.sessionContext?.session?.kernel;
  return !!kernel && kernel.connectionStatus === 'connected' && kernel.status === 'idle' }"""


@dataclass(frozen=True)
class Lab:
    """A running lab: its desk, a copy of the desk as it was laid out, its address and its token."""

    desk: Path
    fresh: Path
    url: str
    token: str


@dataclass(frozen=True)
class Notebook:
    """A notebook that is open in the page, and the hands on the keyboard. Cells go by their ids."""

    page: Any
    file: Path

    def look(self, script: str, value: object = None) -> Any:
        """The value of a script that may use `panel`, the open notebook, and `value`."""
        return self.page.evaluate(
            f"value => {{ const panel = window.jupyterapp.shell.currentWidget; return {script} }}", value
        )

    def ids(self) -> list[str]:
        """The ids of all cells, in order."""
        return self.look("Array.from(panel.content.model.cells).map(cell => cell.id)")

    def source(self, cell: str) -> str:
        """What stands in a cell."""
        return self.look("panel.content.model.cells.get(value).sharedModel.getSource()", self.ids().index(cell))

    def cell(self, cell: str) -> Any:
        """A cell in the page."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(self.ids().index(cell))

    def output(self, cell: str) -> Any:
        """What stands below a cell."""
        return self.cell(cell).locator(".jp-OutputArea-output")

    def press(self, key: str, times: int = 1) -> None:
        """Press a key."""
        for _ in range(times):
            self.page.keyboard.press(key)

    def go(self, cell: str) -> None:
        """Select a cell with the arrow keys."""
        self.press("Escape")
        ids, at = self.ids(), self.look("panel.content.activeCellIndex")
        way = ids.index(cell) - at
        self.press("ArrowDown" if way > 0 else "ArrowUp", abs(way))
        self._at(at + way)

    def run(self) -> None:
        """Run the selected cell with Shift+Enter, and wait until it is done and the next one is selected."""
        at = self.look("panel.content.activeCellIndex")
        last = at + 1 == len(self.ids())
        self.press("Shift+Enter")
        if not last:
            self._at(at + 1)
        self.page.wait_for_function(
            """at => { const cell = window.jupyterapp.shell.currentWidget.content.widgets[at];
            return cell.model.type === 'code' ? /\\d/.test(cell.prompt) : cell.rendered }""",
            arg=at,
        )
        self.idle()

    def run_at(self, *cells: str) -> None:
        """Run these cells, one after the other."""
        for cell in cells:
            self.go(cell)
            self.run()

    def write(self, cell: str, text: str) -> None:
        """Change a cell to `text` by typing: only what differs, as a student would."""
        self.go(cell)
        self.press("Enter")
        old, new = self.source(cell).split("\n"), text.split("\n")
        for row, line in enumerate(new):
            if row >= len(old):
                self.press("End")
                self.press("Enter")
                self.page.keyboard.type(line.strip())
            elif line != old[row]:
                same = _alike(line[::-1], old[row][::-1])
                start = _alike(line[: len(line) - same], old[row][: len(old[row]) - same])
                self.press("ControlOrMeta+Home")
                self.press("ArrowDown", row)
                self.press("End")
                self.press("ArrowLeft", same)
                self.press("Backspace", len(old[row]) - same - start)
                self.page.keyboard.type(line[start : len(line) - same])
        self.press("Escape")
        assert self.source(cell) == text

    def fill(self, cell: str, **values: str) -> None:
        """Type labels between the quotation marks of a cell's lines."""
        rows = self.source(cell).split("\n")
        for at, row in enumerate(rows):
            name = row.split(":")[0].strip(' "')
            if name in values:
                rows[at] = f'    "{name}": "{values[name]}",'
        self.write(cell, "\n".join(rows))

    def save(self) -> None:
        """Save with Ctrl+S, and wait until it is in the file."""
        before = self.file.stat().st_mtime_ns
        self.press("ControlOrMeta+s")
        deadline = time.monotonic() + SECONDS
        while self.file.stat().st_mtime_ns == before or self.look("panel.context.model.dirty"):
            assert time.monotonic() < deadline, "the notebook was not saved"
            self.page.wait_for_timeout(50)

    def idle(self) -> None:
        """Wait until the kernel has nothing to do."""
        self.page.wait_for_function(IDLE, timeout=STARTS * 1000)

    def theme(self, name: str, ground: str) -> None:
        """Change the theme, wait until the notebook has its colour and the curtain is up, and go back to it."""
        self.page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", name)
        colour = "value => getComputedStyle(document.querySelector('.jp-Notebook')).backgroundColor === value"
        self.page.wait_for_function(colour, arg=ground)
        self.page.locator("#jupyterlab-splash").wait_for(state="detached")
        self.look("panel.content.activate()")

    def _at(self, index: int) -> None:
        at = "at => window.jupyterapp.shell.currentWidget.content.activeCellIndex === at"
        try:
            self.page.wait_for_function(at, arg=index)
        except Exception as error:
            where = self.page.evaluate("[document.hasFocus(), document.activeElement?.outerHTML.slice(0, 300)]")
            raise AssertionError(f"cell {index} was not reached; the keys went to {where}") from error


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A browser without a window."""
    sync_api = pytest.importorskip("playwright.sync_api")
    names = (os.environ.get("KIT_CHROMIUM"), "chromium", "chromium-browser", "google-chrome", "chrome")
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    if not found:
        pytest.skip("no Chromium on this machine; KIT_CHROMIUM may name one")
    with sync_api.sync_playwright() as playwright:
        sync_api.expect.set_options(timeout=SECONDS * 1000)
        chromium = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def lab(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The lab as `python -m kit --no-browser` starts it, away from the user's own folders."""
    home = tmp_path_factory.mktemp("lab")
    for name, content in EXTRA.items():
        file = home / "extra" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(content), "utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = os.urandom(16).hex()
    environment = os.environ | {
        "JUPYTER_TOKEN": token,
        "JUPYTER_CONFIG_PATH": str(home / "extra"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "run"),
        "IPYTHONDIR": str(home / "ipython"),
    }
    found = Lab(home / "desk", home / "fresh", f"http://localhost:{port}", token)
    command = [sys.executable, "-c", START, str(found.desk), str(port)]
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=home, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            deadline = time.monotonic() + STARTS
            while not _answers(found):
                assert server.poll() is None and time.monotonic() < deadline, (home / "log").read_text("utf-8")
                time.sleep(0.1)
            shutil.copytree(found.desk, found.fresh)
            yield found
        finally:
            with contextlib.suppress(OSError):
                _ask(found, "/api/shutdown", "POST")
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()


@pytest.fixture(scope="session")
def context(browser: Any) -> Iterator[Any]:
    """One window's memory for all tests, so that JupyterLab is fetched once."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(SECONDS * 1000)
    yield context
    context.close()


@pytest.fixture
def page(context: Any, lab: Lab) -> Iterator[Any]:
    """An empty page. A request to any other machine gets nowhere, and fails the test."""
    page, outside = context.new_page(), []
    ours = (f"{lab.url}/", "data:", "blob:")
    page.on("request", lambda request: None if request.url.startswith(ours) else outside.append(request.url))
    yield page
    page.close()
    assert not outside, f"the page called out: {outside[:3]}"


@pytest.fixture
def student(page: Any, lab: Lab) -> Iterator[Notebook]:
    """What a student sees who comes in: the start page in front, its kernel idle, and every page as it was laid out."""
    shutil.copytree(lab.fresh, lab.desk, dirs_exist_ok=True)  # a long test's pages save themselves
    _open(page, f"{lab.url}/lab/tree/START.ipynb?token={lab.token}&reset")
    page.wait_for_function("() => window.jupyterapp.shell.currentWidget?.context?.path === 'START.ipynb'")
    page.wait_for_function(IDLE, timeout=STARTS * 1000)
    yield Notebook(page, lab.desk / "START.ipynb")
    page.evaluate("window.jupyterapp?.serviceManager.sessions.shutdownAll()")


@pytest.fixture
def notebook(page: Any, lab: Lab, request: pytest.FixtureRequest) -> Iterator[Callable[[str], Notebook]]:
    """Call it with a notebook's name on the desk: opens a copy of its own for this test, its kernel idle."""

    def open_(name: str) -> Notebook:
        copy = lab.desk / Path(name).parent / f"{request.node.name}.ipynb"
        shutil.copy(lab.desk / name, copy)
        _open(page, f"{lab.url}/doc/tree/{copy.relative_to(lab.desk).as_posix()}?token={lab.token}&reset")
        page.locator(".jp-NotebookPanel .jp-Notebook").wait_for()
        return Notebook(page, copy)

    yield open_
    page.evaluate("window.jupyterapp?.serviceManager.sessions.shutdownAll()")


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The script of axe-core, fetched for the test: it is not part of the kit."""
    npm = shutil.which("npm") or pytest.skip("no npm on this machine to fetch axe-core with")
    folder = tmp_path_factory.mktemp("axe")
    command = [npm, "pack", "axe-core@4", "--silent"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
    if done.returncode:
        pytest.skip(f"npm cannot fetch axe-core: {done.stderr.strip()[-200:]}")
    with tarfile.open(next(folder.glob("*.tgz"))) as packed:
        return packed.extractfile("package/axe.min.js").read().decode()


def _alike(one: str, other: str) -> int:
    """How many characters the beginnings of two texts have in common."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _open(page: Any, address: str) -> None:
    """Open a notebook, and wait until its kernel is idle."""
    page.goto(address, timeout=STARTS * 1000)
    page.wait_for_function(IDLE, timeout=STARTS * 1000)


def _answers(lab: Lab) -> bool:
    with contextlib.suppress(OSError):
        _ask(lab, "/api/status")
        return True
    return False


def _ask(lab: Lab, path: str, method: str = "GET") -> None:
    request = urllib.request.Request(lab.url + path, method=method, headers={"Authorization": f"token {lab.token}"})
    urllib.request.urlopen(request, timeout=5).close()
