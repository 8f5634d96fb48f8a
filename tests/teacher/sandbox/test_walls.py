"""Attacks from inside a kernel. Each is refused there; outside it works, so that the tests can fail."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pandas
import pytest

from kit.errors import SetupError
from kit.setup import places
from kit.teacher.sandbox import walls
from kit.teacher.sandbox.kernels import WarmKernel

from .conftest import Room, WarmUp, warm_pid

ATTACKS = {
    "read the key": "open(KEY).read()",
    "list the folder of the key": "os.listdir(os.path.dirname(KEY))",
    "read a solved exercise": "open(SOLVED).read()",
    "list the home": "os.listdir(HOME)",
    "list the users": "open('/etc/passwd').read()",
    "read the grader's environment": "open(f'/proc/{GRADER}/environ', 'rb').read()",
    "open the grader's memory": "open(f'/proc/{GRADER}/mem', 'rb')",
    "read the warm process's environment": "open(f'/proc/{WARM}/environ', 'rb').read()",
    "open the warm process's memory": "open(f'/proc/{WARM}/mem', 'rb')",
    "list the processes": "os.listdir('/proc')",
    "list the temporary folder": "os.listdir('/tmp')",
    "write a file": "open(OUTSIDE + '/new', 'w').write('x')",
    "change the key": "open(KEY, 'a').write('')",
    "change a package": "open(PACKAGE, 'a').write('')",
    "cut the key off": "os.truncate(KEY, 3)",
    "make a folder": "os.mkdir(OUTSIDE + '/folder')",
    "read the key by a symbolic link": "os.path.lexists('link') or os.symlink(KEY, 'link'); open('link').read()",
    "read the key by a hard link": "os.link(KEY, OUTSIDE + '/hard')",
    "move a file": "os.rename(OUTSIDE + '/moved', OUTSIDE + '/away')",
    "delete a file": "os.remove(OUTSIDE + '/spare')",
    "connect by TCP": "socket.create_connection(('127.0.0.1', TCP), 2)",
    "send by UDP": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', TCP))",
    "connect to a unix socket": "socket.socket(socket.AF_UNIX).connect(UNIX)",
    "connect to an abstract unix socket": "socket.socket(socket.AF_UNIX).connect(chr(0) + ABSTRACT)",
    "connect to the warm process": "socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET).connect(SOCKET)",
    "send to a unix socket from a pair": "socket.socketpair(type=socket.SOCK_DGRAM)",
    "listen": "socket.create_server(('127.0.0.1', 0))",
    "talk to the kernel of the system": "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
    "signal the grader": "os.kill(GRADER, 0)",
    "signal the warm process": "os.kill(WARM, 0)",
    "signal everybody": "os.kill(-1, 0)",
    "signal the group": "os.kill(0, 0)",
    "fork": "os.fork() or os._exit(0)",
    "start a program": "subprocess.run(['/bin/true'])",
    "start a program by a spawn": "os.posix_spawn('/bin/true', ['true'], {})",
    "make memory that no limit counts": "os.memfd_create('x')",
    "rise in priority over others": "os.sched_setaffinity(0, os.sched_getaffinity(0))",
}

ARGUMENTS = {
    "have who opens a file wait": "fcntl.fcntl(os.open('l', os.O_CREAT), fcntl.F_SETLEASE, fcntl.F_RDLCK)",
    "have another process told of a pipe": "fcntl.fcntl(PIPE, fcntl.F_SETOWN, GRADER)",
    "the same for a thread": "fcntl.fcntl(PIPE, 15, struct.pack('ii', 0, GRADER))",
    "by which signal": "fcntl.fcntl(PIPE, fcntl.F_SETSIG, signal.SIGCHLD)",
    "from now on": "fcntl.fcntl(PIPE, fcntl.F_SETFL, os.O_ASYNC)",
    "the same by ioctl": "fcntl.ioctl(PIPE, 0x5452, struct.pack('i', 1))",
    "have another process told of a socket": "fcntl.ioctl(PAIR[0], 0x8901, struct.pack('i', GRADER))",
    "the same by its other name": "fcntl.ioctl(PAIR[0], 0x8902, struct.pack('i', GRADER))",
    "be told of what changes in a folder": "fcntl.fcntl(os.open('.', 0), fcntl.F_NOTIFY, 4)",
    "take the room of all pipes": "fcntl.fcntl(PIPE, 1031, 1 << 17)",
    "lock an open file": "fcntl.fcntl(OWN, 37, struct.pack('hhqqi4x', 1, 0, 0, 0, 0))",
    "have files that no other thread has": "c('close_range', 4000, 4001, 2)",
    "reserve room past the end": "c('fallocate', OWN, 1, 0, 1 << 16)",
    "swap two files": "open('a', 'w'), open('b', 'w'), c('renameat2', -100, b'a', -100, b'b', 2)",
    "send out of band": "PAIR[0].send(b'x', socket.MSG_OOB)",
    "set up a socket": "PAIR[0].setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)",
    "lock memory": "mmap.mmap(-1, 4096, flags=0x2022)",
    "see which memory others have alike": "mmap.mmap(-1, 4096).madvise(12)",
    "put memory away": "mmap.mmap(-1, 4096).madvise(21)",
    "see what others have read": "c('mincore', *(lambda m: (LIBC.mmap(0, 4096, 1, 1, OWN, 0), 4096, m))(bytes(1)))",
    "inherit priority": "c('syscall', FUTEX, bytes(4), 134, 0, 0)",
    "go on while one is looked at": "os.kill(os.getpid(), signal.SIGCONT)",
    "use up the queue of signals": "signal.signal(40, signal.SIG_IGN), os.kill(os.getpid(), 40)",
    "read what is noted at a file": "os.getxattr(KEY, 'user.note')",
    "ask for the group of another": "os.getpgid(GRADER)",
    "ask for the session of another": "os.getsid(GRADER)",
    "ask for the priority of another": "os.getpriority(os.PRIO_PROCESS, GRADER)",
    "ask for the rights of another": "c('capget', struct.pack('Ii', 0x20080522, GRADER), bytes(24))",
    "ask where another keeps its locks": "c('syscall', ROBUST, GRADER, bytes(8), bytes(8))",
}
"""Calls that notebooks need, with arguments that they do not, and such as only look harmless."""

# name: number on x86_64, number on aarch64, arguments
CALLS = {
    "execve": (59, 221, (0, 0, 0)),
    "vfork": (58, None, ()),
    "clone, as a process": (56, 220, (17, 0, 0, 0, 0)),
    "clone, as a thread in a new user namespace": (56, 220, (0x10010000, 0, 0, 0, 0)),
    "clone3": (435, 435, (0, 0)),
    "ptrace": (101, 117, (16, 1, 0, 0)),
    "process_vm_readv": (310, 270, (1, 0, 0, 0, 0, 0)),
    "mount": (165, 40, (0, 0, 0, 0, 0)),
    "unshare": (272, 97, (0x10000000,)),
    "setns": (308, 268, (-1, 0)),
    "chroot": (161, 51, (0,)),
    "pivot_root": (155, 41, (0, 0)),
    "setuid": (105, 146, (0,)),
    "setgroups": (116, 159, (0, 0)),
    "capset": (126, 91, (0, 0)),
    "bpf": (321, 280, (0, 0, 0)),
    "perf_event_open": (298, 241, (0, 0, 0, 0, 0)),
    "userfaultfd": (323, 282, (0,)),
    "io_uring_setup": (425, 425, (1, 0)),
    "keyctl": (250, 219, (0, 0, 0, 0, 0)),
    "shmget": (29, 194, (0, 4096, 0)),
    "msgget": (68, 186, (0, 0)),
    "open_by_handle_at": (304, 265, (0, 0, 0)),
    "pidfd_open": (434, 434, (1, 0)),
    "rt_sigqueueinfo": (129, 138, (1, 0, 0)),
    "tkill": (200, 130, (1, 0)),
    "prctl, to outlive the parent": (157, 167, (1, 0, 0, 0, 0)),
    "ioctl, to type into a terminal": (16, 29, (0, 0x5412, 0)),
    "personality": (135, 92, (0,)),
    "seccomp": (317, 277, (0, 0, 0)),
    "landlock_create_ruleset": (444, 444, (0, 0, 1)),
    "reboot": (169, 142, (0, 0, 0, 0)),
}

ASK = """
import ctypes, fcntl, mmap, os, signal, socket, struct, subprocess
for _name, _value in {names!r}.items():
    globals()[_name] = _value
