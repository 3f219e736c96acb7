"""On paper all is black on white, whatever the screen was set to, and no row stands on two pages."""

from pathlib import Path

import pypdfium2
import pytest
from browser_tab import CHROMIUM, Chromium, Tab
from site_server import Site

from case_tools import Bench
from conftest import Made

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]
COLOURED = 24
"""What the channels of a pixel may differ by where grey is drawn smoothly."""
ROWS = """[...new Set([...document.querySelectorAll('#proof li, #recorded li, .facts tr')]
  .filter(one => !one.querySelector('ol, ul, table, details') && !one.closest('details'))
  .map(one => getComputedStyle(one).breakInside))]"""


@pytest.mark.parametrize(
    "address", ["", "ledger", "issues", "i/{english}", "i/{english}?tab=bytes", "search?q=radio"]
)
def test_paper_is_black_on_white_where_the_pages_are_dark(
    browser: Chromium, made: Made, tmp_path: Path, address: str
) -> None:
    opened = Tab(browser, made.site, 688)
    page = opened.open(address.format_map(made.ids))
    page.emulate_media(color_scheme="dark")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.pdf(path=str(tmp_path / "page.pdf"), prefer_css_page_size=True, print_background=True)
    opened.close()
    with pypdfium2.PdfDocument(tmp_path / "page.pdf") as printed:
        for each in printed:
            image = each.render(scale=0.5).to_pil().convert("RGB")
            assert all(max(pixel) - min(pixel) <= COLOURED for _, pixel in image.getcolors(1 << 24))
            white = sum(count for count, pixel in image.getcolors(1 << 24) if min(pixel) > 250)
            assert white > 0.7 * image.width * image.height


def test_no_row_of_the_proof_stands_on_two_pages(
    browser: Chromium, tmp_path: Path, signing_key: None
) -> None:
    """Exhibits with their hash below the name, and what was not read with its reason below: by text, page by page."""
    exhibits = [tmp_path / f"exhibit-{number:02}.txt" for number in range(60)]
    for each in exhibits:
        each.write_text("the kestrel is above the mill\n")
    (tmp_path / "site").mkdir()
    for number in range(20):
        (tmp_path / "site" / f"broken-{number:02}.zip").write_bytes(
            b"PK\x03\x04\x14\0\0\0\0\0" + bytes([number])
        )
    bench = Bench(tmp_path / "case")
    bench.ingest(*exhibits, tmp_path / "site", code=1)
    site = Site(bench.folder)
    try:
        site.post("ledger/verify", token=site.house.token)
        site.house.proving.wait(60)
        opened = Tab(browser, site, 688)
        path = tmp_path / "ledger.pdf"
        page = opened.open("ledger")
        page.emulate_media(media="print")
        kept = page.evaluate(ROWS)
        page.pdf(path=str(path), prefer_css_page_size=True)
        opened.close()
    finally:
        site.close()
    assert kept == ["avoid"]
    with pypdfium2.PdfDocument(path) as printed:
        pages = [each.get_textpage().get_text_range().splitlines() for each in printed]
    assert len(pages) > 3
    for lines in pages[1:4]:
        assert not lines[0].startswith(("SHA-256", "zip: ends")), "its name is on the page before"
    assert sum(line.startswith("SHA-256") for lines in pages[:4] for line in lines) >= len(exhibits)
