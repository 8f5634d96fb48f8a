"""The environment is made by the right commands, mended when it is broken, and its faults are said plainly."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from kit import __main__ as start
from kit.article import seeds
from kit.errors import SetupError
from kit.setup import environment, places

ROOT = Path(__file__).resolve().parents[2]


class Fake:
    """A runner that makes the files a command would make, and fails where it is told to."""

    def __init__(self, root: Path, *, failing: str = "", writing: str = "") -> None:
        self.root, self.failing, self.writing = root, failing, writing
        self.commands: list[str] = []
        self.said: list[str] = []

    def __call__(
        self, command: Sequence[str], tell: Callable[[str], object] = print
    ) -> subprocess.CompletedProcess[str]:
        line = " ".join(command)
        python = self.root / ".venv" / "bin" / "python"
        if " -c import " in line:
            return subprocess.CompletedProcess(command, 0 if python.exists() else 127, "")
        self.commands.append(line)
        if self.failing and self.failing in line:
            return subprocess.CompletedProcess(command, 1, self.writing)
        if " venv " in line:
            python.parent.mkdir(parents=True)
            python.touch()
            (self.root / ".venv" / "pyvenv.cfg").write_text("version = 3.11.7\n")
        return subprocess.CompletedProcess(command, 0, "")

    def ensure(self, *, dev: bool = False) -> Path:
        return environment.ensure(self.root, dev=dev, say=self.said.append, run=self)


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "clone"
    root.mkdir()
    for name in ("pyproject.toml", "requirements.lock", "requirements-dev.lock"):
        shutil.copy(ROOT / name, root)
    monkeypatch.setattr("os.name", "posix")
    monkeypatch.setattr(shutil, "which", lambda name: None)
    return root


def with_uv(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: "/bin/uv")


def with_wheelhouse(clone: Path) -> Path:
    (clone / "wheelhouse").mkdir()
    (clone / "wheelhouse" / "pip-26.0-py3-none-any.whl").touch()
    return clone / "wheelhouse"


def test_without_anything_it_is_venv_and_pip(clone: Path) -> None:
    fake = Fake(clone)
    fake.ensure()
    made, packages, itself = fake.commands
    assert "-m venv" in made
    assert "--no-deps --require-hashes" in packages and "requirements.lock" in packages and "--no-index" not in packages
    assert "--no-deps --no-build-isolation --editable" in itself
    assert [line.split(" (")[0] for line in fake.said] == [
        "Making .venv",
        "Installing the packages of the kit",
        "Installing the kit itself",
    ]


def test_with_uv_it_is_uv_alone(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_uv(monkeypatch)
    fake = Fake(clone)
    fake.ensure()
    assert [command.startswith("/bin/uv ") for command in fake.commands] == [True, True, True]


def test_when_uv_fails_pip_goes_on_and_one_line_says_so(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_uv(monkeypatch)
    fake = Fake(clone, failing="uv pip")
    fake.ensure()
    assert "uv could not do it; going on with pip ..." in fake.said
    assert " -m pip install " in fake.commands[-1]


def test_a_wheelhouse_beats_uv_and_needs_no_network(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_uv(monkeypatch)
    wheels = with_wheelhouse(clone)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    fake = Fake(clone)
    fake.ensure()
    assert "--without-pip" in fake.commands[0]
    assert f"--no-index --find-links {wheels}" in fake.commands[1]
    assert str(wheels / "pip-26.0-py3-none-any.whl") in fake.commands[1]


def test_the_packages_of_the_tests_are_not_looked_for_in_a_wheelhouse(clone: Path) -> None:
    with_wheelhouse(clone)
    fake = Fake(clone)
    fake.ensure(dev=True)
    assert "requirements-dev.lock" in fake.commands[1] and "--find-links" not in fake.commands[1]


def test_a_finished_environment_is_left_alone_until_the_lock_changes(clone: Path) -> None:
    Fake(clone).ensure()
    again = Fake(clone)
    again.ensure()
    assert (again.commands, again.said) == ([], [])
    with (clone / "requirements.lock").open("a") as lock:
        lock.write("# changed\n")
    again.ensure()
    assert len(again.commands) == 2, "the packages and the kit, but not .venv itself"


def test_the_tests_add_to_it_and_serve_for_all(clone: Path) -> None:
    Fake(clone).ensure()
    assert not environment.ready(clone, dev=True)
    more = Fake(clone)
    more.ensure(dev=True)
    assert len(more.commands) == 2
    assert environment.ready(clone) and environment.ready(clone, dev=True)


@pytest.mark.parametrize("left", ["an empty folder", "a file", "no stamp", "a broken stamp", "no Python"])
def test_what_was_left_half_made_is_mended(clone: Path, left: str) -> None:
    venv = clone / ".venv"
    if left == "an empty folder":
        venv.mkdir()
    elif left == "a file":
        venv.touch()
    else:
        Fake(clone).ensure()
        stamp = venv / "kit-stamp"
        {"no stamp": stamp.unlink, "a broken stamp": lambda: stamp.write_bytes(b"\xff\0")}.get(
            left, (venv / "bin" / "python").unlink
        )()
    assert not environment.ready(clone)
    Fake(clone).ensure()
    assert environment.ready(clone)


def test_a_clone_that_was_moved_gets_a_new_one(clone: Path) -> None:
    Fake(clone).ensure()
    moved = clone.rename(clone.with_name("moved"))
    fake = Fake(moved)
    fake.ensure()
    assert "-m venv" in fake.commands[0]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("NewConnectionError: Failed to establish a new connection", "there is no network"),
        ("dns error: failed to lookup address information", "there is no network"),
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("ERROR: something else", "something else"),
    ],
)
def test_why_pip_failed_is_said_plainly(clone: Path, written: str, said: str) -> None:
    with pytest.raises(SetupError, match=re.escape(said)):
        Fake(clone, failing="requirements.lock", writing=written).ensure()
    assert not environment.ready(clone)


def test_a_wheelhouse_for_another_python_is_said_plainly(clone: Path) -> None:
    with_wheelhouse(clone)
    with pytest.raises(SetupError, match="another version of Python"):
        Fake(clone, failing="requirements.lock", writing="ERROR: No matching distribution found for x").ensure()


def test_where_debian_left_out_ensurepip_the_package_is_named(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SetupError, match="sudo apt install python3-venv"):
        Fake(clone).ensure()


def test_an_incomplete_clone_is_said_plainly(clone: Path) -> None:
    (clone / "requirements.lock").unlink()
    with pytest.raises(SetupError, match="not complete"):
        Fake(clone).ensure()


def test_a_wheelhouse_is_downloaded_into_the_clone(clone: Path) -> None:
    fake = Fake(clone)
    assert environment.wheelhouse(clone, say=fake.said.append, run=fake) == clone / "wheelhouse"
    assert "pip download" in fake.commands[0] and len(fake.said) == 1


def test_a_command_that_is_not_there_is_a_failure_and_no_traceback() -> None:
    assert environment.run_quietly(["/no/such/command"]).returncode == 127


@pytest.mark.parametrize("version", [(3, 6), (3, 10)])
def test_an_old_python_gets_one_sentence(
    version: tuple[int, int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", version)
    assert start.main() == 1
    assert f"this is Python {version[0]}.{version[1]}" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--help"], ["grade", "--help"]])
def test_help_needs_nothing_but_the_standard_library(arguments: list[str], tmp_path: Path) -> None:
    shutil.copytree(ROOT / "kit", tmp_path / "kit", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "pyproject.toml").touch()
    # -S leaves out every installed package.
    command = [sys.executable, "-S", "-E", "-m", "kit", *arguments]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "usage" in done.stdout
    assert not (tmp_path / ".venv").exists()


def test_an_installed_kit_makes_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "missing", lambda *, dev=False: ())
    assert environment.settled(None)


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_names_no_host_and_no_machine(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text and "index-url" not in text.replace("--no-emit-index-url", "")
    assert not re.search(r"find-links|file:|(^|\s)/", text)
    pins = re.findall(r"^([\w.-]+)==", text, re.MULTILINE)
    assert len(pins) > 80 and {"pip", "hatchling", "editables", "jupyterlab", "nbval"} <= set(pins)


def test_the_lock_of_the_tests_holds_all_of_the_other() -> None:
    # Where a package is wanted may differ: the tests may want it on more systems.
    plain, tests = (
        set(re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?(==[^\\\n; ]+)", (ROOT / name).read_text(), re.MULTILINE))
        for name in ("requirements.lock", "requirements-dev.lock")
    )
    assert plain < tests


def test_the_solutions_are_only_in_a_clone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KIT_SEEDS", str(tmp_path))
    assert seeds.seeds() == tmp_path
    monkeypatch.setattr(places, "root", lambda: None)
    monkeypatch.setattr(seeds, "root", lambda: None)
    assert places.notebooks().parent.name == "data"
    with pytest.raises(SetupError, match="clone"):
        places.solutions()


@pytest.mark.slow
def test_an_environment_is_really_made_from_the_lock(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    leave = shutil.ignore_patterns(".*", "work", "wheelhouse", "grades", "dist", "__pycache__")
    shutil.copytree(ROOT, clone, ignore=leave)
    said: list[str] = []
    python = environment.ensure(clone, say=said.append)
    assert environment.ready(clone) and not environment.ready(clone, dev=True)
    for command in (["-m", "pip", "check"], ["-c", "import jupyterlab, pandas, kit"], ["-m", "kit", "--help"]):
        done = subprocess.run([python, *command], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr + done.stdout
    said.clear()
    environment.ensure(clone, say=said.append)
    assert said == []


# What pip 26.0 and uv 0.9 write, shortened.
PIP = """Collecting anyio==4.12.1 (from -r requirements.lock (line 9))
  Downloading anyio-4.12.1-py3-none-any.whl (113 kB)
