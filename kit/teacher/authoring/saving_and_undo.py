"""Saving and undoing: a person's steps on one file, each saved in it at once, and each to be taken back.

What another window or program has written meanwhile is never written over: the step waits.
"""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kit.article import annotation_file
from kit.article.records import Annotation, Claim
from kit.errors import AnnotationError, KitError
from kit.files import write_atomically
from kit.teacher.authoring.sheets import Sheet, Tables
from kit.teacher.authoring.steps import rests_on, taken

_STEPS_KEPT = 200
_PATIENCE = 10
"""Seconds that a step waits for another window which writes the same file."""
_STATES = (
    "Nothing here is checked yet.",
    "What is marked as proposed is not checked yet.",
    "A person has read and accepted all of it.",
)
_NEXT = re.compile(
    r"Next: run `python -m kit (?:annotate|check) (\S+)`.*?`python -m kit (?:check|new-course) \S+`\.", re.S
)
_STEPS = (
    r"Next: run `python -m kit annotate \1` and go through it on screen, or edit this file; then run\n"
    r"# `python -m kit check \1`.",
    r"Next: run `python -m kit check \1`, then\n# `python -m kit new-course \1`.",
)


class Correction:
    """The correction of the file at `path`. Raises KitError for one that cannot be read, or has a claim astray.

    `sheet` is what was read or written last. `at` is the claim in view, `past` what can be taken back. Why a
    step was refused is in `said`; where others have written the file since, nothing is written, and `trouble`
    says so until `reload`.
    """

    def __init__(self, path: Path) -> None:
        self.path, self.at, self.said, self.trouble = path, "", "", ""
        self.past: list[tuple[str, str, Any]] = []
        self._waiting: _Step | None = None
        self.sheet = _opened(path)
        self.go(self.open_after(""))

    # ---- What there is ----

    @property
    def claims(self) -> list[Claim]:
        """All claims in the order of the text."""
        return sorted(self.sheet.whole.claims, key=lambda claim: (claim.start, claim.end))

    @property
    def ids(self) -> list[str]:
        """The ids of all claims in the order of the text."""
        return [claim.id for claim in self.claims]

    @property
    def accepted(self) -> set[str]:
        """The claims that a person stands by: not proposed, not blank, with nothing to mend."""
        return {claim.id for claim in self.claims if not (claim.proposed or claim.blank or self.mend(claim.id))}

    def mend(self, claim: str) -> list[str]:
        """What breaks the codebook in a claim."""
        return [what for where, what in self.sheet.breaches if where == f"claim {claim}"]

    def open_after(self, claim: str) -> str:
        """The next claim, round the end, that is not accepted; empty where all are."""
        ids, accepted = self.ids, self.accepted
        at = ids.index(claim) + 1 if claim in ids else 0
        return next((one for one in (*ids[at:], *ids[:at]) if one not in accepted), "")

    def go(self, claim: str) -> None:
        """Bring a claim into view; the first one where there is none of that id."""
        self.at = claim if claim in self.ids else self.ids[0]

    # ---- Steps ----

    def take(self, step: str, *, more: bool = False, **given: Any) -> None:
        """Take one of the steps and save it, or say why not. `more`: typing goes on, undone as one."""
        wanted, self.said = _Step(step, given), ""
        if self.trouble:
            if self._waiting and self._waiting.about == wanted.about:
                self._waiting = wanted
            else:
                self.said = "First choose what is to become of your last change. This one is not made."
            return
        try:
            if step == "accept" and (faults := self.mend(given["claim"])):
                raise KitError(f"{given['claim']} has something to mend before it can be accepted: {faults[0]}.")
            after = Sheet.parsed(taken(self.sheet, step, **given), self.path)
            after = replace(after, text=_headed(after.text, after.whole))
        except KitError as refusal:
            self.said = sentence(refusal)
            return
        before, ids = self.sheet.text, self.ids
        if after.text != before:
            if not self._written(after.text, wanted):
                return
            if not (more and self.past and self.past[-1][2] == wanted.about):
                self.past = [*self.past, (before, self.at, wanted.about)][-_STEPS_KEPT:]
        self.sheet = after
        self.go(self._next_view(step, ids))

    def undo(self) -> None:
        """Take back the last step, and go to the claim that was in view. Without one, nothing happens."""
        self.said = ""
        if not self.past or self.trouble:
            return
        text, view, _ = self.past[-1]
        if self._written(text, None):
            self.past = self.past[:-1]
            self.sheet = Sheet.parsed(text, self.path)
            self.go(view)

    def reload(self, *, keep: bool) -> None:
        """Read the file again and, if `keep`, take the step that waits, unless the file has changed there too."""
        wanted, before, self.said = self._waiting, self.sheet, ""
        try:
            fresh = _opened(self.path)
        except KitError as fault:
            self.trouble = f"{sentence(fault)} Mend that first, then choose again."
            return
        if keep and wanted and not _fits(wanted, before, fresh):
            self.trouble = (
                f"{self.path.name} was changed at that place too, so your change does not fit any more: {wanted}."
            )
            return
        self.trouble, self._waiting, self.past = "", None, []
        self.sheet = fresh
        self.go(self.at)
        if wanted and keep:
            self.take(wanted.name, **wanted.given)
        elif wanted:
            self.said = f"The file was read again. Not in it: {wanted}."

    def _written(self, text: str, step: _Step | None) -> bool:
        try:
            if changed := _replace(self.path, self.sheet.text, text):
                lost = "your last change is not saved yet" if step else "nothing can be taken back"
                self.trouble, self._waiting = f"{changed}, so {lost}.", step
        except (OSError, sqlite3.Error) as fault:
            what = getattr(fault, "strerror", None) or fault
            self.trouble, self._waiting = f"{self.path.name} cannot be written ({what}). Your change waits.", step
        return not self.trouble

    def _next_view(self, step: str, before: list[str]) -> str:
        """The claim to show after a step: the next open one, a new one, or the one in the place of a lost one."""
        ids = self.ids
        if step == "accept":
            return self.open_after(self.at) or self.at
        if step == "add":
            return next(claim for claim in ids if claim not in before)
        if self.at in ids:
            return self.at
        place = before.index(self.at)
        return next((claim for claim in before[place:] if claim in ids), ids[-1])


