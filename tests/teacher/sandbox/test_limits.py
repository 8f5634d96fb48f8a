"""What a kernel may use up, and that it is gone when its notebook is."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kit.teacher.sandbox import limits, probe
from kit.teacher.sandbox.kernels import WarmKernel

from .conftest import Room, session_of, soon, warm_pid


def test_every_wall_is_tried_here(warm: WarmKernel) -> None:
    """Not a test of the sandbox but of the machine: it says what the other tests could not try."""
    missing = {name: reason for name, reason in warm.missing.items() if name not in warm.without}
    if missing:
        pytest.skip(f"this machine does not allow {missing}")
    assert set(warm.layers) == set(probe.LAYERS) - set(warm.without)


ENDS = {
    "leaves": "import os\nos._exit(0)",
    "crashes": "import ctypes\nctypes.string_at(0)",
    "aborts": "import os\nos.abort()",
    "makes a forbidden kind of call": "import ctypes, mmap\n"
    "page = mmap.mmap(-1, 4096, prot=7)\npage.write(bytes.fromhex('b814000000cd80c3'))\n"
    "ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()",
}


@pytest.mark.parametrize("how", ENDS)
def test_the_end_of_a_kernel_is_noticed_at_once(how: str, room: Room) -> None:
    if "forbidden" in how and os.uname().machine != "x86_64":
        pytest.skip("the other kind of call is that of 32-bit programs on x86_64")
    before = time.monotonic()
    assert room.says(ENDS[how], seconds=600).startswith("ended")
    assert time.monotonic() - before < 60
    assert not room.talk.is_alive()


def test_a_kernel_without_descriptors_has_no_more_to_say(room: Room) -> None:
    assert room.says("import os\nos.closerange(0, 4096)").startswith("ended")


FLOODS = {
    "prints": "while True: print('x' * 10_000)",
    "writes past Python": "import os\nwhile True: os.write(1, b'x' * 10_000)",
    "displays": "from IPython.display import display\nwhile True: display({'text/plain': 'x' * 10_000}, raw=True)",
    "shows one thing": "'x' * 100_000_000",
}


@pytest.mark.slow
@pytest.mark.parametrize("how", FLOODS)
def test_output_is_bounded(how: str, room: Room) -> None:
    said = room.says(FLOODS[how], seconds=10)
    assert said.startswith("ended") or said == "silent", said[:100]
    held = sum(len(str(message)) for stored in room.talk._stored.values() for message in stored)
    assert held < 40_000_000


def test_memory_is_bounded(room: Room) -> None:
    assert "MemoryError" in room.says("held = []\nwhile True: held.append(bytearray(100_000_000))")
    assert room.says("held.clear(); 1 + 1") == "2"
    assert "Error" in room.says("import resource\nresource.setrlimit(resource.RLIMIT_AS, (-1, -1))")


@pytest.mark.slow
def test_threads_are_bounded(room: Room) -> None:
    said = room.says(
        "import threading, time\nthreading.stack_size(32768)\n"
        "for _ in range(20_000): threading.Thread(target=time.sleep, args=(600,), daemon=True).start()"
    )
    assert said.startswith("ended") or "can't start new thread" in said
    assert not room.talk.is_alive() or soon(lambda: not room.talk.is_alive())


FILL = """
import os
total = 0
try:
    for number in range(1000):
        with open(f"f{number}", "wb", buffering=0) as file:
            for _ in range(8):
                total += file.write(bytes(1_000_000))
            KEEP
except OSError as error:
    print(error.errno)
