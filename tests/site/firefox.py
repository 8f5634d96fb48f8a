"""Firefox, by the WebDriver BiDi that it speaks: https://www.w3.org/TR/webdriver-bidi/ (2026-11-30)."""

from __future__ import annotations

import contextlib
import itertools
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import websocket
from walled import CELLS, IDLE, WRITE

_PREFERENCES = {
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.no_proxies_on": "127.0.0.1",
    "network.proxy.allow_hijacking_localhost": False,
    "app.update.auto": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.enabled": False,
}


def found() -> str | None:
    """Where Firefox is on this machine."""
    return next((path for name in ("firefox-esr", "firefox") if (path := shutil.which(name))), None)


class Firefox:
    """An open page of Firefox; `asked` are the addresses that it has asked for."""

    def __init__(self, socket: websocket.WebSocket) -> None:
        self._socket, self._ids, self.asked = socket, itertools.count(1), []
        self._call("session.new", capabilities={})
        self._call("session.subscribe", events=["network.beforeRequestSent"])
        self._tab = self._call("browsingContext.getTree")["contexts"][0]["context"]

    def _call(self, method: str, **params: Any) -> Any:
        number = next(self._ids)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            said = json.loads(self._socket.recv())
            if said.get("method") == "network.beforeRequestSent":
                self.asked.append(said["params"]["request"]["url"])
            elif said.get("id") == number:
                assert said["type"] == "success", said
                return said["result"]

    def goto(self, address: str) -> None:
        """Open an address, and wait until it is there."""
        self._call("browsingContext.navigate", context=self._tab, url=address, wait="complete")

    def evaluate(self, script: str) -> Any:
        """The value of an expression, once it is settled, by way of JSON."""
        target = {"context": self._tab}
        code = f"(async () => JSON.stringify(await ({script}) ?? null))()"
        said = self._call("script.evaluate", expression=code, target=target, awaitPromise=True)
        assert said["type"] == "success", said["exceptionDetails"]["text"]
        return json.loads(said["result"]["value"])

    def wait_for(self, script: str, *, seconds: float = 240) -> Any:
        """The value of an expression, once it is true."""
        end = time.monotonic() + seconds
        while not (value := self.evaluate(script)):
            assert time.monotonic() < end, f"never true: {script}"
            time.sleep(0.2)
        return value

    def press(self, *keys: str) -> None:
        """Press keys on the keyboard, one after the other."""
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        source = {"type": "key", "id": "keyboard", "actions": actions}
        self._call("input.performActions", context=self._tab, actions=[source])


class Student:
    """A student in Firefox, with what the comparison with the stored outputs needs of one."""

    def __init__(self, page: Firefox, address: str) -> None:
        self.page, self.address = page, address

    def open(self, path: str) -> None:
        self.page.goto(f"{self.address}/notebooks/index.html?path={path}")
        self.page.wait_for(f"({IDLE})()")

    def write(self, sources: dict[str, str]) -> None:
        self.page.evaluate(f"({WRITE})({json.dumps(sources)})")

    def run(self) -> list[dict[str, Any]]:
        """Run all cells, and return them."""
        run = "window.jupyterapp.commands.execute('notebook:run-all-cells')"
        self.page.evaluate(f"({run}.then(() => {{ window.ran = 1 }}), 1)")
        self.page.wait_for("window.ran")
        return self.cells()

    def cells(self) -> list[dict[str, Any]]:
        return self.page.evaluate(f"({CELLS})()")


@contextlib.contextmanager
def firefox(program: str, profile: Path, *, proxy: int) -> Iterator[Firefox]:
    """Firefox without a window, which reaches other hosts only through the proxy."""
    profile.mkdir()
    wanted = _PREFERENCES | {"network.proxy.http_port": proxy, "network.proxy.ssl_port": proxy}
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in wanted.items()]
    (profile / "user.js").write_text("\n".join(lines), "utf-8")
    command = [program, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"]
    with (profile / "log").open("wb") as log:
        running = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
    try:
        port = profile / "WebDriverBiDiServer.json"
        end = time.monotonic() + 60
        while not port.is_file():
            assert running.poll() is None and time.monotonic() < end, (profile / "log").read_text("utf-8")
            time.sleep(0.1)
        address = f"ws://127.0.0.1:{json.loads(port.read_text('utf-8'))['ws_port']}/session"
        socket = websocket.create_connection(address, timeout=300, suppress_origin=True, http_no_proxy=["*"])
        yield Firefox(socket)
        socket.close()
    finally:
        running.terminate()
        running.wait(20)
