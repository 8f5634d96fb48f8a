"""Where jupyter_client gets kernels from: `kit-warm` forks them from the warm process, `kit-cold` starts them anew.

With either, nbval and nbclient run unchanged. Both are named as entry points in pyproject.toml.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import tempfile
from pathlib import Path
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase

__all__ = ["PREFIX", "Cold", "Warm", "kernels", "open_to", "sockets"]

PREFIX = "KIT_SANDBOX"
"""Of the variables of the environment that are for `Warm` and not for the kernel."""
_CHANNELS = ("shell", "iopub", "stdin", "control", "hb")
_LONGEST = 80
"""Bytes of the name of a folder for temporary files; 107 is what a socket's whole name may have."""
_START_SECONDS = 30.0
_STOP_SECONDS = 10.0


def kernels() -> dict[str, str]:
    """The environment in which Jupyter finds `kit-warm` and `kit-cold`."""
    return {"JUPYTER_PATH": str(Path(__file__).parent / "jupyter")}


def open_to(warm: Path, read: Path) -> dict[str, str]:
    """The environment in which `kit-warm` works: the socket of the warm process, and what its kernels may read."""
    return {PREFIX: str(warm), f"{PREFIX}_READ": str(read), **kernels()}


def sockets() -> str | None:
    """Where to make folders for sockets, as tempfile takes it: a socket's name may be too long where TMPDIR is."""
    return "/tmp" if len(os.fsencode(tempfile.gettempdir())) > _LONGEST else None


def _attentive(manager: Any) -> None:
    """Give nbval's manager the client that notices ends and bounds output; nbclient keeps its own."""
    if issubclass(manager.client_factory, BlockingKernelClient):
        manager.client_class = "kit.teacher.sandbox.client.Client"


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


class Cold(LocalProvisioner):
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


class Warm(KernelProvisionerBase):
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
        manager.write_connection_file()
        self.connection_info = manager.get_connection_info()
        return await super().pre_launch(cmd=[], **kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Have the kernel forked, and return when it is ready. Raises RuntimeError where it could not be walled in.

        The channels listen before there is a kernel, and are handed to it open: it needs no way to them.
        """
        environment = {name: text for name, text in kwargs["env"].items() if not name.startswith((PREFIX, "JUPYTER_"))}
        given: Any = self.connection_info
        information = {**given, "key": given["key"].decode()}
        asked = {"connection": information, "environment": environment, "read": [os.environ[f"{PREFIX}_READ"]]}
        listening = [_listener(f"{given['ip']}-{port}") for port in range(1, len(_CHANNELS))]
        self.supervisor = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.supervisor.settimeout(_START_SECONDS)
        try:
            self.supervisor.connect(os.environ[PREFIX])
            socket.send_fds(self.supervisor, [json.dumps(asked).encode()], [one.fileno() for one in listening])
            said = json.loads(self.supervisor.recv(1 << 16) or b'{"failed": "the warm process has ended"}')
        finally:
            for one in listening:
                one.close()
        if "ready" not in said:
            await self.cleanup()
            raise RuntimeError(f"the kernel could not be started: {said}")
        return self.connection_info

    async def poll(self) -> int | None:
        """None while the kernel lives, else its exit code (negative: the signal that ended it)."""
        if self.supervisor is not None and self.ended is None:
            self._hear(0)
        return self.ended

    async def wait(self) -> int | None:
        """Wait until the kernel has ended."""
        if self.supervisor is not None:
            if self.ended is None:
                self._hear(_STOP_SECONDS)
            self._close()
        return self.ended

    async def send_signal(self, signum: int) -> None:
        """Whatever the signal, end the kernel; interrupts come as messages."""
        await self.kill()

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
        """Note what the supervisor says about the end, if it says so within `seconds`."""
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


def _listener(path: str) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(path)
    listener.listen(8)
    listener.setblocking(False)
    return listener
