"""The seccomp filter: which calls of the system a student's kernel may make, and with what.

It is a list of what is allowed. All else is refused: EPERM for the calls of old, ENOSYS for those newer than the
list, so that the C library falls back to the older ones. A call of another architecture ends the process.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import socket
import struct

from kit.teacher.sandbox.walls import syscall

__all__ = ["NUMBERS", "install", "program"]

_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_NEWER = 424
"""From here on every architecture has the same numbers, and the calls are newer than the list in places."""

# name, number on x86_64, number on aarch64 ("-": that machine has no such call)
_FREELY = """
read 0 63; write 1 64; pread64 17 67; pwrite64 18 68; readv 19 65; writev 20 66; preadv 295 69; pwritev 296 70;
lseek 8 62; close 3 57; close_range 436 436; dup 32 23; dup2 33 -; dup3 292 24; fcntl 72 25; flock 73 32; fsync 74 82;
fdatasync 75 83; ftruncate 77 46; fallocate 285 47; fadvise64 221 223; sendfile 40 71; copy_file_range 326 285;
fstat 5 80; stat 4 -; lstat 6 -; newfstatat 262 79; statx 332 291; statfs 137 43; fstatfs 138 44; access 21 -;
faccessat 269 48; faccessat2 439 439; readlink 89 -; readlinkat 267 78; getdents 78 -; getdents64 217 61; getcwd 79 17;
chdir 80 49; fchdir 81 50; rename 82 -; renameat 264 38; renameat2 316 276; rmdir 84 -;
unlink 87 -; unlinkat 263 35; symlink 88 -; symlinkat 266 36; pipe 22 -; pipe2 293 59; poll 7 -;
ppoll 271 73; select 23 -; pselect6 270 72; epoll_create 213 -; epoll_create1 291 20; epoll_ctl 233 21;
epoll_wait 232 -; epoll_pwait 281 22; eventfd 284 -; eventfd2 290 19; timerfd_create 283 85; timerfd_settime 286 86;
timerfd_gettime 287 87; mmap 9 222; mprotect 10 226; munmap 11 215; mremap 25 216; madvise 28 233; msync 26 227;
mincore 27 232; brk 12 214; membarrier 324 283; exit 60 93; exit_group 231 94; getpid 39 172; gettid 186 178;
getppid 110 173; getpgid 121 155; getpgrp 111 -; getsid 124 156; getuid 102 174; geteuid 107 175; getgid 104 176;
getegid 108 177; getresuid 118 148; getresgid 120 150; getgroups 115 158; uname 63 160; sysinfo 99 179; times 100 153;
getrusage 98 165; getcpu 309 168; getpriority 140 141; getrlimit 97 163; sched_yield 24 124; sched_getaffinity 204 123;
sched_getparam 143 121; sched_getscheduler 145 120; sched_get_priority_max 146 125; sched_get_priority_min 147 126;
capget 125 90; set_tid_address 218 96; set_robust_list 273 99; get_robust_list 274 100; rseq 334 293; futex 202 98;
futex_waitv 449 449; wait4 61 260; waitid 247 95; getrandom 318 278; restart_syscall 219 128; rt_sigaction 13 134;
rt_sigprocmask 14 135; rt_sigreturn 15 139; rt_sigpending 127 136; rt_sigtimedwait 128 137; rt_sigsuspend 130 133;
sigaltstack 131 132; pause 34 -; alarm 37 -; setitimer 38 103; getitimer 36 102; nanosleep 35 101;
clock_nanosleep 230 115; clock_gettime 228 113; clock_getres 229 114; gettimeofday 96 169; time 201 -; accept 43 202;
accept4 288 242; getsockname 51 204; getpeername 52 205; getsockopt 55 209; setsockopt 54 208; recvfrom 45 207;
recvmsg 47 212; sendto 44 206; shutdown 48 210; getxattr 191 8; lgetxattr 192 9; fgetxattr 193 10;
listxattr 194 11; llistxattr 195 12; flistxattr 196 13
"""
_WITH_CARE = """
open 2 -; openat 257 56; clone 56 220; kill 62 129; tgkill 234 131; ioctl 16 29; prctl 157 167; prlimit64 302 261;
socketpair 53 199; mkdir 83 -; mkdirat 258 34
"""
# These say that they were done and do nothing: copying a file and starting a thread should not fail, and neither
# Landlock nor a namespace covers all that they could change.
_PRETENDED = """
chmod 90 -; fchmod 91 52; fchmodat 268 53; chown 92 -; fchown 93 55; lchown 94 -; fchownat 260 54; utime 132 -;
utimes 235 -; utimensat 280 88; futimesat 261 -; umask 95 166; sched_setscheduler 144 119; sched_setparam 142 118
"""

_THREAD, _SHARED_FILES, _NAMESPACES = 0x10000, 0x400, 0x7E020080
_OPEN_MODES, _TRUNCATE = 0x3, 0x200
_IOCTLS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)  # is it a terminal, its size, bytes to read, flags
_PRCTLS = (15, 16, 0x53564D41)  # the name of a thread, and of memory

_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_LOAD, _AND, _EQUAL, _FROM, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x06

_Test = tuple[int, int, tuple[int, ...]]  # the offset of 32 bits of an argument, a mask, and the values allowed


def _table(text: str) -> dict[str, dict[str, int]]:
    rows = [row.split() for row in text.replace("\n", " ").split(";")]
    return {
        name: {arch: int(n) for arch, n in zip(_ARCHITECTURES, numbers, strict=True) if n != "-"}
        for name, *numbers in rows
    }


NUMBERS = {kind: _table(text) for kind, text in (("free", _FREELY), ("care", _WITH_CARE), ("pretended", _PRETENDED))}
"""For each kind, the names of calls and their numbers by architecture."""


def _cares(pid: int) -> dict[str, tuple[_Test, ...]]:
    """What must hold for the calls that are allowed only so; `pid` is the only process that may be signalled."""
    everything = 0xFFFFFFFF
    opened = tuple(mode | cut for mode in (0, 1, 2) for cut in (0, _TRUNCATE) if mode or not cut)
    flags = (_OPEN_MODES | _TRUNCATE, opened)  # not: to read and cut short, which early Landlock lets pass
    listed = (0o700, (0o700,))  # so that the supervisor can see what is in every folder, and remove it
    itself = (_low(0), everything, (pid,))
    return {
        "open": ((_low(1), *flags),),
        "openat": ((_low(2), *flags),),
        # threads, no processes, no namespaces, and no open files that the others of the process do not have
        "clone": ((_low(0), _THREAD | _SHARED_FILES | _NAMESPACES, (_THREAD | _SHARED_FILES,)),),
        "mkdir": ((_low(1), *listed),),
        "mkdirat": ((_low(2), *listed),),
        "kill": (itself,),
        "tgkill": (itself,),
        "ioctl": ((_low(1), everything, _IOCTLS),),
        "prctl": ((_low(0), everything, _PRCTLS),),
        "prlimit64": ((_low(0), everything, (0, pid)), (_low(2), everything, (0,)), (_low(2) + 4, everything, (0,))),
        "socketpair": ((_low(0), everything, (socket.AF_UNIX,)), (_low(1), 0xF, (socket.SOCK_STREAM,))),
    }


def _low(argument: int) -> int:
    return 16 + 8 * argument


def program(architecture: str, pid: int) -> bytes:
    """The filter in the kernel's own language (classic BPF), 8 bytes for each instruction."""
    refuse = _step(_RETURN, _REFUSE | errno.EPERM)
    steps = [_step(_LOAD, 4), _step(_EQUAL, _ARCHITECTURES[architecture], 1, 0), _step(_RETURN, _KILL), _step(_LOAD, 0)]
    for kind, end in (("free", _ALLOW), ("pretended", _REFUSE)):
        for numbers in NUMBERS[kind].values():
            if architecture in numbers:
                steps += [_step(_EQUAL, numbers[architecture], 0, 1), _step(_RETURN, end)]
    for name, tests in _cares(pid).items():
        number = NUMBERS["care"][name].get(architecture)
        if number is not None:
            block = [step for test in tests for step in _check(test, refuse)]
            block.append(_step(_RETURN, _ALLOW))
            steps += [_step(_EQUAL, number, 0, len(block)), *block]
    steps += [_step(_FROM, _NEWER, 0, 1), _step(_RETURN, _REFUSE | errno.ENOSYS), refuse]
    return b"".join(steps)


def _check(test: _Test, refuse: bytes) -> list[bytes]:
    offset, mask, values = test
    compares = [_step(_EQUAL, value, len(values) - place, 0) for place, value in enumerate(values)]
    return [_step(_LOAD, offset), _step(_AND, mask), *compares, refuse]


def _step(code: int, value: int, then: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("HBBI", code, then, otherwise, value)


def install() -> None:
    """Put the filter on every thread of this process, for good. Raises OSError where the system refuses."""
    steps = program(platform.machine(), os.getpid())
    held = ctypes.create_string_buffer(steps, len(steps))
    head = struct.pack("HxxxxxxP", len(steps) // 8, ctypes.addressof(held))
    if unlike := syscall("seccomp", 1, 1, head):  # a filter, on all threads
        raise OSError(errno.EBUSY, f"seccomp: thread {unlike} could not be put under the filter")
