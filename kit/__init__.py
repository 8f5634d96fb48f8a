"""Who Says So? Tell confirmed facts, allegations and denials apart, and each from its look-alike.

Importing `kit` reads no file and loads no other package; each name below is fetched when first used. `python -m kit`
reads this file first, in any Python 3, so its syntax is old.
"""

from importlib import import_module

__version__ = "0.1.0"

__all__ = [
    "Article",
    "KitError",
    "agreement",
    "annotated",
    "check",
    "load_article",
    "plots",
    "trace",
    "widgets",
]

# Where the names live that are no module.
_HOMES = {
    "Article": "kit.article",
    "KitError": "kit.errors",
    "annotated": "kit.view",
    "load_article": "kit.article",
}

TYPE_CHECKING = False  # as in `typing`, which would be loaded for this alone
if TYPE_CHECKING:
    from kit import agreement, check, plots, trace, widgets
    from kit.article import Article, load_article
    from kit.errors import KitError
    from kit.view import annotated
else:

    def __getattr__(name):
        if name in _HOMES:
            return getattr(import_module(_HOMES[name]), name)
        if name in __all__:
            return import_module("kit." + name)
        raise AttributeError("kit has no {!r}; it has: {}".format(name, ", ".join(__all__)))


def __dir__():
    return __all__
