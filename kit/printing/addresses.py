"""What a page of HTML would fetch from elsewhere. A page to print must fetch nothing."""

from __future__ import annotations

import re
from html.parser import HTMLParser

__all__ = ["outside"]

_FETCHED = re.compile(r"(?:url\(|@import)\s*[\"']?\s*(?!data:|#)([^\"')\s;]+)", re.IGNORECASE)


def outside(page: str) -> tuple[str, ...]:
    """What a page would fetch from elsewhere: addresses of scripts, styles, images and frames that are not in it."""
    parser = _Addresses()
    parser.feed(page)
    return tuple(parser.found)


class _Addresses(HTMLParser):
    """Collects every address that a browser would load by itself; a link that a reader may follow is none."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._styled = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at the attributes of one tag."""
        self._styled = tag == "style"
        for name, value in attrs:
            if name in ("src", "srcset", "data", "poster") or (name == "href" and tag in ("link", "image", "use")):
                self.found += [value] if value and not value.startswith(("data:", "#")) else []
            elif name == "style":
                self.found += _FETCHED.findall(value or "")

    def handle_data(self, data: str) -> None:
        """Look into a style sheet."""
        self.found += _FETCHED.findall(data) if self._styled else []
