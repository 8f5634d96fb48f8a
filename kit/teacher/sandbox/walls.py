"""The walls around a student's kernel, each put up by the kernel's own process before any of the student's code runs.

A wall that cannot be put up raises OSError: then there is no kernel. Only calls of the system are made, by ctypes.
"""

from __future__ import annotations

import ctypes
import os
import platform
import stat
import struct
from collections.abc import Collection
from pathlib import Path
from typing import Any

from kit.teacher.sandbox.limits import MEGABYTES, MOST_FILES

NUMBERS = {"x86_64": {"pivot_root": 155, "seccomp": 317}, "aarch64": {"pivot_root": 41, "seccomp": 277}}
"""The architectures, and the numbers that differ between them; the newer calls have the same number everywhere."""
_NEWER = {"mount_setattr": 442, "landlock_create_ruleset": 444, "landlock_add_rule": 445, "landlock_restrict_self": 446}
_DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")

_NEW_USER, _NEW_PID = 0x10000000, 0x20000000
_NEW_NS, _NEW_NET, _NEW_IPC, _NEW_UTS = 0x20000, 0x40000000, 0x8000000, 0x4000000
_BIND, _RECURSIVE, _PRIVATE, _READ_ONLY, _NO_SUID, _NO_DEV = 0x1000, 0x4000, 0x40000, 0x1, 0x2, 0x4
_PDEATHSIG, _NO_NEW_PRIVS, _KILL = 1, 38, 9
_CAPABILITIES_3 = 0x20080522

_EXECUTE, _WRITE, _READ, _LIST = 1, 2, 4, 8
_REMOVE, _MAKE = 0b110000, 0b1000110000000  # files and folders; folders, regular files, symbolic links
_FIRST, _REFER, _TRUNCATE, _IOCTL = (1 << 13) - 1, 1 << 13, 1 << 14, 1 << 15
_RULE_PATH = 1
_LIBRARY = ctypes.CDLL(None, use_errno=True)


def own_user() -> None:
    """Enter an own user namespace, and have the children live in an own pid namespace, which dies with its first."""
    user, group = os.getuid(), os.getgid()
    _call("unshare", _NEW_USER | _NEW_PID)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def own_files(root: str, read: Collection[str], write: str) -> None:
    """Enter own mount, net, ipc and uts namespaces, with a file system of nothing but `read` and a new folder `write`.

    `read` can only be read, `write` lies in memory and is bounded in size; there is no /proc. `root` is an empty
    folder, on which the new file system is put together; nobody outside sees that.
    """
    _call("unshare", _NEW_NS | _NEW_NET | _NEW_IPC | _NEW_UTS)
    _mount("", "/", flags=_PRIVATE | _RECURSIVE)
    _mount("root", root, kind="tmpfs", flags=_NO_SUID | _NO_DEV, options="size=1m,mode=755")
    for path in (*read, *_DEVICES):
        _show(root, path)
    scratch = root + write
    os.makedirs(scratch)
    _read_only(root, devices=True)
    bounded = f"size={MEGABYTES}m,nr_inodes={MOST_FILES},mode=700"
    _mount("scratch", scratch, kind="tmpfs", flags=_NO_SUID | _NO_DEV, options=bounded)
    os.chdir(root)
    syscall("pivot_root", b".", b".")
    _call("umount2", b".", 2, what="umount")  # lets go of the old root
    os.chdir("/")


def landlock(read: Collection[str], write: Collection[str]) -> None:
    """Close the files of this thread, and of those that it will start, but for what lies below `read` and `write`.

    Where this Linux knows how, TCP, abstract unix sockets and signals to processes outside are closed as well.
    """
    version = syscall("landlock_create_ruleset", 0, 0, 1)
    known = _FIRST | (_REFER if version > 1 else 0) | (_TRUNCATE if version > 2 else 0) | (_IOCTL if version > 4 else 0)
    words = (known, 3 if version > 3 else 0, 3 if version > 5 else 0)[: 1 + (version > 3) + (version > 5)]
    head = struct.pack(f"{len(words)}Q", *words)
    rules = syscall("landlock_create_ruleset", head, len(head), 0)
    try:
        changing = (_READ | _WRITE | _LIST | _REMOVE | _MAKE | _REFER | _TRUNCATE) & known
        for path in read:
            _allow(rules, path, _READ | _LIST)
        for path in write:
            _allow(rules, path, changing)
        for path in _DEVICES:
            _allow(rules, path, _READ | (_WRITE if path == "/dev/null" else 0))
        no_new_privileges()
        syscall("landlock_restrict_self", rules, 0)
    finally:
        os.close(rules)


