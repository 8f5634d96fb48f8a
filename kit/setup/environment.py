"""The environment of the kit, and what is installed in it: `.venv` in the clone, with the locked packages.

Standard library only.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self

from kit import __version__ as VERSION
from kit.errors import SetupError, writing

Run = Callable[..., "subprocess.CompletedProcess[str]"]
"""Runs a command to its end, and returns what it wrote; a second argument, if there is one, gets each line at once."""

# The shape of a stamp; to be raised when .venv is made in another way than before.
_EDITION = "1"

# What pip and uv write when they cannot reach the index of packages.
_NO_NETWORK = re.compile(
    r"NewConnectionError|name resolution|getaddrinfo|Network is unreachable|Connection refused|dns error|"
    r"failed to lookup|error sending request|tcp connect|Max retries|timed out|Connection broken|"
    r"Connection aborted|ProxyError|ConnectionReset",
    re.IGNORECASE,
)

# What pip and uv write when they have come to a package.
_FETCHED = re.compile(
    r"(?:Collecting|Downloading|Processing \S*[/\\]) ?([A-Za-z][\w.]*?(?:[-_][A-Za-z]\w*)*)(?: \(|==|-\d|$)"
)

# Exactly what the lock names, checked by hash, and nothing that would have to be compiled. The lock is complete, so
# nothing is looked up beside it: pip before 23.3 stops at a package that is named there with an extra.
_PLAINLY = ("--progress-bar", "off", "--no-color")
_LOCKED = ("--no-deps", "--require-hashes", "--only-binary=:all:", "--requirement")
_ITSELF = ("--quiet", "--no-deps", "--no-build-isolation", "--editable")


def run_quietly(
    command: Sequence[str], tell: Callable[[str], object] = lambda line: None
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end and return what it wrote. It gets no input, so it cannot wait for an answer.

    `tell` gets each line as it is written.
    """
    # A user's own `--user` default would make pip refuse to work in an environment.
    around = {**os.environ, "PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    about: dict[str, Any] = {"stdin": subprocess.DEVNULL, "text": True, "errors": "replace", "env": around}
    written = []
    try:
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **about) as running:
            for line in running.stdout or ():
                written.append(line)
                tell(line)
        return subprocess.CompletedProcess(command, running.returncode, "".join(written))
    except OSError as fault:
        return subprocess.CompletedProcess(command, 127, str(fault))


class Pace:
    """Says every few seconds how far pip or uv is, while they are silent too: `with Pace(…) as pace`.

    `packages` is how many there are at the most, `say` gets a line every `seconds`.
    """

    def __init__(self, packages: int, say: Callable[[str], None], *, seconds: float = 5) -> None:
        self._packages, self._say, self._seconds = packages, say, seconds
        self._seen, self._done = 0, threading.Event()
        self.words = "looking for the packages"

    def tell(self, line: str) -> None:
        """Take a line that pip or uv wrote."""
        found = _FETCHED.match(line)
        if found and self._seen < self._packages:
            self._seen += 1
            self.words = f"package {self._seen} of {self._packages}, {found[1]}"
        elif line.startswith(("Installing collected", "Prepared ")):
            self.words = "all packages are here; unpacking them"

    def __enter__(self) -> Self:
        threading.Thread(target=self._speak, daemon=True).start()
        return self

    def __exit__(self, *fault: object) -> None:
        self._done.set()

    def _speak(self) -> None:
        began, said, silent = time.monotonic(), "", 0
        while not self._done.wait(self._seconds):
            silent = silent + 1 if self.words == said else 0
            if silent % 3 == 0:  # the same words again only now and then
                said = self.words
                self._say(f"  {time.monotonic() - began:.0f} s: {said}")


def inside(root: Path) -> bool:
    """Tell whether the running Python is the one of the clone's environment."""
    return Path(sys.prefix).resolve() == (root / ".venv").resolve()


