"""The lab: JupyterLab on the student's desk, opened on `START.ipynb`, without calling out."""

from __future__ import annotations

import html
import json
import os
import re
import urllib.request
import webbrowser
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

from kit.errors import SetupError, writing
from kit.files import from_json, write_atomically
from kit.page import class_choices
from kit.setup import desk, places, progress

IDLE = 3600
"""Seconds after which the kernel of a page that is closed ends. That of an open page is never taken away."""
_SHOWN = {"text/plain", "text/html", "image/png"}
_PLAIN = re.compile(
    r"</?(?:div|p|b|i|em|strong|small|span|code|pre|br|ul|ol|li|details|summary|table|thead|tbody|tr|th|td|style|title)"
    r"(?:\s+(?:style|class|border|scoped|open|colspan|rowspan|align)(?:=(?:'[^'<>]*'|\"[^\"<>]*\"))?)*\s*/?>"
)
# All that is set for the student: no question about news, no look for updates, a short autosave, and long lines of code
# (answers in words are such lines) wrapped.
_PAGE = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
# Each kernel watches its cells from the first one on, so that an error before `import kit` is explained too.
_KERNEL = {"InteractiveShellApp": {"extensions": ["kit.page.hook"]}}
_SETTINGS = {
    "@jupyterlab/docmanager-extension:plugin": {"autosave": True, "autosaveInterval": 20},
    "@jupyterlab/notebook-extension:tracker": {"codeCellConfig": {"lineNumbers": False, "lineWrap": True}},
}


def start(
    *,
    browser: bool = True,
    port: int | None = None,
    target: Path | None = None,
    notebook: Path | None = None,
    say: Callable[[str], None] = print,
) -> int:
    """Lay the desk and run JupyterLab on it until it is stopped; return 0. One that runs on it already is opened.

    With `browser` the web browser opens on the start page, or on `notebook`, one on the desk. `port` is the port to
    listen on (the next free one where it is taken), `target` the desk, by default `work/` in the clone or else in the
    current folder; `say` gets the lines that the student should read. Raises SetupError where JupyterLab is missing,
    the desk cannot be written, or the teacher's `class.toml` does not hold.
    """
    target = (target or places.work()).resolve()
    class_choices.read(target)
    laid = desk.lay(target)
    for line in laid.lines():
        say(line)
    say(f"Your copies are in {target}: change them as you like, they are never written over.")
    settings = configure(target)
    os.environ |= {"JUPYTER_CONFIG_DIR": str(settings), "IPYTHONDIR": str(settings / "ipython")}
    try:
        # Imported late: it reads JUPYTER_CONFIG_DIR, and takes a second.
        from jupyterlab.labapp import LabApp
    except ImportError as fault:
        raise SetupError(
            "JupyterLab is not installed for this Python. Run `python -m kit` in a clone of the kit, which installs it."
        ) from fault
    asked = [notebook] if notebook else []
    _sign(target, [*(target / name for name in laid.copied + laid.refreshed), *asked, *_of_courses(target)])
    if there := running(target):
        address = f"{there[0]}{_page(target, notebook)}?token={there[1]}"
        say(f"It runs already, here: {address}")
        say("To stop it, press Ctrl-C where you started it, or choose File → Shut Down in it.")
        if browser:
            webbrowser.open(address)
        return 0
    progress.lay_start(target)
    say("JupyterLab is starting. To stop it, press Ctrl-C here.")
    try:
        LabApp.launch_instance(argv=arguments(target, browser=browser, port=port, notebook=notebook))
    except KeyboardInterrupt:
        pass
    say("JupyterLab has stopped. What you saved is on your desk.")
    return 0


def _sign(target: Path, pages: Iterable[Path]) -> None:
    """Sign what the kit has made: otherwise Jupyter would show its stored outputs only in part."""
    import nbformat
    from nbformat.sign import NotebookNotary

    notary = NotebookNotary(data_dir=str(target / ".lab"))
    for page in pages:
        notary.sign(nbformat.read(page, as_version=4))
    notary.store.close()


