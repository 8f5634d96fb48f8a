"""What was handed in: which files a download holds, whose each is, and when it was handed in.

An LMS says that in the names of files and folders, or in a file of its own; the patterns are in `handed_in.toml`.
"""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Any

from kit.errors import KitError, SubmissionError, listed
from kit.teacher.grading import downloads

_TABLE = Path(__file__).with_suffix(".toml")
_NO_NOTEBOOKS = (".zip", ".rar", ".7z", ".doc", ".docx", ".odt", ".pdf", ".html", ".py", ".json")
_COPY = re.compile(r"(-Copy\d+|( -)? (copy|Kopie|copie)( \d+)?| ?\(\d+\))+$", re.IGNORECASE)
_COPY_OF = re.compile(r"\b(Copy of|Kopie von|Copie de|C[oó]pia d[eio]|Kopie van) ", re.IGNORECASE)
_ROUND = re.compile(
    r"(week|wk|woche|semaine|semana|settimana|hw|homework|assignment|exercise|lesson|session|übung|aufgabe)[-_ ]*\d+",
    re.IGNORECASE,
)
"""How a teacher calls what lies around the folders of several weeks; an exercise's name is one as well."""
_SUBMITTER = {"name": ":name", "email": ":email", "number": ":sid"}
_DEEPEST = 3
"""Folders on the way from what is given to the names that an LMS made."""
_Found = list[tuple["HandedIn", str]]
"""Each with the place of its download and, after a line's end, what tells it there from that of a namesake."""


@dataclass(frozen=True)
class HandedIn:
    """A file of a student: `path` where it is, `file` its name within what was handed in, with "/" between its parts.

    `ids` is what the LMS says of the student, as (kind, text); a kind is a column of the roster: "canvas", "username",
    "email", "number" or "name". `at` is when it was handed in, UTC in ISO 8601, or ""; `late` whether the LMS calls it
    late. `attempt` is the name that the student gave the file, and how often there was one of that name before.
    """

    student: str
    path: Path
    file: str
    ids: tuple[tuple[str, str], ...] = ()
    at: str = ""
    late: bool = False
    attempt: tuple[str, int] = ("", 0)


def find(source: Path, exercises: Iterable[str], *, names: Path | None = None) -> list[HandedIn]:
    """Every file that was handed in, in the order of students and files; `source` is a folder or a zip.

    Either as an LMS gave it; or a folder or zip per student; or flat files: `ana.ipynb`, `ana_01_….ipynb`; the
    folders of students may be in a folder of their own. A student without a notebook has one file, and `load` says
    what is wrong with it. `names` is a file of further patterns. Raises SubmissionError where there is no notebook,
    KitError where `names` cannot be used.
    """
    patterns = [*(_patterns(names) if names else ()), *_patterns(_TABLE)]
    if not source.exists():
        raise SubmissionError(f"There is no folder {source}, and no zip. Give the one that holds the submissions.")
    if source.is_file() and not downloads.is_zip(source.name):
        raise SubmissionError(f"{source} is no zip. Give the folder that holds the submissions, or the zip.")
    try:
        files = sorted(downloads.names(source))
    except SubmissionError:
        raise SubmissionError(f"{source} is no zip that can be opened. Download it again.") from None
    if not any(map(_is_notebook, files)):
        raise SubmissionError(f"{source} holds no notebooks (*.ipynb), neither in it nor in its folders.")
    said = _by_manifest(source, files) or _by_names(source, files, patterns)
    tops = {name.partition("/")[0] for name in said}  # what else is there is the LMS's own
    rest = [name for name in files if name not in said and (_is_notebook(name) or name.partition("/")[0] not in tops)]
    ours = _by_folders(source, [name for name in rest if not said or _is_notebook(name) or "/" in name], exercises)
    whose: dict[str, list[HandedIn]] = defaultdict(list)
    for one in [*_told_apart(said), *ours]:
        whose[one.student].append(one)
    return [one for student in sorted(whose) for one in _that_count(whose[student])]


def load(one: HandedIn) -> bytes:
    """The bytes of a submitted notebook. Raises SubmissionError with one sentence where there are none to be had."""
    data = downloads.read(one.path.parents[one.file.count("/")], one.file)
    if not _is_notebook(one.file):
        raise SubmissionError(f"no notebook was handed in, only {one.path.name}; a notebook ends in .ipynb")
    return data


def that_counts(files: Sequence[tuple[HandedIn, str]]) -> tuple[HandedIn | None, dict[HandedIn, tuple[str, ...]]]:
    """Of a student's files for one exercise, each with a hash of its bytes, the one that was handed in last.

    None where nothing tells which that is: what counts is not ours to say. Besides, a note on each file that is not
    another one again. The same bytes twice are one file, the earlier one; but what lies in folders beside each other
    is not one student's because it is the same.
    """
    homes = {file.path.parent for file, _ in files}
    top = min(homes, key=lambda home: len(home.parts))
    apart = not any(file.ids or file.at for file, _ in files) and not all(home.is_relative_to(top) for home in homes)
    order = sorted(files, key=lambda found: found[0].at)
    different = list({(sha256, file.path.parent if apart else None): file for file, sha256 in reversed(order)}.values())
    last, notes = _latest(different), {}
    for file in different:
        others = [other.file for other in different if other is not file]
        if last:
            notes[file] = (f"an earlier attempt is not graded: {listed(others)}",) if others else ()
        else:
            more = "; if they are of several students, give the folder in which each of them has a folder"
            notes[file] = (f"{listed(others)}; keep the one that counts{more if apart else ''}",)
    return last, notes