def missing(*, dev: bool = False) -> tuple[str, ...]:
    """Return the names of the packages that the kit needs and the running Python does not have."""
    try:
        lines = importlib.metadata.requires("who-says-so") or []
    except importlib.metadata.PackageNotFoundError:
        return ("who-says-so",)
    optional = re.compile(r"extra == .site" if dev else "extra ==")  # the tests need every extra but that of the site
    needed = [re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in lines if not optional.search(line)]
    return tuple(name for name in needed if not any(importlib.metadata.distributions(name=name)))


def ready(root: Path, *, dev: bool = False) -> bool:
    """Tell whether `.venv` is finished and of today's lock, so that nothing has to be installed."""
    said = _said(root)
    stamped = said and any(said == _digest(root, dev=kind) for kind in ((True,) if dev else (True, False)))
    return bool(stamped) and _python(root).exists() and not (inside(root) and missing(dev=dev))


def settled(root: Path | None, *, dev: bool = False) -> bool:
    """Tell whether the running Python can do the work, so that no other environment is needed.

    True in a finished `.venv` of the clone, and in any Python where somebody has installed the kit.
    """
    return ready(root, dev=dev) if root and inside(root) else not missing(dev=dev)


def ensure(root: Path, *, dev: bool = False, say: Callable[[str], None], run: Run = run_quietly) -> Path:
    """Make or mend `.venv` in the clone `root` where that is needed, and return its Python.

    With `dev` it gets also what the tests of the kit need, which is in no wheelhouse. `say` gets one line before each
    long wait, `run` runs a command. Raises SetupError where it could not be done; the text says what to do.
    """
    if ready(root, dev=dev):
        return _python(root)
    with writing(f"{root / '.venv'} could not be made"):
        place = _said(root).partition("\n")[0]
        if place and place != str(root.resolve()) and not inside(root):
            # It was finished at another place: it points there, and cannot be mended.
            shutil.rmtree(root / ".venv")
        if (root / ".venv").is_dir():
            # A run that is killed from here on must not look finished.
            _stamp(root).unlink(missing_ok=True)
        _Installer(root, dev, say, run).install()
        _stamp(root).write_text(_digest(root, dev=dev), encoding="utf-8")
    importlib.invalidate_caches()
    return _python(root)


def wheelhouse(root: Path, *, say: Callable[[str], None], run: Run = run_quietly) -> Path:
    """Download the locked packages into `wheelhouse/` in the clone, and return that folder.

    A clone that carries it is set up without a network. It fits computers with this system and this version
    of Python; made again on a computer of another kind, it holds the packages for both. Raises SetupError where the
    download failed; the text says what to do.
    """
    say("Downloading the packages of the kit into wheelhouse/ (one to three minutes) ...")
    folder = root / "wheelhouse"
    _Installer(root, False, say, run).download(folder)
    return folder


def _python(root: Path) -> Path:
    """The Python of the environment, whether it is there yet or not."""
    return root / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _lock(root: Path, *, dev: bool) -> Path:
    return root / ("requirements-dev.lock" if dev else "requirements.lock")


def _stamp(root: Path) -> Path:
    return root / ".venv" / "kit-stamp"


def _said(root: Path) -> str:
    """What the stamp says; nothing where there is none that can be read."""
    try:
        return _stamp(root).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _digest(root: Path, *, dev: bool) -> str:
    """Return the place of the clone, and a hash of all that decides what is installed."""
    try:
        lock = _lock(root, dev=dev).read_bytes()
        project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        config = (root / ".venv" / "pyvenv.cfg").read_text(encoding="utf-8")
    except OSError as fault:
        raise SetupError(f"{fault.filename} is missing: this clone is not complete. Get the kit again.") from fault
    version = re.search(r"^version\w*\s*=\s*(\d+\.\d+)", config, re.MULTILINE)
    points = f"{project.get('scripts')} {project.get('entry-points')}"
    made = f"{_EDITION} {version and version[1]} {VERSION} {points}"
    return f"{root.resolve()}\n{hashlib.sha256(lock + made.encode()).hexdigest()}\n"