LIBC = ctypes.CDLL(None, use_errno=True)
if "OWN" not in globals():
    PIPE, PAIR, OWN = os.pipe()[0], socket.socketpair(), os.open("own", os.O_RDWR | os.O_CREAT)
LIBC.mmap.restype = ctypes.c_void_p
signal.signal(signal.SIGIO, signal.SIG_IGN)

def c(name, *values):
    if getattr(LIBC, name)(*(ctypes.c_long(v) if isinstance(v, int) else v for v in values)) < 0:
        raise OSError(ctypes.get_errno(), name)

try:
    {attack}
except BaseException as _error:
    print("closed:", type(_error).__name__, getattr(_error, "errno", ""))
else:
    print("open")
"""


@pytest.fixture(scope="session")
def world(warm: WarmKernel, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, object]]:
    """What is there to be attacked."""
    folder = tmp_path_factory.mktemp("world")
    names = ("key.ipynb", "moved", "spare")
    for name in names:
        (folder / name).write_text("the key", "utf-8")
    listening = [socket.create_server(("127.0.0.1", 0)), socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)]
    place = str(folder / "u")
    listening[1].bind(place)
    listening[2].bind(f"\0{place}")
    for one in listening:
        one.listen(100)
    with suppress(OSError):
        os.setxattr(folder / "key.ipynb", "user.note", b"the key")
    arm = os.uname().machine != "x86_64"
    yield {
        "KEY": str(folder / "key.ipynb"),
        "SOLVED": str(next(places.solutions().glob("*.ipynb"))),
        "HOME": os.path.expanduser("~"),
        "GRADER": os.getpid(),
        "WARM": warm_pid(warm),
        "OUTSIDE": str(folder),
        "PACKAGE": pandas.__file__,
        "TCP": listening[0].getsockname()[1],
        "UNIX": place,
        "ABSTRACT": place,
        "SOCKET": str(Path(warm._folder) / "warm"),
        "FUTEX": (202, 98)[arm],
        "ROBUST": (274, 100)[arm],
    }
    for one in listening:
        one.close()


@pytest.fixture(scope="session")
def outside(world: dict[str, object], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the same attacks do in a process of the same user without walls."""
    code = "import json, io, contextlib\nsaid = {}\n"
    for name, attack in (ATTACKS | ARGUMENTS).items():
        cell = ASK.format(names=world, attack=attack)
        code += (
            f"with contextlib.redirect_stdout(io.StringIO()) as out: exec({cell!r})\nsaid[{name!r}] = out.getvalue()\n"
        )
    code += "print(json.dumps(said))"
    folder = tmp_path_factory.mktemp("outside")
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True)
    for name in ("key.ipynb", "moved", "spare"):  # as they were
        (Path(str(world["OUTSIDE"])) / name).write_text("the key", "utf-8")
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("attack", ATTACKS | ARGUMENTS)
def test_what_is_open_outside_is_closed_inside(
    attack: str, shared: Room, world: dict[str, object], outside: dict[str, str]
) -> None:
    if outside[attack].strip() != "open":
        pytest.skip(f"not testable here: even outside it is {outside[attack].strip()}")
    said = shared.says(ASK.format(names=world, attack=(ATTACKS | ARGUMENTS)[attack]))
    assert said.startswith("closed:"), said
    assert attack in ATTACKS or int(said.split()[-1]) in (errno.EPERM, errno.ENOSYS), "closed by something else"
    assert Path(str(world["KEY"])).read_text("utf-8") == "the key"


