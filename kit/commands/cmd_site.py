"""The course as a static site, for a class with nothing installed."""

from __future__ import annotations

import argparse

from kit.commands import takes_path
from kit.errors import typed
from kit.setup import places


@takes_path("folder=DIR", "default: site/", nargs="?", default="site")
@takes_path(
    "--course=DIR",
    "a folder that `kit new-course` made: the site is its students' part (default: the kit's own course)",
)
@takes_path("--runtime=FOLDER", "a folder or an archive with the files that the browser runs, in place of a download")
@takes_path(
    "--cache=DIR", "keeps what was downloaded, for the next site (default: site-cache/ in the folder of the kit)"
)
def cmd_site(options: argparse.Namespace) -> int:
    """Build the course as a site: every lesson in any browser, with nothing installed."""
    from kit.teacher.site.static_site import build_site

    cache = options.cache or places.clone("site") / "site-cache"
    target = options.folder.resolve()
    made = build_site(target, course=options.course, runtime=options.runtime, cache=cache.resolve(), tell=print)
    print(f"{options.folder}: {len(made.pages)} pages, {made.files} files, {made.size / 1e6:.0f} MB.")
    if made.sought:
        print(made.sought)
    print("Put the folder on any web server. To look at it here:")
    print(f"python -m http.server --bind 127.0.0.1 --directory {typed(options.folder)} 8000")
    return 0