print(total)
"""


@pytest.mark.slow
@pytest.mark.parametrize("keep", ["", "os.dup(file.fileno()); os.remove(f'f{number}')"], ids=["files", "deleted files"])
def test_what_is_written_is_bounded(keep: str, start: Callable[[], Room], warm: WarmKernel) -> None:
    before = set((Path(warm._folder) / "kernels").iterdir())
    room = start()
    said = room.says(FILL.replace("KEEP", keep))
    if "namespaces" in warm.layers:
        assert said.startswith("28\n") and int(said.split()[1]) <= limits.MEGABYTES << 20
    else:
        assert said.startswith("ended")
        assert f"more than {limits.MEGABYTES} MB" in room.talk.why
    room.close()
    assert before == set((Path(warm._folder) / "kernels").iterdir())


HIDDEN = {
    "in a folder that moves on": """
        for n in range(3000): open(f"decoy{n}", "w").close()
        os.mkdir("x0")
        files = [os.open(f"x0/{n}", os.O_WRONLY | os.O_CREAT) for n in range(15)]
        def move():
            for n in range(10 ** 9): os.rename(f"x{n}", f"x{n + 1}")
        threading.Thread(target=move, daemon=True).start()
        for file in files * 10: os.write(file, bytes(1 << 20)); time.sleep(0.01)
    """,
    "in mappings": """
        libc = ctypes.CDLL(None)
        libc.mmap.restype = ctypes.c_long
        for n in range(5):
            file = os.open("m", os.O_RDWR | os.O_CREAT)
            for _ in range(30): os.write(file, bytes(1 << 20))
            if libc.mmap(None, ctypes.c_long(4096), 1, 2, file, ctypes.c_long(0)) == -1: raise OSError
            os.close(file), os.remove("m")
    """,
}


@pytest.mark.slow
@pytest.mark.parametrize("where", HIDDEN)
def test_what_is_written_is_bounded_where_it_is_hidden(where: str, room: Room, warm: WarmKernel) -> None:
    code = f"import ctypes, os, textwrap, threading, time\nexec(textwrap.dedent({HIDDEN[where]!r}))\ntime.sleep(20)"
    said = room.says(code, seconds=60)
    if "namespaces" in warm.layers:
        assert "No space left" in said
    else:
        assert said.startswith("ended")
        assert f"more than {limits.MEGABYTES} MB" in room.talk.why


@pytest.mark.slow
def test_one_file_is_bounded(room: Room) -> None:
    assert "File too large" in room.says(f"open('f', 'wb').truncate({(limits.MEGABYTES << 20) + 1})")


ENDLESS = (
    "while True: pass",
    "import asyncio\nawait asyncio.sleep(10**6)",
    "import time\nwhile True: print('x' * 300_000, flush=True); time.sleep(0.1)",
)


@pytest.mark.parametrize("endless", ENDLESS)
def test_an_endless_cell_is_interrupted(endless: str, room: Room) -> None:
    assert room.says(endless, seconds=1) == "silent"
    room.talk.interrupt_kernel()
    assert soon(lambda: room.says("1 + 1", seconds=1) == "2")


def test_a_cell_that_ignores_interrupts_ends_with_its_kernel(start: Callable[[], Room], warm: WarmKernel) -> None:
    before = session_of(warm)
    room = start()
    deaf = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
    assert room.says(deaf, seconds=1) == "silent"
    room.talk.interrupt_kernel()
    room.close()
    assert soon(lambda: session_of(warm) <= before)


def test_a_kernel_ends_with_the_connection_of_who_asked_for_it(tmp_path: Path, warm: WarmKernel) -> None:
    before = session_of(warm)
    room = Room(warm, tmp_path)
    assert session_of(warm) > before
    room.talk._close()
    assert soon(lambda: session_of(warm) <= before)
    room.close()


@pytest.mark.slow
def test_a_kernel_ends_with_its_supervisor_and_with_the_warm_process(tmp_path: Path, warm: WarmKernel) -> None:
    other = WarmKernel(without=warm.without)
    mine = warm_pid(other)
    rooms = [Room(other, tmp_path) for _ in range(2)]
    (edition,) = (pid for pid in session_of(other) if _parent(pid) == mine)
    supervisors = [pid for pid in session_of(other) if _parent(pid) == edition]
    assert len(supervisors) == 2 and len(session_of(other)) == 6
    os.kill(supervisors[0], signal.SIGKILL)
    assert soon(lambda: len(session_of(other)) == 4)
    os.kill(mine, signal.SIGKILL)
    assert soon(lambda: not session_of(other) - {mine})
    for room in rooms:
        room.close()
    other.close()


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def test_kernels_do_not_see_each_other(start: Callable[[], Room]) -> None:
    first, second = start(), start()
    place = first.says("import os, random, numpy\nopen('mine', 'w').write('x')\nprint(os.getcwd(), end='')")
    assert second.says("import os; os.listdir('.')").strip() == "[]" or "mine" not in second.says("os.listdir('.')")
    assert "Error" in second.says(f"open({place!r} + '/mine')")
    draw = "import random, numpy, uuid; (random.random(), numpy.random.rand(), uuid.uuid4())"
    assert first.says(draw) != second.says(draw)


@pytest.mark.parametrize("lost", ["root", "packages"])
def test_a_wall_that_fails_later_means_no_kernel(lost: str, tmp_path: Path, warm: WarmKernel) -> None:
    if lost == "root" and "namespaces" not in warm.layers:
        pytest.skip("without namespaces there is no root to lose")
    place = Path(warm._folder) / lost
    place.rename(place.with_suffix(".lost"))
    try:
        with pytest.raises(RuntimeError, match="could not be started"):
            Room(warm, tmp_path)
    finally:
        place.with_suffix(".lost").rename(place)
    Room(warm, tmp_path).close()
