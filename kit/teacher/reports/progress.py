"""Before and after: what a class gained between two parallel forms, and how it voted twice, read from its lessons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kit import agreement, gains, questions
from kit.article import codebook
from kit.errors import KitError
from kit.setup import places
from kit.teacher.sandbox.limits import LARGEST

__all__ = ["FORMS", "VOTES", "Forms", "handed_in", "table", "votes"]

Forms = tuple[dict[str, str], dict[str, str]]
"""The labels of one student before and after, each by sentence or claim ({"A1": "alleged", …})."""
FORMS, VOTES = ("before", "after"), ("first vote", "second vote")
"""What the lessons call (`kit.form`) the forms before and after, and the two votes on the contested claims."""
_DRAWS, _SEED, _LEVEL = 2000, 20241019, 0.95


def handed_in(folder: Path, pair: tuple[str, str] = FORMS) -> dict[str, Forms]:
    """Student to forms, for every folder in `folder` that holds a lesson with one of the `pair`; nothing is run.

    Raises KitError where `folder` is not there.
    """
    if not folder.is_dir():
        raise KitError(f"There is no folder {folder}. Give the one that holds a folder per student.")
    asked = [question for path in places.notebooks().glob("*.ipynb") for question in questions.read(path).questions]
    where = {question.form: question for question in asked if question.form}
    found = {}
    for place in sorted(path for path in folder.iterdir() if path.is_dir()):
        forms = _form(place, where[pair[0]]), _form(place, where[pair[1]])
        if any(forms):
            found[place.name] = forms
    return found


def table(forms: Mapping[str, Forms]) -> pd.DataFrame:
    """The gain of a class. Index: objective, then "all".

    Columns: `items` (sentences behind the row), `students` (who answered both forms), `before` and `after` (mean
    number right), `gain` (their difference), `low` and `high` (its 95% interval: percentile bootstrap over students,
    Efron and Tibshirani 1993, chapter 13) and `note`. Only students with both forms count, each against themself.
    Without any, every number is NaN and the note says "no cases".
    """
    tables = [gains.table(*both) for both in forms.values() if all(any(form.values()) for form in both)]
    names = [*gains.OBJECTIVES, "all"]
    rows = [_row([one.loc[name] for one in tables], name) for name in names]
    columns = ["items", "students", "before", "after", "gain", "low", "high", "note"]
    return pd.DataFrame(rows, index=pd.Index(names, name="objective"), columns=columns)


def votes(forms: Mapping[str, Forms]) -> pd.DataFrame:
    """How a class voted twice. Index: claim, as they stand in the lesson.

    Columns: `students` (who voted both times, with a status), `first` and `second` (the statuses with their numbers, in
    the codebook's order) and `changed` (how many changed theirs). No rows where nobody did.
    """
    permitted, given = codebook.names("status"), {}
    for first, second in forms.values():
        for claim in first:
            pair = tuple(vote.get(claim, "").strip().lower() for vote in (first, second))
            if set(pair) <= set(permitted):
                given.setdefault(claim, []).append(pair)
    rows = {claim: _two_votes(pairs, permitted) for claim, pairs in given.items()}
    columns = ["students", "first", "second", "changed"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("claim")


def _two_votes(pairs: list[tuple[str, ...]], permitted: tuple[str, ...]) -> list[object]:
    counts = [Counter(pair[at] for pair in pairs) for at in (0, 1)]
    told = [", ".join(f"{count[name]} {name}" for name in permitted if count[name]) for count in counts]
    return [len(pairs), *told, sum(first != second for first, second in pairs)]


def _row(rows: list[Any], name: str) -> list[object]:
    items = sum(len(items) for items in gains.OBJECTIVES.values()) if name == "all" else len(gains.OBJECTIVES[name])
    if not rows:
        return [items, 0, np.nan, np.nan, np.nan, np.nan, np.nan, "no cases"]
    before, after = (np.array([float(row[form]) for row in rows]) for form in ("before", "after"))
    each = after - before
    low, high, note = np.nan, np.nan, "one student: no interval"
    if len(rows) > 1:
        weights = agreement.resampled(each[:, None], draws=_DRAWS, seed=_SEED)
        low, high, note = agreement.ends(weights @ each / len(rows), _LEVEL)
    return [items, len(rows), before.mean(), after.mean(), each.mean(), low, high, note]


def _form(place: Path, asked: questions.Question) -> dict[str, str]:
    """A form as it stands in a file of a stranger: {} for whatever is not a plain dict of texts."""
    file = next((path for path in sorted(place.rglob(asked.file)) if path.is_file() and not path.is_symlink()), None)
    if file is None or file.stat().st_size > LARGEST:
        return {}
    with suppress(RecursionError, MemoryError):
        return {str(key): value for key, value in gains.stored(file, asked.name).items() if isinstance(value, str)}
    return {}
