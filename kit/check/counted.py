"""The lines of lesson 1b: what each gives when its gap is filled as it is meant, and what the usual slips give.

Both are worked out from the article, so no number stands here. What is said stands in `rules.toml`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kit.check import forms
from kit.check.answers import Answer
from kit.check.feedback import say

if TYPE_CHECKING:
    from kit.article.loading import Article

SLIPS: dict[str, tuple[str, ...]] = {
    "acts": ("contents", "nothing", "rows"), "offices": ("named", "role"), "kinds": (), "crowded": ("units",),
    "layers": (), "crossed": ("dropped",), "second": ("one", "all"), "pairs": ("propositions",),
    "blank_rows": ("nothing",), "known": ("all",),
}  # fmt: skip
"""The name of each line, and those of the slips that are known on it."""


def gives(article: Article) -> dict[str, tuple[Any, ...]]:
    """What comes out of each line, a number or a small frame: as it is meant, then by each of its `SLIPS`."""
    import pandas as pd

    claims, propositions, status = article.claims, article.propositions, article.claims["status"]
    contents = claims[claims["layer"] == "content"]
    kinds, readings = contents["source_kind"], claims["accepted"].str.len()
    crowded = {place: (claims.groupby(place).size() > 4).sum() for place in ("paragraph", "unit")}
    by_paragraph = claims.groupby(["paragraph", "layer"], observed=True).size().unstack(fill_value=0)
    of_named, of_roles, of_offices = (kinds.isin(["named", *more]).sum() for more in ([], ["role"], ["institution"]))
    crossed, dropped = (pd.crosstab(status, claims["layer"], dropna=dropna) for dropna in (False, True))
    return {
        "acts": ((claims["layer"] == "act").sum(), len(contents), 0, len(claims)),
        "offices": (of_offices, of_named, of_roles),
        "kinds": (claims["source_kind"].value_counts().to_frame("count"),),
        "crowded": (crowded["paragraph"], crowded["unit"]),
        "layers": (by_paragraph,),
        "crossed": (crossed, dropped),
        "second": ((readings > 1).sum(), (readings == 1).sum(), len(claims)),
        "pairs": (len(propositions.explode("claims")), len(propositions)),
        "blank_rows": ((article.matrix == "").all(axis=1).sum(), 0),
        "known": (len(contents.merge(article.sources, on="source")), len(contents)),
    }


def counted(answer: object, *, task: str, article: Article) -> Answer:
    """The number or the frame that a line of lesson 1b gave, always explained: no lesson is graded.

    `task` is a name in `SLIPS`, `article` what was counted in.
    """
    right, *wrong = gives(article)[task]
    found, said = _form(answer, right), ""
    if found.lines == _form(right, right).lines:
        said = say(f"counted.{task}.fits")
    elif len(found.blanks) < len(found.lines):
        slips = (slip for slip, one in zip(SLIPS[task], wrong, strict=True) if found.lines == _form(one, right).lines)
        said = say(f"counted.{task}.{next(slips, 'other')}")
    elif answer is ...:
        found = replace(found, problems=("Still blank: fill the gap, and take away the “# ” in front of the line.",))
    return replace(found, said=said)


def _form(answer: object, right: Any) -> Answer:
    """`answer` in the form that `right` has."""
    if not hasattr(right, "columns"):
        return forms.number(answer)
    return forms.table(answer, rows=list(right.index), columns=list(map(str, right.columns)))
