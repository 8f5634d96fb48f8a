"""The students' edition of the articles: the labels that an exercise asks for are not in it."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import tomlkit

from kit.article.records import KEY_FIELDS

__all__ = ["sealed", "withhold", "write"]


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


def sealed(text: str, units: Collection[str]) -> str:
    """Like `withhold`, and nothing is left that points at a withheld claim: no comment, no doubt or support by it, no
    proposition that it bears on, and of the replies only that none is reported. This is what students get of an article
    of their teacher's: there is no other copy of it that they could read.
    """
    data = tomllib.loads(text)
    hidden = {claim["id"] for claim in data["claim"] if claim["unit"] in units}
    for claim in data["claim"]:
        claim.pop("proposed", None)
        if claim["id"] in hidden:
            for field in KEY_FIELDS:
                claim.pop(field, None)
            claim["blank"] = True
        _forget(claim, ("disputed_by", "supported_by"), hidden)
    for source in data.get("source", ()):
        source.pop("proposed", None)
    for proposition in data.get("proposition", ()):
        _forget(proposition, ("claims",), hidden)
    replies = [{**reply, "note": ""} for reply in data.pop("reply", ()) if reply["reply"] == "not reported"]
    passes = {claim: row for claim, row in data.pop("passes", {}).items() if claim not in hidden}
    return tomlkit.dumps(data | ({"reply": replies} if replies else {}) | ({"passes": passes} if passes else {}))


def _forget(row: dict[str, Any], fields: Collection[str], hidden: Collection[str]) -> None:
    for field in set(fields) & set(row):
        row[field] = [name for name in row[field] if name not in hidden]


def write(seeds: Path, blank: Mapping[str, Collection[str]], folder: Path, *, seal: bool = False) -> None:
    """Write the students' edition of every article in `seeds` into `folder`; `blank` maps articles to units.

    With `seal`, it is the edition of a released course.
    """
    folder.mkdir(parents=True, exist_ok=True)
    edited = sealed if seal else withhold
    for path in sorted(seeds.iterdir()):
        if path.suffix == ".toml":
            text = edited(path.read_text("utf-8"), blank.get(path.stem, ()))
            (folder / path.name).write_text(text, "utf-8", newline="\n")
        elif path.suffix == ".txt":
            shutil.copyfile(path, folder / path.name)
