"""A class: every submission in a folder, graded by an engine, kept in the gradebook, and only where it changed.

An engine is any executor of `concurrent.futures`, on this machine or on many.
"""

from __future__ import annotations

import dataclasses
import hashlib
import importlib
import importlib.metadata
import itertools
import json
import multiprocessing
import os
import platform
import signal
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent import futures
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

from kit.article.anchors import closest
from kit.errors import KitError, SubmissionError
from kit.teacher.exercises.keys import Exercise
from kit.teacher.grading import handed_in, start_worker, submission
from kit.teacher.grading.grade import Graded, grade_one
from kit.teacher.grading.gradebook import Gradebook
from kit.teacher.grading.handed_in import HandedIn
from kit.teacher.grading.points import STOPPED, Mark
from kit.teacher.grading.submission import Submission
from kit.teacher.sandbox.kernels import Kernel

__all__ = ["Engine", "Job", "dask", "grade_class", "named", "processes", "run", "versions"]

Engine = Callable[[], futures.Executor]
"""Makes an executor. It is called again where the first one breaks."""
_MASKS = hasattr(signal, "pthread_sigmask")  # Windows has none
Task = TypeVar("Task")
Result = TypeVar("Result")


def processes(workers: int) -> Engine:
    """So many processes on this machine. They import nothing from the current folder, where anybody's files may be."""
    os.environ["PYTHONSAFEPATH"] = "1"  # a process that is spawned gets the environment of this one, and no other
    spawn = multiprocessing.get_context("spawn")
    return lambda: _Workers(workers, mp_context=spawn, initializer=start_worker)


