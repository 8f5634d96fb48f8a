"""What a text holds: its claims, who stands behind each, and the rules by which they are labelled."""

from typing import Any

__all__ = ["Article", "load_article"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"kit.article has no {name!r}")
    from kit.article import loading  # late, since pandas comes with it

    return getattr(loading, name)
