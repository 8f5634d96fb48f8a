"""Where the things of the kit are: in the clone, or in the copy that an installed wheel carries."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kit.article.seeds import root, shipped
from kit.errors import SetupError


@dataclass(frozen=True)
class Course:
    """The folders of a course: `solutions` hold its key, `seeds` its articles.

    `seeds` is None for the kit's own articles, which `seeds()` finds on each machine that grades.
    """

    solutions: Path
    seeds: Path | None = None


def clone(what: str) -> Path:
    """Return the folder of the clone for the command `what`. Raises SetupError when the kit has none."""
    found = root()
    if found is None:
        raise SetupError(f"`python -m kit {what}` needs a clone of the kit, and this one was installed without it.")
    return found


def notebooks() -> Path:
    """Return the folder of the lessons."""
    return shipped("notebooks")


def exercises() -> Path:
    """Return the folder of the exercises as students get them."""
    return shipped("exercises")


def solutions() -> Path:
    """Return the folder of the solved exercises. Raises SetupError when the kit was installed without a clone."""
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

    Raises SetupError where no course of the kit's is in that folder, or the kit was installed without its solutions.
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
