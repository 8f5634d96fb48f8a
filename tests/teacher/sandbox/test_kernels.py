"""The kernels: the same points with each, and nobody's code without walls unless somebody says so."""

from __future__ import annotations

import copy
import dataclasses
import os
import pickle
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from jupyter_client.manager import start_new_kernel

from kit import commands
from kit.article import seeds
from kit.errors import KitError, SetupError
from kit.questions import role
from kit.setup import places
from kit.teacher.exercises.keys import Exercise, load
from kit.teacher.grading import grade, submission
from kit.teacher.grading.grade import trial
from kit.teacher.sandbox import kernels
from kit.teacher.sandbox.kernels import ColdKernel, Edition, Kernel, WarmKernel, asked, choose

from .conftest import Room

CLASS = Path(__file__).parents[2] / "data/sample_class"


SOLUTIONS = {path.stem: load(path) for path in sorted(places.solutions().glob("*.ipynb"))}


@pytest.fixture
def nothing_isolates(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(without: tuple[str, ...]) -> None:
        raise SetupError("This machine does not isolate kernels: it is a test.")

    monkeypatch.setattr(kernels, "_WarmProcess", refused)


@pytest.fixture
def isolating(kernel: Kernel) -> WarmKernel:
    if not isinstance(kernel, WarmKernel):
        pytest.skip("this machine does not isolate kernels")
    return kernel


@pytest.mark.slow
@pytest.mark.parametrize("student", sorted(path.name for path in CLASS.iterdir()))
def test_cold_and_warm_kernels_give_the_same_marks(student: str, exercise: Exercise, isolating: WarmKernel) -> None:
    path = next((CLASS / student).glob("*.ipynb"))
    try:
        found = submission.read(student, path)
    except KitError:
        pytest.skip("this file cannot be read, with whatever kernel")
    cold, warm = (grade.grade_one(found, exercise, kernel=kind) for kind in (ColdKernel(), isolating))
    assert cold == warm


@pytest.mark.slow
@pytest.mark.parametrize("name", SOLUTIONS)
def test_cold_and_warm_kernels_show_the_same_for_every_solution(name: str, isolating: WarmKernel) -> None:
    solution = SOLUTIONS[name]
    right = {role(c)[1]: c["source"] for c in solution.notebook["cells"] if role(c)[0] == "answer"}
    cold, warm = (trial(solution, right, kind, 30) for kind in (ColdKernel(), isolating))
    assert cold == warm
    assert cold and all(found["check"]["passed"] for found in cold.values())


@pytest.mark.skipif(sys.platform == "win32", reason="there the channels are ports")
def test_a_cold_kernel_has_no_port_that_another_program_could_take(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("JUPYTER_PATH", ColdKernel().environment(tmp_path)["JUPYTER_PATH"])
    manager, client = start_new_kernel(kernel_name=ColdKernel.name)
    folder = Path(manager.connection_file).parent
    try:
        assert manager.transport == "ipc" and folder.is_dir()
        assert client.execute_interactive("7", timeout=60)["content"]["status"] == "ok"
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert not folder.exists()


KILLED = """
import os, sys, threading, time
from pathlib import Path
from kit.teacher.exercises.keys import load
from kit.teacher.sandbox.kernels import WarmKernel
from kit.teacher.grading.grade import trial

exercise, warm = load(Path(sys.argv[1])), WarmKernel()
threading.Thread(target=trial, args=(exercise, {"acts": "acts = sum(iter(int, 1))"}, warm, 60)).start()
while not any(Path(os.environ["TMPDIR"]).glob("kit-*/kernels/*")):
    time.sleep(0.05)
os.kill(os.getpid(), 9)
"""


@pytest.mark.slow
def test_what_a_killed_grader_left_is_removed_by_the_next(
    isolating: WarmKernel, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("k")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    program = [sys.executable, "-c", KILLED, str(places.solutions() / "01_acts_and_contents.ipynb")]
    killed = subprocess.run(program, env=os.environ | {"TMPDIR": str(folder)})
    assert killed.returncode == -signal.SIGKILL
    (left,) = folder.glob("kit-*")
    end = time.monotonic() + 60
    while list(folder.iterdir()) != [left] and time.monotonic() < end:
        time.sleep(0.05)  # the judge ends when its kernel has, and takes the notebook's folder with it
    assert list(folder.iterdir()) == [left]
    own, other = WarmKernel(), WarmKernel()
    try:
        assert not left.exists() and len(list(folder.iterdir())) == 2, "and nothing of those that are at work"
    finally:
        own.close()
        other.close()
    assert not list(folder.iterdir())


@pytest.mark.skipif(sys.platform != "linux", reason="nothing is swept where nothing is isolated")
def test_nothing_is_removed_that_is_not_surely_what_a_dead_grader_of_this_machine_left(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    parent = tmp_path_factory.mktemp("s")
    here = kernels._HERE
    sockets = {f"{here}alive": socket.SOCK_STREAM, f"{here}dead": socket.SOCK_SEQPACKET, "kit-far": socket.SOCK_STREAM}
    (parent / f"{here}folder" / "warm").mkdir(parents=True)
    for name in (f"{here}file", "kit-mine", *sockets):
        (parent / name).mkdir()
    for name in (f"{here}file", "kit-mine"):
        (parent / name / "warm").write_text("notes")
    with ExitStack() as held:
        for name, kind in sockets.items():
            listener = held.enter_context(socket.socket(socket.AF_UNIX, kind))
            listener.bind(str(parent / name / "warm"))
            if name.endswith("alive"):  # another program's
                listener.listen()
        kernels._sweep(parent)
    left = {path.name for path in parent.iterdir()}
    assert left == {f"{here}alive", f"{here}file", f"{here}folder", "kit-far", "kit-mine"}


@pytest.mark.usefixtures("nothing_isolates")
def test_without_isolation_somebody_must_say_that_the_code_is_trusted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert commands.main(["grade", str(CLASS), "-o", str(tmp_path / "out")]) == 1
    assert "--trust" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    assert choose(trust=True).isolation.startswith("not isolated")


def test_grading_needs_nothing_that_only_linux_has() -> None:
    code = "import sys; sys.modules['resource'] = None; import kit.commands.cmd_grades, kit.teacher.grading.classroom"
    subprocess.run([sys.executable, "-c", code], cwd=seeds.root(), check=True)


@pytest.mark.slow
@pytest.mark.parametrize("lost", ["seccomp", "landlock", "limits"])
def test_a_part_of_the_floor_is_not_enough(lost: str, isolating: WarmKernel) -> None:
    with pytest.raises(SetupError, match="left out"):
        WarmKernel(without=[lost])


def test_trust_takes_no_wall_away(isolating: WarmKernel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernels, "WarmKernel", lambda: isolating)
    assert choose(trust=True) is isolating
    assert isolating.isolation.startswith("isolated by: ")


@pytest.mark.slow
def test_a_copy_elsewhere_uses_the_same_warm_process_or_one_that_isolates_as_much(
    isolating: WarmKernel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = pickle.loads(pickle.dumps(isolating))
    assert other.environment(tmp_path) == isolating.environment(tmp_path)
    other._folder = str(tmp_path / "of another machine")
    anew = other.environment(tmp_path)
    assert anew["KIT_SANDBOX"] != isolating.environment(tmp_path)["KIT_SANDBOX"]
    assert other.environment(tmp_path) == anew
    other.layers = (*other.layers, "a wall that this machine has not")
    with pytest.raises(SetupError, match="isolates less"):
        other.environment(tmp_path)
    other.close()


@pytest.mark.slow
def test_the_key_never_reaches_the_warm_process_or_its_kernels(
    isolating: WarmKernel, exercise: Exercise, solved: dict[str, str]
) -> None:
    marker = "a-key-that-is-nowhere-else-7f3a"
    notebook = copy.deepcopy(exercise.notebook)
    checks = [cell for cell in notebook["cells"] if role(cell)[0] == "check"]
    checks[0]["outputs"].append({"output_type": "stream", "name": "stdout", "text": marker})
    assert trial(dataclasses.replace(exercise, notebook=notebook), solved, isolating, 10)
    warm = kernels._started[isolating._folder].process.pid
    family = {warm, *_children(warm)}
    assert len(family) > 1, "one process for each edition"
    for pid in family:
        assert _holds(pid, b"matplotlib") and not _holds(pid, marker.encode())


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _holds(pid: int, what: bytes) -> bool:
    """Whether a process has `what` in the memory that is its own."""
    try:
        with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
            for line in maps:
                start, end, rights, path = re.match(r"(\w+)-(\w+) (\S+) \S+ \S+ \S+\s*(.*)", line).groups()
                if rights.startswith("rw") and path in ("", "[heap]"):
                    memory.seek(int(start, 16))
                    if what in memory.read(int(end, 16) - int(start, 16)):
                        return True
    except PermissionError:
        pytest.skip("this machine does not let us look into another process")
    return False


SECRETS = ("JUPYTERHUB_API_TOKEN", "JPY_API_TOKEN", "AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "SSH_AUTH_SOCK", "KIT_KEY")


def test_no_variable_gets_into_a_kernel_that_is_not_listed(
    exercise: Exercise, solved: dict[str, str], kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in SECRETS:
        monkeypatch.setenv(name, "s3cret")
    looks = f"import os; acts = len([name for name in os.environ if name in {SECRETS} or 's3cret' in os.environ[name]])"
    for kind in (kernel, ColdKernel()):
        found = trial(exercise, {**solved, "acts": looks}, kind, 30)
        assert found and found["acts"]["check"]["shown"] == '{"value": 0}', kind.name


def test_who_asks_for_a_kernel_cannot_hand_it_variables(isolating: WarmKernel, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SECRETS:
        monkeypatch.setenv(name, "s3cret")
    with _talking(isolating, Edition()) as says:
        code = "import os\nassert 's3cret' not in os.environ.values() and 'KIT_SANDBOX' not in os.environ"
        assert says(code) == "ok"


@pytest.mark.parametrize(
    "request_",
    [
        {"kernel": "", "read": ["/etc"]},
        {"kernel": "", "environment": {"KIT_SEEDS": "/etc"}},
        {"edition": "../editions/of-the-test"},
        {"edition": "/etc"},
        {"edition": "never written"},
        {"edition": "of-the-test", "read": ["/etc"]},
        {},
    ],
    ids=str,
)
def test_no_request_opens_another_folder(request_: dict[str, object], isolating: WarmKernel) -> None:
    (Path(isolating._living()) / "editions" / "of-the-test").mkdir(parents=True, exist_ok=True)
    connection, said = asked(f"{isolating._living()}/warm", request_)
    connection.close()
    assert set(said) == {"failed"}


def test_a_kernel_reads_the_edition_of_its_own_exercise_and_no_other(isolating: WarmKernel) -> None:
    homes = {}
    for name in ("mine", "another"):
        edition = Edition(
            ((f"{name}.txt", b"labels"),), (f"who = open(__import__('os').environ['KIT_SEEDS'] + '/{name}.txt')",)
        )
        assert not isolating.prepared(edition), "it leaves a file open, which a fork would not have"
        edition = dataclasses.replace(edition, cells=(f"who = {name!r}",))
        assert isolating.prepared(edition)
        homes[name] = Path(isolating._living()) / "editions" / edition.name / "seeds" / f"{name}.txt"
        last = edition
    with _talking(isolating, last) as says:
        assert says(f"assert who == 'another' and open({str(homes['another'])!r}).read() == 'labels'") == "ok"
        assert says(f"open({str(homes['mine'])!r})") == "error"


@pytest.mark.parametrize(
    "cell",
    [
        "1 / 0",
        "import random; random.seed(3)",
        "import numpy; numpy.random.rand()",
        "open('left.csv', 'w').write('a,b')",
        "import os; os.environ['LEFT'] = '1'",
        "import threading, time; threading.Thread(target=time.sleep, args=(9,), daemon=True).start()",
        "import matplotlib.pyplot as plt; plt.ioff(); plt.figure()",
        "import os; os._exit(0)",
    ],
)
def test_cells_that_a_fork_would_not_have_run_are_run_by_each_kernel(cell: str, isolating: WarmKernel) -> None:
    edition = Edition((), ("import kit", cell))
    assert not isolating.prepared(edition)
    with _talking(isolating, edition) as says:
        assert says("import kit; assert 'LEFT' not in __import__('os').environ") == "ok"


def test_kernels_of_one_edition_have_nothing_of_each_other(isolating: WarmKernel) -> None:
    edition = Edition((), ("import pandas as pd", "frame = pd.DataFrame({'a': [1, 2]})", "frame"))
    with _talking(isolating, edition) as one, _talking(isolating, edition) as other:
        assert one("frame.loc[0, 'a'] = 9; pd.set_option('display.max_rows', 3); mine = 1") == "ok"
        assert other("assert frame['a'].tolist() == [1, 2] and pd.get_option('display.max_rows') != 3") == "ok"
        assert other("mine") == "error"
        assert other("assert _['a'].tolist() == [1, 2]") == "ok", "what our last cell showed is there, as ever"


def test_what_a_cell_of_ours_shows_or_sets_is_as_if_the_kernel_had_run_it(isolating: WarmKernel) -> None:
    cells = (
        "import warnings, pandas as pd, matplotlib.pyplot as plt",
        "warnings.simplefilter('error'); pd.set_option('display.precision', 2); plt.rcParams['font.size'] = 7",
        "print('shown'); display(3); 7",
    )
    edition = Edition((), cells)
    assert isolating.prepared(edition)
    with _talking(isolating, edition) as says:
        assert (
            says("assert pd.get_option('display.precision') == 2 and plt.rcParams['font.size'] == 7 and _ == 7") == "ok"
        )
        assert says("warnings.warn('x')") == "error"
        assert says("ax = plt.figure().add_subplot(); plt.show()") == "ok"


@contextmanager
def _talking(warm: WarmKernel, edition: Edition) -> Iterator[Callable[[str], str]]:
    """A kernel of `edition`, as a function that runs a cell there and returns its status."""
    with tempfile.TemporaryDirectory() as folder:
        room = Room(warm, Path(folder), edition)

        def status(cell: str) -> str:
            room.talk.execute(cell)
            return room.talk.get_shell_msg(timeout=60)["content"]["status"]

        try:
            yield status
        finally:
            room.close()


def test_folders_for_sockets_have_names_that_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/short")
    assert kernels.sockets() is None
    monkeypatch.setattr("tempfile.tempdir", "/" + "long" * 20)
    assert kernels.sockets() == "/tmp"
