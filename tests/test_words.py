"""One name for one thing, British spelling, and no turn of phrase that readers stumbled over, on all pages."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from kit.check.feedback import FILE, REASONS

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = [path for folder in ("notebooks", "exercises") for path in sorted((ROOT / folder).glob("*.ipynb"))]
PAGES = [ROOT / "README.md", ROOT / "docs" / "glossary.md", *sorted((ROOT / "docs" / "teaching").glob("*.md"))]
QUOTED = re.compile(r"“[^”]*”|‘[^’]*’|(?<!\*)\*(?!\*)[^*\n]+\*|`[^`\n]*`|^> .*|^\| [SN]\d\d[a-z] .*", re.MULTILINE)
"""What is somebody else's word, or stands for itself: it keeps its spelling."""
UNWANTED = {
    "the cue": r"speaking (?:word|verb)",
    "the guide": r"\bcodebook",
    "a box is drawn, a frame is a table": r"\b(?:each|dashed|solid|its words in a) frame\b(?! is made)|in the frame:",
    "who? say it": r"\b[Ww]hoever\b",
    "say what it does": r"\b[Dd]oes not follow that|[Ww]hat lies (?:on|off)|question that parts",
    "who counted them?": r"\b(?:fools?|most) (?:readers|people|articles|newsrooms)\b|[Mm]any newsrooms",
    "British spelling": r"\b(?:rumors?|neighbors?|neighborhood|harbors?|defense|colors?|gray|center|labeled|labeling)\b"
    r"|\b(?:analyz|organiz|summariz|apologiz|recogniz)\w+|\bjudgment",
}


def said_in(path: Path) -> str:
    if path.suffix == ".ipynb":
        cells = json.loads(path.read_text("utf-8"))["cells"]
        return "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    text = path.read_text("utf-8")
    return "\n".join(line for line in text.splitlines() if not line.startswith("#")) if path.suffix == ".toml" else text


@pytest.mark.parametrize("path", [*NOTEBOOKS, *PAGES, FILE, REASONS], ids=lambda path: path.name)
def test_a_page_keeps_to_our_words(path: Path) -> None:
    ours = QUOTED.sub(" ", said_in(path))
    found = {why: re.findall(f".*(?:{pattern}).*", ours) for why, pattern in UNWANTED.items()}
    assert not {why: lines for why, lines in found.items() if lines}
