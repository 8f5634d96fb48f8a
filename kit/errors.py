"""What the kit says when it cannot go on: what is wrong, where, and what to do next; and how it words things."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from shlex import quote


class KitError(Exception):
    """The parent of every error that the kit raises on purpose. Its text is meant for the reader."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in place of a traceback: the text says what to do, and the lines of the kit do not."""
        return [str(self)]


class SetupError(KitError):
    """The environment could not be made, or the kit was started in the wrong place."""


class AnnotationError(KitError):
    """An annotation file does not hold. `faults` lists every fault found, one sentence each."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


class SubmissionError(KitError):
    """A submitted file cannot be graded as it is."""


@contextmanager
def writing(failed: str) -> Iterator[None]:
    """Turn an OSError within into a SetupError: what has `failed`, such as “The desk could not be laid”, and why."""
    try:
        yield
    except OSError as fault:
        raise SetupError(
            f"{failed}: {fault.strerror or fault}. Check that the folder may be written to and that the disk is not "
            "full, then start again."
        ) from fault


def many(number: int, thing: str) -> str:
    """“1 claim”, “2 claims”."""
    return f"{number} {thing}{'s' * (number != 1)}"


def listed(names: Sequence[str], *, most: int = 3) -> str:
    """“a, b, c and 796 more”: of many names the first, so that a text about each of them does not name all others."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{', '.join(names[:most])}{more}"


def typed(path: object) -> str:
    """A path as it is typed in a terminal: in quotation marks where it has a blank or another sign of the shell's."""
    if os.name == "nt":
        return f'"{path}"' if re.search(r"[^\w.:/\\-]", str(path)) else str(path)
    return quote(str(path))


def visible(text: str, *, otherwise: str = " ", kept: str = "") -> str:
    """`text` with `otherwise` in place of each sign but those `kept` that a terminal would obey or could not show."""
    return text if text.isprintable() else "".join(c if c.isprintable() or c in kept else otherwise for c in text)
