"""The face of the package: what notebooks import, what Tab shows, what a type checker sees, and what loading costs."""

from __future__ import annotations

import ast
import functools
import importlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell

import kit

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted([*(ROOT / "notebooks").glob("*.ipynb"), *(ROOT / "exercises").rglob("*.ipynb")])

# What notebooks that are out there use. A name may be added, and none goes: nobody can call those notebooks back.
IN_THE_WILD = """
kit.Article kit.KitError kit.annotated kit.hand_in kit.load_article kit.progress
kit.agreement.alpha kit.agreement.contested kit.agreement.interval kit.agreement.kappa kit.agreement.pairwise
kit.agreement.per_label kit.agreement.percent kit.agreement.summary
kit.annotator.annotate
kit.article.Article kit.article.load_article
kit.check.chains kit.check.choices kit.check.counted kit.check.drift kit.check.figure
kit.check.labels kit.check.number kit.check.pieces
kit.check.spans kit.check.table kit.check.words kit.check.written
kit.codebook.STATUSES
kit.draft.frames.drafted kit.draft.frames.found kit.draft.frames.patterns kit.draft.frames.statuses
kit.errors.KitError
kit.gains.stored kit.gains.table
kit.mixed_up kit.practice
kit.plots.agreement_heatmap kit.plots.alt kit.plots.chains kit.plots.confusion
kit.plots.matrix kit.plots.pass_agreement kit.plots.show kit.plots.status_by_source kit.plots.timeline
kit.plots.whole_course
kit.trace.KINDS kit.trace.load
kit.widgets.label
""".split()

TABS = {
    "kit": "Article KitError agreement annotated check codebook hand_in load_article mixed_up plots practice progress "
    "trace widgets",
    "kit.agreement": "Interval MEASURES alpha contested interval kappa pairwise per_label percent summary",
    "kit.check": "chains choices counted drift figure labels number pieces spans table words written",
    "kit.plots": "Shown agreement_heatmap alt before_after chains confusion matrix "
    "pass_agreement show status_by_source timeline whole_course",
    "kit.trace": "KINDS Trace load",
    "kit.widgets": "Labeller label",
    "article": "annotation blanked claims facts matrix passes propositions replies sources text units",
}


def used(source: str) -> Iterator[str]:
    """The names of the kit that a piece of code uses: by `import kit`, or imported from a module of it."""
    tree, modules = ast.parse(source), {"kit": "kit"}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and str(node.module).partition(".")[0] == "kit":
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                modules[alias.name] = name
                yield name
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            head, _, rest = ast.unparse(node).partition(".")
            if head in modules and re.fullmatch(r"[\w.]+", rest):
                yield f"{modules[head]}.{rest}"


def in_notebooks() -> set[str]:
    """The names that our notebooks use. A notebook is read as one piece of code, since it imports once."""
    names: set[str] = set()
    for path in NOTEBOOKS:
        cells = json.loads(path.read_text("utf-8"))["cells"]
        names.update(used("\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")))
    return names


