"""The students' edition of the articles: the labels that an exercise asks for are not in it."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Mapping
from pathlib import Path

import tomlkit

from kit.records import KEY_FIELDS

__all__ = ["withhold", "write"]


def withhold(text: str, units: Collection[str]) -> str:
    """An annotation file's `text` with the labels of all claims in `units` taken out, and their passes."""
    document = tomlkit.parse(text)
    for claim in document["claim"]:
        if claim["unit"] in units:
            for field in KEY_FIELDS:
                claim.pop(field, None)
            claim["blank"] = True
            document.get("passes", {}).pop(claim["id"], None)
    return tomlkit.dumps(document)


def write(seeds: Path, blank: Mapping[str, Collection[str]], folder: Path) -> None:
    """Write the students' edition of every article in `seeds` into `folder`; `blank` maps articles to units."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(seeds.iterdir()):
        if path.suffix == ".toml":
            text = withhold(path.read_text("utf-8"), blank.get(path.stem, ()))
            (folder / path.name).write_text(text, "utf-8", newline="\n")
        elif path.suffix == ".txt":
            shutil.copyfile(path, folder / path.name)
