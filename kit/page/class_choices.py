"""What a teacher has chosen for a class: `class.toml`, in the folder of the kit or on the desk."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

from kit.errors import SetupError

FILE = "class.toml"
_UP = 4
"""Folders in which it is looked for: that of a page, and those above it, up to that of the kit."""


@dataclass(frozen=True)
class ClassChoices:
    """`practice`: the checks of exercises may explain labels. `ask_name`: who hands in gives a name."""

    practice: bool = True
    ask_name: bool = False


def read(folder: Path | None = None) -> ClassChoices:
    """The choices that hold for a page in `folder`, by default the current one: those of the nearest `class.toml`.

    Raises SetupError where that file does not hold: a choice that is not understood must not be passed over.
    """
    here = (folder or Path.cwd()).resolve()
    carried = Path(__file__).parents[1] / "data"  # in the wheel that a site is made of
    path = next((path for at in [*[here, *here.parents][:_UP], carried] if (path := at / FILE).is_file()), None)
    if path is None:
        return ClassChoices()
    try:
        said = tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError) as fault:
        raise SetupError(f"{path} cannot be read: {fault}. Write lines such as: practice = false") from None
    known = [one.name for one in fields(ClassChoices)]
    for name, value in said.items():
        if name not in known:
            raise SetupError(f"{path}: there is no choice “{name}”; there are: {', '.join(known)}.")
        if not isinstance(value, bool):
            raise SetupError(f"{path}: {name} must be true or false, without quotation marks.")
    return ClassChoices(**said)
