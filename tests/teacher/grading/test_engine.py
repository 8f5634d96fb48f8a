"""Where grading runs: results come as they are done, and a worker that is lost costs nobody else anything."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path

import pytest

from kit.errors import KitError
from kit.teacher.grading import classroom

LOST = "lost"


def double(job: int) -> int:
    return 2 * job


def double_or_die(job: int) -> int:
    if job == 3:
        os._exit(1)
    return 2 * job


def die_once(job: tuple[str, int]) -> int:
    mark = Path(job[0])
    if job[1] == 3 and not mark.exists():
        mark.touch()
        os._exit(1)
    return job[1]


def noted(job: Path) -> int:
    """How often this job was run."""
    with job.open("a") as file:
        file.write("run\n")
    return len(job.read_text().splitlines())


def nap(job: int) -> int:
    time.sleep(job)
    return job


def running(pid: int) -> bool:
    """Asked of the system: of two threads that wait for the same process, only one is told of its end."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def threads() -> Executor:
    return ThreadPoolExecutor(2)


def run(make: classroom.Engine, work: Callable, jobs: Iterator, at_once: int = 4) -> list:
    return [result for _, result in classroom.run(make, work, jobs, lost=lambda job: LOST, at_once=at_once)]


def test_every_job_has_its_result() -> None:
    found = classroom.run(threads, double, iter(range(50)), lost=lambda job: LOST, at_once=4)
    assert sorted(found) == [(job, 2 * job) for job in range(50)]


def test_a_doubted_result_counts_only_where_nothing_ran_beside_it() -> None:
    at_work, beside = set(), []

    def work(job: int) -> bool:
        at_work.add(job)
        time.sleep(0.05)
        beside.append((job, len(at_work) - 1))
        at_work.discard(job)
        return job % 3 == 0

    found = classroom.run(threads, work, iter(range(6)), lost=lambda job: LOST, at_once=4, doubted=bool)
    assert sorted(found) == [(job, job % 3 == 0) for job in range(6)]
    assert beside[6:] == [(0, 0), (3, 0)]
    beside.clear()
    assert list(classroom.run(threads, work, iter([0]), lost=lambda job: LOST, at_once=4, doubted=bool)) == [(0, True)]
    assert beside == [(0, 0)], "alone already"


def test_a_doubted_result_of_the_only_worker_counts_at_once(tmp_path: Path) -> None:
    """The paths stand for jobs: each run of one leaves a line in its file."""
    jobs = [tmp_path / "a", tmp_path / "b"]
    one, two = (
        list(classroom.run(classroom.processes(w), noted, iter(jobs), lost=lambda job: 0, at_once=4, doubted=bool))
        for w in (1, 2)
    )
    assert sorted(one) == [(job, 1) for job in jobs]
    assert sorted(two) == [(job, 3) for job in jobs], "two at a time: each was run once more"


def test_no_jobs_no_results() -> None:
    assert run(threads, double, iter(())) == []


def test_only_so_many_jobs_are_held_at_a_time() -> None:
    done, held = 0, []
    taken = iter(range(1, 21))

    def jobs() -> Iterator[int]:
        for number in taken:
            held.append(number - done)
            yield number

    for _ in classroom.run(threads, double, jobs(), lost=lambda job: -1, at_once=3):
        done += 1
    assert done == 20 and max(held) == 3


def test_a_job_that_kills_its_worker_is_lost_alone() -> None:
    results = run(classroom.processes(2), double_or_die, iter(range(8)))
    assert sorted(results, key=str) == sorted([*(2 * job for job in range(8) if job != 3), LOST], key=str)


def test_a_worker_that_dies_once_costs_nothing(tmp_path: Path) -> None:
    jobs = [(str(tmp_path / "died"), number) for number in range(6)]
    assert sorted(run(classroom.processes(2), die_once, iter(jobs))) == list(range(6))


def test_what_is_stopped_half_way_leaves_no_worker() -> None:
    coming = classroom.run(classroom.processes(2), nap, iter([0, 600, 600]), lost=lambda job: -1, at_once=3)
    assert next(coming) == (0, 0)
    workers = [worker.pid for worker in multiprocessing.active_children()]
    coming.close()
    end = time.monotonic() + 60
    while any(map(running, workers)) and time.monotonic() < end:
        time.sleep(0.05)
    assert workers and not any(map(running, workers))


