"""A class with nothing installed: the course as a static site, and one laptop that serves it to the room."""

from __future__ import annotations

import argparse
import webbrowser
from contextlib import closing

from kit.commands import flag, takes, takes_path
from kit.errors import KitError, typed
from kit.setup import places


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
