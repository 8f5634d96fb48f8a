"""Who Says So? Tell confirmed facts, allegations and denials apart, and each from its look-alike.

Importing `kit` reads no file and loads no other package; each name below is fetched when first used. In a notebook it
begins to watch which cells run. `python -m kit` reads this file first, in any Python 3, so its syntax is old.
"""

import sys
from importlib import import_module

__version__ = "0.1.0"

__all__ = [
    "Article", "KitError", "agreement", "annotated", "check", "codebook", "hand_in", "load_article", "mixed_up",
    "plots", "practice", "progress", "trace", "widgets",
]  # fmt: skip
__dir__ = __all__.copy

# Where the names live that are no room of the package.
_HOMES = {
    "Article": "kit.article.loading", "KitError": "kit.errors", "annotated": "kit.article.view",
    "codebook": "kit.article", "hand_in": "kit.setup.handing_in", "load_article": "kit.article.loading",
    "mixed_up": "kit.recall.mistakes", "practice": "kit.recall.practice", "progress": "kit.setup.progress",
    "trace": "kit.article",
}  # fmt: skip
# Notebooks that are out there import from here what has moved.
__path__.append(__path__[0] + "/teacher/former")

TYPE_CHECKING = False  # as in `typing`, which would be loaded for this alone
if TYPE_CHECKING:
    from kit import agreement, check, plots, widgets
    from kit.article import codebook, trace
    from kit.article.loading import Article, load_article
    from kit.article.view import annotated
    from kit.errors import KitError
    from kit.recall.mistakes import mixed_up
    from kit.recall.practice import practice
    from kit.setup.handing_in import hand_in
    from kit.setup.progress import progress
else:

    def __getattr__(name):
        if name not in __all__:
            raise AttributeError("kit has no {!r}; it has: {}".format(name, ", ".join(__all__)))
        home = _HOMES.get(name)
        if home is None or home == "kit.article":
            return import_module("{}.{}".format(home or "kit", name))
        return getattr(import_module(home), name)


_ipython = sys.modules.get("IPython.core.getipython")
_shell = _ipython and _ipython.get_ipython()
if _shell:  # then this is a notebook, whose checks want to know what its cells did
    import_module("kit.page.hook").load_ipython_extension(_shell)
