"""The environment of the kit: `.venv` in the clone, with the locked packages. Standard library only."""

from __future__ import annotations

import hashlib
import importlib
import importlib.metadata
import re
import shutil
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

from kit import __version__
from kit.errors import SetupError
from kit.setup.installer import Installer, Run, run_quietly

__all__ = ["ensure", "inside", "missing", "ready", "settled", "wheelhouse"]

# The shape of a stamp; to be raised when .venv is made in another way than before.
_EDITION = "1"


def inside(root: Path) -> bool:
    """Tell whether the running Python is the one of the clone's environment."""
    return Path(sys.prefix).resolve() == (root / ".venv").resolve()


def missing(*, dev: bool = False) -> tuple[str, ...]:
    """Return the names of the packages that the kit needs and the running Python does not have."""
    try:
        lines = importlib.metadata.requires("who-says-so") or []
    except importlib.metadata.PackageNotFoundError:
        return ("who-says-so",)
    needed = [re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in lines if dev or "extra ==" not in line]
    return tuple(name for name in needed if not _installed(name))


def ready(root: Path, *, dev: bool = False) -> bool:
    """Tell whether `.venv` is finished and of today's lock, so that nothing has to be installed."""
    kinds = (True,) if dev else (True, False)
    if not any(_stamped(root, dev=kind) for kind in kinds) or not _installer(root, dev=dev).python.exists():
        return False
    return not (inside(root) and missing(dev=dev))


def settled(root: Path | None, *, dev: bool = False) -> bool:
    """Tell whether the running Python can do the work, so that no other environment is needed.

    True in a finished `.venv` of the clone, and in any Python where somebody has installed the kit.
    """
    return ready(root, dev=dev) if root and inside(root) else not missing(dev=dev)


def ensure(root: Path, *, dev: bool = False, say: Callable[[str], None], run: Run = run_quietly) -> Path:
    """Make or mend `.venv` in the clone where that is needed, and return its Python.

    Args:
        root: the clone.
        dev: also install what the tests of the kit need; these are not in a wheelhouse.
        say: gets one line before each long wait.
        run: runs a command.

    Raises:
        SetupError: it could not be done; the text says what to do.
    """
    installer = _installer(root, dev=dev, say=say, run=run)
    if ready(root, dev=dev):
        return installer.python
    try:
        _leave_a_moved_one(root)
        if (root / ".venv").is_dir():
            # A run that is killed from here on must not look finished.
            for kind in (True, False):
                _stamp(root, dev=kind).unlink(missing_ok=True)
        installer.install()
        _stamp(root, dev=dev).write_text(_digest(root, dev=dev), encoding="utf-8")
    except OSError as fault:
        raise SetupError(
            f"{installer.venv} could not be made: {fault.strerror or fault}. Check that the folder may be "
            "written to and that the disk is not full, then start again."
        ) from fault
    importlib.invalidate_caches()
    return installer.python


def wheelhouse(root: Path | None, *, say: Callable[[str], None], run: Run = run_quietly) -> Path:
    """Download the locked packages into `wheelhouse/` in the clone, and return that folder.

    A clone that carries it is set up without a network. It fits computers with this system and this version
    of Python; made again on a computer of another kind, it holds the packages for both.

    Raises:
        SetupError: there is no clone, or the download failed.
    """
    if root is None:
        raise SetupError("A wheelhouse is made in a clone of the kit, and this kit was installed without one.")
    say("Downloading the packages of the kit into wheelhouse/ (one to three minutes) ...")
    folder = root / "wheelhouse"
    _installer(root, say=say, run=run).download(folder)
    return folder


def _installer(
    root: Path, *, dev: bool = False, say: Callable[[str], None] = print, run: Run = run_quietly
) -> Installer:
    wheels = root / "wheelhouse"
    carried = not dev and any(wheels.glob("*.whl"))
    return Installer(root=root, lock=_lock(root, dev=dev), wheels=wheels if carried else None, say=say, run=run)


def _lock(root: Path, *, dev: bool) -> Path:
    return root / ("requirements-dev.lock" if dev else "requirements.lock")


def _stamp(root: Path, *, dev: bool) -> Path:
    return root / ".venv" / ("kit-stamp-dev" if dev else "kit-stamp")


def _stamped(root: Path, *, dev: bool) -> bool:
    try:
        return _stamp(root, dev=dev).read_text(encoding="utf-8") == _digest(root, dev=dev)
    except (OSError, UnicodeDecodeError):
        return False


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
    made = f"{_EDITION} {version and version[1]} {__version__} {points}"
    return f"{root.resolve()}\n{hashlib.sha256(lock + made.encode()).hexdigest()}\n"


def _leave_a_moved_one(root: Path) -> None:
    """Remove an environment that was finished at another place: it points there, and cannot be mended."""
    for dev in (True, False):
        try:
            place = _stamp(root, dev=dev).read_text(encoding="utf-8").partition("\n")[0]
        except (OSError, UnicodeDecodeError):
            continue
        if place and place != str(root.resolve()) and not inside(root):
            shutil.rmtree(root / ".venv")
            return


def _installed(name: str) -> bool:
    try:
        importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True
