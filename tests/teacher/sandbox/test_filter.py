"""The filter, read as the system reads it: on any machine, for both architectures."""

from __future__ import annotations

import errno
import re
import struct
import sys
from pathlib import Path

import pytest

from kit.teacher.sandbox import filter

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the filter is Linux's")

ALLOWED, REFUSED, NEW, PRETENDED, KILLED = 0x7FFF0000, 0x50000 | errno.EPERM, 0x50000 | errno.ENOSYS, 0x50000, 1 << 31
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
PID = 4711


def verdict(architecture: str, number: int, *arguments: int, of: int | None = None) -> int:
    """What the filter of `architecture` answers to a call; a small reader of classic BPF."""
    data = struct.pack("iIQ6Q", number, of or ARCHITECTURES[architecture], 0, *(*arguments, 0, 0, 0, 0, 0, 0)[:6])
    steps = list(struct.iter_unpack("HBBI", filter.program(architecture, PID)))
    place = held = 0
    while True:
        code, then, otherwise, value = steps[place]
        place += 1
        if code == 0x20:
            held = struct.unpack_from("I", data, value)[0]
        elif code == 0x54:
            held &= value
        elif code in (0x15, 0x35):
            place += then if (held == value if code == 0x15 else held >= value) else otherwise
        else:
            assert code == 0x06
            return value


@pytest.fixture(params=ARCHITECTURES)
def call(request: pytest.FixtureRequest):
    """The verdict on a call by its name."""
    names = {name: numbers for table in filter.NUMBERS.values() for name, numbers in table.items()}
    return lambda name, *arguments: verdict(request.param, names[name][request.param], *arguments)


def test_threads_are_allowed_and_processes_are_not(call) -> None:
    assert call("clone", 0x3D0F00) == ALLOWED  # as the C library makes threads
    assert call("clone", 17) == REFUSED
    assert call("clone", 0x3D0F00 | 0x10000000) == REFUSED
    assert call("clone", 0x3D0F00 & ~0x400) == REFUSED  # with open files of its own, which nobody would count


def test_signals_go_to_itself_alone(call) -> None:
    assert call("kill", PID, 2) == call("tgkill", PID, 1, 2) == ALLOWED
    assert {call("kill", pid, 9) for pid in (0, 1, PID + 1, 0xFFFFFFFF)} == {REFUSED}


@pytest.mark.parametrize(
    ("flags", "said"),
    [(0, ALLOWED), (0o1101, ALLOWED), (0o2102, ALLOWED), (0o2000000, ALLOWED), (0o1000, REFUSED), (3, REFUSED)],
)
def test_a_file_that_is_only_read_cannot_be_cut_short(flags: int, said: int, call) -> None:
    assert call("openat", 0xFFFFFF9C, 0, flags) == said


def test_limits_can_be_read_and_not_set(call) -> None:
    assert call("prlimit64", 0, 9, 0, 1) == call("prlimit64", PID, 9, 0, 1) == ALLOWED
    assert {call("prlimit64", 0, 9, 1 << 40), call("prlimit64", 0, 9, 4096), call("prlimit64", 1, 9, 0)} == {REFUSED}


