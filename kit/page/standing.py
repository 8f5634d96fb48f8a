"""Whether the value that a check sees is what the answer cell of its question now makes; and if not, what happened."""

from __future__ import annotations

import ast
from difflib import get_close_matches
from typing import Any

from kit.page.cells import ABOVE, Run, SavedPage, Watch, read_saved, watching
from kit.page.names import changed, literal, made, made_by, needed, nodes, plain, statements

_OLD = "What follows is about your old answer."
_RUN = "Run your answer cell, then this one."


def standing(answer: object) -> str | None:
    """What a reader must know first of a check that is just looking at `answer`: "" where the answer stands.

    None where nothing can be known: outside a notebook, or in a front end that does not tell which cell runs.
    """
    watch = watching()
    if watch is None or watch.now is None or not watch.now.cell:
        return None
    name = next((name for name in checked(watch.now.source) if watch.names.get(name, ...) is answer), None)
    if name is None:
        return ""
    page = read_saved()
    cell = _answer_cell(name, watch, page)
    last = watch.last(cell)
    if last is None:
        return _strange(name) if _maker(name, watch) else ""
    return _amiss(name, last, watch, page)


def checked(source: str) -> list[str]:
    """The names that the checks in a cell look at: `acts` in `kit.check.number(acts)`."""
    calls = (node for node in nodes(source) if isinstance(node, ast.Call))
    firsts = (call.args[0] for call in calls if call.args and ast.unparse(call.func).startswith("kit.check."))
    return [first.id for first in firsts if isinstance(first, ast.Name)]


def unmade(name: str, watch: Watch) -> str:
    """Why there is no `name` for a check to look at, and what to do."""
    page = read_saved()
    last = watch.last(_answer_cell(name, watch, page))
    if last is None:
        return f"There is no `{name}` yet: your answer cell has not been run since the kernel started. {ABOVE}"
    if last.line:
        return f"There is no `{name}` yet: your answer cell stopped with an error{_where(last)}. {_mend(last)}"
    return f"There is no `{name}` yet. {_lost(name, last)} {_RUN}"


def _answer_cell(name: str, watch: Watch, page: SavedPage | None) -> str:
    """The id of the cell that answers `name`: as the saved page says, else the one that made it last."""
    saved = page and page.answer(name)
    return saved.id if saved else _maker(name, watch)


def _maker(name: str, watch: Watch) -> str:
    return next((run.cell for run in reversed(watch.runs) if not run.whole and name in made(run.source)), "")


def _amiss(name: str, last: Run, watch: Watch, page: SavedPage | None) -> str:
    saved = page and page.cell(last.cell)
    if page and saved and page.saved > last.began and plain(saved.source) != plain(last.source):
        return f"Your answer cell was changed after it ran. {_OLD} {_RUN}"
    if last.line:
        above = [part for part in statements(last.source) or () if (part.end_lineno or 0) < last.line]
        had_made = not last.whole and any(name in made_by(part) for part in above)
        then = f", after it had made `{name}`." if had_made else f". {_OLD}"
        return f"Your answer cell stopped with an error{_where(last)}{then} {_mend(last)}"
    if name not in made(last.source):
        return f"{_lost(name, last)} {_OLD}"
    later = [run for run in watch.runs[watch.runs.index(last) + 1 :] if not run.whole and not _checks(run, name, page)]
    if any(name in changed(run.source) for run in later) or _drifted(name, last, watch):
        return _strange(name)
    if watch.names.get(name) is None and "print(" in last.source and literal(last.source, name) is ...:
        return f"`{name} = print(…)` shows a value and keeps nothing. Leave out print and its brackets. {_RUN}"
    return _borrowed(last, watch, page) if page and page.is_exercise else ""


def _checks(run: Run, name: str, page: SavedPage | None) -> bool:
    """Whether this is the check of `name`: one may round a number before it looks."""
    saved = page and page.cell(run.cell)
    return (saved.role, saved.question) == ("check", name) if saved else name in checked(run.source)


def _where(last: Run) -> str:
    """Where Python noticed; nothing where it could not read the cell, since the slip may lie further up."""
    return "" if last.whole else f" in line {last.line}"


def _mend(last: Run) -> str:
    return f"{'The words under it say what to mend.' if last.whole else f'Mend line {last.line} there.'} {_RUN}"


def _lost(name: str, last: Run) -> str:
    body = statements(last.source)
    how = f"Give your answer this name: `{name} = …`."
    if body and isinstance(body[-1], ast.Expr):
        how = f"To keep what its last line works out, begin that line with `{name} = `."
    elif others := get_close_matches(name, made(last.source), 1, 0.7):
        how = f"It makes `{others[0]}`: write `{name}` instead."
    return f"Your answer cell makes no `{name}`. {how}"


def _strange(name: str) -> str:
    return (
        f"What follows is not from your answer cell: another cell made `{name}`, or changed it. "
        f"Only your answer cell counts: put all of it there. {_RUN}"
    )


def _drifted(name: str, last: Run, watch: Watch) -> bool:
    """Whether `name`, which the cell wrote out as plain data, holds something else by now."""
    if watch.now is not None and name in changed(watch.now.source):  # by the check itself
        return False
    written: Any = literal(last.source, name)
    try:
        return written is not ... and bool(watch.names.get(name) != written)
    except Exception:  # an object of the student's own that cannot be compared
        return True


def _borrowed(last: Run, watch: Watch, page: SavedPage) -> str:
    """What the answer takes from a cell that is not graded."""
    ours = {cell.id for cell in page.cells if cell.role}
    given = {name for cell in page.cells if cell.role for name in made(cell.source)}
    given |= {name for run in watch.runs if run.cell in ours for name in made(run.source)}
    theirs = {name for run in watch.runs if run.cell not in ours for name in made(run.source)}
    lent = sorted((needed(last.source) & theirs) - given)
    if not lent:
        return ""
    return (
        f"Your answer uses `{lent[0]}`, which only a cell of your own makes. Grading runs the answer cells alone: "
        f"copy the line that makes `{lent[0]}` into your answer cell. {_RUN}"
    )
