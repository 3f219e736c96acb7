"""Every page of a case whose balance is 0: nothing taken in, empty folders alone, an encrypted disk alone."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from made_case import FACTS
from pages import PAGES, route_path
from site_server import Site, parsed

from actionday.storage.case import Case

LUKS = (b"LUKS\xba\xbe\0\1" + bytes(160) + b"c0ffee00-0000-4000-8000-000000000000").ljust(592, b"\0") + bytes(
    1 << 16
)
"""Source: LUKS On-Disk Format Specification 1.2.3, section 2.1 (the header's mark, its version and UUID)."""
LOCAL = [page for each in PAGES.values() for page in each if "{" not in page]


def _nothing(evidence: Path) -> Path | None:
    return None


def _folders(evidence: Path) -> Path | None:
    (evidence / "site" / "inner").mkdir(parents=True)
    (evidence / "site" / "other").mkdir()
    return evidence / "site"


def _encrypted(evidence: Path) -> Path | None:
    (evidence / "disk.raw").write_bytes(LUKS)
    return evidence / "disk.raw"


@pytest.fixture(scope="module", params=[_nothing, _folders, _encrypted])
def bare(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, signing_key: None
) -> Iterator[tuple[str, Site]]:
    evidence, folder = tmp_path_factory.mktemp("bare"), tmp_path_factory.mktemp("case") / "bare"
    Case.create(folder, FACTS).close()
    if (source := request.param(evidence)) is not None:
        words = ("ingest", str(folder), str(source), "--exhibit", "S-1", "--workers", "1")
        done = subprocess.run(
            [sys.executable, "-m", "actionday.app.cli.main", *words],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode in (0, 1), done.stderr
    site = Site(folder)
    yield request.param.__name__, site
    site.close()


def test_every_page_answers_where_there_is_no_item(bare: tuple[str, Site]) -> None:
    name, site = bare
    for page in (*LOCAL, "?format=json", "i/00", "h/" + "0" * 64, "download/00", "media/00"):
        answer = site.get(route_path(page, site.house.key))
        assert answer.status < 500, (name, page, answer.text[:300])
        assert answer.status == 200 or page not in ("", "items", "ledger", "issues", "exhibits"), (name, page)


def test_a_case_that_is_taken_in_and_has_no_items_does_not_wait_for_them(bare: tuple[str, Site]) -> None:
    name, site = bare
    text = parsed(site.get("items").text).one("main").text
    waits = "as soon as the first exhibit is being taken in" in text
    assert waits == (name == "_nothing"), text


def test_a_bar_of_nothing_has_no_length(bare: tuple[str, Site]) -> None:
    name, site = bare
    if name == "_folders":
        assert 'width="0" height="10"' in site.get("").text
