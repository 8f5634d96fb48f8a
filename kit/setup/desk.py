"""The student's desk: copies of the lessons and exercises to work in, which are never written over."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.errors import many, writing
from kit.files import LAID, from_json, nearest, write_atomically
from kit.questions import role
from kit.setup import places

FOLDERS = ("lessons", "exercises")
"""The folders on a desk, and those of a course on it, that hold pages."""
_GOES_ON = "raises-exception"
"""A cell with this tag may fail, and what is run with it goes on."""


@dataclass(frozen=True)
class Laid:
    """What laying the desk did. Every path is relative to the desk, with forward slashes.

    `copied` are new here, `refreshed` were untouched copies of an older version; `newer` are those that the student
    changed and of which the kit has a newer version. All others were left as they are.
    """

    copied: tuple[str, ...] = ()
    refreshed: tuple[str, ...] = ()
    newer: tuple[str, ...] = ()

    def lines(self) -> tuple[str, ...]:
        """Return what the student should know, one sentence each; empty when nothing is new."""
        said = []
        if self.copied:
            said.append(f"{many(len(self.copied), 'notebook')} copied to the desk.")
        if self.refreshed:
            fresh = many(len(self.refreshed), "notebook")
            said.append(f"{fresh} on the desk brought up to date (you had not changed them).")
        for name in self.newer:
            said.append(f"{name}: stays as you left it; the kit's newer version lies beside it: {_beside(name)}")
        return tuple(said)


def unspoilt(notebook: Any) -> Any:
    """A notebook (as JSON, changed in place) without outputs but those of something to read (the role "text").

    From the first answer on, each code cell may fail without stopping the others: Run All reaches the end.
    """
    answered = False
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        what, _ = role(cell)
        answered = answered or what == "answer"
        if what != "text":
            cell["outputs"] = []
        cell["execution_count"] = None  # a number says that the student has run it
        tags = cell["metadata"].get("tags", [])
        if answered and _GOES_ON not in tags:
            cell["metadata"]["tags"] = [*tags, _GOES_ON]
    return notebook


def handed_out(content: bytes) -> bytes:
    """The file of a lesson or an exercise as students get it, from the file of the kit; what is no notebook stays."""
    try:
        notebook = unspoilt(from_json(content))
    except (ValueError, KeyError, TypeError):
        return content
    return f"{json.dumps(notebook, indent=1, ensure_ascii=False)}\n".encode()


def of(page: Path) -> Path:
    """The desk that a page lies on; where none was laid, the folder that holds those of lessons and exercises."""
    above = page.parent.parent if page.parent.name in FOLDERS else page.parent
    return nearest(LAID, page.parent) or above


def laid(target: Path) -> dict[str, str]:
    """The fingerprints of what was laid, by their paths on the desk; a missing or broken record is an empty one."""
    try:
        found = from_json((target / LAID).read_bytes())
    except (OSError, ValueError):
        return {}
    return {name: kept for name, kept in found.items() if isinstance(kept, str)} if isinstance(found, dict) else {}


def lay(target: Path, *, lessons: Path | None = None, exercises: Path | None = None) -> Laid:
    """Copy the notebooks that are not on the desk yet, and leave alone what the student has changed.

    A copy that nobody has touched since it was laid follows the kit's newer version. A copy that was
    touched stays, and the newer version is put beside it as `<name>.new.ipynb`. Sub-folders, and so the
    solutions, are not copied. Raises SetupError where a file cannot be read or written.
    """
    sources = {"lessons": lessons or places.notebooks(), "exercises": exercises or places.exercises()}
    record = laid(target)
    done: dict[str, list[str]] = {"copied": [], "refreshed": [], "newer": [], "kept": []}
    with writing(f"The desk could not be laid in {target}"):
        for folder, source in sources.items():
            for file in sorted(source.glob("*.ipynb")):
                name = f"{folder}/{file.name}"
                done[_lay_one(target, name, file.read_bytes(), record)].append(name)
        write_atomically(target / LAID, json.dumps(record, indent=1, sort_keys=True).encode())
    copied, refreshed, newer, _ = map(tuple, done.values())
    return Laid(copied, refreshed, newer)


def _lay_one(target: Path, name: str, ours: bytes, record: dict[str, str]) -> str:
    """Lay one notebook, note its fingerprint in `record`, and return what was done with it."""
    content = handed_out(ours)
    path, new, before = target / name, fingerprint(content), record.get(name)
    there = path.read_bytes() if path.exists() else None
    now = fingerprint(there) if there is not None else ""
    if there is None:
        done = "copied"
    elif there == ours != content:  # an old desk, where copies were laid with all their outputs
        done = "refreshed"
    elif now == new or before in (None, new):
        # Without a record nobody can tell an old version from the student's own: count from today.
        done = "kept"
    elif now == before:
        done = "refreshed"
    else:
        done, name = "newer", _beside(name)
        path = target / name
        earlier = fingerprint(path.read_bytes()) if path.exists() else None
        # In an earlier one of that name the student may have worked.
        if earlier is not None and (earlier != record.get(name) or earlier == new):
            return done
    if done != "kept":
        write_atomically(path, content)
    record[name] = new
    return done


def _beside(name: str) -> str:
    return f"{name.removesuffix('.ipynb')}.new.ipynb"


def fingerprint(content: bytes) -> str:
    """A hash of what a student can have written: of the cells of a notebook, since opening one changes the rest."""
    try:
        cells = [(cell["cell_type"], "".join(cell["source"])) for cell in from_json(content)["cells"]]
        content = json.dumps(cells).encode()
    except (ValueError, KeyError, TypeError):
        pass  # no notebook, or a damaged one: any change counts
    return hashlib.sha256(content).hexdigest()