COMMAND = """
import os, sys
from kit.teacher.grading import classroom
if __name__ == "__main__":
    for _, pid in classroom.run(classroom.processes(1), eval, ["__import__('os').getpid()"] * 2, lost=print, at_once=1):
        print(pid, flush=True)
        sys.stdin.read(1)
"""


@pytest.mark.slow
def test_workers_end_when_the_command_is_killed(tmp_path: Path) -> None:
    (tmp_path / "command.py").write_text(COMMAND)
    with subprocess.Popen(
        [sys.executable, str(tmp_path / "command.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as command:
        worker = int(command.stdout.readline())
        assert running(worker)
        command.kill()
        end = time.monotonic() + 20
        while running(worker) and time.monotonic() < end:
            time.sleep(0.05)
        assert not running(worker)


STOPPED = """
import os
import sys
import time
if __name__ == "__main__":
    from kit.teacher.grading import classroom
    try:
        list(classroom.run(classroom.processes(2), len, iter(["x" * 1_000_000] * 8), lost=print, at_once=8))
    except KeyboardInterrupt:
        sys.exit(130)
os.write(1, b"started\\n")  # in a worker, which takes no job from the pipe
time.sleep(600)
"""


def test_ctrl_c_ends_at_once_with_large_jobs_in_the_pipe_and_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "command.py").write_text(STOPPED)
    with subprocess.Popen(
        [sys.executable, str(tmp_path / "command.py")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as command:
        try:
            assert [command.stdout.readline() for _ in range(2)] == ["started\n", "started\n"]
            os.killpg(command.pid, signal.SIGINT)
            _, said = command.communicate(timeout=60)  # the jobs that nobody took were waited for, for ever
        finally:
            command.kill()
    assert command.returncode == 130 and said == ""


def test_an_executor_of_ones_own_is_found_by_name() -> None:
    make = classroom.named(f"{__name__}:threads")
    assert sorted(run(make, double, iter(range(3)))) == [0, 2, 4]


@pytest.mark.parametrize(
    ("factory", "says"),
    [
        ("no_such_module:x", "No module named"),
        ("os:no_such_function", "no attribute"),
        ("nonsense", "Write module:function"),
        ("os:getcwd", "has no submit()"),
    ],
)
def test_a_factory_that_is_none_is_answered_in_words(factory: str, says: str) -> None:
    with pytest.raises(KitError, match="--executor") as raised:
        classroom.named(factory)()
    assert says in str(raised.value)


@pytest.mark.slow
def test_dask_that_does_not_answer_is_named() -> None:
    pytest.importorskip("distributed")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{unused.getsockname()[1]}"
    with pytest.raises(KitError, match="No dask scheduler answers at"):
        classroom.dask(address)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen]]]:
    """A real scheduler and two workers, each a process of its own."""
    pytest.importorskip("distributed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    common = {"cwd": tmp_path, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "start_new_session": True}
    python = [sys.executable, "-m", "distributed.cli"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), str(Path.cwd())])}
    command = [*python[:2], "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", str(port)]
    started = [subprocess.Popen([*command, "--no-dashboard"], env=environment, **common)]
    for _ in range(2):
        worker = [
            *python[:2],
            "distributed.cli.dask_worker",
            address,
            "--nthreads",
            "1",
            "--no-nanny",
            "--no-dashboard",
        ]
        started.append(subprocess.Popen(worker, env=environment, **common))
    try:
        yield address, started
    finally:
        for process in started:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def slow_double(job: int) -> int:
    time.sleep(0.2)
    return 2 * job


@pytest.mark.slow
def test_a_dask_worker_that_is_killed_half_way_loses_no_job(cluster: tuple[str, list[subprocess.Popen]]) -> None:
    address, started = cluster
    results = []
    for _, result in classroom.run(
        classroom.dask(address), slow_double, iter(range(24)), lost=lambda job: -1, at_once=8
    ):
        results.append(result)
        if len(results) == 6:
            started[-1].kill()
    assert sorted(results) == [2 * job for job in range(24)]
