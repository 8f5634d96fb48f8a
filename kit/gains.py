"""Before and after: what changed between two parallel forms of the made-up sentences, by objective."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pandas as pd

from kit.article.loading import load_article
from kit.article.records import Claim
from kit.questions import assigned

__all__ = ["OBJECTIVES", "stored", "table"]
__dir__ = __all__.copy


OBJECTIVES: dict[str, Callable[[Claim], bool]] = {
    "act and content": lambda claim: claim.layer == "act" or (claim.quote_type, claim.status) == ("direct", "alleged"),
    "confirmed and asserted": lambda claim: claim.status == "asserted",
    "denied and unconfirmed": lambda claim: claim.status in ("denied", "unconfirmed"),
    "alleged and stance": lambda claim: claim.status == "stance",
    "hedges and plans": lambda claim: bool(claim.hedge) or claim.content_type == "plan",
}
"""Each objective, and which sentences of a form stand for it. Each form has them in another order."""


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
    rows = {}
    for name, stands in OBJECTIVES.items():
        items = [claim for claim in claims.values() if stands(claim)]
        forms = {claim.id[0] for claim in items}
        rows[name] = [len(items) // len(forms), _right(before, items), _right(after, items)]
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["items", "before", "after"]).rename_axis("objective")
    frame = frame.astype("Int64")  # before the sum, since pandas 3.0 adds up no columns of None
    frame.loc["all"] = frame.sum(skipna=False)
    frame["gain"] = frame["after"] - frame["before"]
    return frame


def _right(answers: Mapping[str, str], items: Iterable[Claim]) -> int | None:
    """How many of `items` are right; None where nothing at all was answered."""
    if not any(answers.values()):
        return None
    return sum(str(answers.get(claim.id, "")).strip().lower() in claim.accepts("status") for claim in items)
