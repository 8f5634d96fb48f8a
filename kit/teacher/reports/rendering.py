"""The pages that grading makes: templates, and how words of strangers are put into HTML and Markdown."""

from __future__ import annotations

import re
from pathlib import Path

from kit.files import templates

__all__ = ["in_markdown", "points", "render"]

_SIGNS = re.compile(r"([\\`*_\[\]<>&#|~$!@]|:(?=//)|(?<=www)\.)")
_START = re.compile(r"^([-+=]|\d+(?=[.)]))", re.MULTILINE)


def points(number: float | None) -> str:
    """A number of points as people write it: 2, 2.5; “none yet” for None."""
    return "none yet" if number is None else f"{number:g}"


def in_markdown(text: object) -> str:
    """`text` as it is, in Markdown: no sign in it means anything, no link and no HTML comes of it."""
    lines = (line.strip() for line in str(text).splitlines())
    escaped = _SIGNS.sub(r"\\\1", "\n".join(lines))
    return _START.sub(lambda found: f"\\{found[1]}" if not found[1].isdigit() else f"{found[1]}\\", escaped)


def render(template: str, **values: object) -> str:
    """A page from one of the templates. In HTML everything is escaped; Markdown templates use the filter `md`."""
    return _TEMPLATES.get_template(template).render(**values)


_TEMPLATES = templates(Path(__file__).parent / "templates", filters={"points": points, "md": in_markdown})
