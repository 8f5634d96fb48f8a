"""A warm kernel as nbval wants it: asked for, talked to, interrupted and ended.

All goes over one stream, which the kernel gets open and which nobody else can reach. A message is its length in four
bytes and JSON, which says what a message of Jupyter says; between them stands, in what a kernel sends, the letter of
the channel: “s” for replies, “i” for what is shown. Whatever a kernel sends is bounded, and costs only itself.
"""

from __future__ import annotations

import json
import os
import socket
import time
from collections import deque
from contextlib import suppress
from queue import Empty
from typing import Any, NoReturn

from kit.teacher.sandbox.kernels import SOCKET, asked
from kit.teacher.sandbox.limits import MOST_HELD, MOST_OUTPUT, STOP_SECONDS, resource

_PARTS = ("header", "parent_header", "metadata", "content")
"""Of a message, each a dict."""
_MESSAGE = 600
"""What a message counts for, beside its bytes: it may have few."""
_LONGEST = 3600.0
"""Seconds of waiting at a time."""


class KernelEnded(RuntimeError):
    """The kernel has ended, or was ended because it sent too much."""


class Talk:
    """A kernel of its own, from its start to its end: what nbval calls its manager, and its client.

    `deadline` (of time.monotonic) ends all waiting, however much a kernel has to say. `ended` is its exit code
    (negative: the signal that ended it), None while it lives; `why` is what its supervisor said of that. Raises
    RuntimeError where it could not be walled in.
    """

    deadline = float("inf")

    def __init__(self, *_: Any, **__: Any) -> None:
        self.ended: int | None = None
        self.why = ""
        self._stored: dict[str, deque[dict[str, Any]]] = {"s": deque(), "i": deque()}
        self._heard, self._received, self._asked, self._before = bytearray(), 0, 0, _held()
        self._line, theirs = socket.socketpair()
        with theirs:
            self._supervisor, said = asked(os.environ[SOCKET], {"kernel": ""}, [theirs.fileno()])
        if "ready" not in said:
            self._close()
            raise RuntimeError(f"the kernel could not be started: {said}")

    # As nbval's manager

    def is_alive(self) -> bool:
        """Whether the kernel has not been seen to end."""
        self._hear(0)
        return self.ended is None

    def interrupt_kernel(self) -> None:
        """Have the supervisor interrupt it."""
        with suppress(OSError):  # it has just ended
            self._supervisor.send(b"!")

    def shutdown_kernel(self, *, now: bool = True) -> None:
        """End the kernel and all that it started, and return when it is gone. There is nothing that it has to save."""
        with suppress(OSError):
            self._supervisor.shutdown(socket.SHUT_WR)
        self._hear(STOP_SECONDS)
        self._close()

    def _hear(self, seconds: float) -> None:
        """Note what the supervisor says about the end, if it has not yet and says so within `seconds`."""
        if self.ended is not None:
            return
        self._supervisor.settimeout(seconds)
        try:
            said = self._supervisor.recv(1 << 16)
        except (BlockingIOError, TimeoutError):
            return
        except OSError:
            said = b""
        about = json.loads(said) if said else {"ended": -9, "why": "its supervisor has ended"}
        self.ended, self.why = about["ended"], about["why"]

    def _close(self) -> None:
        self._supervisor.close()
        self._line.close()
        self.ended = -9 if self.ended is None else self.ended

    # As nbval's client

    def stop_channels(self) -> None:
        """There is nothing to be stopped before the kernel is."""

    def kernel_info(self) -> str:
        """What stands for a request that nobody has to make: the kernel was ready before there was a way to ask."""
        about = {"parent_header": {"msg_id": "ready"}, "msg_type": "status"}
        self._stored["s"].append({**about, "content": {"status": "ok"}})
        self._stored["i"].append({**about, "content": {"execution_state": "idle"}})
        return "ready"

    def execute(self, code: str, **how: Any) -> str:
        """Have a cell run, and return the request's id; `how` as in an “execute_request” of Jupyter."""
        self._asked += 1
        header = {"msg_id": str(self._asked), "msg_type": "execute_request", "session": "", "username": "", "date": ""}
        content = {"code": code, "silent": False, "user_expressions": {}, "allow_stdin": False, **how}
        text = json.dumps({"header": header, "parent_header": {}, "metadata": {}, "content": content, "buffers": []})
        self._line.settimeout(max(0.1, min(self.deadline - time.monotonic(), STOP_SECONDS)))
        try:
            self._line.sendall(len(text).to_bytes(4, "big") + text.encode())
        except OSError:
            self._end("the kernel takes no more requests")
        return header["msg_id"]

    def get_shell_msg(self, timeout: float | None = None) -> dict[str, Any]:
        """The next reply. Raises queue.Empty after `timeout` seconds, KernelEnded if none can come any more."""
        return self._next("s", timeout)

    def get_iopub_msg(self, timeout: float | None = None) -> dict[str, Any]:
        """The next output or status. Raises queue.Empty after `timeout` seconds, KernelEnded if none can come."""
        return self._next("i", timeout)

    def _next(self, channel: str, timeout: float | None) -> dict[str, Any]:
        end = min(time.monotonic() + (float("inf") if timeout is None else timeout), self.deadline)
        while not self._stored[channel]:
            if (left := end - time.monotonic()) <= 0:
                raise Empty
            self._fill(min(left, _LONGEST))
        return self._stored[channel].popleft()

    def _fill(self, seconds: float) -> None:
        """Store what comes next, within `seconds`."""
        self._line.settimeout(seconds)
        try:
            heard = self._line.recv(1 << 18)
        except TimeoutError:
            return
        except OSError:
            heard = b""
        if not heard:
            self._end("the kernel has ended, or cut its connection")
        self._heard += heard
        self._received += len(heard)
        while len(self._heard) >= 5 and len(self._heard) >= (end := 5 + int.from_bytes(self._heard[:4], "big")):
            self._received += _MESSAGE
            with suppress(Exception):  # whatever a kernel sends that is no message
                said = json.loads(self._heard[5:end].decode("utf-8", "replace"))
                message = {name: dict(said[name]) for name in _PARTS}
                message |= {name: message["header"][name] for name in ("msg_id", "msg_type")}
                self._stored[chr(self._heard[4])].append(message)
            del self._heard[:end]
        if self._received > MOST_OUTPUT or _held() > self._before + MOST_HELD:
            self._end(f"the kernel sent more than {MOST_OUTPUT:,} bytes, or what takes more than {MOST_HELD:,}")

    def _end(self, why: str) -> NoReturn:
        self.shutdown_kernel()
        raise KernelEnded(why)


def _held() -> int:
    """The most bytes of memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 if resource else 0
