"""Where the things of the kit are: in the clone, or in the copy that an installed wheel carries."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from kit.errors import SetupError

__all__ = ["Course", "article", "clone", "course", "exercises", "notebooks", "root", "seeds", "solutions", "work"]

_PACKAGE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Course:
    """The folders of a course: `solutions` hold its key, `seeds` its articles.

    `seeds` is None for the kit's own articles, which `seeds()` finds on each machine that grades.
    """

    solutions: Path
    seeds: Path | None = None


def root() -> Path | None:
    """Return the folder of the clone, or None when the kit was installed without one."""
    above = _PACKAGE.parent
    if (above / "pyproject.toml").is_file() and (above / "notebooks").is_dir():
        return above
    return None


def clone(what: str) -> Path:
    """Return the folder of the clone for the command `what`. Raises SetupError when the kit has none."""
    found = root()
    if found is None:
        raise SetupError(f"`python -m kit {what}` needs a clone of the kit, and this one was installed without it.")
    return found


def seeds() -> Path:
    """Return the folder of the articles and their annotations. `KIT_SEEDS` in the environment wins."""
    chosen = os.environ.get("KIT_SEEDS")
    return Path(chosen) if chosen else _folder("seeds")


def article(name: str) -> Path:
    """Return where the annotation of the article `name` is, or would be.

    `KIT_SEEDS` wins; then comes a course around the notebook, which has its article in `seeds` beside the notebook's
    own folder; then the kit's own articles.
    """
    course = Path.cwd().parent / "seeds" / f"{name}.toml"
    return course if "KIT_SEEDS" not in os.environ and course.is_file() else seeds() / f"{name}.toml"


def notebooks() -> Path:
    """Return the folder of the lessons."""
    return _folder("notebooks")


def exercises() -> Path:
    """Return the folder of the exercises as students get them."""
    return _folder("exercises")


def solutions() -> Path:
    """Return the folder of the solved exercises, which only a clone has.

    Raises:
        SetupError: the kit was installed without them.
    """
    above = root()
    folder = above / "exercises" / "solutions" if above else None
    if folder is None or not folder.is_dir():
        raise SetupError(
            "The solved exercises are not here: an installed kit leaves them out, so that students do not "
            "get the answers with it. Run this command in a clone of the kit."
        )
    return folder


def course(folder: Path | None) -> Course:
    """Return where the key and the articles of the course in `folder` are; without one, those of the kit's own.

    Raises:
        SetupError: there is no course of the kit's in that folder, or the kit was installed without its solutions.
    """
    if folder is None:
        return Course(solutions())
    teacher = folder.resolve() / "teacher"
    if not (teacher / "solutions").is_dir() or not (teacher / "seeds").is_dir():
        raise SetupError(
            f"{folder} holds no course with its key (teacher/solutions, teacher/seeds). Give the folder that "
            "`python -m kit new-course` made."
        )
    return Course(teacher / "solutions", teacher / "seeds")


def work() -> Path:
    """Return the folder of the student's copies: in the clone, or else in the current folder."""
    return (root() or Path.cwd()) / "work"


def _folder(name: str) -> Path:
    above = root()
    return above / name if above else _PACKAGE / "data" / name