def unprivileged() -> None:
    """Give up what rights this process has beyond those of any process of its user, so that root has none, either."""
    no_new_privileges()
    _call("capset", struct.pack("Ii", _CAPABILITIES_3, 0), bytes(24))


def no_new_privileges() -> None:
    """From now on nothing that this process starts gains rights, by setuid or otherwise. It cannot be undone."""
    _prctl(_NO_NEW_PRIVS, 1)


def dies_with_parent(parent: int) -> None:
    """Have this process killed when its parent ends, however that ends. Raises OSError if it has ended already."""
    _prctl(_PDEATHSIG, _KILL)
    if os.getppid() not in (parent, 0):  # 0: the parent is in another pid namespace
        raise ProcessLookupError("the process that asked for this one has ended")


def syscall(name: str, *values: int | bytes | ctypes.c_void_p) -> int:
    """Call the system by name. Integers go as 64 bits, bytes by their address; returns what the call returns."""
    number = _NEWER.get(name) or NUMBERS[platform.machine()][name]
    given = [ctypes.c_long(value) if isinstance(value, int) else value for value in values]
    return _call("syscall", ctypes.c_long(number), *given, what=name)


def _call(function: str, *values: Any, what: str = "") -> int:
    """Call a function of the C library. Raises OSError, which names `what`, where it returns less than 0."""
    returned = getattr(_LIBRARY, function)(*values)
    if returned < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what or function}: {os.strerror(number)}")
    return returned


def _prctl(option: int, value: int) -> None:
    _call("prctl", option, *[ctypes.c_ulong(v) for v in (value, 0, 0, 0)])


def _mount(source: str, target: str, *, kind: str = "", flags: int = 0, options: str = "") -> None:
    """Mount `source` on `target`; `flags` as in mount(2), `options` as that file system understands them."""
    texts = [os.fsencode(text) or None for text in (source, target, kind)]
    _call("mount", *texts, ctypes.c_ulong(flags), os.fsencode(options) or None, what=f"mount {target}")


def _read_only(target: str, *, devices: bool) -> None:
    """Make the mount at `target`, with all below it, read-only, without setuid and, unless told, without devices."""
    flags = _READ_ONLY | _NO_SUID | (0 if devices else _NO_DEV)
    attributes = struct.pack("4Q", flags, 0, 0, 0)
    syscall("mount_setattr", -100, os.fsencode(target), 0x8000, attributes, len(attributes))


def _show(root: str, path: str) -> None:
    """Let `path` be seen below `root`, at the same place, to be read only; a link stays a link."""
    real, there = os.path.realpath(path), root + path
    if real != path:
        _show(root, real)
        if not os.path.lexists(there):
            os.makedirs(os.path.dirname(there), exist_ok=True)
            os.symlink(real, there)
        return
    if os.path.lexists(there):
        return  # it lies in a folder that is shown already
    if os.path.isdir(path):
        os.makedirs(there)
    else:
        os.makedirs(os.path.dirname(there), exist_ok=True)
        Path(there).touch()
    _mount(path, there, flags=_BIND | _RECURSIVE)
    _read_only(there, devices=path in _DEVICES)


def _allow(rules: int, path: str, rights: int) -> None:
    opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not stat.S_ISDIR(os.fstat(opened).st_mode):
            rights &= _EXECUTE | _WRITE | _READ | _TRUNCATE | _IOCTL
        syscall("landlock_add_rule", rules, _RULE_PATH, struct.pack("=Qi", rights, opened), 0)
    finally:
        os.close(opened)
