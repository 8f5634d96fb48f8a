"""Courses: made on an article, released, printed, built, and served to a class with nothing installed.

And the kit itself: its tests, its packages on a stick.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import webbrowser
from contextlib import closing

from kit.commands import flag, takes, takes_path
from kit.errors import KitError, typed
from kit.setup import places


@takes_path("file=article.toml", "the article's annotation, all of it accepted")
@takes_path("-o --out=DIR", "a new folder for the course (default: article-course, beside the article)")
@takes("--seed", "draws other sentences for the exercises (default: 1)", type=int, default=1)
@flag("--balance", "ask by preference for labels that `kit draft`, which students have as well, gets wrong")
def cmd_new_course(options: argparse.Namespace) -> int:
    """Make lessons and exercises on an article of your own."""
    from kit.teacher.exercises.own_course import make

    folder = options.out or options.file.parent / f"{options.file.stem}-course"
    exercises, notes = make(options.file, folder, seed=options.seed, balance=options.balance, say=print)
    for line in (*(f"{name}: {points:g} points" for name, points in exercises.items()), *notes):
        print(line)
    print(f"{folder / 'student'}: for the students. {folder / 'teacher'}: for you, with the key.")
    print(f"Read {folder / 'teacher' / 'README.md'}, then: python -m kit release {typed(folder)} -o student.zip")
    return 0


@takes_path("course=DIR", "a folder that `kit new-course` made", nargs="?")
@takes(
    "--exercise=N",
    "without DIR: the kit with its own course up to exercise N, without the labels that are still to be asked",
)
@takes_path("-o --out", "the archive (default: student.zip)", default="student.zip")
def cmd_release(options: argparse.Namespace) -> int:
    """Pack what the students of a course get, and make sure that no key is in it."""
    if bool(options.course) == bool(options.exercise):
        raise KitError("Say what to pack: the folder of a course (DIR), or the kit's own course up to --exercise N.")
    if options.exercise:
        from kit.teacher.exercises.students_edition import release_own

        names = release_own(places.clone("release"), options.out, number=options.exercise)
        print(f"{options.out}: {len(names)} files. Searched for the labels that are withheld and for every answer.")
        return 0
    from kit.teacher.exercises.sharing import release

    packed, searched = release(options.course, options.out)
    print(f"{options.out}: {len(packed)} files. {searched.sought}: none is in it.")
    if searched.pictures:
        print(f"Nobody searched what pictures show. Look at them yourself: {', '.join(searched.pictures)}")
    return 0


@takes_path("course=DIR", "a folder that `kit new-course` made")
@takes_path("-o --out", "the archive (default: course-for-teachers.zip)", default="course-for-teachers.zip")
def cmd_share(options: argparse.Namespace) -> int:
    """Pack a course for a colleague: annotation, lessons, exercises and key, with a page that says what it is."""
    from kit.teacher.exercises.sharing import share

    packed = share(options.course, options.out)
    print(f"{options.out}: {len(packed)} files, with the whole key. For colleagues, not for students.")
    print(f"They open it with: python -m kit unpack {typed(options.out.name)}")
    return 0


@takes_path("archive=ARCHIVE", "a course that a colleague packed: `kit share`")
@takes_path("-o --out=DIR", "a new folder for the course (default: beside the archive)")
def cmd_unpack(options: argparse.Namespace) -> int:
    """Open a course that a colleague has shared, to teach it, or to correct it and make it anew."""
    from kit.teacher.exercises.sharing import unpack

    folder, annotation = unpack(options.archive, options.out)
    print(f"{folder}: read {folder / 'ABOUT.md'} and {folder / 'teacher' / 'README.md'}.")
    file = typed(annotation)
    print(f"To teach it: python -m kit release {typed(folder)} -o student.zip")
    print(f"To correct it: python -m kit annotate {file}, then python -m kit new-course {file} -o NEW")
    return 0


@takes("names=NAME", "a course's folder, number, part of a name, file", nargs="*")
@takes_path("-o --out", "where to write (default: print/)", default="print")
@flag("--key", "make the keys too, for the teacher")
@takes("--paper", "the size of paper (default: A4)", choices=("A4", "letter"), default="A4")
def cmd_print(options: argparse.Namespace) -> int:
    """Make pages to print: lessons, exercises and, apart, their keys; of a course a test too."""
    from kit.teacher.exercises import printing

    written = printing.write(options.names, options.out, key=options.key, size=options.paper)
    print(*written, sep="\n")
    if printing.browser() is None:
        print(printing.NO_BROWSER)
    return 0


@takes_path("folder=DIR", "default: site/", nargs="?", default="site")
@takes_path("--course=DIR", "a folder of `kit new-course`: the site is its students' part (default: the kit's own)")
@takes_path("--runtime=FOLDER", "a folder or a zip with the files that the browser runs, in place of a download")
@takes_path("--cache=DIR", "keeps what was downloaded for the next site (default: site-cache/, beside the kit)")
def cmd_site(options: argparse.Namespace) -> int:
    """Build the course as a site: every lesson in any browser, with nothing installed."""
    from kit.teacher.site.static_site import build_site

    cache, target = options.cache or places.clone("site") / "site-cache", options.folder.resolve()
    said = build_site(target, course=options.course, runtime=options.runtime, cache=cache.resolve(), tell=print)
    print(f"{options.folder}:", "\n".join(said), "\nPut the folder on any web server. To look at it here:")
    print(f"python -m http.server --bind 127.0.0.1 --directory {typed(options.folder)} 8000")
    return 0


@takes_path("folder=DIR", "names, hand-ins, votes; goes on from there (default: class/)", nargs="?", default="class")
@takes_path("--site=DIR", "what `kit site` has built (default: site/)", default="site")
@takes_path("--course=DIR", "the course that the site was built from")
@flag("--lan", "let other computers in: without it, only this one reaches the class")
@takes("--port=NUMBER", "of the class; the teacher's page is at the next one (default: 8000)", type=int, default=8000)
@flag("--no-browser", "do not open a browser; print the address")
def cmd_class(options: argparse.Namespace) -> int:
    """Serve the site to a class: joining, handing in, and a board with votes."""
    import asyncio

    from kit.teacher.grading import grade
    from kit.teacher.live_class import board, class_server
    from kit.teacher.live_class.class_record import ClassRecord

    site, folder = options.site.resolve(), options.folder.resolve()
    if not (site / "index.html").is_file():
        raise KitError(f"There is no site in {options.site}. Build it first: python -m kit site {typed(options.site)}")
    if folder.is_relative_to(site):
        raise KitError(f"{options.folder} lies in the site, where all could read it. Give another folder.")
    course = places.course(options.course)
    keys, whole = grade.exercises(course.solutions, seeds=course.seeds), board.article(course.seeds)

    def ready(teacher: str) -> None:
        alone = "" if options.lan else " (this computer alone; for others: --lan)"
        print(f"The class: {' or '.join(room.urls())}{alone}\nIts code: {record.setting('code')}")
        print(f"Your page, for you alone: {teacher}")
        print(f"What is handed in: {record.handed_in}. Ctrl+C ends; the same command goes on from there.", flush=True)
        if not options.no_browser:
            webbrowser.open(teacher)

    with closing(ClassRecord(folder)) as record:
        room = board.LiveRoom(record, site, whole, keys)
        asyncio.run(class_server.serve(room, port=options.port, lan=options.lan, ready=ready))
    return 0


@flag("--check", "change nothing; fail when something is stale")
def cmd_build(options: argparse.Namespace) -> int:
    """Run lessons and solutions, and derive the students' copies."""
    from kit.teacher.exercises.build import build

    root = places.clone("build")
    changed = build(root, check=options.check, say=print)
    for path in changed:
        print(f"{'stale' if options.check else 'written'}: {path.relative_to(root)}")
    if not changed:
        print("Everything is up to date.")
    elif options.check:
        print("Run `kit build`, look at what changed, and commit it.")
    return 1 if changed and options.check else 0


def cmd_test(options: argparse.Namespace) -> int:
    """Run the kit's own tests (needs a clone); options are for pytest."""
    from kit.setup import environment

    root = places.clone("test")
    python = sys.executable if environment.settled(root, dev=True) else environment.ensure(root, dev=True, say=print)
    both_cores = ["-n", "auto", "--dist", "loadfile"]
    return subprocess.run([str(python), "-m", "pytest", *(options.arguments or both_cores)], cwd=root).returncode


def cmd_wheelhouse(options: argparse.Namespace) -> int:
    """Download all packages, to set up laptops without a network."""
    from kit.setup import environment

    folder = environment.wheelhouse(places.clone("wheelhouse"), say=print)
    print(f"Copy the whole folder of the kit, {folder.name}/ included, to each laptop, and run `python -m kit` there.")
    return 0
