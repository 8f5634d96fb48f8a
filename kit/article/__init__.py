"""What a text holds: its claims, who stands behind each, and the rules by which they are labelled."""

from typing import Any


def __getattr__(name: str) -> Any:
    if name not in ("Article", "load_article"):
        raise AttributeError(f"kit.article has no {name!r}; it has: Article, load_article")
    from kit.article import loading

    return getattr(loading, name)
