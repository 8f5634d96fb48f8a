"""A server for the site, a wall before every other host, and a student's browser."""

from __future__ import annotations

import contextlib
import functools
import http.server
import os
import shutil
import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

STARTS = 240_000
"""Milliseconds that a page with its kernel may take on a busy machine."""
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
OWN = ("google.com", "googleapis.com", "mozilla.com", "mozilla.org", "mozilla.net", "firefox.com")
"""What browsers ask for by themselves, whatever page is open."""
IDLE = """() => { const kernel = window.jupyterapp?.shell.currentWidget?.context?.sessionContext?.session?.kernel;
  return !!kernel && kernel.connectionStatus === 'connected' && kernel.status === 'idle' }"""
CELLS = """() => { const model = window.jupyterapp.shell.currentWidget.content.model;
  return Array.from(model.cells).filter(cell => cell.type === 'code').map(cell => cell.toJSON()) }"""


WRITE = """sources => {
  for (const cell of window.jupyterapp.shell.currentWidget.content.model.cells) {
    if (cell.id in sources) cell.sharedModel.setSource(sources[cell.id]);
  } }"""


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves a folder below /course/, and counts what it sent: plain, and packed where there is a twin."""

    protocol_version = "HTTP/1.1"
    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | {
        ".wasm": "application/wasm",
        ".mjs": "text/javascript",
        ".whl": "application/zip",
        ".ipynb": "application/json",
    }
    sent: ClassVar[list[tuple[str, int]]] = []

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def translate_path(self, path: str) -> str:
        return super().translate_path(path.removeprefix("/course"))

    def send_head(self) -> Any:
        path = Path(self.translate_path(self.path))
        twin = path.with_name(f"{path.name}.gz")
        found = super().send_head()
        if found is not None and path.is_file():
            self.sent.append((self.path, (twin if twin.exists() else path).stat().st_size))
        return found


@contextlib.contextmanager
def served(folder: Path) -> Iterator[tuple[str, list[tuple[str, int]]]]:
    """The address of a server of the folder, and what it has sent: path and bytes."""
    handler = type("Counting", (Handler,), {"sent": []})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/course", handler.sent
    finally:
        server.shutdown()
        server.server_close()


@contextlib.contextmanager
def wall() -> Iterator[tuple[int, list[str]]]:
    """A proxy for all other hosts: its port, and what it has refused."""
    refused: list[str] = []

    class Refuse(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            if line := self.rfile.readline(4096).decode("latin1").split(" HTTP")[0]:
                refused.append(line)
            with contextlib.suppress(OSError):
                self.wfile.write(b"HTTP/1.1 502 Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Refuse)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1], refused
        assert not (strange := [line for line in refused if not any(own in line for own in OWN)]), strange[:3]
    finally:
        server.shutdown()
        server.server_close()


class Student:
    """A student's browser with its memory: `open` a page, `run` it, come back `again` after closing it."""

    def __init__(self, driver: Any, profile: Path, address: str, port: int) -> None:
        self.driver, self.profile, self.address, self.port = driver, profile, address, port
        self.outside: list[str] = []
        self.start()

    def start(self) -> None:
        host = self.address.split("//")[1].split(":")[0]
        flags = [f"--proxy-server=http://127.0.0.1:{self.port}", f"--proxy-bypass-list={host}", *FLAGS]
        if host != "127.0.0.1":
            flags.append(f"--host-resolver-rules=MAP {host} 127.0.0.1")
        self.context = self.driver.chromium.launch_persistent_context(
            self.profile, executable_path=chromium(), args=flags, viewport={"width": 1024, "height": 600}
        )
        self.page = self.context.pages[0]
        self.page.set_default_timeout(STARTS)
        ours = (self.address.removesuffix("course"), "data:", "blob:")
        self.page.on("request", lambda asked: asked.url.startswith(ours) or self.outside.append(asked.url))

    def again(self) -> None:
        self.context.close()
        self.start()

    def start_page(self) -> Any:
        """The first page, when it has looked into the browser's storage."""
        self.page.goto(f"{self.address}/")
        self.page.locator("#on", has_text="Go on here").wait_for()
        return self.page

    def open(self, path: str) -> Any:
        self.page.goto(f"{self.address}/notebooks/index.html?path={path}")
        self.page.locator(".jp-NotebookPanel .jp-Notebook").wait_for()
        self.page.wait_for_function(IDLE)
        return self.page

    def run(self) -> list[dict[str, Any]]:
        """Run all cells, and return them."""
        self.page.evaluate(
            """() => { window.ran = undefined;
            window.jupyterapp.commands.execute('notebook:run-all-cells').then(() => { window.ran = true }) }"""
        )
        self.page.wait_for_function("window.ran")
        return self.cells()

    def cells(self) -> list[dict[str, Any]]:
        return self.page.evaluate(CELLS)

    def write(self, sources: dict[str, str]) -> None:
        self.page.evaluate(WRITE, sources)

    def save(self) -> None:
        self.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
        self.page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")


def chromium() -> str | None:
    names = (os.environ.get("KIT_CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if name and (path := shutil.which(name))), None)
