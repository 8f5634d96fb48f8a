"""What a text holds: its claims, who stands behind each, and the rules by which they are labelled."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kit.article.loading import Article, load_article

__all__ = ["Article", "load_article"]


def __getattr__(name: str) -> Any:
    # Late, so that what reads a file only, and draws nothing, does not wait for pandas.
    if name not in __all__:
        raise AttributeError(f"kit.article has no {name!r}; it has: {', '.join(__all__)}")
    return getattr(import_module("kit.article.loading"), name)


def __dir__() -> list[str]:
    return __all__