def in_texts() -> set[str]:
    """The names in the documents, and in the templates that become somebody's notebooks."""
    files = [*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md"), *(ROOT / "kit").rglob("*.jinja")]
    functions = "|".join({name.rpartition(".")[2] for name in IN_THE_WILD})
    text = "\n".join(path.read_text("utf-8") for path in files)
    return set(re.findall(rf"\bkit(?:\.\w+)*\.(?:{functions})(?=\()", text))


def found(dotted: str) -> object:
    """What a dotted name stands for, imported as a notebook would."""
    home, _, name = dotted.rpartition(".")
    try:
        return getattr(importlib.import_module(home), name)
    except ModuleNotFoundError:  # a room that notebooks reach through `import kit`
        return functools.reduce(getattr, dotted.split(".")[1:], kit)


@pytest.mark.parametrize("dotted", IN_THE_WILD)
def test_a_name_that_notebooks_use_is_there(dotted: str) -> None:
    assert callable(found(dotted)) or isinstance(found(dotted), tuple)


def test_no_name_that_we_use_is_missing_from_the_list() -> None:
    names = in_notebooks() | in_texts()
    modules = {".".join(name.split(".")[:n]) for name in IN_THE_WILD for n in range(1, name.count(".") + 1)}
    assert len(names) > 25
    assert not names - set(IN_THE_WILD) - modules


def test_what_the_teachers_annotator_is_opened_by_is_in_the_list() -> None:
    assert "from kit.annotator import annotate" in (ROOT / "kit/teacher/authoring/annotate_page.json").read_text(
        "utf-8"
    )
    assert "kit.annotator.annotate" in IN_THE_WILD


@pytest.fixture(scope="module")
def shell() -> Iterator[InteractiveShell]:
    shell = InteractiveShell()
    shell.user_ns |= {"kit": kit, "article": kit.load_article(practice=True)}
    yield shell
    shell.history_manager.end_session()


@pytest.mark.parametrize("jedi", [True, False], ids=["with jedi", "without jedi"])
@pytest.mark.parametrize("what", TABS)
def test_tab_shows_what_is_meant_and_no_more(shell: InteractiveShell, what: str, *, jedi: bool) -> None:
    shell.Completer.use_jedi = jedi
    with provisionalcompleter():
        offered = {one.text.lstrip(".") for one in shell.Completer.completions(f"{what}.", len(what) + 1)}
    assert offered == set(TABS[what].split())


@pytest.mark.parametrize("name", [name for name in TABS if name.startswith("kit.")])
def test_dir_is_what_a_module_exports(name: str) -> None:
    module = functools.reduce(getattr, name.split(".")[1:], kit)
    assert dir(module) == sorted(module.__all__)
    assert all(hasattr(module, one) for one in module.__all__)


def test_dir_and_all_and_what_a_type_checker_sees_are_one() -> None:
    tree = ast.parse(Path(kit.__file__).read_text("utf-8"))
    (seen,) = (n for n in tree.body if isinstance(n, ast.If) and ast.unparse(n.test) == "TYPE_CHECKING")
    homes = {alias.name: node.module for node in seen.body for alias in node.names}
    assert sorted(homes) == sorted(kit.__all__) == dir(kit)
    for name, home in homes.items():
        assert getattr(kit, name) is (
            importlib.import_module(f"kit.{name}") if home == "kit" else found(f"{home}.{name}")
        )


def test_a_name_that_is_not_there_is_answered_by_those_that_are() -> None:
    with pytest.raises(AttributeError, match=r"^kit has no 'chek'; it has: Article, .*widgets$"):
        kit.chek  # noqa: B018


def test_importing_kit_loads_no_other_package_and_reads_no_other_file() -> None:
    code = (
        "import importlib, sys, warnings\nbefore, opened = set(sys.modules), []\n"
        "sys.addaudithook(lambda event, about: opened.append(str(about[0])) if event == 'open' else None)\n"
        "import kit\nprint(sorted(set(sys.modules) - before), *opened, sep='\\n')"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    modules, *opened = done.stdout.splitlines()
    assert modules == "['kit']"
    assert [path for path in opened if not re.search(r"kit.(__pycache__.)?__init__\.", path)] == []


def test_a_type_checker_is_told_that_there_are_types() -> None:
    assert (ROOT / "kit/py.typed").read_bytes() == b""


SCRIPT = """import kit

article = kit.load_article(practice=True)
answer = kit.check.labels({}, field="layer", lines=["S10a"], article=article)
kit.plots.show(kit.plots.status_by_source(article.claims, article.sources))
print(kit.agreement.percent(article.passes), kit.trace.load().known, kit.annotated(article), answer.lines)
"""


@pytest.mark.slow
@pytest.mark.parametrize(("more", "faults"), [("", 0), ("kit.chek\n", 1), ("article.clams\n", 1)])
def test_a_type_checker_reads_a_students_script(tmp_path: Path, more: str, faults: int) -> None:
    (tmp_path / "script.py").write_text(SCRIPT + more, "utf-8")
    (tmp_path / "pyrightconfig.json").write_text('{"typeCheckingMode": "basic"}', "utf-8")
    command = [sys.executable, "-m", "basedpyright", "--outputjson", "--pythonpath", sys.executable]
    done = subprocess.run([*command, "--project", tmp_path], capture_output=True, text=True, cwd=tmp_path)
    told = [one["rule"] for one in json.loads(done.stdout)["generalDiagnostics"] if one["severity"] == "error"]
    assert told == ["reportAttributeAccessIssue"] * faults
