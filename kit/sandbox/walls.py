"""The walls around a student's kernel, each put up by the kernel's own process before any of the student's code runs.

A wall that cannot be put up raises OSError: then there is no kernel.
"""

from __future__ import annotations

import os
import stat
import struct
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from kit.sandbox import linux
from kit.sandbox.linux import syscall

__all__ = ["DEVICES", "MEGABYTES", "MEMORY", "landlock", "limits", "own_files", "own_user", "unprivileged"]

MEGABYTES = 64
"""What a kernel may write to its folder, all files together."""
MEMORY = 3 << 29
"""Bytes of address space that a kernel may take beyond those that it starts with."""
DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")
_OPEN_FILES = 256

_EXECUTE, _WRITE, _READ, _LIST = 1, 2, 4, 8
_REMOVE, _MAKE = 0b110000, 0b1000110000000  # files and folders; folders, regular files, symbolic links
_FIRST, _REFER, _TRUNCATE, _IOCTL = (1 << 13) - 1, 1 << 13, 1 << 14, 1 << 15
_RULE_PATH = 1


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
        for path in DEVICES:
            _allow(rules, path, _READ | (_WRITE if path == "/dev/null" else 0))
        linux.no_new_privileges()
        syscall("landlock_restrict_self", rules, 0)
    finally:
        os.close(rules)


def _allow(rules: int, path: str, rights: int) -> None:
    opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not stat.S_ISDIR(os.fstat(opened).st_mode):
            rights &= _EXECUTE | _WRITE | _READ | _TRUNCATE | _IOCTL
        syscall("landlock_add_rule", rules, _RULE_PATH, struct.pack("=Qi", rights, opened), 0)
    finally:
        os.close(opened)


def limits() -> None:
    """Bound memory, the size of a file and the number of open ones; no core is dumped. They cannot be raised again."""
    import resource  # Windows, which only asks what the walls are called, has no such module

    held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    for what, most in (
        (resource.RLIMIT_AS, held + MEMORY),
        (resource.RLIMIT_FSIZE, MEGABYTES << 20),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")  # when memory is short, this process goes first


def own_user() -> None:
    """Enter an own user namespace, and have the children live in an own pid namespace, which dies with its first."""
    user, group = os.getuid(), os.getgid()
    linux.unshare(linux.NEW_USER | linux.NEW_PID)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def own_files(root: str, read: Collection[str], write: str) -> None:
    """Enter own mount, net, ipc and uts namespaces, with a file system of nothing but `read` and a new folder `write`.

    `read` can only be read, `write` lies in memory and is bounded in size; there is no /proc. `root` is an empty
    folder, on which the new file system is put together; nobody outside sees that.
    """
    linux.unshare(linux.NEW_NS | linux.NEW_NET | linux.NEW_IPC | linux.NEW_UTS)
    linux.mount("", "/", flags=linux.PRIVATE | linux.RECURSIVE)
    linux.mount("root", root, kind="tmpfs", flags=linux.NO_SUID | linux.NO_DEV, options="size=1m,mode=755")
    for path in (*read, *DEVICES):
        _show(root, path)
    scratch = root + write
    os.makedirs(scratch)
    linux.read_only(root, devices=True)
    linux.mount(
        "scratch", scratch, kind="tmpfs", flags=linux.NO_SUID | linux.NO_DEV,
        options=f"size={MEGABYTES}m,nr_inodes=4096,mode=700",
    )  # fmt: skip
    linux.enter(root)


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
    linux.mount(path, there, flags=linux.BIND | linux.RECURSIVE)
    linux.read_only(there, devices=path in DEVICES)


def unprivileged() -> None:
    """Give up what rights this process has beyond those of any process of its user."""
    linux.no_new_privileges()
    linux.capabilities_gone()
