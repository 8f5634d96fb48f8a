"""Where articles and their annotations are: in the clone, in a course, or in the copy that a wheel carries."""

from __future__ import annotations

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def root() -> Path | None:
    """Return the folder of the clone, or None when the kit was installed without one."""
    above = _PACKAGE.parent
    return above if (above / "pyproject.toml").is_file() and (above / "notebooks").is_dir() else None


def seeds() -> Path:
    """Return the folder of the articles and their annotations. `KIT_SEEDS` in the environment wins."""
    chosen = os.environ.get("KIT_SEEDS")
    return Path(chosen) if chosen else shipped("seeds")


def article(name: str) -> Path:
    """Return where the annotation of the article `name` is, or would be.

    `KIT_SEEDS` wins; then comes a course around the notebook, which has its article in `seeds` beside the notebook's
    own folder; then the kit's own articles.
    """
    course = Path.cwd().parent / "seeds" / f"{name}.toml"
    return course if "KIT_SEEDS" not in os.environ and course.is_file() else seeds() / f"{name}.toml"


def shipped(name: str) -> Path:
    """Return the folder `name` of the clone, or the copy of it that the wheel carries."""
    above = root()
    return above / name if above else _PACKAGE / "data" / name
