"""Before annotating: what kind of text it is, what is refused at once, and the notebook that is laid on the desk.

Light to import: the annotator itself is first needed when that notebook is run.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

from kit.article.codebook import HERE, OWN_VOICES, UNKNOWN_LINK
from kit.article.records import Annotation, unused
from kit.errors import KitError, SetupError, many, typed
from kit.files import write_atomically
from kit.teacher.authoring.saving_and_undo import Correction, sentence

POLARITY = (
    "Word each as the accusation, as if it were so: “The company hid the report.” Then “denied” in the matrix says "
    "that a source denies it."
)
_TURN = re.compile(r"(?:Q|A|[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,3}) ?[:–—] \S")
"""“Q: …”, “Rosa Lind: …”: the start of a line of an interview."""
_TURNED = re.compile(
    r"\b(?:not|never|nobody|nothing|no one|cannot|\w+n['’]t|(?:is|are|was|were) (?:false|untrue|wrong|innocent|lies|"
    r"made up)|falsely|wrongly|denie[sd]|den(?:y|ial)|baseless|unfounded)\b|^no\b",
    re.IGNORECASE,
)

_FOLDER = "annotate"
_PAGE = Path(__file__).with_name("annotate_page.json")
"""The notebook that is laid: in it, {name} is the file that is annotated, and “{path}” where it is."""


def check(path: Path) -> None:
    """Raise KitError, in words for the one who typed the command, where the file cannot be annotated."""
    if path.is_dir():
        inside = sorted(file.name for file in path.glob("*.toml"))[:3]
        hint = f", such as {path / inside[0]}" if inside else ""
        raise KitError(f"{path} is a folder. Name the annotation in it{hint}.")
    if path.suffix.lower() != ".toml":
        raise KitError(f"{path.name} is not an annotation. Make one of it first: python -m kit draft {typed(path)}")
    try:
        Correction(path.absolute())
    except KitError as fault:
        raise KitError(f"{sentence(fault)}\nNothing was changed. Mend that, then try again.") from fault
    if not os.access(path, os.W_OK) or not os.access(path.resolve().parent, os.W_OK):
        raise KitError(f"{path.name} cannot be written in {path.resolve().parent}. Copy both files elsewhere first.")


def lay(path: Path, target: Path) -> Path:
    """The notebook for the file at `path` on the desk `target`; one that is there for it is left as it is.

    Raises SetupError where it cannot be written.
    """
    path, stem = path.resolve(), re.sub(r"[^\w.-]+", "_", path.stem)
    others: list[str] = []
    while (notebook := target / _FOLDER / f"{unused(stem, others)}.ipynb").exists():
        if _annotates(notebook) == str(path):
            return notebook
        others.append(notebook.stem)
    page = json.loads(_PAGE.read_text("utf-8"))
    page["metadata"]["kit"] = {"annotates": str(path)}
    for cell in page["cells"]:
        cell["source"] = "".join(cell["source"]).replace("{name}", path.name).replace('"{path}"', repr(str(path)))
    try:
        write_atomically(notebook, f"{json.dumps(page, ensure_ascii=False, indent=1)}\n".encode())
    except OSError as fault:
        what = fault.strerror or fault
        raise SetupError(f"The notebook {notebook} cannot be written ({what}). Is the disk full?") from fault
    return notebook


def _annotates(notebook: Path) -> str:
    try:
        return json.loads(notebook.read_bytes())["metadata"]["kit"]["annotates"]
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def advice(whole: Annotation) -> tuple[str, ...]:
    """What to know of a text before annotating it, in sentences: who speaks how often, and what a course would lack."""
    voices = (*OWN_VOICES, HERE, UNKNOWN_LINK, "")
    heard = {name for claim in whole.claims for name in claim.voices if name not in voices}
    acts = sum(claim.layer == "act" for claim in whole.claims)
    quotations = sum(claim.layer == "content" and claim.quote_type in ("direct", "mixed") for claim in whole.claims)
    found = [f"This text has {many(len(heard), 'speaker')}, {many(acts, 'act')} and {many(quotations, 'quotation')}."]
    lines = [line.strip() for line in whole.text.splitlines() if line.strip()]
    turns = max(sum(bool(_TURN.match(line)) for line in lines), sum(line.endswith("?") for line in lines))
    if turns >= 3 and turns * 4 >= len(lines):
        found.append("This is an interview: see that each answer has the one who is asked as its source.")
    if len(heard) < 2:
        said = "has one speaker" if heard else "gives nobody a word"
        found.append(f"This {said}: a course needs more. Add whom the draft did not find, or take another text.")
    return tuple(found)


def polarity(text: str) -> str:
    """What to ask oneself about the wording of a proposition; empty where it says flatly that something is so."""
    if not (found := _TURNED.search(text)):
        return ""
    turned = "Then every denial is turned round in the matrix: word it as the accusation, as if it were so."
    return f"Is “{found.group()}” what the accused say for themselves? {turned}"
