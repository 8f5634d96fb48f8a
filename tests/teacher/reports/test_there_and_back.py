"""From what an LMS gives to what it takes: downloads as they are called there, graded, exported, read as it reads."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from synthetic_class import CANVAS
from test_export_grades import (
    BLACKBOARD,
    BRIGHTSPACE,
    ILIAS,
    blackboard_reads,
    brightspace_reads,
    canvas_reads,
    graded,
    ilias_reads,
    moodle_reads,
)

from kit.commands import main
from kit.setup import places
from kit.teacher.exercises.keys import Exercise
from kit.teacher.grading import handed_in

NAME = "01_acts_and_contents"
MOODLE = "Vorname;Nachname;E-Mail-Adresse\r\nAna;Vale;ana@x.org\r\nBo;Ohm;bo@x.org\r\n"
DOWNLOADS = {
    "canvas": ([f"valeana_101_9001_{NAME}.ipynb", f"ohmbo_LATE_102_9002_{NAME}-2.ipynb"], CANVAS),
    "moodle": (
        [f"Ana Vale_4711_assignsubmission_file_/{NAME}.ipynb", f"Bo Ohm_4712_assignsubmission_file_/{NAME}.ipynb"],
        MOODLE,
    ),
    "blackboard": (
        [
            f"Acts_avale_attempt_2026-11-30-10-11-12_{NAME}.ipynb",
            f"Acts_bohm_attempt_2026-11-30-10-12-13_{NAME}.ipynb",
        ],
        BLACKBOARD,
    ),
    "brightspace": (
        [
            f"301-77 - Ana Vale - Nov 30, 2026 1011 AM/{NAME}.ipynb",
            f"302-77 - Bo Ohm - Nov 30, 2026 1012 AM/{NAME}.ipynb",
        ],
        BRIGHTSPACE,
    ),
    "ilias": ([f"Vale_Ana_avale_301/{NAME}.ipynb", f"Ohm_Bo_bohm_302/{NAME}.ipynb"], ILIAS),
    "junit": ([f"acts-submissions/acts-avale/{NAME}.ipynb", f"acts-submissions/acts-bohm/{NAME}.ipynb"], ""),
    "gradescope": ([f"submission_1/{NAME}.ipynb", f"submission_2/{NAME}.ipynb", "submission_metadata.yml"], ""),
}
METADATA = """---
submission_1:
  :submitters:
  - :name: Ana Vale
    :sid: S1
    :email: ana@x.org
  :created_at: 2026-11-30 10:11:12 Z
submission_2:
  :submitters:
  - :name: Bo Ohm
    :sid: S2
    :email: bo@x.org
  :created_at: 2026-11-30 10:12:13 Z
"""


def downloaded(folder: Path, names: Iterable[str]) -> Path:
    """A zip of what Ana and Bo handed in, called so."""
    with zipfile.ZipFile(folder / "download.zip", "w") as made:
        for name in names:
            text = METADATA if name.endswith(".yml") else (places.solutions() / f"{NAME}.ipynb").read_text("utf-8")
            made.writestr(name, text)
    return folder / "download.zip"


def taken(made: Path, lms: str) -> list[float]:
    """The points that the importer takes from a file, those of Ana and then of Bo."""
    text = made.read_text("utf-8")
    if lms == "moodle":
        found = moodle_reads(text, "Email address", {"ana@x.org": "1", "bo@x.org": "2"})
    elif lms == "canvas":
        found, points, assignment = canvas_reads(text)
        assert (points, assignment) == (24, "771")
    else:
        found, _ = {"blackboard": blackboard_reads, "brightspace": brightspace_reads, "ilias": ilias_reads}[lms](text)
    assert len(found) == 2
    return [float(found[who]) for who in sorted(found)]


@pytest.mark.parametrize("lms", DOWNLOADS)
def test_a_download_graded_and_exported_is_what_the_importer_takes(
    lms: str, exercise: Exercise, keep: Callable[..., None], tmp_path: Path
) -> None:
    names, roster = DOWNLOADS[lms]
    found = handed_in.find(downloaded(tmp_path, names), [NAME])
    assert len(found) == 2
    first = min(found, key=lambda one: names.index(one.file.replace(".zip/", "/")))
    ones = [
        graded(exercise, one.student, file=one.file, less=1.0 * (one is not first), **dict(one.ids)) for one in found
    ]
    keep(ones, tmp_path / "grades")
    (tmp_path / "r.csv").write_text(roster, "utf-8")
    assert main(["export-grades", lms, *(["--roster", f"{tmp_path}/r.csv"] * bool(roster)), f"{tmp_path}/grades"]) == 0
    files = [path for path in (tmp_path / "grades" / "export").rglob("*") if path.is_file()]
    if lms == "junit":
        suites = ElementTree.parse(files[0]).getroot()
        assert {suite.get("name") for suite in suites} == {f"avale/{NAME}", f"bohm/{NAME}"}
    elif lms == "gradescope":
        assert sorted(json.loads(path.read_text("utf-8"))["score"] for path in files) == [19.5, 20.5]
    else:
        (made,) = files
        assert taken(made, lms) == [20.5, 19.5]


@pytest.mark.slow
@pytest.mark.parametrize("lms", ["canvas", "moodle"])
def test_graded_in_a_real_kernel(lms: str, tmp_path: Path) -> None:
    names, roster = DOWNLOADS[lms]
    (tmp_path / "r.csv").write_text(roster, "utf-8")
    given = downloaded(tmp_path, names)
    assert main(["grade", str(given), "-o", f"{tmp_path}/grades", "--trust"]) == 0
    assert main(["export-grades", lms, "--roster", f"{tmp_path}/r.csv", f"{tmp_path}/grades"]) == 0
    (made,) = (tmp_path / "grades" / "export").iterdir()
    assert taken(made, lms) == [24, 24]
    shutil.rmtree(tmp_path / "grades")
