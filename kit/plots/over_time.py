"""What changes over time: what was said and what happened, day by day, and what a test gained."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import pairwise

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import date2num, num2date
from matplotlib.ticker import MaxNLocator

from kit.article.colours import INK, LOOKS, NO_REPLY, SAME, fill
from kit.errors import KitError
from kit.plots.picture import day, describe, empty, key, surface, tag, title, wrapped

LANES = {"said": "SAID ON: the day somebody spoke", "happened": "HAPPENED ON: the day it is said to have happened"}


def timeline(events: pd.DataFrame, ax: Axes | None = None, *, dateline: date | str) -> Axes:
    """What was said on which day, apart from what happened on which day; the article's date as a line between.

    `events` has the columns `date` (a missing one is shown as “day not given”), `who`, `what` and `kind` ("said" or
    "happened"). Where one gap is longer than all other days together, it is drawn short, and said to be. Raises
    KitError for a missing column or another kind.
    """
    if missing := [name for name in ("date", "who", "what", "kind") if name not in events]:
        raise KitError(f"The frame of events has no column “{missing[0]}”.")
    if strange := sorted(set(map(str, events["kind"])) - set(LANES)):
        raise KitError(f"An event is of the kind “{strange[0]}”; it must be one of {', '.join(LANES)}.")
    if events.empty:
        return empty(ax, "There are no events to show.")
    rows = events.assign(date=pd.to_datetime(events["date"])).sort_values("date", kind="stable")
    line = pd.Timestamp(dateline)
    ax = surface(ax, 1.2 + 0.36 * (len(rows) + 3))
    ax.set(ylim=(len(rows) + 1.6, -1.5), yticks=[])  # a row per event, and both headings
    ax.spines[["left", "right", "top"]].set_visible(False)
    place, left_out = _axis(ax, sorted({*date2num(rows["date"].dropna()), date2num(line)}))
    words = f"the article's date: {day(line, year=True)}"
    low, high = ax.get_xlim()
    x = place(line)
    side = round(2 * (x - low) / (high - low))
    ax.axvline(x, color=INK, linewidth=1.6, linestyle=(0, (4, 2)), zorder=1)
    tag(ax, x, -1, words, ha=("left", "center", "right")[side], weight="bold", zorder=3)
    lines = _lanes(ax, rows, place, line.year)
    note = "Left of the dashed line: before the article. Right of it: later, so the article cannot know it."
    ax.set_xlabel("\n".join(filter(None, (note, left_out))), fontsize=8, color=INK)
    title(ax, "When it was said, and when it happened")
    opening = f"Timeline. The article's date is {day(line, year=True)}. {left_out}".strip()
    return describe(ax, [opening, *lines])


def _axis(ax: Axes, days: list[float]) -> tuple[Callable[[pd.Timestamp], float], str]:
    """Set the axis of days; returns where a day lies on it, and a sentence on what is left out, or "".

    A gap that is longer than all other days together is drawn short.
    """
    longest, before = max(((later - day, day) for day, later in pairwise(days)), default=(0.0, days[-1]))
    rest = days[-1] - days[0] - longest
    cut = longest - max(2.0, rest / 6) if longest > max(rest, 30) else 0.0

    def place(when: pd.Timestamp) -> float:
        x = date2num(when)
        return x - cut if x > before else x

    room = max(1.0, (days[-1] - cut - days[0]) * 0.04)
    ax.set(xlim=(days[0] - room, days[-1] - cut + room))
    low, high = ax.get_xlim()
    ticks = [t for t in MaxNLocator(7, integer=True).tick_values(low, high) if low <= t <= high]
    if not cut:
        ax.set_xticks(ticks, [day(num2date(t)) for t in ticks], fontsize=8)
        return place, ""
    ticks, after = [t for t in ticks if t <= before], before + longest
    start, end = (day(num2date(x), year=True) for x in (before, after))
    ax.set_xticks([*ticks, after - cut], [*(day(num2date(t)) for t in ticks), end], fontsize=8)
    white = {"color": "white", "linewidth": 5, "transform": ax.get_xaxis_transform(), "clip_on": False, "zorder": 9}
    ax.plot([before + 0.5, after - cut - 0.5], [0, 0], **white)
    return place, f"Where the line is broken, the days between {start} and {end} are left out."


def _lanes(ax: Axes, rows: pd.DataFrame, place: Callable[[pd.Timestamp], float], year: int) -> list[str]:
    """Draw the events, lane by lane, one row each; returns them in words."""
    lines, y = [], 0
    for kind, heading in LANES.items():
        tag(ax, 0.005, y, heading, ha="left", weight="bold", transform=ax.get_yaxis_transform())
        lines.append(f"{heading}.")
        lane = rows[rows["kind"] == kind]
        for said, who, what in zip(lane["date"], lane["who"], lane["what"], strict=True):
            y += 1
            when = "day not given" if pd.isna(said) else day(said, year=said.year != year)
            words = f"{when} · {who}: {what}" if who else f"{when} · {what}"
            _event(ax, y, None if pd.isna(said) else place(said), words, kind)
            lines.append(words)
        y += 1
    return lines


def _event(ax: Axes, y: float, place: float | None, words: str, kind: str) -> None:
    """One event: a filled circle or an open square on its day, its words on the side with more room."""
    low, high = ax.get_xlim()
    dated = place is not None
    x = place if dated else low + (high - low) * 0.02
    right = x < (low + high) / 2
    mark, face = ("o", LOOKS["layer"]["act"].colour) if kind == "said" else ("s", "white")
    if dated:
        ax.plot([x], [y], marker=mark, markersize=8, color=INK, markerfacecolor=face, zorder=4)
    room = (high - x if right else x - low) / (high - low)
    side = {"ha": "left", "xytext": (9 if dated else 0, 0)} if right else {"ha": "right", "xytext": (-9, 0)}
    box = {"boxstyle": "round,pad=0.1", "facecolor": "white", "edgecolor": "none"}
    ax.annotate(wrapped(words, int(room * 96)), (x, y), textcoords="offset points", va="center", fontsize=8,
                color=INK, bbox=box, zorder=3, **side)  # fmt: skip


def before_after(gained: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """How many of the made-up sentences were right before and after the course: two bars per objective.

    `gained` is what `kit.gains.table` returns; a missing number has no bar. An `ax` of your own should be about
    6.4 x 3.5 inches large.
    """
    looks, lines = {"before": NO_REPLY, "after": SAME}, ["How many sentences were right, before and after the course."]
    ax = surface(ax, 1.1 + 0.42 * len(gained))
    most = gained["items"].max()
    for y, (objective, row) in enumerate(gained.iterrows()):
        told = {when: "no answer" if pd.isna(row[when]) else str(row[when]) for when in looks}
        lines.append(f"{objective}: before {told['before']}, after {told['after']}, of {row['items']}")
        for side, (when, look) in zip((-0.2, 0.2), looks.items(), strict=True):
            if not pd.isna(row[when]):
                ax.barh(y + side, row[when], height=0.37, **fill(look))
                ax.text(row[when] + most / 100, y + side, told[when], va="center", fontsize=8, color=INK)
    names = [f"{objective} (of {row['items']})" for objective, row in gained.iterrows()]
    ax.set_yticks(range(len(gained)), names, fontsize=8, color=INK)
    ax.set(xlim=(0, 1.18 * most), ylim=(len(gained) - 0.4, -0.6), xticks=range(most + 1))
    ax.tick_params(labelsize=8)
    ax.spines[["right", "top"]].set_visible(False)
    key(ax, looks, columns=2, below=30)
    ax.set_xlabel("sentences that were right", fontsize=8, color=INK)
    title(ax, "How many were right before, and how many after", width=50)
    return describe(ax, lines)