class _Workers(futures.ProcessPoolExecutor):
    """Processes to which Ctrl-C says nothing, and that end at once where nobody waits for what they are at."""

    @property
    def one_by_one(self) -> bool:
        """Whether there is but one, so that no job runs beside another."""
        return getattr(self, "_max_workers", 0) == 1

    def submit(self, *work: Any, **more: Any) -> futures.Future[Any]:
        """As ever; the processes that it may start do not hear of a Ctrl-C while Python starts in them."""
        before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT]) if _MASKS else ()
        try:
            return super().submit(*work, **more)
        finally:
            if _MASKS:
                signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Without `wait`, kill what runs. No future is cancelled before: in Python 3.11 and 3.12 that ends the thread
        which would empty the pipe to the workers, and large jobs in it are waited for then, for ever."""
        for worker in () if wait else multiprocessing.active_children():
            worker.kill()
        super().shutdown(wait=True, cancel_futures=cancel_futures and wait)


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
    engine: Engine,
    work: Callable[[Task], Result],
    jobs: Iterable[Task],
    *,
    lost: Callable[[Task], Result],
    at_once: int,
    doubted: Callable[[Result], bool] = lambda _: False,
) -> Iterator[tuple[Task, Result]]:
    """Each job with the result of `work` on it, as they come. At most `at_once` jobs are held at a time.

    A job whose worker was lost, or whose result is `doubted` where another one may have run beside it, is tried once
    more, alone, so that no job is blamed for another; then it is `lost`, or the result counts.
    """
    broken: list[Task] = []
    waiting = iter(jobs)
    while (yield from _through(engine(), work, waiting, broken, at_once, doubted)):
        pass
    for job in broken:
        again: list[Task] = []
        yield from _through(engine(), work, iter([job]), again, 1, doubted)
        if again:
            yield job, lost(job)


def _through(
    executor: futures.Executor,
    work: Callable[[Task], Result],
    jobs: Iterator[Task],
    broken: list[Task],
    at_once: int,
    doubted: Callable[[Result], bool],
) -> Iterator[tuple[Task, Result]]:
    """Run `jobs` until there are none left, or until the executor breaks: then True, and the lost ones in `broken`.

    In it are also those whose results are `doubted`, where there were others beside them.
    """
    held: dict[futures.Future[Result], Task] = {}
    sound, alone = True, True
    one_by_one = getattr(executor, "one_by_one", False)
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
            alone = one_by_one or (alone and len(held) == 1)
            for done in futures.wait(held, return_when=futures.FIRST_COMPLETED).done:
                job = held.pop(done)
                try:
                    result = done.result()
                except (Exception, futures.CancelledError) as error:  # `work` itself never raises: its worker was lost
                    broken.append(job)
                    sound = sound and not isinstance(error, futures.BrokenExecutor)
                else:
                    if alone or not doubted(result):
                        yield job, result
                    else:
                        broken.append(job)
    finally:
        executor.shutdown(wait=not held)
        for left in held:
            left.cancel()


_PACKAGES = ("ipykernel", "ipython", "matplotlib", "nbval", "numpy", "pandas")
_Outcome = tuple[tuple[Mark, ...], tuple[str, ...]]
"""The marks of a submission, one per question, and notes for the person who grades."""
_Part = tuple[HandedIn, "Job | Graded"]
_MOST_OF_A_STUDENT = 100
"""Files that are looked at."""
_AT_ONCE = 64
"""Submissions that are held in memory at a time."""


@dataclass(frozen=True)
class Job:
    """One submission to grade, with all that a worker elsewhere needs for it. `seeds` as in `grade_one`.

    What is known of its file goes along: what the LMS says, and notes for the person who grades.
    """

    submission: Submission
    exercise: Exercise
    kernel: Kernel
    seeds: Path | None = None
    said: tuple[tuple[tuple[str, str], ...], str, bool] = ((), "", False)
    notes: tuple[str, ...] = ()

    @property
    def sha256(self) -> str:
        """A hash of the file."""
        return self.submission.sha256


def versions() -> str:
    """What a grade depends on besides the two files and the kernel: the kit, Python, the packages."""
    kit, *packages = (f"{name} {importlib.metadata.version(name)}" for name in ("who-says-so", *_PACKAGES))
    return ", ".join([kit, f"python {platform.python_version()}", *packages])


def grade_class(
    folder: Path,
    book: Gradebook,
    *,
    keys: Mapping[str, Exercise],
    kernel: Kernel,
    engine: Engine,
    seeds: Path | None = None,
    names: Path | None = None,
    again: Collection[str] = (),
) -> tuple[int, Iterator[tuple[Graded, bool]]]:
    """How many files `folder` holds, and their grades as they come, each with whether it was graded just now.

    What the gradebook has of the same file, key and versions is taken from there. A file that cannot be graded comes
    like the others and never stops the class; where the grader fails, it is tried once more, and where an answer ran
    out of time beside other submissions, again without them. `seeds` as in `grade_one`, `names` as in
    `handed_in.find`, which says what `folder` may be and what it raises. What is of a student, a question or an
    exercise in `again` is graded anew; raises KitError where one fits nothing.
    """
    files = handed_in.find(folder, keys, names=names)
    anew = _anew(again, {file.student for file in files}, keys)
    book.begin(folder)
    plain = {  # so that a worker need not know what a notebook is
        name: dataclasses.replace(one, notebook=json.loads(json.dumps(one.notebook))) for name, one in keys.items()
    }
    return len(files), _Run(folder, book, plain, kernel, seeds, anew).grades(files, engine)


def _anew(again: Collection[str], students: Collection[str], keys: Mapping[str, Exercise]) -> frozenset[str]:
    """The students and the exercises that are meant. A question stands for each exercise that asks it."""
    found = set(again) & set(students)
    for word in set(again) - found:
        start, _, question = word.partition(".")
        meant = {
            name
            for name, exercise in keys.items()
            if word in exercise.by_name or (name.startswith(start) and (not question or question in exercise.by_name))
        }
        if not meant or not word:
            near = closest(word, (*sorted(students), *keys, *(name for one in keys.values() for name in one.by_name)))
            raise KitError(f"--again “{word}” fits no student, exercise or question{near}")
        found |= meant
    return frozenset(found)


def work(job: Job) -> _Outcome:
    """Grade one submission, here or wherever an engine runs it. It never raises: a fault of ours is an outcome."""
    found, exercise = job.submission, job.exercise
    for _ in range(2):
        try:
            marks, notes = grade_one(found, exercise, kernel=job.kernel, seeds=job.seeds)
        except Exception as error:
            marks, notes = _failed(exercise, type(error).__name__)
        if not any(mark.outcome == "failed" for mark in marks):
            break
    return marks, notes


@dataclass
class _Run:
    """One time through the class. What needs no kernel is `settled`, until it is passed on with the rest."""

    folder: Path
    book: Gradebook
    keys: dict[str, Exercise]
    kernel: Kernel
    seeds: Path | None
    anew: frozenset[str] = frozenset()
    settled: list[tuple[Graded, bool]] = field(default_factory=list)

    def grades(self, files: list[HandedIn], engine: Engine) -> Iterator[tuple[Graded, bool]]:
        def lost(job: Job) -> _Outcome:
            return _failed(job.exercise, "its worker was lost, twice")

        for job, (marks, notes) in run(engine, work, self.jobs(files), lost=lost, doubted=_stopped, at_once=_AT_ONCE):
            path, notes = job.submission.path, (*notes, *job.notes)
            graded = Graded(job.submission.student, path, job.exercise, marks, notes, *job.said, sha256=job.sha256)
            self.book.keep(_name(path, self.folder), graded)
            yield graded, True
            while self.settled:
                yield self.settled.pop(0)
        yield from self.settled

    def jobs(self, files: list[HandedIn]) -> Iterator[Job]:
        """The submissions that must be run."""
        for student, group in itertools.groupby(files, key=lambda file: file.student):
            theirs = list(group)
            found: dict[str, list[_Part]] = {}
            for file in theirs[:_MOST_OF_A_STUDENT]:
                for one in self.read(file):
                    found.setdefault(one.exercise.name if one.exercise else "", []).append((file, one))
            refused = [one for _, one in found.pop("", ())]
            if found:  # nobody is asked again for a note of their own, or for a lesson
                refused = [one for one in refused if not isinstance(one, _Stray)]
            if len(theirs) > _MOST_OF_A_STUDENT:
                note = f"there are {len(theirs)} files of this student, and only {_MOST_OF_A_STUDENT} were looked at"
                refused.append(Graded(student, theirs[-1].path, None, notes=(note,)))
            for one in chain(refused, *(_that_count(name, rivals) for name, rivals in found.items())):
                if isinstance(one, Job):
                    yield one
                    continue
                (self.book.stand if one.exercise else self.book.refuse)(_name(one.path, self.folder), one)
                self.settled.append((one, not one.exercise))

    def read(self, file: HandedIn) -> list[Job | Graded]:
        """What is to be graded, or what is known of it, for each of its exercises; without one, why it cannot be."""
        sha256, refused, said = "", Graded, (file.ids, file.at, file.late)
        try:
            data = handed_in.load(file)
            sha256 = hashlib.sha256(data).hexdigest()
            if known := self.known(file, sha256):
                return [known]
            found = submission.read(file.student, file.path, data)
            refused = Graded if found.articles else _Stray
            exercises = submission.exercises_of(found, self.keys)
            if len(exercises) == 1:
                return [Job(found, exercises[0], self.kernel, self.seeds, said)]
            parts = [dataclasses.replace(found, sha256=f"{sha256} {exercise.name}") for exercise in exercises]
            return [
                self.known(file, part.sha256) or Job(part, exercise, self.kernel, self.seeds, said)
                for part, exercise in zip(parts, exercises, strict=True)
            ]
        except SubmissionError as error:
            note = str(error)
        except Exception as error:  # one file never stops the class
            note = f"the grader cannot read this file ({type(error).__name__})"
        return [refused(file.student, file.path, None, (), (note,), *said, sha256=sha256)]

    def known(self, file: HandedIn, sha256: str) -> Graded | None:
        """What the gradebook has of these bytes, with what the LMS says of them now."""
        known = self.book.known(file.student, file.file, sha256)
        if known and self.anew & {file.student, known.graded_exercise.name}:
            return None
        about = {"path": file.path, "ids": file.ids, "at": file.at, "late": file.late}
        return dataclasses.replace(known, **about) if known else None


class _Stray(Graded):
    """A notebook that is none of this course's exercises."""


def _that_count(exercise: str, rivals: Sequence[_Part]) -> Iterator[Job | Graded]:
    """Of a student's files for one exercise the one that counts; where nothing tells which, each with what is wrong."""
    first = sorted(rivals, key=lambda part: isinstance(part[1], Job))
    last, notes = handed_in.that_counts([(file, one.sha256) for file, one in first])
    for file, one in first:
        if file is last:
            yield dataclasses.replace(one, notes=tuple(dict.fromkeys((*one.notes, *notes[file]))))
        elif not last and file in notes:
            about = f"there is another file of this student for {exercise}: {notes[file][0]}"
            yield Graded(file.student, file.path, None, notes=(about,), sha256=one.sha256)


def _stopped(outcome: _Outcome) -> bool:
    """Whether an answer ran out of time, or its kernel ended: it may have been another one's doing."""
    return any(mark.outcome == "timeout" or mark.message == STOPPED["died"] for mark in outcome[0])


def _failed(exercise: Exercise, why: str) -> _Outcome:
    marks = tuple(Mark(q.name, q.points, None, "failed", message=why) for q in exercise.questions)
    return marks, (f"the grader failed ({why})",)


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()
