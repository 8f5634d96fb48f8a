"""A class on one laptop, with nothing installed on any other."""

from __future__ import annotations

import argparse
import webbrowser

from kit.commands import flag, takes, takes_path
from kit.errors import KitError, typed
from kit.setup import places


@takes_path(
    "folder=DIR",
    "keeps who is in, hand-ins and votes; the same folder goes on where it was (default: class/)",
    nargs="?",
    default="class",
)
@takes_path("--site=DIR", "what `kit site` has built (default: site/)", default="site")
@takes_path("--course=DIR", "the course that the site was built from")
@flag("--lan", "let other computers in: without it, only this one reaches the class")
@takes(
    "--port=NUMBER",
    "the port of the class; the teacher's page is at the next one (default: 8000)",
    type=int,
    default=8000,
)
@flag("--no-browser", "do not open a browser; print the address")
def cmd_class(options: argparse.Namespace) -> int:
    """Serve the site to a class: joining, handing in, and a board with votes."""
    import asyncio

    from kit.teacher.grading import grade
    from kit.teacher.live_class import board, class_server
    from kit.teacher.live_class.class_record import ClassRecord
    from kit.teacher.live_class.live_room import LiveRoom

    site, folder = options.site.resolve(), options.folder.resolve()
    if not (site / "index.html").is_file():
        raise KitError(f"There is no site in {options.site}. Build it first: python -m kit site {typed(options.site)}")
    if folder.is_relative_to(site):
        raise KitError(f"{options.folder} lies in the site, where all could read it. Give another folder.")
    course = places.course(options.course)
    keys = grade.exercises(course.solutions, seeds=course.seeds)
    record = ClassRecord(folder)
    room = LiveRoom(record, site, board.article(course.seeds), keys)

    def ready(teacher: str) -> None:
        where = (
            " or ".join(room.urls()) if options.lan else f"{room.urls()[0]} (this computer alone; for others: --lan)"
        )
        print(f"The class: {where}\nIts code: {record.setting('code')}\nYour page, for you alone: {teacher}")
        print(f"What is handed in: {record.handed_in}. Ctrl+C ends.", flush=True)
        if not options.no_browser:
            webbrowser.open(teacher)

    try:
        asyncio.run(class_server.serve(room, port=options.port, lan=options.lan, ready=ready))
    except KeyboardInterrupt:
        print("\nThe class has ended. All is kept: the same command goes on from there.")
    finally:
        record.close()
    return 0