Collecting argon2-cffi-bindings==25.1.0 (from -r requirements.lock (line 12))
  Using cached argon2_cffi_bindings-25.1.0-cp39-abi3-manylinux_2_28_x86_64.whl (86 kB)
Installing collected packages: anyio, argon2-cffi-bindings
"""
CARRIED = """Looking in links: wheelhouse
Processing ./wheelhouse/anyio-4.12.1-py3-none-any.whl (from -r requirements.lock (line 9))
Processing ./wheelhouse/argon2-cffi-bindings-25.1.0-cp39-abi3-manylinux_2_28_x86_64.whl
Installing collected packages: anyio, argon2-cffi-bindings
"""
UV = """Resolved 2 packages in 5ms
Downloading argon2-cffi-bindings (8.2MiB)
Prepared 2 packages in 1.20s
"""


@pytest.mark.parametrize(("written", "count"), [(PIP, 2), (CARRIED, 2), (UV, 1)])
def test_the_pace_is_read_off_what_pip_and_uv_write(written: str, count: int) -> None:
    pace, words = environment.Pace(2, print), []
    for line in written.splitlines(keepends=True):
        pace.tell(line)
        words.append(pace.words)
    assert f"package {count} of 2, argon2-cffi-bindings" in words
    assert words[-1] == "all packages are here; unpacking them"


def test_there_is_a_sign_of_life_while_nothing_is_written() -> None:
    twice, said = threading.Event(), []

    def say(line: str) -> None:
        said.append(line)
        if len(said) == 2:
            twice.set()

    with environment.Pace(2, say, seconds=0.001):
        assert twice.wait(30)
    assert said[0].endswith("s: looking for the packages")


def test_what_a_command_writes_is_told_line_by_line_and_returned() -> None:
    told: list[str] = []
    code = "import sys; print('one'); sys.stdout.flush(); print('two', file=sys.stderr); sys.exit(3)"
    done = environment.run_quietly([sys.executable, "-c", code], told.append)
    assert (done.returncode, told, done.stdout) == (3, ["one\n", "two\n"], "one\ntwo\n")
    assert environment.run_quietly(["a program that is not there"], told.append).returncode == 127
