"""A served case: made row by row, and one that was really ingested."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parent)]

from browser_tab import CHROMIUM, Chromium, Tab
from ingested_case import ingest
from made_case import make_case
from site_server import Site

from actionday.pipeline import processes
from case_fixtures import signing_key
from forked import server

__all__ = ["signing_key"]


@pytest.fixture(scope="session", autouse=True)
def loaded_already() -> Iterator[None]:
    """The worker that reads bytes for pages is forked off a process that has loaded all: to load it takes 1.5 s a site."""
    with pytest.MonkeyPatch.context() as patch:
        loaded = server(os.environ)
        assert loaded is not None
        patch.setattr(processes, "launch", loaded.launch)
        yield


class Made:
    """The made case being served, and the ids of some of its items."""

    def __init__(self, site: Site, folder: Path, ids: dict[str, str]) -> None:
        self.site, self.folder, self.ids = site, folder, ids


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory, signing_key: None) -> Iterator[Made]:
    folder = tmp_path_factory.mktemp("made") / "kestrel"
    ids = make_case(folder)
    site = Site(folder)
    yield Made(site, folder, ids)
    site.close()


@pytest.fixture
def own(tmp_path: Path, signing_key: None) -> Iterator[Made]:
    """The made case for one test alone: it differs, and once it was proved, every page of it says so."""
    folder = tmp_path / "kestrel"
    ids = make_case(folder)
    site = Site(folder)
    yield Made(site, folder, ids)
    site.close()


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory, signing_key: None) -> Iterator[Made]:
    folder = tmp_path_factory.mktemp("real") / "ingested"
    ids = ingest(folder, tmp_path_factory.mktemp("evidence"))
    site = Site(folder)
    yield Made(site, folder, ids)
    site.close()


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory, signing_key: None) -> Iterator[Site]:
    from made_case import FACTS

    from actionday.storage.case import Case

    folder = tmp_path_factory.mktemp("empty") / "before-intake"
    Case.create(folder, FACTS).close()
    site = Site(folder)
    yield site
    site.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    from playwright.sync_api import sync_playwright

    if not CHROMIUM.exists():
        pytest.skip("Debian's chromium is not installed")
    with sync_playwright() as playwright:
        chromium = Chromium(playwright)
        yield chromium
        chromium.close()


@pytest.fixture
def tab(browser: Chromium, made: Made) -> Iterator[Tab]:
    opened = Tab(browser, made.site)
    yield opened
    opened.close()
