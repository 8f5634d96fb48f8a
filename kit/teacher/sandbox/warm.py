"""The warm process: it has imported what kernels need, and forks one for each that is asked for.

`python -P -m kit.teacher.sandbox.warm FOLDER '{"imports": […], "without": […]}'` says on its output what walls
this machine allows, listens on the socket FOLDER/warm, and ends with its input. It never holds a key.

Asked for an edition that lies in FOLDER/editions, it forks a process like itself for it, on the socket FOLDER/NAME:
that has run the edition's cells, and its kernels may read the edition's articles. What a kernel may read, and its
environment, is settled with that; who asks for a kernel can say no more than how to talk to it.
"""

# pyright: reportAttributeAccessIssue=false, reportCallIssue=false
# The types of pandas know neither a column of lists nor what a table shows in a notebook.
from __future__ import annotations

import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import sysconfig
import tempfile
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from kit.teacher.sandbox import limits, probe, walls

_LATE = (
    *("IPython.core.completerlib", "IPython.core.debugger", "IPython.core.logger", "IPython.core.oinspect"),
    *("IPython.extensions.storemagic", "ipykernel.debugger", "ipykernel.inprocess", "ipykernel.kernelapp"),
    *("jupyter_client.localinterfaces", "tornado.locks", "tornado.platform.asyncio", "tornado.queues"),
)
"""What ipykernel imports only when a kernel starts."""
_SYSTEM = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/share/zoneinfo", "/usr/share/fonts",
           "/usr/local/share/fonts", "/etc/localtime", "/etc/fonts", "/etc/ld.so.cache")  # fmt: skip
_LOOK = 0.25
_OPEN = ("LANG", "LC_ALL", "MPLBACKEND", "PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONHASHSEED", "PYTHONPATH")
"""The variables that a kernel is given as they are here; all others are the kernel's own."""


@dataclass(frozen=True, kw_only=True)
class _Policy:
    """What holds for every kernel of this process. `folder` is the warm process's; the others as in `Start`."""

    folder: str
    read: Collection[str]
    layers: Collection[str]


def main() -> None:
    """Warm up, say which walls hold, and fork kernels until the input ends."""
    folder, options = sys.argv[1], json.loads(sys.argv[2])
    sys.modules["debugpy"] = None  # type: ignore[assignment]  # slow to start, and a way in
    for name in ("root", "kernels", "own"):
        os.mkdir(f"{folder}/{name}")
    os.chdir(f"{folder}/kernels")  # before matplotlib looks for settings where it is
    for name in (*_LATE, "kit.teacher.sandbox.inside", *options["imports"]):
        importlib.import_module(name)
    read = _readable(folder)
    reasons = probe.missing(f"{folder}/root", read, options["without"])
    layers = [name for name in probe.LAYERS if name not in reasons]
    listener = _listening(f"{folder}/warm")
    sys.stdout.write(json.dumps({"layers": layers, "missing": reasons}) + "\n")
    sys.stdout.flush()
    with suppress(ImportError):
        _rehearse()  # who asks for a kernel meanwhile waits
    from kit.teacher.sandbox import inside

    kept = {name: os.environ[name] for name in _OPEN if name in os.environ}
    os.environ.clear()
    os.environ.update(kept, HOME=f"{folder}/own", IPYTHONDIR=f"{folder}/own")
    inside.make()
    _serve(listener, _Policy(folder=folder, read=read, layers=layers))


def _listening(path: str) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with suppress(FileNotFoundError):
        os.unlink(f"{path}~")
    listener.bind(f"{path}~")
    listener.listen(64)
    os.rename(f"{path}~", path)  # where there is one that refuses, its process has ended
    return listener


def _rehearse() -> None:
    """Do once what students do most, where pandas and matplotlib are there. No thread and no figure is left."""
    import matplotlib.pyplot as plt
    import pandas as pd
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    pd.set_option("display.max_columns", 20)  # as where it is imported in a notebook, and not at a terminal
    label = pd.Categorical(["a", "b", "a"], ["a", "b"], ordered=True)
    frame = pd.DataFrame({"label": label, "text": ["x", "y z", "x"], "number": [1, 2, 3]})
    frame["words"] = frame["text"].str.split().str.len()
    table = pd.crosstab(frame["label"], frame["text"])
    sums = frame.groupby("label", observed=True)["number"].agg(["sum", "mean"])
    counts = frame["text"].value_counts().to_frame().reset_index()
    for shown in (frame[frame["number"] > 1].sort_values("text"), table, sums, counts):
        _ = shown._repr_html_(), repr(shown)
    ax = table.plot.bar(stacked=True)
    ax.imshow(table)
    FigureCanvasAgg(ax.get_figure(root=True)).draw()
    plt.close("all")