EVERY = 0xFFFFFFFF
ARGUMENTS = {
    "fcntl, as notebooks use it": ("fcntl", ALLOWED, [(3, n, 9) for n in (0, 1, 2, 3, 5, 1030, 1032)]),
    "fcntl, to set flags": ("fcntl", ALLOWED, [(3, 4, 0x802), (3, 4, 0)]),
    "fcntl, to be told by signals": ("fcntl", REFUSED, [(3, 4, 0x2802), *((3, n, PID) for n in (8, 10, 15, 1026))]),
    "fcntl, to hold up others": ("fcntl", REFUSED, [(3, n, 0) for n in (1024, 1031, 1033, 37, 38)]),
    "fcntl, to lock": ("fcntl", PRETENDED, [(3, 6, 0), (3, 7, 0)]),
    "ioctl, to be told by signals": ("ioctl", REFUSED, [(3, n, 0) for n in (0x5452, 0x8901, 0x8902)]),
    "memory": ("mmap", ALLOWED, [(0, 9, 3, n, EVERY) for n in (0x22, 0x20022, 0x4022, 1, 2, 0x812)]),
    "memory that others miss": ("mmap", REFUSED, [(0, 9, 3, n, EVERY) for n in (0x2022, 0x40022)]),
    "advice": ("madvise", ALLOWED, [(0, 9, n) for n in (0, 4, 8, 14, 16, 102)]),
    "advice that others feel": ("madvise", REFUSED, [(0, 9, n) for n in (9, 12, 21, 100, 101)]),
    "futexes": ("futex", ALLOWED, [(0, n, 0) for n in (0, 1, 128, 129, 137, 138, 393)]),
    "futexes that inherit priority": ("futex", REFUSED, [(0, n, 0) for n in (6, 134, 139, 140)]),
    "messages": ("sendto", ALLOWED, [(3, 0, 1, n, 0) for n in (0, 0x40, 0x4000)]),
    "messages out of band": ("sendto", REFUSED, [(3, 0, 1, n, 0) for n in (1, 0x41)]),
    "answers out of band": ("recvfrom", REFUSED, [(3, 0, 1, 1, 0)]),
    "closing a range": ("close_range", ALLOWED, [(3, 9, 0), (3, 9, 4)]),
    "closing a range of a table of its own": ("close_range", NEW, [(3, 9, 2), (3, 9, 6)]),
    "signals": ("kill", ALLOWED, [(PID, n) for n in (0, 2, 6, 9, 10, 14, 19)]),
    "signals that let it go on or fill the queue": ("kill", REFUSED, [(PID, n) for n in (18, 34, 64)]),
    "the same to a thread": ("tgkill", REFUSED, [(PID, 1, n) for n in (18, 34, 64)]),
    "its own group": ("getpgid", ALLOWED, [(0,), (PID,)]),
    "another's group": ("getpgid", REFUSED, [(1,)]),
    "another's session": ("getsid", REFUSED, [(1,)]),
    "another's priority": ("getpriority", REFUSED, [(0, 1), (1, 0), (2, 0)]),
}


@pytest.mark.parametrize("what", ARGUMENTS)
def test_arguments_are_looked_at(what: str, call) -> None:
    name, said, given = ARGUMENTS[what]
    assert {arguments: call(name, *arguments) for arguments in given} == dict.fromkeys(given, said)


def test_other_calls_with_care(call) -> None:
    assert call("socketpair", 1, 1 | 0o2000000) == ALLOWED
    assert call("socketpair", 1, 2) == call("socketpair", 2, 1) == REFUSED
    assert call("ioctl", 0, 0x5401) == ALLOWED
    assert call("ioctl", 0, 0x5412) == REFUSED
    assert call("prctl", 15) == ALLOWED
    assert call("prctl", 1) == REFUSED
    assert call("fchmod", 3, 0) == call("umask", 0o777) == call("flock", 3, 2) == PRETENDED
    assert call("mkdirat", 0xFFFFFF9C, 0, 0o777) == call("mkdirat", 0xFFFFFF9C, 0, 0o700) == ALLOWED
    assert call("mkdirat", 0xFFFFFF9C, 0, 0o300) == REFUSED  # nobody else could look into it


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_what_is_not_listed_is_refused(architecture: str) -> None:
    listed = {
        table[architecture] for kind in filter.NUMBERS.values() for table in kind.values() if architecture in table
    }
    for number in set(range(600)) - listed:
        assert verdict(architecture, number) == (NEW if number >= 424 else REFUSED)
    assert verdict(architecture, 0x40000000) == NEW  # the third kind of calls on x86_64
    assert verdict(architecture, 1, of=0x40000003) == KILLED


@pytest.mark.parametrize(
    ("architecture", "header"),
    [("x86_64", "/usr/include/x86_64-linux-gnu/asm/unistd_64.h"), ("aarch64", "/usr/include/asm-generic/unistd.h")],
)
def test_the_numbers_are_those_of_the_system_headers(architecture: str, header: str) -> None:
    if not Path(header).is_file():
        pytest.skip(f"this machine has no {header}")
    text = Path(header).read_text("utf-8")
    known = {name: int(n) for name, n in re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)$", text, re.MULTILINE)}
    known.setdefault("newfstatat", known.get("fstatat"))
    for table in filter.NUMBERS.values():
        for name, numbers in table.items():
            assert known.get(name) == numbers.get(architecture), name
