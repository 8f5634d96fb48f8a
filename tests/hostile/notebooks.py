"""Hostile notebooks and files. What each earns stands in its name, "none" where it cannot be graded.

`NOTEBOOKS` change a notebook whose four written-out answers are right (16 points) and whose others are wrong; a few
return the text of the file instead. `FILES` write what is handed in, in a folder of the student's own.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kit.questions import role
from kit.setup import places

Notebook = dict[str, Any]

RIGHT = {"acts": "acts = 12", "several": "several = 23"}
WRONG = {
    "acts": "acts = 13",
    "counts": "counts = claims.groupby('paragraph').size().to_frame('act').assign(content=1)",
    "several": "several = 2",
}
MARKERS = "# NBVAL_SKIP\n# NBVAL_IGNORE_OUTPUT\n# NBVAL_RAISES_EXCEPTION\n# PYTEST_VALIDATE_IGNORE_OUTPUT\n"
NAME = "01_acts_and_contents"


def code(source: str, **about: Any) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": "new",
        "metadata": {},
        "outputs": [],
        "execution_count": 1,
        "source": source,
    } | about


def of(notebook: Notebook, kind: str) -> list[dict[str, Any]]:
    return [cell for cell in notebook["cells"] if role(cell)[0] == kind]


def earns_16_has_skip_markers_in_every_cell(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["source"] = MARKERS + "".join(cell["source"])


def earns_16_has_tags_and_points_of_its_own(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        mine = {"points": 99, "accept": {"value": [13, 2]}, "kind": "person", "starter": "", "field": ""}
        tags = ["nbval-skip", "raises-exception", "nbval-ignore-output"]
        cell["metadata"] = {"tags": tags, "kit": cell["metadata"].get("kit", {}) | mine, "nbgrader": {"points": 99}}


def earns_16_has_no_checks(notebook: Notebook) -> None:
    notebook["cells"] = [cell for cell in notebook["cells"] if role(cell)[0] != "check"]


def earns_16_has_nothing_but_answers(notebook: Notebook) -> None:
    notebook["cells"] = of(notebook, "answer")


def earns_16_has_checks_of_its_own(notebook: Notebook) -> None:
    for cell in of(notebook, "check"):
        cell["source"] = "'24 of 24 points'"


def earns_16_has_the_outputs_of_somebody_else(notebook: Notebook) -> None:
    solved = json.loads((places.solutions() / f"{NAME}.ipynb").read_text("utf-8"))
    for cell, theirs in zip(of(notebook, "check"), of(solved, "check"), strict=True):
        cell |= {"outputs": theirs["outputs"], "execution_count": theirs["execution_count"]}


def earns_16_has_checks_twice(notebook: Notebook) -> None:
    notebook["cells"] = [c for cell in notebook["cells"] for c in [cell] * (2 if role(cell)[0] == "check" else 1)]


def earns_16_stands_on_its_head(notebook: Notebook) -> None:
    notebook["cells"].reverse()


def earns_16_guesses_and_then_settles_on_what_is_wrong(notebook: Notebook) -> None:
    notebook["cells"] = [code(source) for source in RIGHT.values()] * 2 + notebook["cells"]


def earns_20_guesses_and_then_settles_on_what_is_right(notebook: Notebook) -> None:
    notebook["cells"] = [cell for cell in notebook["cells"] if role(cell)[1] not in RIGHT]
    notebook["cells"] += [code(source) for name in RIGHT for source in (WRONG[name], RIGHT[name])]


def earns_16_passes_checks_off_as_answers(notebook: Notebook) -> None:
    for cell in of(notebook, "check"):
        question = role(cell)[1]
        cell["metadata"]["kit"]["role"] = "answer"
        cell["source"] = f"kit.check.number = lambda answer: 12\n{''.join(cell['source'])}"
        notebook["cells"].insert(0, code("'right'", metadata={"kit": {"role": "check", "question": question}}))


def earns_16_sets_the_scene_anew(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        if role(cell)[0] in ("setup", "text"):
            cell["source"] = "import kit\nkit.check = article = claims = pieces = None\nraise SystemExit"


def earns_16_names_a_kernel_that_runs_a_command(notebook: Notebook) -> None:
    command = ["sh", "-c", "touch left-behind-by-an-attack"]
    notebook["metadata"]["kernelspec"] = {"name": "../../x; touch y", "display_name": "x", "argv": command}
    notebook["metadata"]["language_info"] = {"name": "bash", "file_extension": ".sh"}


def earns_16_names_another_exercise(notebook: Notebook) -> None:
    notebook["metadata"]["kit"] = {"exercise": "05_the_whole_article", "blank": {}, "seeds": {}}


def earns_16_names_a_path_as_its_exercise(notebook: Notebook) -> None:
    notebook["metadata"]["kit"] = {"exercise": "../../solutions/01_acts_and_contents", "title": "<script>"}


def earns_16_has_one_name_for_all_cells(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["id"] = "acts-answer"
        cell["metadata"] = {"kit": {"role": "answer", "question": "several"}} if cell["cell_type"] == "code" else {}


def earns_16_brings_widgets_and_attachments(notebook: Notebook) -> None:
    notebook["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {"x": "<script>"}}}
    for cell in notebook["cells"]:
        cell["attachments"] = {"../../x.png": {"image/png": "AAAA"}}


def earns_16_carries_10_megabytes_of_outputs(notebook: Notebook) -> None:
    of(notebook, "check")[0]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x" * 10_000_000}]


def earns_16_has_hundreds_of_empty_cells(notebook: Notebook) -> None:
    notebook["cells"] += [code("") for _ in range(900)]


def earns_16_nests_its_metadata(notebook: Notebook) -> None:
    deep: dict[str, Any] = {}
    for _ in range(300):
        deep = {"x": deep}
    notebook["metadata"]["deep"] = deep


def earns_16_has_numbers_that_are_none(notebook: Notebook) -> None:
    notebook["metadata"] |= {"a": float("nan"), "b": float("inf"), "c": 10**4000}


def earns_16_has_half_a_letter_in_an_answer(notebook: Notebook) -> None:
    notebook["cells"].append(code("several = '\ud83d' + str(claims)"))
    notebook["cells"].append(code("acts = len('\udc00\x00\u202e')"))


def earns_16_has_an_answer_that_no_parser_likes(notebook: Notebook) -> None:
    notebook["cells"].append(code("acts = " + "+".join(["len('1')"] * 10_000)))
    notebook["cells"].append(code("several = " + "-" * 20_000 + "2" + ".real" * 5_000))


def earns_16_hides_its_answers_in_other_kinds_of_cells(notebook: Notebook) -> None:
    for kind in ("markdown", "raw", "heading", "CODE", None):
        notebook["cells"] += [code(source) | {"cell_type": kind} for source in RIGHT.values()]


def earns_16_says_everything_twice(notebook: Notebook) -> str:
    """Of two equal keys the last one counts, as in every front end; the first ones hold right answers."""
    first = json.dumps([code(source) for source in RIGHT.values()])
    return '{"cells": ' + first + ", " + json.dumps(notebook)[1:]


def none_carries_50_megabytes_of_outputs(notebook: Notebook) -> None:
    of(notebook, "check")[0]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x" * 50_000_000}]


def none_has_thousands_of_cells(notebook: Notebook) -> None:
    notebook["cells"] += [code("x = 1") for _ in range(5_000)]


def none_is_nested_without_end(notebook: Notebook) -> str:
    return '{"cells": [], "metadata": ' + '{"x":' * 200_000 + "1" + "}" * 200_000 + "}"


def none_has_a_number_without_end(notebook: Notebook) -> str:
    return '{"nbformat": ' + "9" * 100_000 + ", " + json.dumps(notebook)[1:]


def none_has_an_archive_under_the_name_of_a_notebook(notebook: Notebook) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{NAME}.ipynb", json.dumps(notebook))
    return packed.getvalue()


NOTEBOOKS: dict[str, Callable[[Notebook], Any]] = {
    name: value for name, value in list(globals().items()) if name.startswith(("earns_", "none_"))
}


def solution() -> Path:
    return places.solutions() / f"{NAME}.ipynb"


def _none_is_a_link_to_the_key(folder: Path, text: str) -> None:
    (folder / "x.ipynb").symlink_to(solution())


def _none_has_a_folder_that_is_a_link(folder: Path, text: str) -> None:
    folder.rmdir()
    folder.symlink_to(places.solutions())


def _none_has_a_link_within_its_folder(folder: Path, text: str) -> None:
    (folder / "more").symlink_to(places.solutions())


def _none_is_a_pipe(folder: Path, text: str) -> None:
    os.mkfifo(folder / "x.ipynb")


def _none_is_a_folder_of_a_notebooks_name(folder: Path, text: str) -> None:
    (folder / "x.ipynb").mkdir()


def _none_is_a_zip_bomb(folder: Path, text: str) -> None:
    with zipfile.ZipFile(folder / "x.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("x.ipynb", bytes(100_000_000))


def _none_is_a_zip_of_paths_that_lead_out(folder: Path, text: str) -> None:
    with zipfile.ZipFile(folder / "x.zip", "w") as archive:
        for name in ("../../left-behind-by-an-attack", "/left-behind-by-an-attack"):
            archive.writestr(name, text)


def _none_hands_in_twice(folder: Path, text: str) -> None:
    for name in ("a", "b"):
        (folder / f"{name}.ipynb").write_text(text + {"a": " ", "b": "\n"}[name], "utf-8")


def _earns_16_hides_a_second_file(folder: Path, text: str) -> None:
    for name in (".hidden.ipynb", ".ipynb_checkpoints/x.ipynb", "__MACOSX/x.ipynb", "deep/er/x.ipynb"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")


FILES: dict[str, Callable[[Path, str], None]] = {
    name[1:]: value for name, value in list(globals().items()) if name.startswith(("_earns_", "_none_"))
}

STUDENTS = (
    "Ana", "ana", "ANA", "Zo\u00eb", "\u05d3\u05d5\u05d3 \u05db\u05d4\u05df", "\u0645\u0631\u064a\u0645",
    "invoice\u202egpj", "\U0001f984\U0001f468\u200d\U0001f393", "<script>alert(1)<!--", "=HYPERLINK(0)", "-rf", "con",
    "a\nb", "a\tb", "'; drop table attempt; --", "%s%n{0}$HOME`x`", "x" * 200, "a.", "\ufeffana", "\u200bana",
)  # fmt: skip
"""Names of students, each the name of a folder. All of them hand in the same, and none is taken for another."""
NOT_TEXT = b"\xff\xfe\x80"
"""The name of a folder that is no text at all, as old archives make them."""
