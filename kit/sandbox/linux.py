"""The few calls of Linux that Python does not offer, by ctypes. Each raises OSError where the system refuses it."""

from __future__ import annotations

import ctypes
import os
import platform
import struct

__all__ = ["capabilities_gone", "dies_with_parent", "machine", "mount", "no_new_privileges", "syscall", "unshare"]

NUMBERS = {
    "x86_64": {"pivot_root": 155, "seccomp": 317},
    "aarch64": {"pivot_root": 41, "seccomp": 277},
}
"""The numbers that differ between machines; the newer calls have the same number everywhere."""
COMMON = {"mount_setattr": 442, "landlock_create_ruleset": 444, "landlock_add_rule": 445, "landlock_restrict_self": 446}

NEW_NS, NEW_UTS, NEW_IPC, NEW_USER, NEW_PID, NEW_NET = 0x20000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000
BIND, RECURSIVE, PRIVATE, NO_SUID, NO_DEV = 0x1000, 0x4000, 0x40000, 0x2, 0x4
_PDEATHSIG, _NO_NEW_PRIVS, _KILL = 1, 38, 9
_CAPABILITIES_3 = 0x20080522


def machine() -> str:
    """This machine's architecture as the kernel names it: "x86_64", "aarch64" or another."""
    return platform.machine()


def syscall(name: str, *values: int | bytes | ctypes.c_void_p) -> int:
    """Call the system by name. Integers go as 64 bits, bytes by their address; returns what the call returns."""
    number = COMMON.get(name) or NUMBERS[machine()][name]
    given = [ctypes.c_long(value) if isinstance(value, int) else value for value in values]
    return _done(ctypes.CDLL(None, use_errno=True).syscall(ctypes.c_long(number), *given), name)


def unshare(kinds: int) -> None:
    """Leave the namespaces of `kinds` for new ones (an own pid namespace holds only for the children)."""
    _done(ctypes.CDLL(None, use_errno=True).unshare(kinds), "unshare")


def mount(source: str, target: str, *, kind: str = "", flags: int = 0, options: str = "") -> None:
    """Mount `source` on `target`; `flags` as in mount(2), `options` as that filesystem understands them."""
    texts = [os.fsencode(text) or None for text in (source, target, kind)]
    libc = ctypes.CDLL(None, use_errno=True)
    _done(libc.mount(*texts, ctypes.c_ulong(flags), os.fsencode(options) or None), f"mount {target}")


def read_only(target: str, *, devices: bool = False) -> None:
    """Make the mount at `target`, with all below it, read-only, without setuid and, unless told, without devices."""
    flags = 1 | NO_SUID | (0 if devices else NO_DEV)
    attributes = struct.pack("4Q", flags, 0, 0, 0)
    syscall("mount_setattr", -100, os.fsencode(target), 0x8000, attributes, len(attributes))


def enter(root: str) -> None:
    """Make the mount at `root` the root of all files, and let go of the old one."""
    os.chdir(root)
    syscall("pivot_root", b".", b".")
    _done(ctypes.CDLL(None, use_errno=True).umount2(b".", 2), "umount")
    os.chdir("/")


def no_new_privileges() -> None:
    """From now on nothing that this process starts gains rights, by setuid or otherwise. It cannot be undone."""
    _prctl(_NO_NEW_PRIVS, 1)


def dies_with_parent(parent: int) -> None:
    """Have this process killed when its parent ends, however that ends. Raises OSError if it has ended already."""
    _prctl(_PDEATHSIG, _KILL)
    if os.getppid() not in (parent, 0):  # 0: the parent is in another pid namespace
        raise ProcessLookupError("the process that asked for this one has ended")


def capabilities_gone() -> None:
    """Give up every capability, so that even root is no more than the owner of its files."""
    header = struct.pack("Ii", _CAPABILITIES_3, 0)
    _done(ctypes.CDLL(None, use_errno=True).capset(header, bytes(24)), "capset")


def _prctl(option: int, value: int) -> None:
    longs = [ctypes.c_ulong(v) for v in (value, 0, 0, 0)]
    _done(ctypes.CDLL(None, use_errno=True).prctl(option, *longs), "prctl")


def _done(returned: int, what: str) -> int:
    if returned < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return returned
