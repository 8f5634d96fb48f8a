"""Where grading runs: any executor of `concurrent.futures`, on this machine or on many."""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent import futures
from contextlib import suppress
from typing import TypeVar

from kit.errors import KitError
from kit.teacher.grading import start_fast

__all__ = ["Engine", "dask", "named", "processes", "run"]

Engine = Callable[[], futures.Executor]
"""Makes an executor. It is called again where the first one breaks."""
Job = TypeVar("Job")
Result = TypeVar("Result")


def processes(workers: int) -> Engine:
    """So many processes on this machine. They import nothing from the current folder, where anybody's files may be."""
    os.environ["PYTHONSAFEPATH"] = "1"  # a process that is spawned gets the environment of this one, and no other
    spawn = multiprocessing.get_context("spawn")
    return lambda: futures.ProcessPoolExecutor(workers, mp_context=spawn, initializer=_belong_to_the_command)


def dask(address: str) -> Engine:
    """The workers of the dask.distributed scheduler at `address`, each of which needs the same kit installed.

    Raises KitError where the package is missing or nobody answers there.
    """
    try:
        from distributed import Client
    except ModuleNotFoundError:
        raise KitError("For --dask, dask.distributed is needed: pip install 'who-says-so[cluster]'") from None
    try:
        client = Client(address, timeout="10s", set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise KitError(f"No dask scheduler answers at {address} ({type(error).__name__}). Is it running?") from None
    return lambda: client.get_executor(pure=False, retries=0)


def named(factory: str) -> Engine:
    """The executor that `factory`, written module:function, returns. Raises KitError where it returns none."""
    module, _, function = factory.partition(":")
    try:
        found = getattr(importlib.import_module(module), function)
    except (ImportError, AttributeError, ValueError) as error:
        where = "Write module:function, such as my_cluster:executor; name the module's folder in PYTHONPATH."
        raise KitError(f"--executor {factory}: {error}. {where}") from None

    def make() -> futures.Executor:
        executor = found()
        if not callable(getattr(executor, "submit", None)):
            raise KitError(f"--executor {factory}: it returned {type(executor).__name__}, which has no submit().")
        return executor

    return make


def run(
    engine: Engine, work: Callable[[Job], Result], jobs: Iterable[Job], *, lost: Callable[[Job], Result], at_once: int
) -> Iterator[tuple[Job, Result]]:
    """Each job with the result of `work` on it, as they come. At most `at_once` jobs are held at a time.

    A job whose worker was lost is tried once more, alone, so that no job is blamed for another; then it is `lost`.
    """
    broken: list[Job] = []
    waiting = iter(jobs)
    while (yield from _through(engine(), work, waiting, broken, at_once)):
        pass
    for job in broken:
        again: list[Job] = []
        yield from _through(engine(), work, iter([job]), again, 1)
        if again:
            yield job, lost(job)


def _through(
    executor: futures.Executor, work: Callable[[Job], Result], jobs: Iterator[Job], broken: list[Job], at_once: int
) -> Iterator[tuple[Job, Result]]:
    """Run `jobs` until there are none left, or until the executor breaks: then True, and the lost ones in `broken`."""
    held: dict[futures.Future[Result], Job] = {}
    sound = True
    try:
        while True:
            while sound and len(held) < at_once and (job := next(jobs, None)) is not None:
                try:
                    held[executor.submit(work, job)] = job
                except futures.BrokenExecutor:
                    broken.append(job)
                    sound = False
            if not held:
                return not sound
            for done in futures.wait(held, return_when=futures.FIRST_COMPLETED).done:
                job = held.pop(done)
                try:
                    result = done.result()
                except (Exception, futures.CancelledError) as error:  # `work` itself never raises: its worker was lost
                    broken.append(job)
                    sound = sound and not isinstance(error, futures.BrokenExecutor)
                else:
                    yield job, result
    finally:
        for left in held:
            left.cancel()
        executor.shutdown(wait=not held)
        if held:  # stopped half-way: nobody waits for what the workers of this machine are at
            for worker in multiprocessing.active_children():
                worker.terminate()


def _belong_to_the_command() -> None:
    """Leave Ctrl-C to the command, and end with it, whatever ends it: else a worker would wait for jobs for ever."""
    start_fast()
    with suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    if command := multiprocessing.parent_process():

        def end_with_it() -> None:
            command.join()
            os._exit(1)

        threading.Thread(target=end_with_it, daemon=True).start()
