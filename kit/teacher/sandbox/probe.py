"""What this machine allows: each layer of the sandbox is tried out in a process that is thrown away.

A layer counts as working only if what it is there to stop was seen to be stopped.
"""

from __future__ import annotations

import os
import platform
import socket
from collections.abc import Callable, Collection, Iterable, Mapping

from kit.teacher.sandbox import filter, limits, walls

LAYERS = {
    "namespaces": "user, mount, pid, net and ipc namespaces",
    "seccomp": "seccomp",
    "landlock": "Landlock",
    "limits": "resource limits",
}
"""The layers from the outside in, each as it is said with the grades."""


def missing(root: str, read: Collection[str], without: Collection[str] = ()) -> dict[str, str]:
    """Try every layer but those named in `without`, and return why each of the others does not work here.

    `root` is an empty folder, `read` what a kernel must be able to read.
    """
    if platform.machine() not in walls.NUMBERS:
        return dict.fromkeys(LAYERS, f"not known for {platform.machine()}")
    trials: dict[str, Callable[[], None]] = {
        "namespaces": lambda: _namespaces(root, read),
        "seccomp": _seccomp,
        "landlock": lambda: _landlock(read),
        "limits": limits.hold,
    }
    reasons = {name: "left out" if name in without else _tried(trial) for name, trial in trials.items()}
    return {name: reason for name, reason in reasons.items() if reason}


def words(layers: Iterable[str], reasons: Mapping[str, str] | None = None) -> str:
    """What is said with the grades: "isolated by: …", and which layers this machine does not have."""
    without = [LAYERS[name] for name in reasons or {}]
    said = "isolated by: " + "; ".join(LAYERS[name] for name in layers)
    return said + (f" (this machine did not allow: {'; '.join(without)})" if without else "")


def _tried(trial: Callable[[], None]) -> str:
    """Why `trial` fails in a process of its own; "" where it does not."""
    out, into = os.pipe()
    if not (pid := os.fork()):
        try:
            trial()
            os.write(into, b"works")
        except BaseException as error:
            os.write(into, f"{type(error).__name__}: {error}".encode())
        finally:
            os._exit(0)
    os.close(into)
    with os.fdopen(out, "rb") as told:
        said = told.read().decode()
    os.waitpid(pid, 0)
    return "" if said == "works" else said or "it ended without a word"


def _namespaces(root: str, read: Collection[str]) -> None:
    def inside() -> None:
        outside = os.path.realpath(os.getcwd())
        walls.own_files(root, read, "/scratch")
        walls.unprivileged()
        unseen = [path for path in read if not os.path.exists(path)]
        if unseen or os.path.exists("/proc/self") or os.path.exists(outside) or os.getpid() != 1:
            raise OSError(f"files are not as they should be ({', '.join(unseen) or 'too many are seen'})")
        with open("/scratch/probe", "wb") as file:
            file.write(bytes(1000))

    walls.own_user()
    if reason := _tried(inside):
        raise OSError(reason)


def _seccomp() -> None:
    walls.no_new_privileges()
    filter.install()
    for refused in (socket.socket, os.fork, lambda: os.kill(os.getppid(), 0)):
        try:
            refused()
        except PermissionError:
            continue
        raise OSError("the filter lets through what it should refuse")


def _landlock(read: Collection[str]) -> None:
    walls.landlock(read, ())
    try:
        os.listdir("/")
    except PermissionError:
        return
    raise OSError("files are open that should be closed")
