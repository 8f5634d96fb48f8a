"""Before and after: what changed between two parallel forms of the made-up sentences, by objective."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from kit.article.loading import load_article
from kit.article.records import Claim
from kit.questions import assigned

__all__ = ["OBJECTIVES", "stored", "table"]
__dir__ = __all__.copy


OBJECTIVES: dict[str, tuple[int, ...]] = {
    "act and content": (1, 2),
    "confirmed and asserted": (3,),
    "denied and unconfirmed": (4, 5),
    "alleged and stance": (6,),
    "hedges and plans": (7, 8),
}
"""Each objective, and the items of every form that stand for it."""


def stored(path: str | Path, name: str) -> dict[str, str]:
    """The dict that is assigned to `name` in the notebook at `path`, read without running anything.

    Returns {} where the file, the assignment or a plain dict is not there: a gain is a courtesy, not a test.
    """
    try:
        cells = json.loads(Path(path).read_text("utf-8"))["cells"]
        sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    values = (value for source in reversed(sources) for value in assigned(source, name)[:1] if value is not ...)
    found = next(values, {})
    return found if isinstance(found, dict) else {}


def table(before: Mapping[str, str], after: Mapping[str, str]) -> pd.DataFrame:
    """What was right before and after, by objective.

    Index: objective, then "all". Columns: `items` (sentences behind the row), `before` and `after` (how many
    were right), `gain` (after less before). A form without a single answer gives missing values (NA), not zeros.
    """
    claims = load_article("sentences").annotation.by_id
    rows = {
        name: [len(items), _right(before, items, claims), _right(after, items, claims)]
        for name, items in OBJECTIVES.items()
    }
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["items", "before", "after"]).rename_axis("objective")
    frame = frame.astype("Int64")  # before the sum, since pandas 3.0 adds up no columns of None
    frame.loc["all"] = frame.sum(skipna=False)
    frame["gain"] = frame["after"] - frame["before"]
    return frame


def _right(answers: Mapping[str, str], items: tuple[int, ...], claims: Mapping[str, Claim]) -> int | None:
    """How many of `items` are right; None where nothing at all was answered."""
    if not any(answers.values()):
        return None
    given = {int(name[1:]): (name, str(value).strip().lower()) for name, value in answers.items() if name in claims}
    return sum(given[i][1] in claims[given[i][0]].accepts("status") for i in items if i in given)
