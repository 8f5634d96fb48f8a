"""What jupyter_client is given for a cold kernel: sockets in place of ports, and a client that notices an end.

The provisioner is named as an entry point in pyproject.toml; nbval and nbclient run unchanged.
"""

# pyright: reportOptionalMemberAccess=false
# Jupyter_client sets `parent` before it calls.
from __future__ import annotations

import os
import shutil
import tempfile
import time
from queue import Empty
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from kit.teacher.sandbox.kernels import sockets

_CHANNELS = ("shell", "iopub", "stdin", "control", "hb")
"""By port, from 1."""
_LOOK = 0.1


class ColdProvisioner(LocalProvisioner):
    """An ordinary kernel, not isolated. Its channels are unix sockets in a folder of its own, where the system can.

    A port is chosen, released, and bound by the kernel a second later: meanwhile anybody can take it, and the kernel
    stays silent.
    """

    folder: str = ""

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Called by jupyter_client before the start, and before each new start of the same kernel."""
        manager: Any = self.parent
        if issubclass(manager.client_factory, BlockingKernelClient):  # nbval's; nbclient keeps its own
            manager.client_class = f"{__name__}.{Client.__name__}"
        if not self.folder and os.name == "posix":
            self.folder = tempfile.mkdtemp(prefix="kit-", dir=sockets())
            manager.transport, manager.ip = "ipc", f"{self.folder}/k"
            manager.connection_file = f"{self.folder}/kernel.json"
            for port, channel in enumerate(_CHANNELS, 1):
                setattr(manager, f"{channel}_port", port)
        return await super().pre_launch(**kwargs)

    async def cleanup(self, restart: bool = False) -> None:
        """Called by jupyter_client when all is over, and before a new start."""
        await super().cleanup(restart)
        if self.folder and not restart:
            shutil.rmtree(self.folder, ignore_errors=True)


class Client(BlockingKernelClient):
    """What nbval talks to. `deadline` (of time.monotonic) ends all waiting, and so does the kernel's end."""

    deadline = float("inf")

    def get_shell_msg(self, *_: Any, timeout: float | None = None) -> dict[str, Any]:
        """The next reply. Raises queue.Empty after `timeout` seconds, RuntimeError if none can come any more."""
        return self._next(super().get_shell_msg, timeout)

    def get_iopub_msg(self, *_: Any, timeout: float | None = None) -> dict[str, Any]:
        """The next output or status. Raises queue.Empty after `timeout` seconds, RuntimeError if none can come."""
        return self._next(super().get_iopub_msg, timeout)

    def _next(self, get: Any, timeout: float | None) -> dict[str, Any]:
        end = min(time.monotonic() + (float("inf") if timeout is None else timeout), self.deadline)
        while True:
            alive = self.parent.is_alive()
            try:
                return get(timeout=max(0.0, min(_LOOK, end - time.monotonic())))
            except Empty:
                if not alive:
                    raise RuntimeError("the kernel has ended") from None
                if time.monotonic() >= end:
                    raise
