"""The seccomp filter: which calls of the system a student's kernel may make, and with what.

It is a list of what is allowed. All else is refused: EPERM for the calls of old, ENOSYS for those newer than the
list, so that the C library falls back to the older ones. A call of another architecture ends the process.
"""

from __future__ import annotations

import ctypes
import errno
import functools
import os
import platform
import socket
import struct

from kit.teacher.sandbox.walls import syscall

_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_NEWER = 424
"""From here on every architecture has the same numbers, and the calls are newer than the list in places."""

# name, number on x86_64, number on aarch64 ("-": that machine has no such call)
_FREELY = """
read 0 63; write 1 64; pread64 17 67; pwrite64 18 68; readv 19 65; writev 20 66; preadv 295 69; pwritev 296 70;
lseek 8 62; close 3 57; dup 32 23; dup2 33 -; dup3 292 24; fsync 74 82; fdatasync 75 83; ftruncate 77 46;
sendfile 40 71; copy_file_range 326 285; fstat 5 80; stat 4 -; lstat 6 -; newfstatat 262 79; statx 332 291;
statfs 137 43; fstatfs 138 44; access 21 -; faccessat 269 48; faccessat2 439 439; readlink 89 -; readlinkat 267 78;
getdents 78 -; getdents64 217 61; getcwd 79 17; chdir 80 49; fchdir 81 50; rename 82 -; renameat 264 38; rmdir 84 -;
unlink 87 -; unlinkat 263 35; symlink 88 -; symlinkat 266 36; pipe 22 -; pipe2 293 59; poll 7 -; ppoll 271 73;
select 23 -; pselect6 270 72; epoll_create 213 -; epoll_create1 291 20; epoll_ctl 233 21; epoll_wait 232 -;
epoll_pwait 281 22; eventfd 284 -; eventfd2 290 19; timerfd_create 283 85; timerfd_settime 286 86;
timerfd_gettime 287 87; mprotect 10 226; munmap 11 215; mremap 25 216; msync 26 227; brk 12 214; membarrier 324 283;
exit 60 93; exit_group 231 94; getpid 39 172; gettid 186 178; getppid 110 173; getpgrp 111 -; getuid 102 174;
geteuid 107 175; getgid 104 176; getegid 108 177; getresuid 118 148; getresgid 120 150; getgroups 115 158;
uname 63 160; sysinfo 99 179; times 100 153; getrusage 98 165; getcpu 309 168; getrlimit 97 163; sched_yield 24 124;
sched_getaffinity 204 123; sched_getparam 143 121; sched_getscheduler 145 120; sched_get_priority_max 146 125;
sched_get_priority_min 147 126; set_tid_address 218 96; set_robust_list 273 99; rseq 334 293; futex_waitv 449 449;
wait4 61 260; waitid 247 95; getrandom 318 278; restart_syscall 219 128; rt_sigaction 13 134; rt_sigprocmask 14 135;
rt_sigreturn 15 139; rt_sigpending 127 136; rt_sigtimedwait 128 137; rt_sigsuspend 130 133; sigaltstack 131 132;
pause 34 -; alarm 37 -; setitimer 38 103; getitimer 36 102; nanosleep 35 101; clock_nanosleep 230 115;
clock_gettime 228 113; clock_getres 229 114; gettimeofday 96 169; time 201 -;
getsockname 51 204; getpeername 52 205; getsockopt 55 209; shutdown 48 210
"""
_WITH_CARE = """
futex 202 98; mmap 9 222; madvise 28 233; open 2 -; openat 257 56; fcntl 72 25; ioctl 16 29; sendto 44 206;
recvfrom 45 207; clone 56 220; close_range 436 436; kill 62 129; tgkill 234 131; getpgid 121 155; getsid 124 156;
getpriority 140 141; mkdir 83 -; mkdirat 258 34; prctl 157 167; prlimit64 302 261; socketpair 53 199
"""
# These say that they were done and do nothing: copying a file and starting a thread should not fail, and neither
# Landlock nor a namespace covers all that they could change. Locks are among them: one process is alone with its files,
# and a lock on a file that others read would keep them waiting.
_PRETENDED = """
chmod 90 -; fchmod 91 52; fchmodat 268 53; chown 92 -; fchown 93 55; lchown 94 -; fchownat 260 54; utime 132 -;
utimes 235 -; utimensat 280 88; futimesat 261 -; umask 95 166; sched_setscheduler 144 119; sched_setparam 142 118;
flock 73 32; fadvise64 221 223; listxattr 194 11; llistxattr 195 12; flistxattr 196 13
"""

_THREAD, _SHARED_FILES, _NAMESPACES = 0x10000, 0x400, 0x7E020080
_OPEN_MODES, _TRUNCATE, _TOLD_BY_SIGNALS = 0x3, 0x200, 0x2000
_FCNTLS, _SET_FLAGS, _LOCKS = (0, 1, 2, 3, 5, 1030, 1032), 4, (6, 7)  # copies, flags, who has locked, a pipe's size
_IOCTLS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)  # is it a terminal, its size, bytes to read, flags
_PRCTLS = (15, 16, 0x53564D41)  # the name of a thread, and of memory
_FUTEXES = (0, 1, 3, 4, 5, 9, 10)  # to wait and to wake, without inheriting priorities
_ADVICE = (*range(5), 8, 10, 11, *range(14, 21), 22, 23, 25, 102, 103)  # none that other processes would feel
_LOCKED, _HUGE, _OUT_OF_BAND, _UNSHARE = 0x2000, 0x40000, 1, 2
_SIGNALS = tuple(number for number in range(34) if number != 18)  # not: to go on while the supervisor looks

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


