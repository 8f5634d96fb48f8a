"""Every step by which a person corrects an annotation, by its name, and what each takes for granted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kit.editing import claims, sources
from kit.editing.sheets import Sheet

__all__ = ["STEPS", "rests_on"]

STEPS: dict[str, Callable[..., str]] = {
    step.__name__: step
    for step in (
        *(claims.accept, claims.add, claims.change, claims.merge, claims.remove, claims.split),
        *(sources.accept_source, sources.add_source, sources.change_source, sources.join_source, sources.remove_source),
    )
}
"""Each takes a sheet and what it is about, and gives the new text of the file."""


def rests_on(sheet: Sheet, step: str, **given: Any) -> Any:
    """What a step takes for granted: if another text has the same here, the step still means what it meant."""
    if step == "add":
        return sheet.unit(given["unit"]).text
    if step == "add_source":
        return None
    if step == "join_source":
        return sheet.source(given["source"]), sheet.source(given["into"])
    if "source" in given:
        return sheet.source(given["source"])
    claim = sheet.claim(given["claim"])
    if step == "change":
        return getattr(claim, given["field"]), sheet.unit(claim.unit).text
    return claim, sheet.following(claim) if step == "merge" else None