def _of_courses(target: Path) -> Iterator[Path]:
    """The lessons and exercises of released courses on the desk that show nothing but plain tables and texts: whoever
    made such an archive, signing it lets no script of theirs run."""
    for page in sorted(target.glob("*/*/*.ipynb")):
        if page.parent.name in desk.FOLDERS and (page.parent.parent / "seeds" / "article.toml").is_file():
            try:
                cells = from_json(page.read_bytes())["cells"]
                shown = ["".join(cell["source"]) for cell in cells if cell["cell_type"] != "code"]
                data = [out["data"] for cell in cells for out in cell.get("outputs", ()) if "data" in out]
                shown += ["".join(one.get("text/html", "")) for one in data]
                if {kind for one in data for kind in one} <= _SHOWN and not any(map(_can_act, shown)):
                    yield page
            except (OSError, ValueError, KeyError, TypeError, AttributeError):
                continue  # it opens as any page of a stranger


def _can_act(text: str) -> bool:
    """Whether there is any tag in it but plain ones without a link, an address or an action."""
    plain = "".join(html.unescape(text).split()).casefold()
    return "<" in _PLAIN.sub("", text) or any(word in plain for word in ("script:", "url(", "@import"))


def running(target: Path) -> tuple[str, str] | None:
    """Return address and token of the JupyterLab that runs on the desk already; None where none does, or answers."""
    from jupyter_server.serverapp import list_running_servers

    here = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a school's proxy does not know this machine
    for server in list_running_servers():
        if Path(server.get("root_dir", "")).resolve() == target.resolve():
            url, token = server["url"], server.get("token", "")
            asking = urllib.request.Request(f"{url}api/status", headers={"Authorization": f"token {token}"})
            try:
                here.open(asking, timeout=5).close()
            except OSError:
                continue
            return url, token
    return None


def _page(target: Path, notebook: Path | None) -> str:
    """The path of the page to open, below the address of the server."""
    return f"lab/tree/{quote((notebook or target / progress.START).relative_to(target).as_posix())}"


def arguments(target: Path, *, browser: bool, port: int | None = None, notebook: Path | None = None) -> list[str]:
    """Return the command line of JupyterLab, which opens `notebook` or else the start page."""
    line = [
        f"--ServerApp.root_dir={target}",
        f"--LabApp.default_url=/{_page(target, notebook)}",
        # The other managers ask a package registry what could be installed.
        "--LabApp.extension_manager=readonly",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        # Remembers which notebooks are trusted here, and not in the user's home.
        f"--NotebookNotary.data_dir={target / '.lab'}",
        "--ServerApp.log_level=WARN",
        "--LabApp.log_level=WARN",
        # What nobody looks at any more must not fill the memory of a small laptop.
        f"--MappingKernelManager.cull_idle_timeout={IDLE}",
        "--MappingKernelManager.cull_connected=False",
        # Ctrl-C once is enough.
        "--ServerApp.answer_yes=True",
    ]
    if not browser:
        line.append("--no-browser")
    if port is not None:
        line.append(f"--port={port}")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        line.append("--allow-root")
    return line


def configure(target: Path) -> Path:
    """Write the lab's own configuration into the desk and return its folder.

    It stands in for the user's own `~/.jupyter` and `~/.ipython`, which are neither read nor written: thirty
    laptops behave alike, and nobody's settings change. Raises SetupError where the folder cannot be written.
    """
    folder = target / ".lab"
    files = {"page_config.json": _PAGE, "default_setting_overrides.json": _SETTINGS}
    with writing(f"The settings of JupyterLab could not be written to {folder}"):
        for name, content in files.items():
            write_atomically(folder / "labconfig" / name, json.dumps(content, indent=1).encode())
        write_atomically(folder / "ipython/profile_default/ipython_kernel_config.json", json.dumps(_KERNEL))
        # Otherwise Jupyter copies the settings of a very old version from the user's home.
        write_atomically(folder / "migrated", b"")
    return folder
