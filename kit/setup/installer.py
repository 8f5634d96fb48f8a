"""The installer: puts locked packages and the kit itself into a `.venv`. Standard library only."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kit.errors import SetupError

__all__ = ["Installer", "Run", "run_quietly"]

Run = Callable[[Sequence[str]], "subprocess.CompletedProcess[str]"]

# What pip and uv write when they cannot reach the index of packages.
_NO_NETWORK = re.compile(
    r"NewConnectionError|name resolution|getaddrinfo|Network is unreachable|Connection refused|dns error|"
    r"failed to lookup|error sending request|tcp connect|Max retries|timed out|Connection broken|"
    r"Connection aborted|ProxyError|ConnectionReset",
    re.IGNORECASE,
)

# Exactly what the lock names, checked by hash, and nothing that would have to be compiled.
_LOCKED = ("--require-hashes", "--only-binary=:all:", "--requirement")


def run_quietly(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run a command to its end and return what it wrote. It gets no input, so it cannot wait for an answer."""
    # A user's own `--user` default would make pip refuse to work in an environment.
    around = {**os.environ, "PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    try:
        return subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", env=around
        )
    except OSError as fault:
        return subprocess.CompletedProcess(command, 127, "", str(fault))


@dataclass(frozen=True, kw_only=True)
class Installer:
    """What is to be installed where: the clone, the lock, and the wheelhouse if it is to be used.

    `say` gets one line before each long wait; `run` runs a command.
    """

    root: Path
    lock: Path
    wheels: Path | None
    say: Callable[[str], None]
    run: Run = run_quietly

    @property
    def venv(self) -> Path:
        """The folder of the environment."""
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """The Python of the environment, whether it is there yet or not."""
        return self.venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    def install(self) -> None:
        """Install from the wheelhouse if there is one, else by uv if it is on PATH, else by pip.

        Raises:
            SetupError: it could not be done; the text says what to do.
            OSError: the folder of the environment cannot be written.
        """
        uv = None if self.wheels else shutil.which("uv")
        if uv and self._by_uv(uv):
            return
        self._by_pip()

    def _by_uv(self, uv: str) -> bool:
        into = [uv, "pip", "install", "--quiet", "--python", str(self.python)]
        steps = [
            [*into, *_LOCKED, str(self.lock)],
            [*into, "--offline", "--no-deps", "--no-build-isolation", "--editable", str(self.root)],
        ]
        if not self._has("sys"):
            self.say("Making .venv (a few seconds) ...")
            self._clear()
            steps.insert(0, [uv, "venv", "--quiet", "--python", sys.executable, str(self.venv)])
        self.say("Installing the packages of the kit (up to three minutes the first time) ...")
        if all(self.run(step).returncode == 0 for step in steps):
            return True
        self.say("uv could not do it; going on with pip ...")
        return False

    def _by_pip(self) -> None:
        carried = max(self.wheels.glob("pip-*.whl"), default=None) if self.wheels else None
        if not self._has("sys" if carried else "pip"):
            self._make(bare=carried is not None)
        # The pip of the wheelhouse also serves where Debian has left out `ensurepip`.
        pip = [str(carried / "pip")] if carried else ["-m", "pip"]
        source = ["--no-index", "--find-links", str(self.wheels)] if self.wheels else []
        wait = "from wheelhouse/ (about a minute)" if self.wheels else "(one to three minutes the first time)"
        self.say(f"Installing the packages of the kit {wait} ...")
        python = [str(self.python), "-I"]
        done = self.run([*python, *pip, "install", "--quiet", *source, *_LOCKED, str(self.lock)])
        self._check(done, "The packages of the kit could not be installed")
        itself = ["--no-index", "--no-deps", "--no-build-isolation", "--editable", str(self.root)]
        done = self.run([*python, "-m", "pip", "install", "--quiet", *itself])
        self._check(done, "The kit itself could not be installed")

    def download(self, folder: Path) -> None:
        """Download what the lock names, as ready-made packages for this kind of computer.

        Raises:
            SetupError: it could not be done; the text says what to do.
        """
        pip = [sys.executable, "-I", "-m", "pip", "download", "--quiet", "--no-deps"]
        done = self.run([*pip, "--dest", str(folder), *_LOCKED, str(self.lock)])
        self._check(done, "The packages could not be downloaded")

    def _has(self, module: str) -> bool:
        """Tell whether the environment's Python works and has a module."""
        return self.run([str(self.python), "-I", "-c", f"import {module}"]).returncode == 0

    def _make(self, *, bare: bool) -> None:
        if not bare and importlib.util.find_spec("ensurepip") is None:
            raise SetupError(
                "This Python cannot make an environment, because its part `ensurepip` is missing. "
                "On Debian and Ubuntu run `sudo apt install python3-venv`, then start again."
            )
        self.say("Making .venv (a few seconds) ...")
        self._clear()
        pip = ["--without-pip"] if bare else []
        self._check(self.run([sys.executable, "-I", "-m", "venv", *pip, str(self.venv)]), ".venv could not be made")

    def _clear(self) -> None:
        """Remove what an earlier try left, unless the running Python lives in it."""
        if Path(sys.prefix).resolve() == self.venv.resolve():
            raise SetupError(f"{self.venv} is broken. Delete that folder and start again with your own Python.")
        if self.venv.is_symlink() or self.venv.is_file():
            self.venv.unlink()
        elif self.venv.exists():
            shutil.rmtree(self.venv)

    def _check(self, done: subprocess.CompletedProcess[str], what: str) -> None:
        """Raise a SetupError in plain words when a command failed."""
        if done.returncode == 0:
            return
        written = f"{done.stderr}\n{done.stdout}"
        version = ".".join(map(str, sys.version_info[:2]))
        if _NO_NETWORK.search(written):
            raise SetupError(
                f"{what}: there is no network. Connect and start again, or put the folder wheelhouse/ into the "
                "folder of the kit (`python -m kit wheelhouse` makes it on a computer that is connected)."
            )
        if "No matching distribution" in written and self.wheels:
            raise SetupError(
                f"{what}: wheelhouse/ is not complete, or was made for another system or another version of "
                f"Python than this {version}. Make it again on a computer like this one, or connect to the network "
                "and move wheelhouse/ out of the folder of the kit."
            )
        if "No space left" in written:
            raise SetupError(f"{what}: the disk is full. Free about 700 MB and start again.")
        last = "\n".join(written.strip().splitlines()[-4:])
        raise SetupError(
            f"{what} (Python {version}). The last lines were:\n{last}\nDelete the folder {self.venv} and start again."
        )
