"""Every lesson and exercise on the site says what it says where the kit is installed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.site
ROOT = Path(__file__).parents[2]


def text(cell: dict[str, Any]) -> str:
    parts = (one.get("text") or one.get("data", {}).get("text/plain", "") for one in cell["outputs"])
    return "\n".join(filter(None, ("".join(part) for part in parts)))


def failed(cells: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(c["id"], o["evalue"]) for c in cells for o in c["outputs"] if o["output_type"] == "error"]


@pytest.mark.parametrize("lesson", sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb")))
def test_a_lesson_says_the_same_as_installed(student: Any, lesson: str) -> None:
    student.open(f"lessons/{lesson}")
    ran = student.run()
    assert not failed(ran)
    stored = {c["id"]: c for c in json.loads((ROOT / "notebooks" / lesson).read_text("utf-8"))["cells"]}
    assert all(cell["execution_count"] for cell in ran)
    assert {c["id"]: text(c) for c in ran} == {c["id"]: text(stored[c["id"]]) for c in ran}
