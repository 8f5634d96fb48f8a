"""Who Says So? Tell confirmed facts, allegations and denials apart, and each from its look-alike.

Importing `kit` reads no file and loads no other package; each name below is fetched when first used.
"""

from importlib import import_module

__version__ = "0.1.0"

_HOMES = {
    "Article": "article",
    "KitError": "errors",
    "agreement": "",
    "annotated": "view",
    "check": "",
    "load_article": "article",
    "plots": "",
    "trace": "",
    "widgets": "",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"kit has no {name!r}; it has: {', '.join(__all__)}")
    home = _HOMES[name]
    return getattr(import_module(f"kit.{home}"), name) if home else import_module(f"kit.{name}")


def __dir__() -> list[str]:
    return __all__