class _Installer:
    """What installs into `.venv` of the clone `root`; with `dev`, also what the tests need.

    `wheels` is the wheelhouse, where there is one and it has what is wanted.
    """

    def __init__(self, root: Path, dev: bool, say: Callable[[str], None], run: Run) -> None:
        self.root, self.say, self.run = root, say, run
        self.venv, self.lock, carried = root / ".venv", _lock(root, dev=dev), root / "wheelhouse"
        self.wheels = carried if not dev and any(carried.glob("*.whl")) else None

    def install(self) -> None:
        """Install from the wheelhouse if there is one, else by uv if it is on PATH, else by pip."""
        uv = None if self.wheels else shutil.which("uv")
        if not (uv and self._by_uv(uv)):
            self._by_pip()

    def _by_uv(self, uv: str) -> bool:
        into = [uv, "pip", "install", "--python", str(_python(self.root))]
        steps = [[*into, *_LOCKED, str(self.lock)], [*into, "--offline", *_ITSELF, str(self.root)]]
        if not self._has("sys"):
            self._clear()
            steps.insert(0, [uv, "venv", "--quiet", "--python", sys.executable, str(self.venv)])
        self.say("Installing the packages of the kit (up to three minutes the first time) ...")
        if all(self._long(step).returncode == 0 for step in steps):
            return True
        self.say("uv could not do it; going on with pip ...")
        return False

    def _by_pip(self) -> None:
        carried = max(self.wheels.glob("pip-*.whl"), default=None) if self.wheels else None
        if not self._has("sys" if carried else "pip"):
            if not carried and importlib.util.find_spec("ensurepip") is None:
                raise SetupError(
                    "This Python cannot make an environment, because its part `ensurepip` is missing. "
                    "On Debian and Ubuntu run `sudo apt install python3-venv`, then start again."
                )
            self._clear()
            bare = ["--without-pip"] if carried else []
            made = self.run([sys.executable, "-I", "-m", "venv", *bare, str(self.venv)])
            self._check(made, ".venv could not be made")
        # The pip of the wheelhouse also serves where Debian has left out `ensurepip`.
        pip = [str(carried / "pip")] if carried else ["-m", "pip"]
        source = ["--no-index", "--find-links", str(self.wheels)] if self.wheels else []
        wait = "from wheelhouse/ (about a minute)" if self.wheels else "(one to three minutes the first time)"
        self.say(f"Installing the packages of the kit {wait} ...")
        python = [str(_python(self.root)), "-I"]
        packages = self._long([*python, *pip, "install", *_PLAINLY, *source, *_LOCKED, str(self.lock)])
        self._check(packages, "The packages of the kit could not be installed")
        self.say("Installing the kit itself (a few seconds) ...")
        itself = self.run([*python, "-m", "pip", "install", "--no-index", *_ITSELF, str(self.root)])
        self._check(itself, "The kit itself could not be installed")

    def download(self, folder: Path) -> None:
        """Download what the lock names, as ready-made packages for this kind of computer."""
        pip = [sys.executable, "-I", "-m", "pip", "download", *_PLAINLY]
        done = self._long([*pip, "--dest", str(folder), *_LOCKED, str(self.lock)])
        self._check(done, "The packages could not be downloaded")

    def _long(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        """Run a command that takes minutes, with a sign of life every few seconds."""
        lock = self.lock.read_text(encoding="utf-8") if self.lock.is_file() else ""
        names = set(re.findall(r"^([\w.-]+)==", lock, re.MULTILINE))
        with Pace(len(names), self.say) as pace:
            return self.run(command, pace.tell)

    def _has(self, module: str) -> bool:
        """Tell whether the environment's Python works and has a module."""
        return self.run([str(_python(self.root)), "-I", "-c", f"import {module}"]).returncode == 0

    def _clear(self) -> None:
        """Make room for `.venv`: remove what an earlier try left, unless the running Python lives in it."""
        self.say("Making .venv (a few seconds) ...")
        if inside(self.root):
            raise SetupError(f"{self.venv} is broken. Delete that folder and start again with your own Python.")
        if self.venv.is_symlink() or self.venv.is_file():
            self.venv.unlink()
        elif self.venv.exists():
            shutil.rmtree(self.venv)

    def _check(self, done: subprocess.CompletedProcess[str], what: str) -> None:
        """Raise a SetupError in plain words when a command failed."""
        if done.returncode == 0:
            return
        written = done.stdout
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
