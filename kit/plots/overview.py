"""The whole course in one picture: acts above, contents below, a square per claim, a column per status."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from kit.article import codebook
from kit.article.colours import INK, LOOKS, NO_REPLY, fill
from kit.article.loading import Article
from kit.errors import many
from kit.plots.picture import describe, empty, in_words, speakers, surface, tag, wrapped

CAME_FOR = ("confirmed", "alleged", "denied")
"""The labels that readers come for; the codebook names the look-alike of each."""
SHORT = {"confirmed": "on record, or\nbacked by the text", "asserted": "only the author\nsays so",
         "alleged": "somebody says so,\nno more", "stance": "a view, a wish\nor a warning",
         "denied": "a source says:\nit is not so", "unconfirmed": "a source says:\nit is still open"}  # fmt: skip
"""What a status means, in a few words."""
BOXES = 2
"""So many boxes fit beside the sentences; the sentence names everybody."""
LAYERS = {"act": "somebody\nspoke, met\nor warned", "content": "what was\nsaid: the\nthing itself"}
"""What a layer is, in a few words."""


def whole_course(article: Article, ax: Axes | None = None) -> Axes:
    """The point of the course in one picture: acts above, contents below, a square per claim, a column per status.

    The picture of the README is made by

        Path("docs/images/course.png").write_bytes(kit.plots.show(kit.plots.whole_course(kit.load_article())).png)

    Every number and sentence in it is counted from `article`. Claims whose labels are withheld are left out, and
    their number is given. An `ax` of your own should be about 6.4 x 5 inches large.
    """
    claims = article.claims.dropna(subset=["layer", "status"])
    if claims.empty:
        return empty(ax, "There are no claims with labels here.")
    ax = surface(ax, 5.0, whole=True)
    ax.set(xlim=(0, 6.4), ylim=(5.0, 0), aspect="equal")
    ax.axis("off")
    heading = f"{many(len(claims), 'claim')} in one news article. Which are confirmed?"
    accused = article.replies.query("reply == 'not reported'")["source"].map(speakers(article.sources)).tolist()
    first, *others = _findings(claims, accused, len(article.claims) - len(claims))
    for y, words, size, weight in (
        (0.08, heading, 13, "bold"),
        (4.24, first, 11, "bold"),
        (4.54, " ".join(others[:2]) + "\n" + " ".join(others[2:]), 9, "normal"),
    ):
        ax.text(0.05, y, words, va="top", color=INK, fontsize=size, weight=weight)
    for status, x in _columns().items():
        ax.text(x + 0.41, 0.5, status, fontsize=8.5, weight="bold", ha="center", va="center", color=INK)
        ax.text(x + 0.41, 0.77, SHORT[status], fontsize=6.5, ha="center", va="center", color=INK)
    for layer, y in (("act", 1.0), ("content", 2.6)):
        _layer(ax, claims[claims["layer"] == layer], layer, y)
    # Below all columns, since a missing reply is in none of them.
    for at, name in enumerate(accused[:BOXES]):
        left = 6.22 - (min(len(accused), BOXES) - at) * 0.92
        ax.add_patch(Rectangle((left, 4.5), 0.86, 0.4, **fill(NO_REPLY, 0.3)))
        tag(ax, left + 0.43, 4.7, f"{wrapped(name, 12)}:\nno reply", fontsize=7)
    counts = pd.crosstab(claims["layer"].astype(str), claims["status"].astype(str))
    said = (f"{layer}s: {in_words(row)}" for layer, row in counts.iterrows())
    return describe(ax, [heading, *said, first, *others])


def _columns() -> dict[str, float]:
    """Where each column begins: the labels that readers come for, each beside its look-alike."""
    pairs = [(name, codebook.label("status", name).lookalike) for name in CAME_FOR]
    return {status: 0.96 + n * 1.82 + at * 0.88 for n, pair in enumerate(pairs) for at, status in enumerate(pair)}


def _layer(ax: Axes, claims: pd.DataFrame, layer: str, top: float) -> None:
    """One row: the name of the layer, and for every status a box with its number and a square per claim."""
    ax.text(0.05, top + 0.5, many(len(claims), layer), fontsize=9, weight="bold", va="center", color=INK)
    ax.text(0.05, top + 0.65, LAYERS[layer], fontsize=8, va="top", color=INK)
    for status, x in _columns().items():
        ids = list(claims.loc[claims["status"] == status, "claim"])
        bare = not ids and layer == "content" and status in CAME_FOR
        edge = {"edgecolor": INK if bare or ids else "#bbbbbb", "linewidth": 2 if bare else 0.6}
        box = Rectangle((x, top), 0.82, 1.5, facecolor="white", linestyle=(0, (4, 2)) if bare else "-", **edge)
        ax.add_patch(box)
        size = 20 if bare else 15 if ids else 11
        ax.text(x + 0.41, top + 0.22, str(len(ids)), fontsize=size, weight="bold", ha="center", va="center", color=INK)
        # Four squares in a row, or more and smaller ones where they are many.
        across = max(4, math.ceil(math.sqrt(0.8 * len(ids))))
        side, look = 0.76 / across, fill(LOOKS["status"][status])
        for at, claim in enumerate(ids):
            corner = (x + 0.03 + at % across * side, top + 0.46 + at // across * (side + 0.01))
            style = look | {"hatch": look["hatch"] * 2, "gid": claim}
            ax.add_patch(Rectangle(corner, side - 0.015, side - 0.015, **style))


def _findings(claims: pd.DataFrame, accused: list[str], withheld: int) -> list[str]:
    """What the picture shows, in sentences that hold for these very claims; the point of it first."""
    confirmed, contents = claims[claims["status"] == "confirmed"], claims[claims["layer"] == "content"]
    proven = int((confirmed["layer"] == "content").sum())
    point = f"{many(len(confirmed), 'claim')} confirmed, {proven} of them about the thing itself."
    if len(confirmed) and not proven:
        point = "Every confirmed claim here is an act: it is on record in this text."
    denied = "Somebody denies something." if (claims["status"] == "denied").any() else "Nobody denies anything."
    about = f"Of the {many(len(contents), 'content')}, {proven or 'none'} {'are' if proven > 1 else 'is'} confirmed."
    sentences = [point, about, denied]
    sentences += [f"No reply reported ({', '.join(accused)}): neither a no nor a yes."] if accused else []
    return sentences + ([f"Left out: {many(withheld, 'claim')} whose labels are withheld."] if withheld else [])
