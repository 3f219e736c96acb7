"""Green is only what is whole: losses stand beside a proof, a state and every row of a list."""

import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from site_server import Node, Site, parsed

from actionday.ledger import Action
from actionday.storage.case import Case
from case_tools import Bench

CUT = (
    "From: ana@kestrel.example\nTo: ben@kestrel.example\nSubject: the tide\n"
    "Content-Transfer-Encoding: quoted-printable\n\nthe kestrel goes on=\n"
)


@pytest.fixture(scope="module")
def lossy(tmp_path_factory: pytest.TempPathFactory, signing_key: None) -> Iterator[Site]:
    """A case with a mail that breaks off, a whole text, an archive without its end and a link."""
    folder = tmp_path_factory.mktemp("lossy")
    source = folder / "site"
    source.mkdir()
    (source / "cut.eml").write_text(CUT)
    (source / "whole.txt").write_text("the kestrel is above the mill\n")
    (source / "broken.zip").write_bytes(b"PK\x03\x04\x14\0\0\0\0\0")
    (source / "link").symlink_to("whole.txt")
    bench = Bench(folder / "case")
    bench.ingest(source, code=1)
    site = Site(folder / "case")
    yield site
    site.close()


def lacking(site: Site) -> Node:
    return parsed(site.get("ledger").text).one("section", "lacking")


def test_what_was_never_read_stands_beside_a_proof(lossy: Site) -> None:
    lossy.post("ledger/verify", token=lossy.house.token)
    lossy.house.proving.wait(60)
    just_now = lacking(lossy)
    lossy.house.proving._stage = type(lossy.house.proving.stage)()  # as after a start on another day
    found = lacking(lossy)
    assert found.text == just_now.text
    assert "broken_off" in found.text
    assert "items without a hash1" in found.text.replace(" 1", "1"), "the link"
    assert "what has no content by its kind" in found.text
    assert "nothing leads to" not in found.text
    counts = {each.attributes["href"].rpartition("?")[2]: each.text for each in found.all("a", "count")}
    assert counts["code=broken_off"] == "2"
    assert "3 losses · about 3 items: 1 not read, 2 read with losses" in found.text
    for status in ("unreadable", "unsupported"):
        listed = parsed(lossy.get("items", status=status).text)
        assert counts[f"status={status}"] == listed.one("span", "h-count").text == "1"
    assert not [each for each in found.all("span", "sign") if each.attributes["class"] == "sign done"]
    assert "site: found 5 = parsed 3 + skipped 1 + failed 1 · 3 losses" in found.text, (
        "what is zero needs no word"
    )
    assert "site › broken.zip" in found.text
    assert "Disks were opened in" not in found.text


def test_what_is_named_as_not_read_says_whether_it_is_so_in_part_and_counted(lossy: Site) -> None:
    lossy.post("ledger/verify", token=lossy.house.token)
    lossy.house.proving.wait(60)
    found = lacking(lossy)
    assert "Not read, or read in part, the gravest by name: 1 = 1 counted as failed" in found.text
    (named,) = (each.text for each in found.all("li") if "broken.zip" in each.text)
    assert "not read" in named
    assert "in part" not in named
    assert "not counted" not in named


def test_of_a_case_with_nothing_in_it_the_page_says_so(tmp_path: Path, signing_key: None) -> None:
    Bench(tmp_path / "case")
    site = Site(tmp_path / "case")
    try:
        site.post("ledger/verify", token=site.house.token)
        site.house.proving.wait(60)
        assert "There is nothing in the case: no exhibit was taken in" in lacking(site).text
    finally:
        site.close()


@pytest.mark.parametrize("page", ["exhibits", "x/1", "ingest"])
def test_what_has_losses_is_not_green(lossy: Site, page: str) -> None:
    signs = [each for each in parsed(lossy.get(page).text).all("span", "sign") if "complete" in each.text]
    assert (signs[0].attributes["class"], signs[0].text) == ("sign care", "complete, with 3 losses")


@pytest.mark.parametrize("page", ["items", "x/1"])
def test_a_row_of_a_list_with_losses_says_so(lossy: Site, page: str) -> None:
    rows = [row for row in parsed(lossy.get(page).text).all("tr") if row.all("td")]
    cut = next(row for row in rows if "cut.eml" in row.text)
    whole = next(row for row in rows if "whole.txt" in row.text)
    assert cut.one("span", "sign").attributes["class"] == "sign care"
    assert cut.one("span", "sign").text == "parsed, with losses"
    assert whole.one("span", "sign").text == "parsed"


