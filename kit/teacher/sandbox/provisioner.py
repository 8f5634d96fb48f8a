"""What jupyter_client is given: where it gets kernels from, and the client with which it talks to them.

`kit-warm` forks kernels from the warm process, `kit-cold` starts them anew. With either, nbval and nbclient run
unchanged. Both provisioners are named as entry points in pyproject.toml.
"""

# pyright: reportOptionalMemberAccess=false
# Jupyter_client sets `parent` before it calls.
from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections import deque
from contextlib import suppress
from queue import Empty
from typing import Any, NoReturn

import zmq
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase

from kit.teacher.sandbox.kernels import SOCKET, asked, sockets
from kit.teacher.sandbox.limits import MOST_HELD, MOST_OUTPUT, STOP_SECONDS

__all__ = ["Client", "ColdProvisioner", "KernelEnded", "WarmProvisioner"]

_CHANNELS = ("shell", "iopub", "stdin", "control", "hb")
"""By port, from 1. A warm kernel has the first two."""
_PARTS = ("header", "parent_header", "metadata", "content")
"""Of a message, as they come; before them stands a signature, behind them what is no text."""
_FRAME = 100
"""What a part of a message counts for, beside its bytes: it may have none."""
_LOOK = 0.1


def _attentive(manager: Any) -> None:
    """Give nbval's manager the client that notices ends and bounds output; nbclient keeps its own."""
    if issubclass(manager.client_factory, BlockingKernelClient):
        manager.client_class = f"{__name__}.{Client.__name__}"


def _on_sockets(manager: Any) -> str:
    """Put the channels on unix sockets in a new folder, which is returned.

    A port is chosen, released, and bound by the kernel a second later: meanwhile anybody can take it, and the kernel
    stays silent.
    """
    folder = tempfile.mkdtemp(prefix="kit-", dir=sockets())
    manager.transport, manager.ip = "ipc", f"{folder}/k"
    manager.connection_file = f"{folder}/kernel.json"
    for port, channel in enumerate(_CHANNELS, 1):
        setattr(manager, f"{channel}_port", port)
    return folder


