"""An exhibit that is an image: what its imager told is in its own item, so that it is searched, shown and exported.

The images are ewfacquire's. So it is after a kill at any step.
"""

import hashlib
import json
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

SOURCES = Path(__file__).resolve().parents[1] / "sources"
for folder in (SOURCES, SOURCES / "images"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from disk_makers import MIB, ext, tree
from disk_tools import run
from ewf_writer import written

from case_tools import Bench, Row, crashed, needs, same

pytestmark = [pytest.mark.tools, needs("mkfs.ext4", "ewfacquire")]
NOTES = "ملاحظة عن القرص"


class Made(NamedTuple):
    exhibit: Path
    md5: str


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, signing_key: None) -> Made:
    """A set of segments of a disk, with a case number, an examiner and notes."""
    where = tmp_path_factory.mktemp("acquired")
    disk = ext(where / "raw", tree(where / "t"), size=8 * MIB)
    facts = ("-C", "CASE13", "-D", "server", "-e", "Müller", "-E", "U-01", "-N", NOTES)
    form = ("-f", "encase6", "-c", "none", "-S", 2 * MIB, "-m", "fixed", "-M", "physical")
    words = ("env", "LC_ALL=C.UTF-8", "ewfacquire", "-u", *facts, *form, "-t", where / "U-01", disk)
    run(*words)
    assert (where / "U-01.E04").exists()
    return Made(where / "U-01.E01", hashlib.md5(disk.read_bytes()).hexdigest())