def _latest(files: Sequence[HandedIn]) -> HandedIn | None:
    """By times or, where the student gave all of them one name, by attempts; None where neither tells."""
    if all(one.at for one in files):
        order: list[Any] = [one.at for one in files]
    elif len({one.attempt[0] for one in files}) == 1:
        order = [one.attempt[1] for one in files]
    else:
        return None
    return files[order.index(max(order))] if order.count(max(order)) == 1 else None


def _is_notebook(name: str) -> bool:
    return name.lower().endswith(".ipynb")


def _that_count(theirs: Sequence[HandedIn]) -> list[HandedIn]:
    """The notebooks of a student; where there is none, one file in place of them."""
    notebooks = [one for one in theirs if _is_notebook(one.file)]
    return notebooks or sorted(theirs, key=lambda one: (one.file.endswith((".txt", ".html")), one.file))[:1]


@dataclass(frozen=True)
class _Pattern:
    """A row of the table; what its columns mean is said there."""

    lms: str
    path: re.Pattern[str]
    student: str
    ids: Mapping[str, str] = field(default_factory=dict)
    times: tuple[str, ...] = ()
    beside: str = ""
    says: re.Pattern[str] | None = None
    given: bool = False


@functools.lru_cache(maxsize=4)
def _patterns(path: Path) -> tuple[_Pattern, ...]:
    try:
        rows = tomllib.loads(path.read_text("utf-8-sig")).get("pattern", [])
        found = []
        for row in rows:
            says = re.compile(row["says"]) if "says" in row else None
            one = _Pattern(
                **row | {"path": re.compile(row["path"]), "says": says, "times": tuple(row.get("times", ()))}
            )
            groups = dict.fromkeys([*one.path.groupindex, *(says.groupindex if says else ())], "")
            [text.format_map(groups) for text in (one.student, *one.ids.values())]
            found.append(one)
    except OSError as error:
        raise KitError(f"The patterns {path} cannot be read ({error.strerror}).") from None
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, re.error) as error:
        raise KitError(f"The patterns {path} do not hold: {error}. They are written like those in {_TABLE}.") from None
    return tuple(found)


def _by_names(source: Path, files: Sequence[str], patterns: Sequence[_Pattern]) -> dict[str, _Found]:
    """What an LMS says of each file by its name.

    The names that an LMS made begin in one place in all of a download, and that is what is taken: below it, the names
    are the students' own, and one could give a folder the name that the LMS would give to a classmate.
    """
    above = source.stem if source.is_file() else source.resolve().name
    for depth in range(-1, _DEEPEST):
        found: dict[str, _Found] = {}
        for name in files:
            parts = [above, *name.split("/")][depth + 1 :]
            tried = ((one, one.path.match("/".join(parts)[:300])) for one in patterns if depth >= 0 or one.given)
            one, fits = next(((one, fits) for one, fits in tried if fits), (None, None))
            if one and fits:
                found[name] = [_told(source, name, one, fits, "/".join(name.split("/")[: max(depth, 0)]))]
            elif depth > 0 and _is_notebook(name):
                found = {}
                break
        if found:
            return found
    return {}


def _told(source: Path, name: str, one: _Pattern, fits: re.Match[str], before: str) -> tuple[HandedIn, str]:
    groups = defaultdict(str, {key: text or "" for key, text in fits.groupdict().items()})
    if one.says:
        with suppress(SubmissionError):
            beside = "/".join(filter(None, (before, one.beside.format(fits.group()))))
            said = one.says.match(downloads.read(source, beside).decode("utf-8", "replace"))
            groups.update(said.groupdict() | {"apart": ""} if said else {})
    ids = ((kind, text.format_map(groups).strip()) for kind, text in one.ids.items())
    student = one.student.format_map(groups).strip()
    found = HandedIn(
        unicodedata.normalize("NFC", student),
        source / name,
        name.removesuffix("/"),
        tuple((kind, text) for kind, text in ids if text),
        _utc(groups["at"], one.times),
        bool(groups["late"]),
        (groups["file"] + groups["ends"], int(groups["attempt"] or 0)),
    )
    return found, f"{before}\n{groups['apart']}"


def _utc(text: str, formats: Iterable[str]) -> str:
    plain = re.sub(r"(?<!\d)(\d{3})(?!\d)", r"0\1", " ".join(re.sub("[:_.,]", "", text).split()))
    for one in formats:
        with suppress(ValueError, OverflowError, OSError):
            return datetime.strptime(plain, one).astimezone(UTC).isoformat()
    return ""


