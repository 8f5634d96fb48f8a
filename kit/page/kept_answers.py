"""Half-typed answers, kept on disk at every change, so that work goes on where it stopped.

They know nothing of articles or widgets, so that a check may look whether a card holds what its answer lacks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kit.files import free, from_json, own_page, write_atomically

FOLDER = ".drafts"


@dataclass(frozen=True)
class Draft:
    """What has been chosen so far, claim to field to value, and `at`, the place among the claims (from 0) where work
    stopped. `onward` says whether the card goes on by itself after a choice."""

    answers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    at: int = 0
    onward: bool = False


def file(name: str, *, key: str = "") -> Path:
    """The draft's path: `.drafts/<key>_<name>.json` in the current folder. No file is made.

    `key` is by default the name of the notebook, where the front end tells it, else "notebook".
    """
    page = own_page()
    key = key or (page.stem if page else "notebook")
    parts = (re.sub(r"[^\w.-]+", "_", part) for part in (key, name))
    return Path.cwd() / FOLDER / f"{'_'.join(parts)}.json"


def read(path: Path) -> tuple[Draft, str]:
    """The draft at `path`, and a sentence for the reader where there is something to say.

    Without a file the draft is empty. A broken file is put aside under another name, never written over.
    """
    try:
        return _parsed(path.read_bytes()), ""
    except FileNotFoundError:
        return Draft(), ""
    except (OSError, ValueError):
        said = f"The draft {path.name} cannot be read, so you start with an empty one."
    try:
        path.replace(aside := free(path, ".broken-"))
    except OSError as fault:
        return Draft(), f"{said} It could not be kept ({fault.strerror or fault})."
    return Draft(), f"{said} The file is kept beside it as {aside.name}."


def held(field: str, lines: Iterable[str]) -> dict[str, str]:
    """The labels by `field` that a card of this notebook keeps for `lines`, and for no other claim.

    Empty where no front end tells which notebook this is: then nobody can know which drafts are its own.
    """
    asked = set(lines)
    own = file("").stem if own_page() else ""
    folder = Path.cwd() / FOLDER
    for path in sorted(path for path in folder.glob("*.json") if own and path.name.startswith(own)):
        try:
            rows = _parsed(path.read_bytes()).answers
        except (OSError, ValueError):  # told by the card itself
            continue
        if rows and rows.keys() <= asked and all(field in row for row in rows.values()):
            return {claim: row[field] for claim, row in rows.items() if row[field]}
    return {}


def write(path: Path, draft: Draft) -> None:
    """Write the draft: a reader meets the old one or the new one, never a half. The last writer wins.

    Raises OSError where that is impossible.
    """
    content = {"answers": draft.answers, "at": draft.at} | ({"onward": True} if draft.onward else {})
    write_atomically(path, json.dumps(content, ensure_ascii=False, indent=1) + "\n")


def _parsed(content: bytes) -> Draft:
    """Raises ValueError where the content is not a draft."""
    try:
        data = from_json(content)
        answers, at = data["answers"], data.get("at")
        sound = all(isinstance(value, str) for row in answers.values() for value in row.values())
    except (KeyError, TypeError, AttributeError):
        sound = False
    if not sound:
        raise ValueError("not a draft")
    return Draft(answers, at if type(at) is int and at >= 0 else 0, data.get("onward") is True)
