"""The student's desk: copies of the lessons and exercises to work in, which are never written over."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from kit.errors import SetupError, many
from kit.files import write_atomically
from kit.setup import places

__all__ = ["Laid", "lay"]

_RECORD = ".laid.json"


@dataclass(frozen=True)
class Laid:
    """What laying the desk did. Every path is relative to the desk, with forward slashes.

    `copied` are new here, `refreshed` were untouched copies of an older version, `kept` were left as they
    are; `newer` are those of `kept` that the student changed and of which the kit has a newer version.
    """

    copied: tuple[str, ...] = ()
    refreshed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
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


def lay(target: Path, *, lessons: Path | None = None, exercises: Path | None = None) -> Laid:
    """Copy the notebooks that are not on the desk yet, and leave alone what the student has changed.

    A copy that nobody has touched since it was laid follows the kit's newer version. A copy that was
    touched stays, and the newer version is put beside it as `<name>.new.ipynb`. Sub-folders, and so the
    solutions, are not copied.

    Raises:
        SetupError: a file cannot be read or written.
    """
    sources = {"lessons": lessons or places.notebooks(), "exercises": exercises or places.exercises()}
    try:
        found = json.loads((target / _RECORD).read_bytes())
    except (OSError, ValueError):
        found = None
    # The hashes of what was laid; a missing or broken record is an empty one.
    record = {name: kept for name, kept in found.items() if isinstance(kept, str)} if isinstance(found, dict) else {}
    done: dict[str, list[str]] = {"copied": [], "refreshed": [], "kept": [], "newer": []}
    try:
        for folder, source in sources.items():
            for file in sorted(source.glob("*.ipynb")):
                name = f"{folder}/{file.name}"
                done[_lay_one(target, name, file.read_bytes(), record)].append(name)
        write_atomically(target / _RECORD, json.dumps(record, indent=1, sort_keys=True).encode())
    except OSError as fault:
        raise SetupError(
            f"The desk could not be laid in {target}: {fault.strerror or fault}. "
            "Check that the folder may be written to and that the disk is not full, then start again."
        ) from fault
    done["kept"] = sorted(done["kept"] + done["newer"])
    return Laid(**{what: tuple(names) for what, names in done.items()})


def _lay_one(target: Path, name: str, content: bytes, record: dict[str, str]) -> str:
    """Lay one notebook, note its hash in `record`, and return what was done with it."""
    path, new = target / name, _hash(content)
    before = record.get(name)
    if not path.exists():
        write_atomically(path, content)
        record[name] = new
        return "copied"
    now = _hash(path.read_bytes())
    if now == new or before in (None, new):
        # Without a record nobody can tell an old version from the student's own: count from today.
        record[name] = new
        return "kept"
    if now == before:
        write_atomically(path, content)
        record[name] = new
        return "refreshed"
    beside = _beside(name)
    path = target / beside
    # In an earlier one of that name the student may have worked.
    if not path.exists() or _hash(path.read_bytes()) == record.get(beside) != new:
        write_atomically(path, content)
        record[beside] = new
    return "newer"


def _beside(name: str) -> str:
    return f"{name.removesuffix('.ipynb')}.new.ipynb"


def _hash(content: bytes) -> str:
    """A hash of what a student can have written: of the cells of a notebook, since opening one changes the rest."""
    try:
        cells = [(cell["cell_type"], "".join(cell["source"])) for cell in json.loads(content)["cells"]]
        content = json.dumps(cells).encode()
    except (ValueError, KeyError, TypeError):
        pass  # no notebook, or a damaged one: any change counts
    return hashlib.sha256(content).hexdigest()
