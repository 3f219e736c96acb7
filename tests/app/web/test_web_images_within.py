"""Of an image among other files the pages say what they say of one that is an exhibit by itself."""

import shutil
import sys
from collections.abc import Iterator
from hashlib import md5
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "sources" / "images"))

from ewf_writer import written
from site_server import Site, parsed

from actionday.access.images import MOST_NAMED
from case_tools import Bench

EXHIBITS = Path(__file__).resolve().parents[3] / "samples" / "small" / "exhibits"
NOTHING = "Nothing was stored by an imager."
ALERT = "this image is not what was made at the seizure"
MANY = MOST_NAMED + 3


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, signing_key: None) -> Iterator[Site]:
    """An image with its imager's log, in a folder too; a log alone; more images than are named, the last another."""
    folder = tmp_path_factory.mktemp("sets")
    deep = folder / "seized" / "deep"
    deep.mkdir(parents=True)
    for number in (1, 2, 3):
        shutil.copy(EXHIBITS / f"S-02.E0{number}", deep)
    (deep / "imager.log").write_text("made by the examiner at the quay\n")
    bench = Bench(folder / "case")
    bench.run("ingest", bench.folder, *sorted(map(str, deep.iterdir())), "--exhibit", "with its log")
    bench.ingest(deep.parent, "--exhibit", "in a folder")
    bench.ingest(deep / "imager.log", "--exhibit", "log")
    (folder / "many").mkdir()
    for number in range(MANY):
        (data,) = written(bytes([number]) * 32768, 1).values()
        if number in (0, MANY - 1):
            data = other_hash(data, bytes([number]) * 32768)
        (folder / "many" / f"{number:02}.E01").write_bytes(data)
    bench.ingest(folder / "many", "--exhibit", "many", code=1)
    site = Site(folder / "case")
    yield site
    site.close()


def other_hash(image: bytes, disk: bytes) -> bytes:
    """Return an image whose imager noted the hash of another disk than ``disk``."""
    return image.replace(md5(disk).digest(), bytes(range(16)))


@pytest.mark.parametrize(("number", "path"), [(1, "S-02.E01"), (2, "deep/S-02.E01")])
def test_the_page_of_an_exhibit_has_the_imager_s_hashes_of_an_image_in_it_beside_ours(
    site: Site, number: int, path: str
) -> None:
    text = site.get(f"x/{number}").text
    page = parsed(text)
    (table,) = [each for each in page.all("table") if each.text.strip().startswith("Of the image")]
    assert "MD5 the same" in table.text
    assert "SHA-1 the same" in table.text
    (link,) = table.all("a")
    assert link.text.strip() == path
    assert NOTHING not in text
    assert ALERT not in text
    item = site.get(link.attributes["href"]).text
    assert "Of the image" in item
    assert "MD5 the same" in parsed(item).text


def test_where_no_image_lies_nothing_was_stored(site: Site) -> None:
    text = site.get("x/3").text
    assert NOTHING in text
    assert "Of the image" not in text


def test_of_many_images_the_first_are_named_and_an_altered_one_is_told_whichever_it_is(site: Site) -> None:
    text = site.get("x/4").text
    page = parsed(text)
    tables = [each for each in page.all("table") if each.text.strip().startswith("Of the image")]
    assert len(tables) == MOST_NAMED
    assert (
        f"and {MANY - MOST_NAMED} more image files in it 1 of these differs from its imager's hash"
        in page.text
    )
    assert text.count(ALERT) == 1, "of the first, by name"
    (first,) = tables[0].all("a")
    assert ALERT in site.get(first.attributes["href"]).text
