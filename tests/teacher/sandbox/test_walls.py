"""Attacks from inside a kernel. Each is refused there; outside it works, so that the tests can fail."""

from __future__ import annotations

import errno
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas
import pytest

from kit.setup import places
from kit.teacher.sandbox.kernels import WarmKernel

from .conftest import Room, warm_pid

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
import os, socket, subprocess
for _name, _value in {names!r}.items():
    globals()[_name] = _value
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
    }
    for one in listening:
        one.close()


@pytest.fixture(scope="session")
def outside(world: dict[str, object], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the same attacks do in a process of the same user without walls."""
    code = "import json, io, contextlib\nsaid = {}\n"
    for name, attack in ATTACKS.items():
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


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_is_open_outside_is_closed_inside(
    attack: str, shared: Room, world: dict[str, object], outside: dict[str, str]
) -> None:
    if outside[attack].strip() != "open":
        pytest.skip(f"not testable here: even outside it is {outside[attack].strip()}")
    said = shared.says(ASK.format(names=world, attack=ATTACKS[attack]))
    assert said.startswith("closed:"), said
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


ORDINARY = {
    "a table to a file and back": "import pandas as pd; pd.DataFrame({'a': [1]}).to_csv('t.csv'); pd.read_csv('t.csv')",
    "a figure": "import matplotlib.pyplot as plt; plt.plot([1, 2]); plt.savefig('f.png'); plt.close()",
    "a temporary file": "import tempfile; tempfile.NamedTemporaryFile().write(b'x')",
    "a copied file": "import shutil; open('a', 'w').close(); shutil.copy2('a', 'b')",
    "a database": "import sqlite3; sqlite3.connect('d.sqlite').execute('create table t (a)')",
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
