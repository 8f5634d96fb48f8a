"""The colour of each status, layer and voucher, with the border and the hatch that say the same without colour.

Colours are from the Okabe-Ito palette, which colour-blind readers can tell apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Look:
    """How a label is drawn: `colour` is a hex code, `border` a CSS border style, `hatch` a matplotlib hatch."""

    colour: str
    border: str = "solid"
    hatch: str = ""


INK, BLUE = "#222222", "#56B4E9"
LOOKS: dict[str, dict[str, Look]] = {
    "layer": {"act": Look("#0072B2"), "content": Look("#D55E00", "dashed", "//")},
    "voucher": {"author": Look("#0072B2"), "source": Look("#E69F00", "dashed", "//"),
                "none": Look("#999999", "dotted", "..")},
    "status": {"stance": Look("#CC79A7", "double", "xx"), "denied": Look("#767676", "ridge", "++"),
               "unconfirmed": Look("#56B4E9", "dotted", ".."), "confirmed": Look("#009E73"),
               "alleged": Look("#E69F00", "dashed", "//"), "asserted": Look("#0072B2", "groove", "\\\\")},
}  # fmt: skip
"""Field, label, look."""
NO_REPLY = Look("#999999", "dashed", "--")
"""Accused, and the article reports no reply."""
SAME, OTHER = Look(BLUE), Look("#E69F00", hatch="//")
"""Where two answers are the same, and where they are not."""


def fill(look: Look, strength: float = 0.6) -> dict[str, Any]:
    """The look of a patch: a tint of its colour (`strength` from 0, white, to 1), its hatch, a dark edge."""
    parts = (int(look.colour[at : at + 2], 16) for at in (1, 3, 5))
    tint = "#" + "".join(f"{round(255 - strength * (255 - part)):02x}" for part in parts)
    return {"facecolor": tint, "edgecolor": INK, "hatch": look.hatch, "hatch_linewidth": 0.7, "linewidth": 0.8}
