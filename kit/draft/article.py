"""A draft of one article: text in, a first annotation out, with everything in it marked as proposed."""

from __future__ import annotations

import datetime
import hashlib
from pathlib import Path

from kit.draft.attribution import read
from kit.draft.claims import claims
from kit.draft.files import toml
from kit.draft.units import units
from kit.errors import KitError
from kit.files import slug, write_atomically
from kit.records import Facts

__all__ = ["annotated", "date_of", "refuse_taken", "slug_of", "write"]


def annotated(text: str, *, slug: str, headline: str, dateline: datetime.date, address: str = "") -> str:
    """The annotation file (TOML) of `text`, which will lie beside it as `<slug>.txt`.

    It holds units, sources and claims, and loads with `kit.annotation.read`. Raises KitError where the text has
    no sentence.
    """
    reading = read(text)
    found = units(reading, headline)
    made, sources = claims(reading, found)
    if not made:
        raise KitError("There is no sentence in this text, so there is nothing to annotate.")
    digest = hashlib.sha256(text.encode()).hexdigest()
    facts = Facts(slug, f"{slug}.txt", digest, headline, dateline, address=address)
    return toml(facts, found, sources, made)


def write(annotation: str, data: bytes, folder: Path, slug: str, *, force: bool = False) -> Path:
    """Write `<slug>.txt` (exactly `data`) and `<slug>.toml` into `folder`; returns the latter's path.

    Raises KitError where either exists with other contents, unless `force` is given.
    """
    refuse_taken(data, folder, slug, force=force)
    path, beside = folder / f"{slug}.toml", folder / f"{slug}.txt"
    if not beside.exists() or beside.read_bytes() != data:
        write_atomically(beside, data)
    write_atomically(path, annotation)
    return path


def refuse_taken(data: bytes, folder: Path, slug: str, *, force: bool = False) -> None:
    """Raise KitError where `write` would, without the annotation: so it can be asked before a person is."""
    path, beside = folder / f"{slug}.toml", folder / f"{slug}.txt"
    if folder.suffix == ".toml" or (folder.exists() and not folder.is_dir()):
        raise KitError(
            f"-o names the folder to write to, and {folder} is the name of a file. To name the file: "
            f"--slug {slug_of(folder.stem)}"
        )
    if path.exists() and not force:
        raise KitError(f"{path} exists already, and it may hold work. Give another --slug, or --force to replace it.")
    if beside.exists() and beside.read_bytes() != data and not force:
        raise KitError(f"{beside} exists already with another text. Give another --slug, or --force to replace it.")


def slug_of(name: str) -> str:
    """A short name for files: small letters, digits and hyphens, at most five words of `name`."""
    return slug(name, words=5, otherwise="article")


def date_of(words: str) -> datetime.date:
    """The date in `words`, as in 2024-10-19. Raises KitError for anything else."""
    try:
        return datetime.date.fromisoformat(words.strip())
    except ValueError:
        raise KitError(f"“{words}” is not a date. Write it as year, month and day: 2024-10-19.") from None
