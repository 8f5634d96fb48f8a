"""The kernel itself: a fork of the warm process that walls itself in, says that it is ready, and runs cells.

What all kernels have in common is done before the fork: ipykernel's objects are made (`make`), and the cells that stand
before the first answer are run (`run`). They are ours; what they show is not compared, and is dropped.
"""

# pyright: reportOptionalMemberAccess=false, reportAttributeAccessIssue=false
# A kernel that is made has a shell, which is ipykernel's, and a session.
from __future__ import annotations

import asyncio
import json
import logging
import os
import pickle
import platform
import random
import signal
import socket
import sys
import threading
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import matplotlib.pyplot
import numpy
import traitlets
from ipykernel.iostream import IOPubThread, OutStream
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from IPython.utils.capture import capture_output
from jupyter_client.session import Session
from traitlets.config import Config

from kit.teacher.sandbox import filter, limits, walls

_CONFIG = Config(HistoryManager={"enabled": False}, IPythonKernel={"_execute_sleep": 0.0})

_LONGEST = 3600.0
"""Seconds that a kernel waits for who asks to listen."""
_PRIVATE = ("HOME", "TMPDIR", "IPYTHONDIR", "MPLCONFIGDIR", "JUPYTER_RUNTIME_DIR")
"""Variables that name folders to write to; all of them are the kernel's one folder."""


@dataclass(frozen=True, kw_only=True)
class Start:
    """What a kernel is started with.

    `line` is the stream (a descriptor) to who asks, `scratch` the one folder that the kernel may write to, `read` what
    it may read, `root` an empty folder to put its own file system on. All of `layers` must hold.
    """

    line: int
    scratch: str
    root: str
    read: Collection[str]
    layers: Collection[str]


class _Channel(IOPubThread):
    """In the place of the thread through which a kernel publishes: there is none."""

    thread = io_loop = None

    def __init__(self) -> None:
        """Without the socket that there would be."""


class _Session(Session):
    """What a kernel says and hears, one message after another on one stream, in the form that `talk` knows."""

    line: Any = None
    lock = threading.Lock()

    def send(self, stream: Any, msg_or_type: Any, content: Any = None, parent: Any = None, *_: Any, **how: Any) -> Any:
        """Send a message at once and whole, whichever thread sends it: an interrupt waits."""
        if not isinstance(message := msg_or_type, dict):
            message = self.msg(msg_or_type, content, parent, how.get("header"), how.get("metadata"))
        if self.line is None:  # not yet a kernel
            return None
        text: Any = self.pack(message)
        head = len(text).to_bytes(4, "big") + (b"i" if isinstance(stream, _Channel) else b"s")
        before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        try:
            with self.lock:
                self.line.sendall(head + text)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        return message

    def feed_identities(self, msg_list: Any, copy: bool = True) -> Any:
        """A request comes from one place."""
        return [], msg_list

    def deserialize(self, msg_list: Any, content: bool = True, copy: bool = True) -> Any:
        """A request comes as what it says."""
        return msg_list


class _Output(OutStream):
    """What a cell prints. It is sent when the cell has ended, or with what is printed `flush_interval` later."""

    since = 0.0

    def _schedule_flush(self) -> None:
        now = time.monotonic()
        if not self._flush_pending:
            self._flush_pending, self.since = True, now
        elif now > self.since + self.flush_interval:
            self.flush()


class _Kernel(IPythonKernel):
    """ipykernel's own, made before the fork and after it put on one stream, all in one thread."""

    shell_stream: Any = traitlets.Any()
    _supports_kernel_subshells = property(lambda _: False)

    def _abort_queues(self, *_: Any) -> None:
        """There is no queue: who asks waits for each answer."""

    def _publish_execute_input(self, *_: Any) -> None:
        """Who asks knows what was asked."""

    def _publish_status(self, status: str, *about: Any) -> None:
        """Nobody waits for any other status than that all has been said."""
        if status == "idle":
            super()._publish_status(status, *about)

    def connect(self, given: Start) -> None:
        """Take the stream to who asks."""
        self.session.line = socket.socket(fileno=given.line)
        self.session.pid = os.getpid()
        sys.stdout, sys.stderr = (
            _Output(self.session, self.iopub_thread, name, watchfd=False) for name in ("stdout", "stderr")
        )

    async def serve(self) -> None:
        """Answer what is asked, one after another, until nobody asks."""
        # An interrupt must wake what is awaited; exit() does nothing.
        wake = asyncio.get_running_loop().call_soon_threadsafe
        self.io_loop = SimpleNamespace(add_callback=wake, call_later=lambda *_: None, stop=None)
        reader, _kept = await asyncio.open_connection(sock=self.session.line.dup())
        self.session.line.settimeout(_LONGEST)  # else what there is no room for at once would fail
        while True:
            size = int.from_bytes(await reader.readexactly(4), "big")
            await self.dispatch_shell(json.loads(await reader.readexactly(size)))


def make() -> None:
    """Make what a kernel is made of, but for its channels, so that no fork has to."""
    IPKernelApp.instance(config=_CONFIG).patch_io()
    channel = _Channel()
    given: Any = {
        "iopub_socket": channel,
        "iopub_thread": channel,
        "log": logging.getLogger(__name__),  # the app's makes a record of each thing that nobody is told
        "session": _Session(key=b""),
        "shell_channel_thread": SimpleNamespace(parent_thread=threading.main_thread()),
    }
    shell = _Kernel.instance(config=_CONFIG, **given).shell
    shell.displayhook.msg = None  # else it looks for a message to fill
    shell.display_formatter.formatters["text/html"].enabled = False  # nobody looks; a figure must be drawn to be read
    shell.extension_manager.load_extension("storemagic")  # as every kernel does
    # What these load is loaded here.
    asyncio.run(asyncio.sleep(0))
    numpy.random.seed()
    filter.program(platform.machine(), 1)


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
        for kept in (*sorted((ready, given.line)), os.sysconf("SC_OPEN_MAX")):
            os.closerange(first, kept)  # everything else that the warm process had open
            first = kept + 1
        _wall_in(given, parent)
        kernel = _Kernel.instance()
        kernel.connect(given)
        IPKernelApp.instance().init_path()
        kernel.shell.system, kernel.shell.getoutput = _not_started, lambda command, **_: _not_started(command) or []
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # but for the time of a cell
        if "seccomp" in given.layers:
            filter.install()
        os.write(ready, b'{"ready": true}')
        os.close(ready)
    except BaseException as error:
        os.write(ready, json.dumps({"failed": f"{type(error).__name__}: {error}"}).encode())
        os._exit(1)
    try:
        asyncio.run(kernel.serve())
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
