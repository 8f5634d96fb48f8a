"""The pictures of the course. Data and, if you like, an `ax` go in; `Axes` with a text alternative come out.

    kit.plots.show(kit.plots.status_by_source(article.claims, article.sources))

Without `ax` a picture makes a figure of its own, of a size that fits a page 640 pixels wide. Nothing is drawn
on a page until `show`, and no setting of matplotlib is changed.
"""

from kit.plots.grids import agreement_heatmap, confusion, matrix, pass_agreement
from kit.plots.over_time import before_after, timeline
from kit.plots.overview import whole_course
from kit.plots.picture import Shown, alt, show
from kit.plots.speakers import chains, status_by_source

__all__ = [
    "Shown", "agreement_heatmap", "alt", "before_after", "chains", "confusion", "matrix", "pass_agreement", "show",
    "status_by_source", "timeline", "whole_course",
]  # fmt: skip
__dir__ = __all__.copy