def test_a_hit_and_an_item_with_losses_say_so(lossy: Site) -> None:
    hits = parsed(lossy.get("search", q="kestrel").text).one("ol", "hitlist")
    for hit in hits.all("li"):
        assert ("parsed, with losses" in hit.text) == ("cut.eml" in hit.text)
    href = next(
        each.attributes["data-full"] for each in hits.all("a", "to") if "data-full" in each.attributes
    )
    assert "losses" in parsed(lossy.get(href).text).one("div", "detail-head").text


@pytest.mark.tools
@pytest.mark.skipif(shutil.which("mke2fs") is None, reason="mke2fs is not installed here")
def test_of_a_disk_a_proof_says_what_was_not_read(tmp_path: Path, signing_key: None) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a.txt").write_text("the kestrel is above the mill\n")
    disk = tmp_path / "usb.dd"
    subprocess.run(["mke2fs", "-q", "-t", "ext4", "-d", tmp_path / "files", disk, "4M"], check=True)
    bench = Bench(tmp_path / "case")
    bench.ingest(disk)
    bench.run("verify", bench.folder)
    site = Site(bench.folder)
    try:
        found = lacking(site).text
    finally:
        site.close()
    assert "Disks were opened in: usb.dd" in found
    assert "(its journal, directories and indexes) are not" in found


def test_a_figure_of_what_is_unread_leads_to_exactly_its_items(tmp_path: Path, signing_key: None) -> None:
    """An unsupported program whose words are found is not read, but not among what a search could not see."""
    folder = tmp_path / "one"
    folder.mkdir()
    words = b"the heron is at the weir and waits for the tide of the evening\n" * 20
    (folder / "a.exe").write_bytes(b"\x7fELF\x02\x01\x01".ljust(3000, b"\0") + words + bytes(3000))
    (folder / "b.bin").write_bytes(bytes(range(1, 200)))
    (folder / "link").symlink_to("b.bin")
    bench = Bench(tmp_path / "case")
    bench.ingest(folder)
    site = Site(tmp_path / "case")
    try:
        site.post("ledger/verify", token=site.house.token)
        site.house.proving.wait(60)
        counts = lacking(site).all("a", "count")
        beside = parsed(site.get("search", q="heron").text).one("details", "unsearched").all("a")
        for links, number in ((counts, "3"), (beside, "2")):
            assert links
            for each in links:
                listed = parsed(site.get(each.attributes["href"]).text)
                assert listed.one("span", "h-count").text == each.text.split()[0] == number, each.attributes[
                    "href"
                ]
    finally:
        site.close()


def test_nothing_is_green_where_nobody_vouches_for_the_first_key(tmp_path: Path, signing_key: None) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "a.txt").write_text("the heron is at the weir\n")
    bench = Bench(tmp_path / "case")
    bench.ingest(tmp_path / "one")
    case = Case.open(tmp_path / "case")
    item = case.database.execute("SELECT lower(hex(id)) FROM items WHERE path = 'a.txt'").fetchone()[0]
    said = "whole in itself; nobody here vouches for its first key"
    site = Site(tmp_path / "case")
    try:
        for vouched in (True, False):
            found = {
                "ok": True,
                "first": None,
                "head": "ab" * 32,
                "absent": [],
                "differs": [],
                "vouched": vouched,
            }
            case.log(Action.VERIFIED, "", found)
            for page in ("", "ledger", f"i/{item}?tab=metadata"):
                signs = [each.text for each in parsed(site.get(page).text).all("span", "sign")]
                assert ("verified" in signs, said in signs) == (vouched, not vouched), page
    finally:
        site.close()
        case.close()


def test_where_the_rows_differ_the_figures_are_said_to_be_of_the_altered_case(
    lossy: Site, tmp_path: Path
) -> None:
    lossy.post("ledger/verify", token=lossy.house.token)
    lossy.house.proving.wait(60)
    shutil.copytree(lossy.folder, tmp_path / "case")
    with closing(sqlite3.connect(tmp_path / "case" / "case.db")) as database, database:
        database.execute("DELETE FROM issues WHERE code = 'broken_off'")
    site = Site(tmp_path / "case")
    try:
        site.post("ledger/verify", token=site.house.token)
        site.house.proving.wait(60)
        for _ in ("just now", "as after a start on another day"):
            assert "the figures that follow are of the altered case" in lacking(site).text
            site.house.proving._stage = type(site.house.proving.stage)()
    finally:
        site.close()
    assert "of the altered case" not in lacking(lossy).text
