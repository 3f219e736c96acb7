"""What the pages say of arrays that lack a disk, and of rows of tables."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "sources" / "machine"))

from machine_samples import unpack
from site_server import Site, parsed

from case_tools import Bench

HOSTILE = "<svg onload=alert(1)>"
COPY = "".join(f"{number}\tnote {number} {HOSTILE}\t\\N\n" for number in range(1, 1300))
DUMP = f"""--
-- PostgreSQL database dump
--
SET client_encoding = 'UTF8';
CREATE TABLE public.notes (
    id integer,
    "{HOSTILE}" text,
    gone date
);
COPY public.notes (id, "{HOSTILE}", gone) FROM stdin;
{COPY}\\.

--
-- PostgreSQL database dump complete
--
"""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory, signing_key: None) -> Bench:
    folder = tmp_path_factory.mktemp("widened")
    bench = Bench(folder / "case")
    unpack("md_raid5", folder / "disks", (1,))
    bench.ingest(folder / "disks", "--exhibit", "array")
    unpack("md_raid5", folder / "all")
    bench.ingest(folder / "all", "--exhibit", "whole")
    (folder / "notes.sql").write_text(DUMP, "utf-8")
    bench.ingest(folder / "notes.sql")
    return bench


@pytest.fixture(scope="module")
def site(case: Bench) -> Iterator[Site]:
    site = Site(case.folder)
    yield site
    site.close()


def test_an_array_that_lacks_a_disk_is_seen_where_its_exhibit_is_and_a_whole_one_is_plain(site: Site) -> None:
    said = "1 array read without a missing disk"
    rows = [row.text for row in parsed(site.get("exhibits").text).all("tr")]
    assert [said in row for row in rows] == [False, True, False, False]
    assert said in parsed(site.get("x/1").text).text
    assert said not in parsed(site.get("x/2").text).text


def test_a_row_is_shown_by_its_columns_and_a_page_of_rows_as_a_table(case: Bench, site: Site) -> None:
    rows = [row for row in case.items() if row["kind"] == "row"]
    one = parsed(site.get(f"i/{rows[0]['id']}").text)
    (table,) = [each for each in one.all("table", "facts") if "The row, by column" in each.text]
    told = {row.all("th")[0].text: row.all("td")[0].text for row in table.all("tr")}
    assert told == {"id": "1", HOSTILE: f"note 1 {HOSTILE}", "gone": "NULL"}
    page = rows[1000]
    assert page["path"].endswith("000001001-000001256"), [row["path"] for row in rows[999:]]
    many = parsed(site.get(f"i/{page['id']}").text)
    (table,) = [each for each in many.all("table") if "The rows, by column" in each.text]
    assert len(table.all("tr")) == 1 + 256
    assert "<svg onload" not in site.get(f"i/{page['id']}").text


def test_a_row_that_cannot_be_taken_apart_is_shown_as_it_is(tmp_path: Path, signing_key: None) -> None:
    bench = Bench(tmp_path / "case")
    (tmp_path / "notes.sql").write_text(DUMP.replace("\n7\tnote", "\n7 note"), "utf-8")
    bench.ingest(tmp_path / "notes.sql", code=1)
    broken = next(row for row in bench.items() if row["kind"] == "row" and row["status"] == "unreadable")
    site = Site(tmp_path / "case")
    try:
        page = site.get(f"i/{broken['id']}").text
    finally:
        site.close()
    assert "by column" not in page
