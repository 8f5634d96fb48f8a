"""The lines of lesson 1b: what each gives when its gap is filled as it is meant, and what the usual slips give.

Both are worked out from the article, so no number stands here. What is said stands in `rules.toml`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from kit.check import forms
from kit.check.answers import Answer
from kit.check.feedback import say

if TYPE_CHECKING:
    import pandas as pd

    from kit.article.loading import Article

__all__ = ["TASKS", "Task", "counted"]


@dataclass(frozen=True)
class Task:
    """A line to finish: what comes out (a number or a small frame), and what comes out by each slip, by its name."""

    right: Callable[[Article], Any]
    slips: Mapping[str, Callable[[Article], Any]] = field(default_factory=dict)


def counted(answer: object, *, task: str, article: Article) -> Answer:
    """The number or the frame that a line of lesson 1b gave, always explained: no lesson is graded.

    `task` is a name in `TASKS`, `article` what was counted in.
    """
    here = TASKS[task]
    right = here.right(article)
    found, fits = _form(answer, right), _form(right, right).lines
    said = ""
    if found.lines == fits:
        said = say(f"counted.{task}.fits")
    elif len(found.blanks) < len(found.lines):
        slips = (slip for slip, gives in here.slips.items() if found.lines == _form(gives(article), right).lines)
        said = say(f"counted.{task}.{next(slips, 'other')}")
    elif answer is ...:
        found = replace(found, problems=("Still blank: fill the gap, and take away the “# ” in front of the line.",))
    return replace(found, said=said)


def _form(answer: object, right: Any) -> Answer:
    """`answer` in the form that `right` has."""
    if not hasattr(right, "columns"):
        return forms.number(answer)
    return forms.table(answer, rows=list(right.index), columns=list(map(str, right.columns)))


def _contents(article: Article) -> pd.DataFrame:
    return article.claims[article.claims["layer"] == "content"]


def _by_kind(article: Article, *kinds: str) -> int:
    return _contents(article)["source_kind"].isin(kinds).sum()


def _heaps(article: Article, column: str) -> int:
    return (article.claims.groupby(column, observed=True).size() > 5).sum()


def _crossed(article: Article, *, dropna: bool) -> pd.DataFrame:
    import pandas as pd

    return pd.crosstab(article.claims["status"], article.claims["layer"], dropna=dropna)


def _readings(article: Article) -> pd.Series:
    return article.claims["accepted"].str.len()


TASKS: dict[str, Task] = {
    "acts": Task(
        lambda a: (a.claims["layer"] == "act").sum(),
        {"contents": lambda a: len(_contents(a)), "nothing": lambda a: 0, "rows": lambda a: len(a.claims)},
    ),
    "offices": Task(
        lambda a: _by_kind(a, "named", "institution"),
        {"named": lambda a: _by_kind(a, "named"), "role": lambda a: _by_kind(a, "named", "role")},
    ),
    "kinds": Task(lambda a: a.claims["source_kind"].value_counts().to_frame("count")),
    "crowded": Task(lambda a: _heaps(a, "paragraph"), {"units": lambda a: _heaps(a, "unit")}),
    "layers": Task(lambda a: a.claims.groupby(["paragraph", "layer"], observed=True).size().unstack(fill_value=0)),
    "crossed": Task(lambda a: _crossed(a, dropna=False), {"dropped": lambda a: _crossed(a, dropna=True)}),
    "second": Task(
        lambda a: (_readings(a) > 1).sum(), {"one": lambda a: (_readings(a) == 1).sum(), "all": lambda a: len(a.claims)}
    ),
    "pairs": Task(lambda a: len(a.propositions.explode("claims")), {"propositions": lambda a: len(a.propositions)}),
    "blank_rows": Task(lambda a: (a.matrix == "").all(axis=1).sum(), {"nothing": lambda a: 0}),
    "known": Task(lambda a: len(_contents(a).merge(a.sources, on="source")), {"all": lambda a: len(_contents(a))}),
}