@pytest.fixture(scope="module")
def whole(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    bench = Bench(tmp_path_factory.mktemp("whole") / "case")
    bench.ingest(made.exhibit)
    return bench


def root(bench: Bench) -> Row:
    (row,) = [each for each in bench.items() if each["kind"] == "exhibit"]
    return row


def test_the_exhibits_own_item_has_the_facts_as_an_image_within_has_them(whole: Bench, made: Made) -> None:
    meta = root(whole)["meta"]
    told = meta["ewf"]
    assert (told["case_number"], told["examiner"], told["notes"]) == ("CASE13", "Müller", NOTES)
    assert meta["stored_hashes"] == {"md5": made.md5}
    assert meta["media"] == {"size": 8 * MIB, "md5": made.md5}


@pytest.mark.parametrize(
    "query", ["CASE13", "meta:CASE13", "ملاحظة", "Müller exhibit:U-01.E01", '"server" kind:exhibit']
)
def test_what_the_imager_noted_of_an_exhibit_is_found(whole: Bench, query: str) -> None:
    hits = whole.search(query)["hits"]
    assert [(hit["exhibit"], hit["path"]) for hit in hits] == [("U-01.E01", "")]


def hashes(path: Path) -> tuple[str, str, str]:
    data = path.read_bytes()
    return hashlib.sha256(data).hexdigest(), hashlib.sha1(data).hexdigest(), hashlib.md5(data).hexdigest()


def test_show_says_how_it_was_acquired_with_the_hashes_of_each_segment(whole: Bench, made: Made) -> None:
    said = whole.run("show", whole.folder, "U-01.E01").stdout
    for part in sorted(made.exhibit.parent.glob("U-01.E*")):
        assert f"{part}, " in said
        assert all(each in said for each in hashes(part))
    assert f"MD5 of the disk       the same: the imager's {made.md5}, ours {made.md5}" in said
    for line in (
        "ewf: case_number      CASE13",
        "ewf: examiner         Müller",
        f"ewf: notes            {NOTES}",
    ):
        assert line in said
    assert said.count(NOTES) == 1  # once: that the item's own metadata has it as well is no second finding


def test_show_as_json_has_the_acquisition_of_an_exhibit_and_none_of_what_is_in_it(
    whole: Bench, made: Made
) -> None:
    found = json.loads(whole.run("show", whole.folder, "U-01.E01", "--json").stdout)["acquisition"]
    assert (found["state"], found["facts"]["ewf"]["case_number"]) == ("complete", "CASE13")
    whole_disk = {"algorithm": "md5", "stored": made.md5, "ours": made.md5, "why": None, "equal": True}
    assert found["compared"] == [whole_disk]
    told = {each["path"]: (each["sha256"], each["sha1"], each["md5"]) for each in found["sources"]}
    assert told == {str(part): hashes(part) for part in made.exhibit.parent.glob("U-01.E*")}
    inner = next(row["id"] for row in whole.items() if row["kind"] == "file")
    assert json.loads(whole.run("show", whole.folder, inner, "--json").stdout)["acquisition"] is None


def test_show_says_that_the_disk_is_not_what_the_imager_noted(bench: Bench, tmp_path: Path) -> None:
    disk = ext(tmp_path / "raw", tree(tmp_path / "t"), size=8 * MIB).read_bytes()
    image = bytearray(written(disk, 1)["case.E01"])
    image[image.index(b"hash\0\0\0\0") + 76] ^= 1
    (tmp_path / "bent.E01").write_bytes(image)
    bench.ingest(tmp_path / "bent.E01", code=1)
    ours = hashlib.md5(disk).hexdigest()
    done = bench.run("show", bench.folder, "bent.E01")
    noted = f"{int(ours[:2], 16) ^ 1:02x}{ours[2:]}"
    assert f"DIFFERS: the imager's {noted}, ours {ours}" in done.stdout
    (told,) = json.loads(bench.run("show", bench.folder, "bent.E01", "--json").stdout)["acquisition"][
        "compared"
    ]
    assert (told["stored"], told["ours"], told["equal"]) == (noted, ours, False)


def test_index_and_rows_are_one_and_the_acquisition_has_its_own_copy(whole: Bench, made: Made) -> None:
    assert whole.verify()["ok"]
    closed = [row for row in whole.export("ledger") if row["action"] == "exhibit.closed"]
    (acquisition,) = [row["details"]["acquisition"] for row in closed]
    meta = root(whole)["meta"]
    assert {key: acquisition[key] for key in meta} == meta


@pytest.mark.parametrize(
    ("target", "when"),
    [
        ("actionday.pipeline.imaged:Imaged.told", "after"),
        ("actionday.pipeline.keeping:Keeping._disk_hashed", "before"),
        ("actionday.pipeline.keeping:Keeping._disk_hashed", "after"),
        ("actionday.pipeline.containers:Containers.close", "before"),
        ("actionday.pipeline.containers:Containers.close", "after"),
    ],
    ids=lambda each: str(each).rpartition(".")[2],
)
def test_killed_at_this_point_and_gone_on_it_is_the_same(
    bench: Bench, whole: Bench, made: Made, target: str, when: str
) -> None:
    words = ("ingest", bench.folder, made.exhibit, "--workers", "2")
    assert crashed(target, when, 1, *words).returncode == -9
    bench.ingest(made.exhibit)
    same(bench.exports(), whole.exports())
    assert bench.search("CASE13")["total"] == 1
    assert bench.verify()["ok"]


def test_the_samples_own_image_is_found_by_what_its_page_says_of_it(bench: Bench) -> None:
    bench.ingest(Path(__file__).resolve().parents[2] / "samples" / "small" / "exhibits" / "S-02.E01")
    for query in ("meta:Kestrel", 'meta:"A. Examiner"', 'meta:"made for tests"', "meta:S-02"):
        found = [(hit["exhibit"], hit["path"]) for hit in bench.search(query)["hits"]]
        assert ("S-02.E01", "") in found, query


def test_an_exhibit_is_found_by_its_name_as_any_file_is(whole: Bench) -> None:
    for query in ("name:U-01.E01", "name:U", "name:E01 kind:exhibit"):
        assert [(hit["exhibit"], hit["path"]) for hit in whole.search(query)["hits"]] == [("U-01.E01", "")]
    (told,) = whole.search("U-01.E01")["hints"][
        "words"
    ]  # a plain word is no name: where it would be found is said
    assert (told["total"], told["names"]) == (0, 1)
    assert whole.search("U-01.E01")["hints"]["exhibits"] == [
        {"file": "U-01.E01", "query": "exhibit:U-01.E01", "total": whole.search("exhibit:U-01.E01")["total"]}
    ]


def test_the_name_of_a_file_leads_to_the_exhibit_that_it_is_of(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "wiped disk.bin").write_bytes(bytes(range(256)) * 16)
    bench.ingest(tmp_path / "wiped disk.bin", "--exhibit", "Room 3")
    told = [{"file": "wiped disk.bin", "query": 'exhibit:"Room 3"', "total": 1}]
    for query in ("wiped disk.bin", '"Wiped disk.bin"', 'name:("wiped disk.bin")'):
        assert bench.search(query)["hints"]["exhibits"] == told, query
    said = bench.run("search", bench.folder, "wiped disk.bin").stdout
    assert 'wiped disk.bin is of an exhibit: exhibit:"Room 3" (1 item)' in said
    assert bench.search('exhibit:"Room 3"')["total"] == 1
    assert bench.search("other.bin")["hints"]["exhibits"] == []
