"""A client of a kernel that waits for nothing but the kernel, notices at once when it ends, and bounds its output."""

from __future__ import annotations

import sys
import time
from collections import deque
from contextlib import suppress
from queue import Empty
from typing import Any, NoReturn

import zmq
from jupyter_client.blocking.client import BlockingKernelClient

__all__ = ["Client", "KernelEnded"]

MOST_OUTPUT = 16_000_000
"""Bytes of messages of one kernel, and of one message."""
MOST_HELD = 1 << 28
"""Bytes of memory that a kernel's messages may take here, those included that never come to an end."""
_FRAME = 100
"""What a part of a message counts for, beside its bytes: it may have none."""
_LOOK = 0.1


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

    def _context_default(self) -> zmq.Context[Any]:
        context = super()._context_default()
        context.setsockopt(zmq.MAXMSGSIZE, MOST_OUTPUT)
        return context

    def start_channels(self, *_: Any, **__: Any) -> None:
        """Open the two channels that are read. There is no heartbeat: the process itself is watched."""
        super().start_channels(shell=True, iopub=True, stdin=False, hb=False, control=False)
        both = (self.shell_channel.socket, self.iopub_channel.socket)
        self._breaks = [socket.get_monitor_socket(zmq.EVENT_DISCONNECTED) for socket in both]

    def stop_channels(self) -> None:
        """Close both channels."""
        super().stop_channels()
        while self._breaks:
            self._breaks.pop().close(linger=0)

    def wait_for_ready(self, timeout: float | None = None) -> None:
        """Return as soon as both channels work. Raises RuntimeError where they do not within `timeout` seconds."""
        end = time.monotonic() + (float("inf") if timeout is None else timeout)
        asked = {self.kernel_info()}
        while time.monotonic() < end:
            try:
                message = self.get_iopub_msg(timeout=0.5)
            except Empty:
                asked.add(self.kernel_info())  # sent before iopub was heard
                continue
            if message["content"].get("execution_state") == "idle" and message["parent_header"].get("msg_id") in asked:
                return
        raise RuntimeError(f"the kernel did not answer within {timeout} seconds")

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
        poller = zmq.Poller()
        for socket in (*channels, *self._breaks):
            poller.register(socket, zmq.POLLIN)
        ready = [socket for socket, _ in poller.poll(int(seconds * 1000))]
        for socket in channels.keys() & ready:
            with suppress(zmq.Again):
                while True:
                    self._store(channels[socket], socket.recv_multipart(zmq.NOBLOCK))
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
            _, parts = self.session.feed_identities(frames)
            self._stored[channel].append(self.session.deserialize(parts))

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