def _by_manifest(source: Path, files: Sequence[str]) -> dict[str, _Found]:
    """What Gradescope says of each folder, in a file above them all; those who handed in together have a copy each.

    As it is read by https://github.com/ucbds-infra/otter-grader/blob/master/otter/metadata.py, 2026-11-30.
    """
    tops = {name.partition("/")[0] for name in files}
    above = f"{min(tops)}/" if len(tops) == 1 else ""
    manifest = f"{above}submission_metadata.yml"
    if manifest not in files:
        return {}
    import yaml

    found: dict[str, _Found] = {manifest: []}
    try:
        about = yaml.load(downloads.read(source, manifest), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        for name in files:
            folder = name.removeprefix(above).partition("/")[0]
            row = about.get(folder, {}) if folder.startswith("submission_") else {}
            for who in row.get(":submitters", ()):
                ids = ((kind, str(who.get(key) or "").strip()) for kind, key in _SUBMITTER.items())
                said = tuple((kind, text) for kind, text in ids if text)
                one = HandedIn(said[0][1], source / name, name.removesuffix("/"), said, _iso(row.get(":created_at")))
                found.setdefault(name, []).append((one, f"\n{dict(said).get('email', '')}"))
    except (yaml.YAMLError, AttributeError, TypeError, ValueError, IndexError) as error:
        raise SubmissionError(
            f"{source}: {manifest} is not as Gradescope writes it ({type(error).__name__})."
        ) from None
    return found


def _iso(when: object) -> str:
    if not isinstance(when, datetime):
        with suppress(ValueError):
            when = datetime.fromisoformat(str(when))
    if not isinstance(when, datetime):
        return ""
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC).isoformat(timespec="seconds")


def _told_apart(said: Mapping[str, _Found]) -> list[HandedIn]:
    """All of them, and where one download has namesakes, their names with what tells them apart."""
    several: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one, apart in chain.from_iterable(said.values()):
        several[one.student, apart.partition("\n")[0]].add(apart)
    namesakes = {student for (student, _), found in several.items() if len(found) > 1}
    return [
        replace(one, student=f"{one.student} ({apart.partition(chr(10))[2]})") if one.student in namesakes else one
        for one, apart in chain.from_iterable(said.values())
    ]


def _by_folders(source: Path, files: Sequence[str], exercises: Iterable[str]) -> Iterator[HandedIn]:
    """Files by the folder or zip that they are in, and flat ones by what stands before the exercise's name."""
    exercise = re.compile("[-_ ]*(" + "|".join(map(re.escape, exercises)) + r")(?=$|[-_ (.])")
    paths = {name: list(PurePosixPath(name).parts) for name in files}
    depth = 0
    while _is_wrapped(
        [parts[depth:] for name, parts in paths.items() if not _is_beside(name, parts[depth:])], exercise
    ):
        depth += 1
    for name, parts in paths.items():
        if _is_beside(name, parts[depth:]):
            continue
        first, *inner = parts[depth:]
        stem = _COPY.sub("", PurePosixPath(first).stem) if not inner or downloads.is_zip(first) else first
        if stem != first:
            before, *after = exercise.split(_COPY_OF.sub("", stem), maxsplit=1)
            rest = after[-1].strip("-_ .") if after else ""
            stem = before or (rest if re.search(r"[^\W\d_]", rest) else stem)
        student = unicodedata.normalize("NFC", stem.strip() or first)
        yield HandedIn(student, source / name, name.removesuffix("/"), attempt=(first, 0))


def _is_beside(name: str, parts: Sequence[str]) -> bool:
    """Whether it is what a teacher keeps beside what was handed in: a list, a table."""
    return len(parts) < 2 and not name.endswith(("/", *_NO_NOTEBOOKS)) and ".ipynb" not in name.lower()


def _is_wrapped(paths: Sequence[Sequence[str]], exercise: re.Pattern[str]) -> bool:
    """Whether all is in one folder that is not a student's: for it holds folders, or files with students' names.

    Or in several, one for each week or exercise.
    """
    tops = {parts[0] for parts in paths}
    rounds = all(_is_round(top, exercise) for top in tops)
    if not paths or any(len(parts) < 2 for parts in paths) or not (rounds or len(tops) == 1):
        return False
    flat = [exercise.split(parts[1]) for parts in paths if len(parts) == 2]
    students = {parts[1] for parts in paths if len(parts) > 2} | {parts[0] for parts in flat}
    if any(_is_round(one, exercise) for one in students) and not _is_wrapped([parts[1:] for parts in paths], exercise):
        return False  # one student, who has a folder for each week
    return "" not in students and (rounds or (len(students) > 1 and all(len(parts) > 1 for parts in flat)))


def _is_round(name: str, exercise: re.Pattern[str]) -> bool:
    name = _COPY.sub("", name[:-4] if downloads.is_zip(name) else name)
    return bool(_ROUND.fullmatch(name) or exercise.fullmatch(name))
