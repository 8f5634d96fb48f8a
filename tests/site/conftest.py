"""The built site, whose folder KIT_SITE names, and a student who opens it in Chromium."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import firefox
import pytest
from walled import Student, chromium, served, wall


@pytest.fixture(scope="session")
def site() -> Path:
    """The folder that `kit site` made."""
    folder = Path(os.environ.get("KIT_SITE", "site")).resolve()
    if not (folder / "jupyter-lite.json").is_file():
        pytest.skip("no site: build one with `python -m kit site`, and name its folder in KIT_SITE")
    return folder


@pytest.fixture
def student(site: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Student]:
    """A student who meets the site for the first time; as parameter, the name of the host that it is met under."""
    sync_api = pytest.importorskip("playwright.sync_api")
    if chromium() is None:
        pytest.skip("no Chromium on this machine; KIT_CHROMIUM may name one")
    host = getattr(request, "param", "127.0.0.1")
    with served(site) as (address, sent), wall() as (port, _), sync_api.sync_playwright() as driver:
        sync_api.expect.set_options(timeout=60_000)
        made = Student(driver, tmp_path / "profile", address.replace("127.0.0.1", host), port)
        made.sent = sent
        yield made
        made.context.close()
        assert not made.outside, f"the page called out: {made.outside[:3]}"


@pytest.fixture(scope="module")
def in_firefox(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A student in Firefox, the same one for all tests of a file: so each starts from what the browser has kept."""
    program = firefox.found()
    if program is None:
        pytest.skip("no Firefox on this machine")
    profile = tmp_path_factory.mktemp("firefox") / "profile"
    with (
        served(site) as (address, _),
        wall() as (proxy, _),
        firefox.firefox(program, profile, proxy=proxy) as page,
    ):
        yield firefox.Student(page, address)
        home = address.removesuffix("course")
        assert not [url for url in page.asked if not url.startswith((home, "data:", "blob:", "resource:", "chrome:"))]
