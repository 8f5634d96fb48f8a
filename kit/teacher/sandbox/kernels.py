"""Where students' code runs. `Kernel` is the seam: another kernel is another subclass, and a provisioner for it.

What is asked of a kernel here is its environment. A warm one is started, talked to and ended by `talk`; any other by
jupyter_client, which finds its provisioner by the kernel's name.
"""

# pyright: reportOptionalMemberAccess=false
# The process is started with pipes.
from __future__ import annotations

import atexit
import errno
import functools
import hashlib
import json
import os
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import zlib
from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kit.errors import KitError, SetupError
from kit.teacher.sandbox import limits, probe

SOCKET = "KIT_SANDBOX"
"""The variable of the environment that names the socket of the process to ask for a kernel."""
_LONGEST_NAME = 64
"""Bytes of the name of a folder for temporary files; 107 is what a socket's whole name may have."""
_KEPT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "WINDIR", "PYTHONPATH", "COMSPEC", "PATHEXT")
_CACHES = ("HOME", "MPLCONFIGDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")
_HERE = f"kit-{zlib.crc32(socket.gethostname().encode()):08x}-"
"""What the folders of this machine's warm processes begin with: several machines may share one for temporary files."""
_WARMED = (
    "kit.article.loading",
    "kit.check",
    "kit.check.figures",
    "kit.check.chains",
    "kit.article.view",
    "kit.plots",
    "matplotlib.pyplot",
    "pandas",
)
_PLAIN = {
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
}
_ONE_THREAD = {
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


@dataclass(frozen=True)
class Edition:
    """What the kernels of one exercise start with: the `files` (name and text) that they may read beside what all may,
    and the `cells` of ours that stand before the first answer.
    """

    files: tuple[tuple[str, bytes], ...] = ()
    cells: tuple[str, ...] = ()

    @functools.cached_property
    def name(self) -> str:
        """A hash of all that it holds."""
        return hashlib.sha256(repr((self.files, self.cells)).encode()).hexdigest()[:16]

    def write(self, folder: Path) -> None:
        """Write the files into `folder`, which is made."""
        folder.mkdir(exist_ok=True)
        for name, text in self.files:
            (folder / name).write_bytes(text)


class Kernel(ABC):
    """One kind of kernel, for all notebooks of a class. It can be pickled: workers elsewhere get a copy."""

    name: str
    """By which jupyter_client finds its kernelspec, and with that its provisioner, where it starts it."""
    isolation: str
    """Said with the grades, in words: what the students' code was kept from."""

    def prepared(self, edition: Edition) -> bool:
        """Whether the cells of `edition` have been run in every kernel that starts with it. Most run none."""
        return False

    @abstractmethod
    def environment(self, scratch: Path, edition: Edition = Edition()) -> dict[str, str]:
        """The environment of the run, with which its kernel starts. Called by `grade.trial` once per run of a notebook.

        `scratch` is a new folder that belongs to this run and is deleted after it.
        """

    def close(self) -> None:  # noqa: B027
        """End what this kernel keeps running between notebooks; most keep nothing. Called by whoever made it."""


class ColdKernel(Kernel):
    """An ordinary kernel of this Python, started anew for each notebook, in its own folder, with a time limit."""

    name = "kit-cold"
    isolation = (
        "not isolated: each notebook ran in a kernel and a folder of its own with a time limit, but with the rights "
        "of the person who graded"
    )

    def environment(self, scratch: Path, edition: Edition = Edition()) -> dict[str, str]:
        """Nothing of the grader's own environment but what a Python needs to start, and where Jupyter finds us."""
        edition.write(scratch / "seeds")
        kept = _named(_KEPT)
        private = ("HOME", "USERPROFILE", "TMPDIR", "TEMP", "TMP", "IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "MPLCONFIGDIR")
        return {
            **kept,
            **{name: str(scratch) for name in private},
            "KIT_SEEDS": str(scratch / "seeds"),
            **_PLAIN,
            "PATH": os.pathsep.join(filter(None, (str(Path(sys.executable).parent), kept.get("PATH", "")))),
            "JUPYTER_PATH": str(Path(__file__).parent / "jupyter"),
        }


class WarmKernel(Kernel):
    """A kernel forked from a warm process and walled in. One warm process serves any number of notebooks at a time.

    A copy uses the same warm process, and on another machine, or when that has ended, its own. `without` names layers
    of the sandbox to leave out, for tests. Raises SetupError where this machine cannot isolate.
    """

    name = "kit-warm"

    def __init__(self, *, without: Collection[str] = ()) -> None:
        warm = _WarmProcess(tuple(without))
        _started[warm.folder] = warm
        atexit.register(self.close)
        self.without, self.layers, self.missing = warm.without, warm.layers, warm.missing
        self.isolation = probe.words(self.layers, self.missing)
        self._folder = warm.folder

    def prepared(self, edition: Edition) -> bool:
        """Whether the cells of `edition` could be run for all its kernels: else each must run them."""
        return bool(self._opened(edition))

    def environment(self, scratch: Path, edition: Edition = Edition()) -> dict[str, str]:
        """What a judge needs, and the way to the process that forks the kernels of `edition`. They do not get it.

        Raises SetupError where a new warm process is needed and the machine allows less than is said.
        """
        if not (process := self._opened(edition) or self._opened(replace(edition, cells=()))):
            raise SetupError("The warm process does not open the articles of an exercise to its kernels.")
        return ColdKernel().environment(scratch) | {SOCKET: process}

    def _living(self) -> str:
        """The folder of a warm process that answers."""
        with _starting:
            warm = _started.get(self._folder)
            if _refusal(f"{warm.folder if warm else self._folder}/warm"):
                warm = _started[self._folder] = _WarmProcess(self.without)
        if warm and not set(self.layers) <= set(warm.layers):
            raise SetupError(f"This machine isolates less than the one that grades: {_reasons(warm.missing)}.")
        return warm.folder if warm else self._folder

    def _opened(self, edition: Edition) -> str:
        """The socket of the process that has, by now, run the cells of `edition` and forks its kernels; "" for none."""
        import fcntl  # Windows has no such module, and no warm process

        folder = self._living()
        if not _refusal(process := f"{folder}/{edition.name}"):
            return process
        home = Path(folder, "editions", edition.name)
        home.mkdir(parents=True, exist_ok=True)
        held = os.open(home, os.O_RDONLY)
        try:
            fcntl.flock(held, fcntl.LOCK_EX)  # workers that need the same one wait for the first
            if (home / "failed").exists() or not _refusal(process):
                return "" if (home / "failed").exists() else process
            edition.write(home / "seeds")
            (home / "cells.json").write_text(json.dumps(edition.cells), "utf-8")
            there, said = asked(f"{folder}/warm", {"edition": edition.name})
            there.close()
            if "ready" not in said:
                (home / "failed").touch()
            return process if "ready" in said else ""
        finally:
            os.close(held)

    def close(self) -> None:
        """End the warm process, and with it every kernel that came from it."""
        if warm := _started.pop(self._folder, None):
            warm.close()


def choose(*, trust: bool) -> Kernel:
    """The warm, isolated kernel where this machine allows it; else the cold one, and only if `trust` says so.

    Raises KitError where nothing can be isolated and nobody said that the submissions are trusted.
    """
    try:
        return WarmKernel()
    except SetupError as error:
        if trust:
            return ColdKernel()
        raise KitError(
            f"{error} The students' code would run with your rights: it could read and change your files, and find "
            "the key. Grade on a Linux machine, or, if you know whose code it is, grade again with --trust."
        ) from None


class _WarmProcess:
    """A warm process of this process; it ends with it."""

    def __init__(self, without: tuple[str, ...]) -> None:
        if sys.platform != "linux":
            raise SetupError("This machine does not isolate kernels: that takes Linux.")
        self.without = without
        _sweep(Path(sockets() or tempfile.gettempdir()))
        self._home = tempfile.TemporaryDirectory(prefix=_HERE, dir=sockets(), ignore_cleanup_errors=True)
        self.folder = self._home.name
        options = json.dumps({"imports": _WARMED, "without": without})
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "kit.teacher.sandbox.warm", self.folder, options],
            env=_PLAIN | _ONE_THREAD | _named((*_KEPT, *_CACHES)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        said = json.loads(self.process.stdout.readline() or "{}")
        self.layers, self.missing = tuple(said.get("layers", ())), dict(said.get("missing", {}))
        if not {"seccomp", "landlock", "limits"} <= set(self.layers):  # less is not enough for the code of strangers
            self.close()
            raise SetupError(f"This machine does not isolate kernels: {_reasons(self.missing)}.")

    def close(self) -> None:
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()
        self._home.cleanup()


_started: dict[str, _WarmProcess] = {}
_starting = threading.Lock()


def sockets() -> str | None:
    """Where to make folders for sockets, as tempfile takes it: a socket's name may be too long where TMPDIR is."""
    return "/tmp" if len(os.fsencode(tempfile.gettempdir())) > _LONGEST_NAME else None


def asked(process: str, what: Mapping[str, Any], fds: Collection[int] = ()) -> tuple[socket.socket, dict[str, Any]]:
    """Ask the warm process, or one for an edition, by its socket; returns the connection, and what was answered.

    Raises OSError where nobody listens there, or answers in time.
    """
    there = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    there.settimeout(limits.START_SECONDS)
    there.connect(process)
    socket.send_fds(there, [json.dumps(what).encode()], list(fds))
    return there, json.loads(there.recv(1 << 16) or b'{"failed": "the process has ended"}')


def _refusal(path: str) -> int:
    """0 where a process listens on the socket `path`, else why not, as a number of the system."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as there:
        return there.connect_ex(path)


def _sweep(parent: Path) -> None:
    """Remove what killed graders left: folders with a socket of this person and machine that refuses, and no others."""
    for left in parent.glob(f"{_HERE}*/warm"):
        with suppress(OSError):
            about, folder = left.lstat(), str(left.parent)
            ours = stat.S_ISSOCK(about.st_mode) and about.st_uid == os.geteuid()
            if ours and _refusal(str(left)) == errno.ECONNREFUSED:
                limits.remove(folder)


def _named(names: Collection[str]) -> dict[str, str]:
    return {name: os.environ[name] for name in names if name in os.environ}


def _reasons(missing: dict[str, str]) -> str:
    said = "; ".join(f"{probe.LAYERS[name]}: {why}" for name, why in missing.items())
    return said or "the warm process did not start"
