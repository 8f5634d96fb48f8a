"""The drafter beside one screen of regular expressions, on the labelled sets of tests/data; and its speed.

Run: python bench/attributions.py
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "draft"))

import baseline  # noqa: E402
from marked import documents  # noqa: E402

from kit.draft.frames import added, compared  # noqa: E402
from kit.draft.rules_in_order import attributions  # noqa: E402

ARTICLE = 4_500
"""Letters of an ordinary article."""


def scores(path: Path) -> None:
    """Print F1 of both for one labelled set."""
    pairs = documents(path)
    count = sum(len(given) for _, given in pairs)
    print(f"{path.name}: {count} attributions in {len(pairs)} texts")
    for name, find in (("regular expressions", baseline.attributions), ("rules", attributions)):
        total = added(compared(text, find(text), given) for text, given in pairs)
        print(f"  {name:20}", *(f"{part} {score.f1:.2f}" for part, score in total.items()), sep="  ")


def speed(path: Path) -> None:
    """Print how long a thousand articles take."""
    text = "\n".join(text for text, _ in documents(path))
    text = (text * (ARTICLE // len(text) + 1))[:ARTICLE]
    attributions(text)
    start = time.process_time()
    for _ in range(100):
        attributions(text)
    print(f"{(time.process_time() - start) * 10:.1f} s of one core for a thousand articles of {ARTICLE} letters")


if __name__ == "__main__":
    for path in sorted((ROOT / "tests" / "data").glob("attributions_*.txt")):
        scores(path)
    speed(ROOT / "tests" / "data" / "attributions_dev.txt")