def _readable(folder: str) -> list[str]:
    """What a kernel must read: Python, its packages, shared libraries, fonts and time zones. Parents come first.

    A package that is used from where it is edited is reached through a link in `folder`, which takes the place of
    its surroundings on `sys.path`: what lies beside it stays closed.
    """
    paths = sysconfig.get_paths()
    homes = {paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")} | {f"{sys.base_prefix}/lib"}
    found = {path for path in (*_SYSTEM, *homes) if os.path.exists(path)}
    links = Path(folder) / "packages"
    links.mkdir()
    for name, module in sorted(sys.modules.items()):
        for home in getattr(module, "__path__", ()) if "." not in name else ():
            if not any(Path(home).is_relative_to(path) for path in found):
                (links / name).symlink_to(home)
                found |= {str(links), str(home)}
    sys.path[:] = [path for path in sys.path if any(Path(path).is_relative_to(one) for one in found)] + [str(links)]
    sys.path_importer_cache.clear()
    return sorted(found)


def _serve(listener: socket.socket, policy: _Policy) -> None:
    gc.collect()
    gc.freeze()
    mine = os.getpid()
    waiting: list[socket.socket] = []
    while True:
        heard, _, _ = select.select([listener, 0, *waiting], [], [])
        with suppress(ChildProcessError):  # supervisors that have ended: their cost now counts as this process's
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        if 0 in heard:
            return
        if listener in heard:
            waiting.append(listener.accept()[0])
        for connection in [one for one in waiting if one in heard]:
            waiting.remove(connection)
            if connection.recv(1, socket.MSG_PEEK) and not os.fork():  # "": somebody only looked whether we are here
                listener.close()
                with suppress(BaseException):
                    walls.dies_with_parent(mine)
                    _answer(connection, policy)
                os._exit(0)
            connection.close()


def _answer(connection: socket.socket, policy: _Policy) -> None:
    """Be, until it ends, what is asked for on `connection`: the process of an edition, or a kernel's supervisor."""
    message, lines, _, _ = socket.recv_fds(connection, 1 << 16, 1)
    match json.loads(message):
        case {"edition": str(name), **rest} if not rest and name in os.listdir(f"{policy.folder}/editions"):
            _edition(connection, name, policy)
        case {"kernel": "", **rest} if not rest and lines:
            _supervise(connection, lines[0], policy)
        case _:
            connection.send(b'{"failed": "this is not for whoever asks to say"}')


def _edition(connection: socket.socket, name: str, policy: _Policy) -> None:
    """Run the edition's cells, say that kernels can be had, and fork them."""
    from kit.teacher.sandbox import inside

    home, place = Path(policy.folder, "editions", name), os.getcwd()
    os.environ["KIT_SEEDS"] = str(home / "seeds")
    signal.alarm(int(limits.START_SECONDS))
    with tempfile.TemporaryDirectory(dir=os.environ["HOME"]) as empty:
        os.chdir(empty)
        inside.run(json.loads((home / "cells.json").read_text("utf-8")))
        os.chdir(place)
    signal.alarm(0)
    listener = _listening(f"{policy.folder}/{name}")
    connection.send(b'{"ready": true}')
    connection.close()
    _serve(listener, replace(policy, read=sorted({*policy.read, os.environ["KIT_SEEDS"]})))


def _supervise(connection: socket.socket, line: int, policy: _Policy) -> None:
    """Fork the kernel that is asked for on `connection`, and end it when that closes or a bound is passed.

    `line` is the stream that the kernel talks on.
    """
    from kit.teacher.sandbox import inside

    scratch = tempfile.mkdtemp(dir=f"{policy.folder}/kernels")
    given = inside.Start(
        line=line, scratch=scratch, root=f"{policy.folder}/root", read=policy.read, layers=policy.layers
    )
    out, into = os.pipe()
    try:
        if "namespaces" in policy.layers:
            walls.own_user()
        mine = os.getpid()
        if not (pid := os.fork()):
            inside.start(given, ready=into, parent=mine)
    except OSError as error:
        connection.send(json.dumps({"failed": str(error)}).encode())
        return
    os.close(into)
    os.close(line)
    why = _watch(connection, pid, out, None if "namespaces" in policy.layers else scratch)
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    limits.remove(scratch)
    with suppress(OSError):
        connection.send(json.dumps({"ended": os.waitstatus_to_exitcode(status), "why": why}).encode())


def _watch(connection: socket.socket, pid: int, ready: int, scratch: str | None) -> str:
    """Pass on that the kernel is ready, and return when it has ended or must end; the text says why.

    `scratch` is the folder whose size must be watched; None where it is bounded by itself.
    """
    kernel = os.pidfd_open(pid)
    listening: list[socket.socket | int] = [connection, kernel, ready]
    while True:
        heard, _, _ = select.select(listening, [], [], _LOOK)
        if ready in heard:
            listening.remove(ready)
            connection.send(os.read(ready, 1 << 16) or b'{"failed": "the kernel ended at its start"}')
        if kernel in heard:
            return "it ended by itself"
        if connection in heard and not connection.recv(1):
            return "nobody asks for it any more"
        if connection in heard:
            os.kill(pid, signal.SIGINT)
        if why := limits.passed(pid, scratch):
            return why


if __name__ == "__main__":
    main()
