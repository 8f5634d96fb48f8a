"""The command line, and the only module that prints. Light to import: each command fetches what it needs."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit import __version__, places
from kit.errors import AnnotationError, KitError, SetupError

if TYPE_CHECKING:
    from kit.grading.grade import Graded

__all__ = ["main"]

EXPORTS = ("jsonld", "brat", "csv")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command of the kit and return its exit code: 0 done, 1 something to mend, 2 not understood."""
    parser = _parser()
    options, more = parser.parse_known_args(argv)
    if more and options.run is not _test:
        parser.error(f"not understood: {' '.join(more)}")
    options.arguments = more
    try:
        return options.run(options)
    except KitError as error:
        print(error, file=sys.stderr)
    except ModuleNotFoundError as error:
        if error.name and error.name.partition(".")[0] == "kit":
            raise
        print(f"The package {error.name} is not installed: pip install 'who-says-so[grading]'", file=sys.stderr)
    except OSError as error:
        print(f"{error.filename or 'A file'} cannot be read or written ({error.strerror}).", file=sys.stderr)
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kit",
        description="Who Says So? Tell confirmed facts, allegations and denials apart. "
        "Without a command, the kit opens its lessons.",
    )
    parser.add_argument("--version", action="version", version=f"who-says-so {__version__}")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser; print the address")
    parser.add_argument("--port", type=int, help="the port for JupyterLab")
    parser.set_defaults(run=_open)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    grade = commands.add_parser("grade", help="grade a folder of submitted notebooks")
    grade.add_argument("submissions", type=Path, help="a folder per student, or one file per student")
    grade.add_argument("-o", "--out", type=Path, default=Path("grades"), help="where to write (default: grades/)")
    grade.add_argument("--workers", type=int, help="how many notebooks at a time (default: one per core)")
    grade.set_defaults(run=_grade)

    check = commands.add_parser("check", help="check the annotation of an article")
    check.add_argument("files", type=Path, nargs="+", metavar="FILE.toml")
    check.set_defaults(run=_check)

    export = commands.add_parser("export", help="write an annotation for other tools")
    export.add_argument("article", nargs="?", default="soldiers", help="a seed's name, or FILE.toml")
    export.add_argument("--format", choices=EXPORTS, action="append", help="default: all of them")
    export.add_argument("-o", "--out", type=Path, default=Path("export"), help="where to write (default: export/)")
    export.set_defaults(run=_export)

    test = commands.add_parser("test", help="run the kit's own tests (needs a clone); options are for pytest")
    test.set_defaults(run=_test)

    build = commands.add_parser("build", help="run lessons and solutions, and derive the students' copies")
    build.add_argument("--check", action="store_true", help="change nothing; fail when something is stale")
    build.set_defaults(run=_build)

    wheelhouse = commands.add_parser("wheelhouse", help="download all packages, to set up laptops without a network")
    wheelhouse.set_defaults(run=_wheelhouse)
    _printed(commands)
    return parser


def _printed(commands: Any) -> None:
    printed = commands.add_parser("print", help="make pages to print: lessons, exercises and, apart, their keys")
    printed.add_argument("names", nargs="*", metavar="NAME", help="a number, a part of a name, a file (default: all)")
    printed.add_argument("-o", "--out", type=Path, default=Path("print"), help="where to write (default: print/)")
    printed.add_argument("--key", action="store_true", help="make the keys too, for the teacher")
    printed.add_argument("--paper", choices=("A4", "letter"), default="A4", help="the size of paper (default: A4)")
    printed.set_defaults(run=_print)


def _open(options: argparse.Namespace) -> int:
    from kit import lab

    return lab.start(browser=not options.no_browser, port=options.port, say=print)


def _clone(what: str) -> Path:
    root = places.root()
    if root is None:
        raise SetupError(f"`kit {what}` needs a clone of the kit, and this one was installed without it.")
    return root


