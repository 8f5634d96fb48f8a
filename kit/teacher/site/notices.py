"""The notices: what the site ships of others, and under which licences."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from email.parser import BytesParser
from pathlib import Path

from kit.files import from_json

__all__ = ["notices"]

_HEAD = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Licences · Who Says So?</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}
pre{white-space:pre-wrap;font-size:.85rem}summary{padding:.2rem}</style>
<h1>What this site is made of, and under which licences</h1><p><a href="index.html">Back to the course</a></p>
"""
_PYODIDE = (
    "Pyodide",
    "MPL-2.0",
    "Python for the browser: https://github.com/pyodide/pyodide. It holds CPython, under the licence of the Python "
    "Software Foundation: https://docs.python.org/3/license.html",
)


def notices(wheels: Mapping[str, bytes], site: Path) -> str:
    """A page that names each package of the `wheels` (name to content) and each part of JupyterLite in the folder
    `site`, with its licence and, where the package brings it, the text."""
    found = {_PYODIDE, *map(_of_wheel, wheels.values())}
    for path in site.rglob("third-party-licenses.json"):
        found |= set(_of_scripts(from_json(path.read_bytes())))
    parts = [
        f"<details><summary>{name}: {licence}</summary><pre>{text}</pre></details>"
        for name, licence, text in (map(html.escape, one) for one in sorted(found, key=_by_name))
    ]
    return f"{_HEAD}{chr(10).join(parts)}</html>\n"


def _by_name(one: tuple[str, str, str]) -> tuple[str, tuple[str, str, str]]:
    return one[0].casefold(), one


def _of_wheel(content: bytes) -> tuple[str, str, str]:
    """Name with version, licence and its text, of a wheel."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        inside = {name: archive.read(name) for name in archive.namelist() if ".dist-info/" in name}
    about = BytesParser().parsebytes(next(text for name, text in inside.items() if name.endswith("/METADATA")))
    kinds = [one.rpartition(" :: ")[2] for one in about.get_all("Classifier", []) if one.startswith("License")]
    stated = about["License-Expression"] or (about["License"] or "").partition("\n")[0] or ", ".join(kinds)
    kept = re.compile(r"\.dist-info/.*(licen[cs]e|copying|notice|authors)", re.IGNORECASE)
    texts = [text for name, text in inside.items() if kept.search(name)]
    whole = "\n\n".join(text.decode("utf-8", "replace") for text in texts)
    return f"{about['Name']} {about['Version']}", stated or "see its text", whole or about["License"] or ""


def _of_scripts(listed: Mapping[str, list[Mapping[str, str]]]) -> Iterator[tuple[str, str, str]]:
    """The same, of what JupyterLite's scripts and its extensions were built from."""
    for one in listed["packages"]:
        yield f"{one['name']} {one.get('versionInfo', '')}", one.get("licenseId") or "", one.get("extractedText") or ""
