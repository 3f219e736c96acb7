"""What comes first on paper: the proof, hashes and custody before names, and no page that is half empty."""

import re
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pypdfium2
import pytest
from browser_tab import Chromium, Tab
from site_server import Site, parsed

from actionday.ledger import Action
from actionday.storage.case import Case
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


def test_a_proof_of_the_command_line_is_printed_whole(
    browser: Chromium, tmp_path: Path, signing_key: None
) -> None:
    """Result and time, exhibits with path and SHA-256, what is not proved: whoever ran it, and after a later one."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "a.txt").write_text("the heron is at the weir\n")
    (tmp_path / "disk.dd").write_bytes(b"the kestrel is above the mill\n" * 300)
    bench = Bench(tmp_path / "case")
    bench.ingest(tmp_path / "site", tmp_path / "disk.dd")
    site = Site(bench.folder)
    try:
        site.post("ledger/verify", token=site.house.token)
        site.house.proving.wait(60)
        report = bench.verify()["report"]
        printed = "".join(printed_of(browser, site, "ledger", tmp_path)).split()
        shown = parsed(site.get("ledger").text).one("section", "recorded").text
    finally:
        site.close()
    text = "".join(printed)
    for line in (*report["not_proved"], *(each["path"] for each in report["exhibits"])):
        assert "".join(line.split()) in text, line
    assert sha256((tmp_path / "disk.dd").read_bytes()).hexdigest() in text
    assert "folder:1file,withtheSHA-256" in text
    assert report["time"].replace("T", "").removesuffix("Z")[:15] in text
    assert text.index("Notproved:") < text.index("Found,andnotinthecaseornotread")
    assert "What was checked" in shown, "that of the page is not the last one any more"


def test_an_entry_that_does_not_say_what_was_not_proved_is_said_not_to(
    tmp_path: Path, signing_key: None
) -> None:
    (tmp_path / "site").mkdir()
    bench = Bench(tmp_path / "case")
    bench.ingest(tmp_path / "site")
    with closing(Case.open(bench.folder)) as case:
        case.log(Action.VERIFIED, "", {"ok": True, "first": None, "head": "ab" * 32, "absent": []})
    site = Site(bench.folder)
    try:
        for page in ("", "ledger"):
            shown = parsed(site.get(page).text).one("main")
            assert "whether anybody vouches for the keys" in shown.text, page
            assert not [each for each in shown.all("span", "sign") if each.text in ("verified", "holds")], (
                page
            )
        assert "made by an older version" in shown.one("section", "recorded").text
    finally:
        site.close()


def test_what_is_closed_on_the_screen_is_open_on_paper_and_no_number_breaks(
    browser: Chromium, tmp_path: Path, signing_key: None
) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "a.txt").write_text("the heron is at the weir\n")
    bench = Bench(tmp_path / "case")
    bench.ingest(tmp_path / "site")
    with closing(Case.open(bench.folder)) as case:
        for number in range(120):
            case.log(Action.SEARCHED, "heron " * 20, {"shown": number, "secret": f"value-{number}"})
    site = Site(bench.folder)
    try:
        last = bench.export("ledger")[-1]["index"]
        text = "\n".join(printed_of(browser, site, "ledger", tmp_path)).replace("\r", "")
        views = "\n".join(printed_of(browser, site, "views", tmp_path))
    finally:
        site.close()
    assert "value-119" in text
    assert {f"{number}" for number in range(last - 40, last)} <= set(re.findall(r"\d+", text))
    assert "Reason" not in views, "a form is nothing for paper"


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
    return printed_of(browser, made.site, page, folder)


def printed_of(browser: Chromium, site: Site, page: str, folder: Path) -> list[str]:
    opened = Tab(browser, site, 688)
    opened.open(page).pdf(path=str(folder / "page.pdf"), prefer_css_page_size=True)
    opened.close()
    with pypdfium2.PdfDocument(folder / "page.pdf") as printed:
        return [each.get_textpage().get_text_range() for each in printed]
