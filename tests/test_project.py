"""The project as a whole: one version, nothing of this or that machine in it, and a wheel that works alone."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

import kit

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
SOLUTIONS = sorted((ROOT / "exercises/solutions").glob("*.ipynb"))
TEXTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def project_files() -> list[Path]:
    """All files of the project that exist: committed ones, and new ones that git does not ignore."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in sorted(set(done.stdout.split("\0"))) if name and (ROOT / name).is_file()]


def test_the_version_is_stated_once() -> None:
    assert "version" not in PROJECT["project"]
    assert PROJECT["project"]["dynamic"] == ["version"]
    path = ROOT / PROJECT["tool"]["hatch"]["version"]["path"]
    assert path == Path(kit.__file__)
    assert re.findall(r'^__version__ = "(.+)"$', path.read_text("utf-8"), re.MULTILINE) == [kit.__version__]
    assert metadata.version("who-says-so") == kit.__version__
    holders = [file for file in (ROOT / "kit").rglob("*.py") if f'"{kit.__version__}"' in file.read_text("utf-8")]
    assert holders == [path]


def test_the_changelog_names_the_version() -> None:
    heads = re.findall(r"^## \[?(\d[\w.]*)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert heads[0] == kit.__version__
    assert len(set(heads)) == len(heads)


def test_the_readme_has_both_commands() -> None:
    blocks = "".join(re.findall(r"^```\w*\n(.*?)^```", (ROOT / "README.md").read_text("utf-8"), re.M | re.S))
    commands = [line.partition("#")[0].strip() for line in blocks.splitlines()]
    assert {"python -m kit", "python -m kit test"} <= set(commands)


def anchor(heading: str) -> str:
    """The anchor that Markdown viewers give a heading."""
    return re.sub(r"[^\w -]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_in_the_documents_lead_somewhere(path: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", path.read_text("utf-8")):
        if re.match(r"https?://|mailto:", link):
            continue
        name, _, part = link.partition("#")
        other = path.parent / name if name else path
        assert other.exists(), link
        if part:
            headings = re.findall(r"^#+ (.+)$", other.read_text("utf-8"), re.MULTILINE)
            assert part in map(anchor, headings), link


def test_the_wheel_takes_all_exercises_and_no_solution() -> None:
    included = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    exercises = {path.relative_to(ROOT).as_posix() for path in (ROOT / "exercises").glob("*.ipynb")}
    assert set(included) == {"seeds", "notebooks", *exercises}
    assert all(target == f"kit/data/{source}" for source, target in included.items())


def test_no_file_names_a_machine_or_a_package_registry() -> None:
    # The lookbehind lets "kit/work/…" and the like pass: only a path from the top names a machine.
    paths = re.compile(rb"(?<![\w.})*\]-])/(?:root|home|work|tmp|Users)/|[A-Z]:\\\\?Users")
    registries = re.compile(
        "|".join(["pypi" + "\\.org", "python" + "hosted", "npm" + "js", "conda" + "\\.anaconda"]).encode()
    )
    own = Path(__file__).resolve()
    files = [path for path in project_files() if path != own]
    assert len(files) > 50
    found = {
        path.relative_to(ROOT).as_posix(): match[0]
        for path in files
        if (match := paths.search(path.read_bytes()) or registries.search(path.read_bytes()))
    }
    allowed = {name for name in found if name.startswith("tests/") and found[name] == b"/tmp/"}
    assert not {name: what for name, what in found.items() if name not in allowed}


def test_no_text_file_has_foreign_line_ends_or_a_mark_at_its_start() -> None:
    for path in project_files():
        if path.suffix in (".py", ".md", ".toml", ".ipynb", ".lock") and "sample_class" not in path.parts:
            data = path.read_bytes()
            assert b"\r\n" not in data and not data.startswith(b"\xef\xbb\xbf"), path
            assert data == b"" or data.endswith(b"\n"), path


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", *OFFLINE, "--no-build-isolation", "-w", folder, ROOT, cwd=folder)
    (path,) = folder.glob("*.whl")
    return path


OFFLINE = ("--quiet", "--disable-pip-version-check", "--no-deps", "--no-index")


def run(*command: object, cwd: Path, **environment: str) -> str:
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_wheel_holds_what_a_student_needs_and_no_solution(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    for folder, pattern in (("seeds", "*"), ("notebooks", "*.ipynb"), ("exercises", "*.ipynb")):
        for path in (path for path in (ROOT / folder).glob(pattern) if path.is_file()):
            assert content[f"kit/data/{folder}/{path.name}"] == path.read_bytes()
    assert not [name for name in content if "solution" in name or name.startswith(("tests", "bench"))]
    solved = {path.read_bytes() for path in SOLUTIONS}
    assert solved and solved.isdisjoint(content.values())
    tracked = run("git", "ls-files", "kit", cwd=ROOT).split()
    assert "kit/teacher/reports/templates/feedback.html" in tracked
    assert set(tracked) <= set(content)


@pytest.mark.slow
def test_the_wheel_works_alone_in_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    target, empty = tmp_path / "target", tmp_path / "empty"
    empty.mkdir()
    run(sys.executable, "-m", "pip", "install", *OFFLINE, "--target", target, wheel, cwd=tmp_path)
    code = (
        "import kit, kit.setup.places as p; a = kit.load_article(); "
        "print(kit.__file__, len(a.claims), p.root(), len(list(p.exercises().iterdir())), sep='|')"
    )
    out = run(sys.executable, "-P", "-c", code, cwd=empty, PYTHONPATH=str(target)).strip()
    count = len(list((ROOT / "exercises").glob("*.ipynb")))
    assert out == f"{target / 'kit' / '__init__.py'}|56|None|{count}"
    check = (
        "from kit import commands; from kit.article.seeds import seeds; "
        "raise SystemExit(commands.main(['check', str(seeds() / 'soldiers.toml')]))"
    )
    said = run(sys.executable, "-P", "-c", check, cwd=empty, PYTHONPATH=str(target))
    assert said == "soldiers.toml: 56 claims, all anchored\n"
    assert list(empty.iterdir()) == []