@pytest.mark.parametrize("call", CALLS)
def test_a_call_that_no_notebook_needs_is_refused_before_it_is_looked_at(call: str, shared: Room) -> None:
    x86, arm, values = CALLS[call]
    number = x86 if os.uname().machine == "x86_64" else arm
    if number is None:
        pytest.skip("this machine has no such call")
    code = (
        "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
        f"libc.syscall({number}, *map(ctypes.c_long, {values})), ctypes.get_errno()"
    )
    assert shared.says(code) in (f"(-1, {errno.EPERM})", f"(-1, {errno.ENOSYS})")


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("mode", "os.chmod(KEY, 0)"),
        ("mode", "os.fchmod(os.open(PACKAGE, os.O_RDONLY), 0)"),
        ("time", "os.utime(PACKAGE, (1, 1))"),
        ("size", "os.open(PACKAGE, os.O_RDONLY | os.O_TRUNC)"),
    ],
)
def test_what_landlock_does_not_cover_changes_nothing(
    what: str, change: str, shared: Room, world: dict[str, object]
) -> None:
    paths = (str(world["KEY"]), str(world["PACKAGE"]))
    before = [(os.stat(path).st_mode, os.stat(path).st_mtime, os.stat(path).st_size) for path in paths]
    shared.says(ASK.format(names=world, attack=change))
    assert before == [(os.stat(path).st_mode, os.stat(path).st_mtime, os.stat(path).st_size) for path in paths]


LOCKS = {
    "an open file": "fcntl.flock(os.open(PACKAGE, 0), fcntl.LOCK_EX)",
    "a part of a file": "fcntl.lockf(os.open(PACKAGE, 0), fcntl.LOCK_SH)",
}


