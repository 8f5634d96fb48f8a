"""The lab: JupyterLab on the student's desk, opened on the first lesson, without calling out."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from kit.errors import SetupError
from kit.files import write_atomically
from kit.setup import desk, places

__all__ = ["arguments", "configure", "start", "start_page"]

# All that is set for the student: no question about news, no look for updates, and a short autosave.
_PAGE = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
# Each kernel watches its cells from the first one on, so that an error before `import kit` is explained too.
_KERNEL = {"InteractiveShellApp": {"extensions": ["kit.page.hook"]}}
_SETTINGS = {"@jupyterlab/docmanager-extension:plugin": {"autosave": True, "autosaveInterval": 20}}


def start(
    *,
    browser: bool = True,
    port: int | None = None,
    target: Path | None = None,
    notebook: Path | None = None,
    say: Callable[[str], None] = print,
) -> int:
    """Lay the desk and run JupyterLab on it until it is stopped; return 0.

    Args:
        browser: open the web browser on the start page, or on `notebook`.
        port: the port to listen on; JupyterLab takes the next free one when it is taken.
        target: the desk; by default `work/` in the clone, or else in the current folder.
        notebook: one on the desk to open instead of the first lesson.
        say: gets the lines that the student should read.

    Raises:
        SetupError: JupyterLab is missing, or the desk cannot be written.
    """
    target = (target or places.work()).resolve()
    laid = desk.lay(target)
    for line in laid.lines():
        say(line)
    say(f"Your copies are in {target}: change them as you like, they are never written over.")
    say("JupyterLab is starting. To stop it, press Ctrl-C here.")
    settings = configure(target)
    os.environ |= {"JUPYTER_CONFIG_DIR": str(settings), "IPYTHONDIR": str(settings / "ipython")}
    try:
        # Imported late: it reads JUPYTER_CONFIG_DIR, and takes a second.
        from jupyterlab.labapp import LabApp
    except ImportError as fault:
        raise SetupError(
            "JupyterLab is not installed for this Python. Run `python -m kit` in a clone of the kit, which installs it."
        ) from fault
    asked = (notebook.relative_to(target).as_posix(),) if notebook else ()
    import nbformat
    from nbformat.sign import NotebookNotary

    # What the kit has made is signed: otherwise Jupyter would show its stored outputs only in part.
    notary = NotebookNotary(data_dir=str(target / ".lab"))
    for name in laid.copied + laid.refreshed + asked:
        notary.sign(nbformat.read(target / name, as_version=4))
    notary.store.close()
    try:
        LabApp.launch_instance(argv=arguments(target, browser=browser, port=port, notebook=notebook))
    except KeyboardInterrupt:
        pass
    say("JupyterLab has stopped. What you saved is on your desk.")
    return 0


def start_page(target: Path) -> str:
    """Return the address of the first lesson on the desk, or of the bare lab when there is none."""
    lessons = sorted(path.name for path in (target / "lessons").glob("*.ipynb") if ".new." not in path.name)
    return f"/lab/tree/lessons/{lessons[0]}" if lessons else "/lab"


def arguments(target: Path, *, browser: bool, port: int | None = None, notebook: Path | None = None) -> list[str]:
    """Return the command line of JupyterLab, which opens `notebook` or else the first lesson."""
    page = f"/lab/tree/{quote(notebook.relative_to(target).as_posix())}" if notebook else start_page(target)
    line = [
        f"--ServerApp.root_dir={target}",
        f"--LabApp.default_url={page}",
        # The other managers ask a package registry what could be installed.
        "--LabApp.extension_manager=readonly",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        # Remembers which notebooks are trusted here, and not in the user's home.
        f"--NotebookNotary.data_dir={target / '.lab'}",
        "--ServerApp.log_level=WARN",
        "--LabApp.log_level=WARN",
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
    laptops behave alike, and nobody's settings change.

    Raises:
        SetupError: the folder cannot be written.
    """
    folder = target / ".lab"
    files = {"page_config.json": _PAGE, "default_setting_overrides.json": _SETTINGS}
    try:
        for name, content in files.items():
            write_atomically(folder / "labconfig" / name, json.dumps(content, indent=1).encode())
        write_atomically(folder / "ipython/profile_default/ipython_kernel_config.json", json.dumps(_KERNEL))
        # Otherwise Jupyter copies the settings of a very old version from the user's home.
        write_atomically(folder / "migrated", b"")
    except OSError as fault:
        raise SetupError(
            f"The settings of JupyterLab could not be written to {folder}: {fault.strerror or fault}. "
            "Check that the folder may be written to, then start again."
        ) from fault
    return folder