class ColdProvisioner(LocalProvisioner):
    """An ordinary kernel, not isolated."""

    folder: str = ""

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Called by jupyter_client before the start, and before each new start of the same kernel."""
        _attentive(self.parent)
        if not self.folder and os.name == "posix":
            self.folder = _on_sockets(self.parent)
        return await super().pre_launch(**kwargs)

    async def cleanup(self, restart: bool = False) -> None:
        """Called by jupyter_client when all is over, and before a new start."""
        await super().cleanup(restart)
        if self.folder and not restart:
            shutil.rmtree(self.folder, ignore_errors=True)


class WarmProvisioner(KernelProvisionerBase):
    """A kernel that the warm process forks and walls in. The connection to its supervisor is its life."""

    supervisor: socket.socket | None = None
    folder: str = ""
    ended: int | None = None
    why: str = ""

    @property
    def has_process(self) -> bool:
        """Whether there is a kernel that has not been seen to end."""
        return self.supervisor is not None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Called by jupyter_client before the start. The channels are unix sockets in a folder of their own."""
        manager = self.parent
        _attentive(manager)
        self.folder = _on_sockets(manager)
        manager.session.key = b""  # unsigned: nobody else gets into the folder, and a kernel knows its key
        self.connection_info = manager.get_connection_info()
        return await super().pre_launch(cmd=[], **kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Have the kernel forked, and return when it is ready. Raises RuntimeError where it could not be walled in.

        The channels listen before there is a kernel, and are handed to it open: it needs no way to them. Nothing of
        the environment here is handed on.
        """
        given: Any = self.connection_info
        listening: list[socket.socket] = []
        for port in (1, 2):
            listening.append(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
            listening[-1].bind(f"{given['ip']}-{port}")
            listening[-1].listen(8)
            listening[-1].setblocking(False)
        try:
            handed = [one.fileno() for one in listening]
            self.supervisor, said = asked(os.environ[SOCKET], {"connection": {"ip": given["ip"]}}, handed)
        finally:
            for one in listening:
                one.close()
        if "ready" not in said:
            await self.cleanup()
            raise RuntimeError(f"the kernel could not be started: {said}")
        return self.connection_info

    async def poll(self) -> int | None:
        """None while the kernel lives, else its exit code (negative: the signal that ended it)."""
        self._hear(0)
        return self.ended

    async def wait(self) -> int | None:
        """Wait until the kernel has ended."""
        self._hear(STOP_SECONDS)
        self._close()
        return self.ended

    async def send_signal(self, signum: int) -> None:
        """Have the supervisor interrupt the kernel; whatever other signal, end it."""
        if signum != signal.SIGINT:
            await self.kill()
        elif self.supervisor is not None:
            with suppress(OSError):  # it has just ended
                self.supervisor.send(b"!")

    async def kill(self, restart: bool = False) -> None:
        """End the kernel and all that it started, and return when it is gone."""
        if self.supervisor is not None:
            self.supervisor.shutdown(socket.SHUT_WR)
            await self.wait()

    async def terminate(self, restart: bool = False) -> None:
        """The same as `kill`: there is nothing in a kernel that would have to be saved."""
        await self.kill()

    async def cleanup(self, restart: bool = False) -> None:
        """Called by jupyter_client when all is over."""
        self._close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _hear(self, seconds: float) -> None:
        """Note what the supervisor says about the end, if it has not yet and says so within `seconds`."""
        if self.supervisor is None or self.ended is not None:
            return
        self.supervisor.settimeout(seconds)
        try:
            said = self.supervisor.recv(1 << 16)
        except (BlockingIOError, TimeoutError):
            return
        except OSError:
            said = b""
        about = json.loads(said) if said else {"ended": -9, "why": "its supervisor has ended"}
        self.ended, self.why = about["ended"], about["why"]

    def _close(self) -> None:
        if self.supervisor is not None:
            self.supervisor.close()
            self.supervisor = None
            self.ended = -9 if self.ended is None else self.ended


class KernelEnded(RuntimeError):
    """The kernel has ended, or was ended because it sent too much."""


class Client(BlockingKernelClient):
    """What nbval talks to: messages come from a store that fills from both channels, whichever is asked for.

    `deadline` (of time.monotonic) ends all waiting, however much a kernel has to say.
    """

    deadline = float("inf")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._stored: dict[str, deque[dict[str, Any]]] = {"shell": deque(), "iopub": deque()}
        self._received = 0
        self._before = _held()
        self._breaks: list[zmq.Socket[Any]] = []
        self._poller = zmq.Poller()
        self._answered = ""

    def _context_default(self) -> zmq.Context[Any]:
        context = super()._context_default()
        context.setsockopt(zmq.MAXMSGSIZE, MOST_OUTPUT)
        return context

    def start_channels(self, *_: Any, **__: Any) -> None:
        """Open the two channels that are read. There is no heartbeat: the process itself is watched."""
        super().start_channels(shell=True, iopub=True, stdin=False, hb=False, control=False)
        both = (self.shell_channel.socket, self.iopub_channel.socket)
        self._breaks = [socket.get_monitor_socket(zmq.EVENT_DISCONNECTED) for socket in both]
        for one in (*both, *self._breaks):
            self._poller.register(one, zmq.POLLIN)

    def stop_channels(self) -> None:
        """Close both channels."""
        super().stop_channels()
        while self._breaks:
            self._breaks.pop().close(linger=0)

    def wait_for_ready(self, timeout: float | None = None) -> None:
        """Return as soon as both channels work. Raises RuntimeError where they do not within `timeout` seconds."""
        end = time.monotonic() + (float("inf") if timeout is None else timeout)
        asked = {super().kernel_info()}
        while time.monotonic() < end:
            try:
                message = self.get_iopub_msg(timeout=0.5)
            except Empty:
                asked.add(super().kernel_info())  # sent before iopub was heard
                continue
            about = message["parent_header"].get("msg_id")
            if message["content"].get("execution_state") == "idle" and about in asked:
                self._answered = about
                self._stored["iopub"].appendleft(message)
                return
        raise RuntimeError(f"the kernel did not answer within {timeout} seconds")

    def kernel_info(self, *_: Any, **__: Any) -> str:
        """Ask for it, and return the request's id. Right after the start, when nbval asks, it has been answered."""
        answered, self._answered = self._answered, ""
        return answered or super().kernel_info()

    def get_shell_msg(self, timeout: float | None = None) -> dict[str, Any]:
        """The next reply. Raises queue.Empty after `timeout` seconds, KernelEnded if none can come any more."""
        return self._next("shell", timeout)

    def get_iopub_msg(self, timeout: float | None = None) -> dict[str, Any]:
        """The next output or status. Raises queue.Empty after `timeout` seconds, KernelEnded if none can come."""
        return self._next("iopub", timeout)

    def _next(self, channel: str, timeout: float | None) -> dict[str, Any]:
        end = min(time.monotonic() + (float("inf") if timeout is None else timeout), self.deadline)
        while not self._stored[channel]:
            left = end - time.monotonic()
            if left <= 0:
                raise Empty
            if not self._fill(min(left, _LOOK)) and not self.parent.is_alive() and not self._fill(0):
                raise KernelEnded("the kernel has ended")
        return self._stored[channel].popleft()

    def _fill(self, seconds: float) -> bool:
        """Store what came within `seconds`, and tell whether anything came."""
        channels = {self.shell_channel.socket: "shell", self.iopub_channel.socket: "iopub"}
        ready = [one for one, _ in self._poller.poll(int(seconds * 1000))]
        for one in channels.keys() & ready:
            with suppress(zmq.Again):
                while True:
                    self._store(channels[one], one.recv_multipart(zmq.NOBLOCK))
        if _held() > self._before + MOST_HELD:
            self._end(f"the kernel sent more than {MOST_HELD:,} bytes in parts")
        if not channels.keys() >= set(ready):
            self._end("the kernel cut its connection, or sent a message that is too long")
        return bool(ready)

    def _store(self, channel: str, frames: list[bytes]) -> None:
        self._received += sum(len(frame) + _FRAME for frame in frames)
        if self._received > MOST_OUTPUT:
            self._end(f"the kernel sent more than {MOST_OUTPUT:,} bytes")
        with suppress(Exception):  # whatever a kernel sends that is no message
            _, (_, *parts) = self.session.feed_identities(frames)
            message = dict(zip(_PARTS, map(self.session.unpack, parts[: len(_PARTS)]), strict=True))
            about = {name: message["header"][name] for name in ("msg_id", "msg_type")}
            self._stored[channel].append({**message, **about, "buffers": parts[len(_PARTS) :]})

    def _end(self, why: str) -> NoReturn:
        self.parent.shutdown_kernel(now=True)
        raise KernelEnded(why)


def _held() -> int:
    """The most bytes of memory that this process has had; 0 where the system does not say."""
    try:
        import resource
    except ImportError:  # Windows
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