@pytest.mark.parametrize("how", LOCKS)
def test_a_lock_keeps_nobody_waiting(how: str, shared: Room, world: dict[str, object], tmp_path: Path) -> None:
    lock = ASK.format(names=world, attack=LOCKS[how])
    assert shared.says(lock).strip() == "open"
    assert not locked(pandas.__file__)
    outside = [sys.executable, "-c", f"{lock}\nimport sys; sys.stdout.flush(); sys.stdin.read()"]
    with subprocess.Popen(outside, cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "open\n" and locked(pandas.__file__)
        other.communicate()


def locked(path: str) -> bool:
    """Whether somebody holds a lock of either kind, so that another would wait for one of its own."""
    with open(path) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        asked = struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0)
        return struct.unpack("hhqqi4x", fcntl.fcntl(file, fcntl.F_GETLK, asked))[0] != fcntl.F_UNLCK


NEWER = (
    "connect by TCP",
    "connect to an abstract unix socket",
    "signal the grader",
    "have another process told of a pipe",
)


@pytest.mark.parametrize("version", [1, *(pytest.param(version, marks=pytest.mark.slow) for version in range(2, 6))])
def test_what_newer_landlock_closes_is_closed_with_an_older_one(
    version: int, warm_up: WarmUp, world: dict[str, object], outside: dict[str, str], tmp_path: Path
) -> None:
    try:
        kernel = warm_up(("namespaces", f"landlock after {version}"))
    except SetupError as error:
        pytest.skip(str(error))
    room = Room(kernel, tmp_path)
    try:
        for attack in NEWER:
            assert outside[attack].strip() == "open"
            said = room.says(ASK.format(names=world, attack=(ATTACKS | ARGUMENTS)[attack]))
            assert int(said.split()[-1]) in (errno.EPERM, errno.ENOSYS), said
    finally:
        room.close()
        kernel.close()


@pytest.mark.parametrize(("attack", "since"), [("connect by TCP", 4), ("signal the grader", 6)])
def test_older_landlock_is_older(attack: str, since: int, world: dict[str, object], tmp_path: Path) -> None:
    """Without the filter it leaves open what only a newer one closes."""
    try:
        if walls.syscall("landlock_create_ruleset", 0, 0, 1) < since:
            pytest.skip("this machine's Landlock is older itself")
    except OSError as error:
        pytest.skip(str(error))
    program = "import older_landlock\nolder_landlock.walls.landlock(['/'], ['/'])\n"
    program += ASK.format(names=world, attack=ATTACKS[attack])
    env = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2] / "data" / "older_landlock")}
    for version in (1, since - 1, since):
        command = [sys.executable, "-c", program, "", json.dumps({"without": [f"landlock after {version}"]})]
        done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True)
        assert done.stdout.startswith("open" if version < since else "closed"), (version, done)


ORDINARY = {
    "a table to a file and back": "import pandas as pd; pd.DataFrame({'a': [1]}).to_csv('t.csv'); pd.read_csv('t.csv')",
    "a figure": "import matplotlib.pyplot as plt; plt.plot([1, 2]); plt.savefig('f.png'); plt.close()",
    "a temporary file": "import tempfile; tempfile.NamedTemporaryFile().write(b'x')",
    "a copied file": "import shutil; open('a', 'w').close(); shutil.copy2('a', 'b')",
    "a database": "import sqlite3; sqlite3.connect('d.sqlite').execute('create table t (a)')",
    "a database with a journal": "import sqlite3; d = sqlite3.connect('j'); d.execute('pragma journal_mode=wal')",
    "a large array to a file": "import numpy; numpy.zeros(5_000_000).tofile('array')",
    "a file mapped": "import numpy; m = numpy.memmap('m', mode='w+', shape=9); m[:] = 1; m.flush()",
    "a file in another's place": "import os, shutil, tempfile\nopen('n', 'w').close(); os.replace('n', 'o')\n"
    "shutil.move('o', tempfile.mkdtemp())",
    "a signal to itself": "import signal; signal.signal(10, lambda *_: 0); signal.raise_signal(10)",
    "threads": "import concurrent.futures as c; list(c.ThreadPoolExecutor(8).map(str, range(99)))",
    "asyncio": "import asyncio; await asyncio.sleep(0)",
    "a time zone": "import zoneinfo; zoneinfo.ZoneInfo('Europe/Kyiv')",
    "random numbers": "import random, secrets, numpy; random.random(), secrets.token_hex(), numpy.random.rand()",
    "a late import": "import xml.dom.minidom, difflib, wave",
    "kit once more": "import sys; [sys.modules.pop(n) for n in list(sys.modules) if n[:3] == 'kit']; import kit.check",
    "standard input": "try:\n    input()\nexcept Exception as error:\n    assert 'input' in str(error)",
    "a large output": "from IPython.display import display; display({'text/plain': 'x' * 300_000}, raw=True)",
    "time": "import time; time.sleep(0.001), time.localtime()",
}


@pytest.mark.parametrize("work", ORDINARY)
def test_ordinary_work_goes_on(work: str, shared: Room) -> None:
    assert "Error" not in shared.says(ORDINARY[work])