def _test(options: argparse.Namespace) -> int:
    from kit import environment

    root = _clone("test")
    python = sys.executable if environment.settled(root, dev=True) else environment.ensure(root, dev=True, say=print)
    both_cores = ["-n", "auto", "--dist", "loadfile"]
    return subprocess.run([str(python), "-m", "pytest", *(options.arguments or both_cores)], cwd=root).returncode


def _build(options: argparse.Namespace) -> int:
    from kit.grading.build import build

    root = _clone("build")
    changed = build(root, check=options.check, say=print)
    for path in changed:
        print(f"{'stale' if options.check else 'written'}: {path.relative_to(root)}")
    if not changed:
        print("Everything is up to date.")
    elif options.check:
        print("Run `kit build`, look at what changed, and commit it.")
    return 1 if changed and options.check else 0


def _print(options: argparse.Namespace) -> int:
    from kit.grading import printing

    written = printing.write(options.names, options.out, key=options.key, size=options.paper)
    print(*written, sep="\n")
    if printing.browser() is None:
        print(printing.NO_BROWSER)
    return 0


def _wheelhouse(options: argparse.Namespace) -> int:
    from kit import environment

    folder = environment.wheelhouse(_clone("wheelhouse"), say=print)
    print(f"Copy the whole folder of the kit, {folder.name}/ included, to each laptop, and run `python -m kit` there.")
    return 0


def _check(options: argparse.Namespace) -> int:
    from kit.annotation import read

    bad = 0
    for path in options.files:
        try:
            claims = len(read(path).claims)
            print(f"{path.name}: {claims} claims, all anchored")
        except AnnotationError as error:
            bad += 1
            print(*error.faults, sep="\n", file=sys.stderr)
            faults = len(error.faults)
            print(f"{path.name}: {faults} fault{'s' * (faults != 1)}. Nothing was changed.", file=sys.stderr)
    return 1 if bad else 0


def _export(options: argparse.Namespace) -> int:
    from kit.annotation import read
    from kit.exports import export

    path = Path(options.article)
    annotation = read(path if path.suffix == ".toml" else places.seeds() / f"{path.name}.toml")
    for name in options.format or EXPORTS:
        for written in export(annotation, name, options.out):
            print(written)
    return 0


def _grade(options: argparse.Namespace) -> int:
    from tqdm import tqdm

    from kit.grading import grade, report
    from kit.grading.kernel import ColdKernel

    kernel = ColdKernel()
    options.out.mkdir(parents=True, exist_ok=True)
    keys = grade.exercises(places.solutions())
    count, coming = grade.grade_class(options.submissions, keys=keys, kernel=kernel, workers=options.workers)
    graded, on_terminal = [], sys.stderr.isatty()
    with tqdm(total=count, unit="notebook", disable=not on_terminal) as bar:
        for one in coming:
            graded.append(one)
            bar.update()
            if not on_terminal:
                print(_plain(f"{len(graded)} of {count}: {one.student}"), file=sys.stderr)
    graded.sort(key=lambda one: (one.student, one.exercise.name if one.exercise else "", one.path.name))
    written = report.write(graded, options.out, isolation=kernel.isolation)
    print(f"{written}: {count} submissions. A page of feedback per student: {written.parent / 'feedback'}")
    return _left(graded)


def _plain(text: str) -> str:
    """`text` without what a terminal would obey or could not show: names of files come from strangers."""
    return "".join(c if c.isprintable() else "?" for c in text)


def _left(graded: list[Graded]) -> int:
    """Name what a person must look at. The grader's own failures, and only they, are a failure of the command."""
    for one in graded:
        name = one.exercise.name if one.exercise else one.path.name
        for note in one.notes:
            print(_plain(f"Look at {one.student}, {name}: {note}."))
    outcomes = Counter(mark.outcome for one in graded for mark in one.marks)
    if written := sum(len(one.written) for one in graded):
        print(f"{written} written answer{'s wait' if written > 1 else ' waits'} for a person.")
    if outcomes["failed"]:
        print(f"{outcomes['failed']} questions could not be graded by a fault of the grader. Grade again.")
    return 1 if outcomes["failed"] else 0
