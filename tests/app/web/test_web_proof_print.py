"""What comes first on paper: the proof, hashes and custody before names, and no page that is half empty."""

from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from browser_tab import Chromium, Tab
from site_server import Site

from case_tools import Bench
from conftest import Made


@pytest.fixture
def lossy(tmp_path: Path, signing_key: None) -> Iterator[Site]:
    """A case of which many archives could not be read: the proof is longer than a page."""
    source = tmp_path / "site"
    source.mkdir()
    for number in range(30):
        (source / f"broken-{number:02}.zip").write_bytes(b"PK\x03\x04\x14\0\0\0\0\0" + bytes([number]))
    bench = Bench(tmp_path / "case")
    bench.ingest(source, code=1)
    site = Site(bench.folder)
    yield site
    site.close()


def test_the_proof_is_on_the_first_printed_page(browser: Chromium, lossy: Site, tmp_path: Path) -> None:
    lossy.post("ledger/verify", token=lossy.house.token)
    lossy.house.proving.wait(60)
    opened = Tab(browser, lossy, 688)
    page = opened.open("ledger")
    path = tmp_path / "ledger.pdf"
    page.pdf(path=str(path), prefer_css_page_size=True)
    opened.close()
    with pypdfium2.PdfDocument(path) as printed:
        first = printed[0].get_textpage().get_text_range()
        whole = "".join(each.get_textpage().get_text_range() for each in printed)
        assert len(printed) > 1
    for words in ("Is the case whole?", "verified", "broken-00.zip"):
        assert words in first, first
    assert "broken-19.zip" in whole
    assert "and 10 more" in whole


def test_hashes_and_custody_are_printed_before_the_names(
    browser: Chromium, made: Made, tmp_path: Path
) -> None:
    printed = pages_of(browser, made, "x/2", tmp_path)
    whole = "".join(printed)
    assert whole.index("Hashes") < whole.index("Custody") < whole.index("What is inside"), whole
    assert "Hashes" in printed[0]


def test_the_first_page_of_an_overview_is_filled(browser: Chromium, made: Made, tmp_path: Path) -> None:
    """Lists of bars may go over a page: kept whole they left two fifths of the first one blank."""
    first, *_ = pages_of(browser, made, "", tmp_path)
    assert "By exhibit" in first, first


def pages_of(browser: Chromium, made: Made, page: str, folder: Path) -> list[str]:
    """Return the text of each page that is printed of ``page``."""
    opened = Tab(browser, made.site, 688)
    opened.open(page).pdf(path=str(folder / "page.pdf"), prefer_css_page_size=True)
    opened.close()
    with pypdfium2.PdfDocument(folder / "page.pdf") as printed:
        return [each.get_textpage().get_text_range() for each in printed]