def _cares(pid: int) -> list[tuple[str, int, tuple[_Test, ...]]]:
    """Calls, what is answered, and what must hold for that; `pid` is the only process that may be signalled."""
    everything = 0xFFFFFFFF
    opened = tuple(mode | cut for mode in (0, 1, 2) for cut in (0, _TRUNCATE) if mode or not cut)
    flags = (_OPEN_MODES | _TRUNCATE, opened)  # not: to read and cut short, which early Landlock lets pass
    listed = (0o700, (0o700,))  # so that the supervisor can see what is in every folder, and remove it
    itself, own = (_low(0), everything, (pid,)), (0, pid)
    command, nothing = (_low(1), everything), (everything, (0,))
    pretended = [("fcntl", _REFUSE, ((*command, _LOCKS),))]
    allowed = [
        ("futex", ((_low(1), 0x7F, _FUTEXES),)),
        ("mmap", ((_low(3), _LOCKED | _HUGE, (0,)),)),
        ("madvise", ((_low(2), everything, _ADVICE),)),
        ("open", ((_low(1), *flags),)),
        ("openat", ((_low(2), *flags),)),
        ("fcntl", ((*command, _FCNTLS),)),
        ("fcntl", ((*command, (_SET_FLAGS,)), (_low(2), _TOLD_BY_SIGNALS, (0,)))),
        ("ioctl", ((*command, _IOCTLS),)),
        ("sendto", ((_low(3), _OUT_OF_BAND, (0,)),)),
        ("recvfrom", ((_low(3), _OUT_OF_BAND, (0,)),)),
        # threads, no processes, no namespaces, and no open files that the others of the process do not have
        ("clone", ((_low(0), _THREAD | _SHARED_FILES | _NAMESPACES, (_THREAD | _SHARED_FILES,)),)),
        ("close_range", ((_low(2), _UNSHARE, (0,)),)),
        ("kill", (itself, (*command, _SIGNALS))),
        ("tgkill", (itself, (_low(2), everything, _SIGNALS))),
        ("getpgid", ((_low(0), everything, own),)),
        ("getsid", ((_low(0), everything, own),)),
        ("getpriority", ((_low(0), *nothing), (*command, own))),
        ("mkdir", ((_low(1), *listed),)),
        ("mkdirat", ((_low(2), *listed),)),
        ("prctl", ((_low(0), everything, _PRCTLS),)),
        ("prlimit64", ((_low(0), everything, own), (_low(2), *nothing), (_low(2) + 4, *nothing))),
        ("socketpair", ((_low(0), everything, (socket.AF_UNIX,)), (_low(1), 0xF, (socket.SOCK_STREAM,)))),
    ]
    return pretended + [(name, _ALLOW, tests) for name, tests in allowed]


def _low(argument: int) -> int:
    return 16 + 8 * argument


@functools.cache
def program(architecture: str, pid: int) -> bytes:
    """The filter in the kernel's own language (classic BPF), 8 bytes for each instruction."""
    steps = [_step(_LOAD, 4), _step(_EQUAL, _ARCHITECTURES[architecture], 1, 0), _step(_RETURN, _KILL)]
    free = [(kind, name, end, ()) for kind, end in (("free", _ALLOW), ("pretended", _REFUSE)) for name in NUMBERS[kind]]
    for kind, name, end, tests in [*(("care", *row) for row in _cares(pid)), *free]:
        if (number := NUMBERS[kind][name].get(architecture)) is not None:
            steps += _answer(number, end, tests)
    steps += [_step(_LOAD, 0), _step(_FROM, _NEWER, 0, 1), _step(_RETURN, _REFUSE | errno.ENOSYS)]
    return b"".join([*steps, _step(_RETURN, _REFUSE | errno.EPERM)])


def _answer(number: int, end: int, tests: tuple[_Test, ...]) -> list[bytes]:
    """Answer `end` to that call where all `tests` hold, and else go on behind this."""
    steps = [_step(_RETURN, end)]
    for offset, mask, values in reversed(tests):
        *others, last = values
        compares = [_step(_EQUAL, value, len(others) - place, 0) for place, value in enumerate(others)]
        steps = [_step(_LOAD, offset), _step(_AND, mask), *compares, _step(_EQUAL, last, 0, len(steps)), *steps]
    return [_step(_LOAD, 0), _step(_EQUAL, number, 0, len(steps)), *steps]


def _step(code: int, value: int, then: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("HBBI", code, then, otherwise, value)


def install() -> None:
    """Put the filter on every thread of this process, for good. Raises OSError where the system refuses."""
    steps = program(platform.machine(), os.getpid())
    held = ctypes.create_string_buffer(steps, len(steps))
    head = struct.pack("HxxxxxxP", len(steps) // 8, ctypes.addressof(held))
    if unlike := syscall("seccomp", 1, 1, head):  # a filter, on all threads
        raise OSError(errno.EBUSY, f"seccomp: thread {unlike} could not be put under the filter")