def sentence(fault: KitError) -> str:
    """The fault in one sentence, with the number of further ones."""
    if isinstance(fault, AnnotationError) and len(fault.faults) > 1:
        return f"{fault.faults[0]} (And {len(fault.faults) - 1} more: `python -m kit check` names them all.)"
    return str(fault)


def _opened(path: Path) -> Sheet:
    """The file as a sheet. Raises KitError also where it is laid out so that it cannot be changed here."""
    sheet = Sheet.parsed(annotation_file.read_text(path), path)
    Tables(sheet.text)
    return sheet


def _fits(step: _Step, before: Sheet, after: Sheet) -> bool:
    """Whether what a step rests on is the same in both."""
    try:
        return rests_on(before, step.name, **step.given) == rests_on(after, step.name, **step.given)
    except KitError:
        return False


@dataclass(frozen=True)
class _Step:
    """One step that a person wants: its name, and what it is about."""

    name: str
    given: dict[str, Any]

    @property
    def about(self) -> tuple[Any, ...]:
        """The same for two steps of which the second only goes on typing."""
        return self.name, self.given.get("claim") or self.given.get("source"), self.given.get("field")

    def __str__(self) -> str:
        return f"{self.name.replace('_', ' ')} ({', '.join(f'{k}: {v}' for k, v in self.given.items())})"


def _replace(path: Path, old: str, new: str) -> str:
    """Write `new` to the file whose content is `old`, all of it or nothing; "", or else what has become of the file.

    Of two kernels that write at once, one is refused: others of this user are kept from writing from the look at the
    file to the end of the writing. Raises OSError or sqlite3.Error where it cannot be written.
    """
    path = path.resolve()
    user = os.getuid() if hasattr(os, "getuid") else ""
    name = hashlib.sha256(os.path.normcase(path).encode("utf-8", "surrogateescape")).hexdigest()[:24]
    # SQLite's lock on an empty file is there on every system, and the system takes it off a dead process. It is not
    # beside the annotation, where a teacher would wonder what it is.
    lock = Path(tempfile.gettempdir(), f"kit-{user}-{name}.lock")
    with closing(sqlite3.connect(lock, timeout=_PATIENCE, isolation_level=None)) as held:
        held.execute("begin exclusive")
        try:
            found = path.read_bytes()
        except FileNotFoundError:
            return f"{path.name} is no longer in {path.parent}"
        if found != old.encode("utf-8"):
            return f"{path.name} was changed by another program or window since it was read here"
        write_atomically(path, new.encode("utf-8"))
    return ""


def _headed(text: str, whole: Annotation) -> str:
    """The text of a file with the head of a draft brought up to date; a head in other words stays as it is."""
    head, mark, rest = text.partition("format")
    if not any(state in head for state in _STATES):
        return text
    still = sum(bool(claim.proposed) or claim.blank or not claim.status for claim in whole.claims)
    still += sum(bool(source.proposed) for source in whole.sources)
    all_ = len(whole.claims) + len(whole.sources)
    now = 2 if not still else 0 if still == all_ else 1
    for state in _STATES:
        head = head.replace(state, _STATES[now])
    steps = _STEPS[now == 2].replace("\\n", "\r\n" if "\r\n" in head else "\n")
    return _NEXT.sub(steps, head) + mark + rest
