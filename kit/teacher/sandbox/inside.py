"""The kernel itself: a fork of the warm process that walls itself in, says that it is ready, and runs cells.

What all kernels have in common is done before the fork: ipykernel's objects are made (`make`), and the cells that stand
before the first answer are run (`run`). They are ours; what they show is not compared, and is dropped.
"""

# pyright: reportOptionalMemberAccess=false
# An app that is started has a shell.
from __future__ import annotations

import json
import os
import pickle
import random
import sys
import threading
import warnings
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import matplotlib.pyplot
import numpy
import zmq
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from IPython.utils.capture import capture_output
from traitlets.config import Config

from kit.teacher.sandbox import filter, limits, walls

__all__ = ["Start", "make", "run", "start"]

_CONFIG = Config(HistoryManager={"enabled": False})

_PRIVATE = ("HOME", "TMPDIR", "IPYTHONDIR", "MPLCONFIGDIR", "JUPYTER_RUNTIME_DIR")
"""Variables that name folders to write to; all of them are the kernel's one folder."""


@dataclass(frozen=True, kw_only=True)
class Start:
    """What a kernel is started with.

    `channels` are listening unix sockets (descriptors), by port; `connection` is what Jupyter calls the connection
    information; `scratch` is the one folder that the kernel may write to, `read` what it may read, `root` an empty
    folder to put its own file system on. All of `layers` must hold.
    """

    connection: Mapping[str, Any]
    channels: Mapping[int, int]
    scratch: str
    root: str
    read: Collection[str]
    layers: Collection[str]


class _NoThread:
    """In the place of the thread between the shell channel and this one. It is there for subshells; we have none."""

    parent_thread = threading.main_thread()

    def __bool__(self) -> bool:
        return False


class _Kernel(IPythonKernel):
    """ipykernel's own, made before the fork, and put on its channels after it."""

    @property
    def _supports_kernel_subshells(self) -> bool:
        return False

    @classmethod
    def instance(cls, *_: Any, **given: Any) -> Any:
        """The one kernel of this process, with the traits that are `given`."""
        kernel = super().instance(config=_CONFIG)
        for name in given.keys() - {"user_ns"}:  # it has variables
            setattr(kernel, name, given[name])
        channels: Any = (kernel.shell.displayhook, kernel.shell.display_pub)
        for channel in channels:
            channel.session, channel.pub_socket = kernel.session, kernel.iopub_socket
        return kernel


class _App(IPKernelApp):
    """ipykernel's own, on sockets that it is given open, and with no command line, files, heartbeat or poller."""

    start_with: Start
    kernel_class = _Kernel

    def init_connection_file(self) -> None:
        connection: Any = dict(self.start_with.connection)
        self.load_connection_info(connection)

    def init_control(self, context: Any) -> None:
        super().init_control(context)
        self.shell_channel_thread = _NoThread()

    def _left_out(self, *_: Any, **__: Any) -> None:
        pass

    parse_command_line = load_config_file = write_connection_file = init_heartbeat = init_poller = _left_out

    def _bind_socket(self, s: Any, port: int) -> int:
        s.setsockopt(zmq.USE_FD, self.start_with.channels[port])
        s.bind(f"ipc://{self.ip}-{port}")
        return port


def make() -> None:
    """Make what a kernel is made of, but for channels and threads, so that no fork has to."""
    _App.instance(config=_CONFIG).default_extensions = []
    shell = _Kernel.instance().shell
    shell.displayhook.msg = None  # else it looks for a message to fill
    shell.extension_manager.load_extension("storemagic")  # as every kernel does


def run(cells: Iterable[str]) -> None:
    """Run `cells` of ours. Raises RuntimeError where they do what a fork would not have: then kernels must run them."""
    before = _not_forked()
    with capture_output():
        for cell in cells:
            _Kernel.instance().shell.run_cell(cell).raise_error()
    if _not_forked() != before:
        raise RuntimeError("these cells draw numbers, or open or write something")


def _not_forked() -> bytes:
    """What is not the same in a kernel: random numbers, its environment and folder, threads, open files, figures."""
    folders = (".", "/proc/self/task", "/proc/self/fd")
    states = random.getstate(), numpy.random.get_state(), matplotlib.pyplot.get_fignums()
    return pickle.dumps((states, {**os.environ}, os.getcwd(), *map(os.listdir, folders)))


def start(given: Start, *, ready: int, parent: int) -> None:
    """Become the kernel, and never return. `ready` is a descriptor that hears one line: ready, or what failed."""
    try:
        null = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1, 2):
            os.dup2(null, standard)
        first = 3
        for kept in (*sorted((ready, *given.channels.values())), os.sysconf("SC_OPEN_MAX")):
            os.closerange(first, kept)  # everything else that the warm process had open
            first = kept + 1
        _wall_in(given, parent)
        app = _App.instance(config=_CONFIG)
        app.start_with = given
        with warnings.catch_warnings(action="ignore"):  # a cell of ours may have made errors of them
            app.initialize([])
        app.shell.system, app.shell.getoutput = _not_started, lambda command, **_: _not_started(command) or []
        if "seccomp" in given.layers:
            filter.install()  # on all threads of ipykernel; none of them has run a student's code
        os.write(ready, b'{"ready": true}')
        os.close(ready)
    except BaseException as error:
        os.write(ready, json.dumps({"failed": f"{type(error).__name__}: {error}"}).encode())
        os._exit(1)
    try:
        app.start()
    finally:
        os._exit(0)  # a polite end waits for threads that may be gone


def _not_started(command: str, **_: Any) -> None:
    """What `!command` and `%pip` do here: an answer should not fail for a program that it could do without."""
    sys.stdout.write(f"Not started here: {command}\n")


def _wall_in(given: Start, parent: int) -> None:
    limits.hold()
    if "namespaces" in given.layers:
        walls.own_files(given.root, given.read, given.scratch)
    walls.unprivileged()
    if "landlock" in given.layers:
        walls.landlock(given.read, [given.scratch])
    walls.dies_with_parent(parent)
    os.chdir(given.scratch)
    os.environ.update(dict.fromkeys(_PRIVATE, given.scratch))
    numpy.random.seed()  # else every kernel would draw the same numbers
