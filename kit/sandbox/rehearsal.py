"""What the warm process does before the first fork, so that no kernel has to: load, and fill, what is used first."""

# pyright: reportAttributeAccessIssue=false, reportCallIssue=false, reportUnusedExpression=false
# What students do is done as they do it, also where the types of pandas do not know it.
from __future__ import annotations

import importlib
from collections.abc import Collection
from contextlib import suppress

__all__ = ["load", "rehearse"]

_LATE = (
    *("IPython.core.completerlib", "IPython.core.debugger", "IPython.core.logger", "IPython.core.oinspect"),
    *("IPython.extensions.storemagic", "ipykernel.debugger", "ipykernel.inprocess", "ipykernel.kernelapp"),
    *("jupyter_client.localinterfaces", "tornado.locks", "tornado.platform.asyncio", "tornado.queues"),
)
"""What ipykernel imports only when a kernel starts."""


def load(imports: Collection[str]) -> None:
    """Import what kernels need, and `imports`."""
    for name in (*_LATE, "kit.sandbox.inside", *imports):
        importlib.import_module(name)


def rehearse() -> None:
    """Do once what students do most, where pandas and matplotlib are there. No thread and no figure is left."""
    with suppress(ImportError):
        _analyse()


def _analyse() -> None:
    import matplotlib.pyplot as plt
    import pandas as pd
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    pd.set_option("display.max_columns", 20)  # as where it is imported in a notebook, and not at a terminal
    label = pd.Categorical(["a", "b", "a"], ["a", "b"], ordered=True)
    frame = pd.DataFrame({"label": label, "text": ["x", "y z", "x"], "number": [1, 2, 3]})
    frame["words"] = frame["text"].str.split().str.len()
    table = pd.crosstab(frame["label"], frame["text"])
    sums = frame.groupby("label", observed=True)["number"].agg(["sum", "mean"])
    counts = frame["text"].value_counts().to_frame().reset_index()
    for shown in (frame[frame["number"] > 1].sort_values("text"), table, sums, counts):
        shown._repr_html_(), repr(shown)
    ax = table.plot.bar(stacked=True)
    ax.imshow(table)
    FigureCanvasAgg(ax.get_figure(root=True)).draw()
    plt.close("all")
