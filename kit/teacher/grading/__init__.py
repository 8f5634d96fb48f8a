"""Grading with nbval: from a folder of submissions to marks.

The road: `handed_in` says which files there are -> `classroom` has each of them graded somewhere -> `grade` grades one:
`submission` reads it, `transplant` puts its answers into our notebook, `judge` runs that under nbval in a kernel,
`points` gives points line by line -> `gradebook` keeps it. What a submission may take stands in
`kit.teacher.sandbox.limits`.
"""

import os
import signal
import sys
import threading
from types import SimpleNamespace

__all__ = ["start_fast", "start_judge", "start_worker"]

_GRAMMARS = ("fqdn", "isoduration", "jsonpointer", "rfc3339_validator", "rfc3986_validator", "rfc3987_syntax",
             "uri_template", "webcolors")  # fmt: skip


def start_fast() -> None:
    """Have this process import notebooks without the grammars of addresses, colours and times, which none asks for.

    jsonschema, which nbformat needs, would build them when it is imported, and that takes most of a second. So call it
    first in a process that grades; it stands here because this imports nothing else.
    """
    for name in _GRAMMARS:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]


def start_judge() -> None:
    """Start fast, and without what nbval needs to measure which lines were run."""
    start_fast()
    sys.modules.setdefault("nbval.cover", SimpleNamespace(setup_coverage=None, teardown_coverage=None))  # type: ignore[arg-type]


def start_worker() -> None:
    """Start fast, leave Ctrl-C to the command, and end with it, whatever ends it: else a worker would wait for jobs for
    ever. It stands here because a new process imports the module of this function before it calls it.
    """
    start_fast()
    from multiprocessing import parent_process

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):  # for the kernels that come of it
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
    if command := parent_process():

        def end_with_it() -> None:
            command.join()
            os._exit(1)

        threading.Thread(target=end_with_it, daemon=True).start()
