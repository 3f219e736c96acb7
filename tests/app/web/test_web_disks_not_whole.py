"""The pages say how many bytes of a disk are not there, and of its imager's hash no more than is known."""

import random
import re
import shutil
import sys
from collections.abc import Iterator
from hashlib import md5
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "sources"))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "sources" / "images"))

from disk_makers import MIB, ext, tree
from ewf_writer import written
from site_server import Site, parsed

from case_tools import Bench

pytestmark = [
    pytest.mark.tools,
    pytest.mark.skipif(shutil.which("mkfs.ext4") is None, reason="mkfs.ext4 is not here"),
]
GONE = {"one": ("case.E02", "case.E03", "case.E04"), "mid": ("case.E02",), "whole": ()}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, signing_key: None) -> Iterator[Site]:
    """Three exhibits of one disk: the first segment alone, all but the second, and the whole set."""
    folder = tmp_path_factory.mktemp("sets")
    raw = ext(folder / "ext", tree(folder / "t"), size=8 * MIB).read_bytes()
    raw = raw[: 6 * MIB] + random.Random(3).randbytes(2 * MIB)
    bench = Bench(folder / "case")
    for exhibit, gone in GONE.items():
        (folder / exhibit).mkdir()
        for name, data in written(raw, 4).items():
            if name not in gone:
                (folder / exhibit / name).write_bytes(data)
        bench.ingest(folder / exhibit / "case.E01", "--exhibit", exhibit, code=1 if gone else 0)
    for exhibit, gone in GONE.items():
        bench.ingest(folder / exhibit, "--exhibit", f"in {exhibit}", code=1 if gone else 0)
    (folder / "other").mkdir()
    for name, data in written(raw, 4).items():
        (folder / "other" / name).write_bytes(data.replace(md5(raw).digest(), bytes(range(16))))
    bench.ingest(folder / "other", "--exhibit", "in other", code=1)
    site = Site(folder / "case")
    yield site
    site.close()


def spaced(text: str) -> str:
    return text.replace("\u202f", " ").replace("\xa0", " ")


def by_exhibit(site: Site) -> dict[str, str]:
    """Return what the exhibits page says of each, by its name."""
    rows = parsed(site.get("exhibits").text).all("tr")
    return {named[0].text: spaced(row.text) for row in rows if (named := row.all("a", "to"))}


def test_u14_the_exhibits_page_says_what_is_missing_and_what_of_the_hash_is_known(site: Site) -> None:
    rows = by_exhibit(site)
    assert "6 291 456 of the 8 388 608 bytes of the disk cannot be had (75.0 %)" in rows["one"]
    assert "not known: what would hold it is missing or damaged" in rows["one"]
    assert "2 097 152 of the 8 388 608 bytes of the disk cannot be had (25.0 %)" in rows["mid"]
    assert "not to be compared: the disk cannot be read whole" in rows["mid"]
    assert "= ours" in rows["whole"]
    assert "cannot be had" not in rows["whole"]
    for row in rows.values():
        assert "none stored" not in row
        assert "not hashed yet" not in row


def test_u16_of_a_folder_that_holds_images_the_same_is_said_as_of_the_images(site: Site) -> None:
    rows = by_exhibit(site)
    assert "6 291 456 of the 8 388 608 bytes of 1 disk cannot be had" in rows["in one"]
    assert "not known: what would hold it is missing or damaged 1 image file in it" in rows["in one"]
    assert "2 097 152 of the 8 388 608 bytes of 1 disk cannot be had" in rows["in mid"]
    assert "not to be compared: the disk cannot be read whole" in rows["in mid"]
    assert "= ours 1 image file in it" in rows["in whole"]
    assert "cannot be had" not in rows["in whole"]
    assert "differs 1 image file in it" in rows["in other"]
    assert not [name for name, row in rows.items() if "none stored" in row]
    assert "2 097 152 of the 8 388 608 bytes of 1 disk cannot be had" in spaced(
        parsed(site.get("x/5").text).text
    )


@pytest.mark.parametrize(("number", "lacks"), [(1, True), (2, True), (3, False)])
def test_u14_all_files_are_said_to_be_read_only_of_a_disk_that_is_whole(
    site: Site, number: int, lacks: bool
) -> None:
    page = site.get(f"x/{number}").text
    (root,) = re.findall(r"/i/([0-9a-f]{32})[^>]*>the exhibit as an item", page) if lacks else ("",)
    for said in filter(None, (page, root and site.get(f"i/{root}").text)):
        assert ("A part of a disk cannot be had or listed" in said) is lacks
        assert ("Of each file system that was opened all files are read" in said) is not lacks


def test_u14_the_proof_says_how_many_bytes(site: Site) -> None:
    site.post("ledger/verify", token=site.house.token)
    site.house.proving.wait(60)
    found = parsed(site.get("ledger").text).one("section", "lacking")
    assert (
        "16 777 216 of the 33 554 432 bytes of 4 disks cannot be had; what lies there nobody counted"
        in spaced(found.text)
    )
    differing = found.text.partition("the imager's hash is not ours")[2].partition("the imager noted")[0]
    assert "in other" in differing
    assert "in mid" not in differing, "it cannot be compared"
    assert "A part of a disk cannot be had or listed" in found.text
