"""An image inside a folder, an archive or a disk: its imager's facts are its item's, and its hash is compared.

So it is after a kill at any step, with one worker or three, and a case that is complete is not touched again.
"""

import hashlib
import io
import shutil
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest

SOURCES = Path(__file__).resolve().parents[1] / "sources"
for folder in (SOURCES, SOURCES / "images"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from disk_makers import HASHES, MIB, ext, tree
from disk_tools import run
from ewf_writer import written

from case_tools import Bench, Row, crashed, needs, same

pytestmark = [pytest.mark.tools, needs("mkfs.ext4", "qemu-img")]
NAMES = {name.rpartition("/")[2] for name in HASHES}


def bent(whole: bytes) -> bytes:
    """Return an image whose stored MD5 is another: one bit of it."""
    at = whole.index(b"hash\0\0\0\0") + 76
    return whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]


class Made(NamedTuple):
    exhibit: Path
    md5: str
    size: int


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, signing_key: None) -> Made:
    """A folder with sets of segments in folders, a zip, a tar and a disk, a bent one, and one of a blank disk."""
    where = tmp_path_factory.mktemp("nested")
    disk = ext(where / "raw", tree(where / "t"), size=8 * MIB).read_bytes()
    exhibit = where / "exhibit"
    (exhibit / "plain").mkdir(parents=True)
    sets = written(disk, 3)
    for name, data in sets.items():
        (exhibit / "plain" / name).write_bytes(data)
    with zipfile.ZipFile(exhibit / "set.zip", "w") as packed:
        for name, data in sets.items():
            packed.writestr(f"in/{name}", data)
    with tarfile.open(exhibit / "set.tar", "w") as tar:
        for name, data in sets.items():
            each = tarfile.TarInfo(name)
            each.size = len(data)
            tar.addfile(each, io.BytesIO(data))
    (exhibit / "bent.E01").write_bytes(bent(written(disk, 1)["case.E01"]))
    (exhibit / "blank.E01").write_bytes(written(b"\1" * MIB, 1)["case.E01"])
    (where / "inner").mkdir()
    shutil.copytree(exhibit / "plain", where / "inner" / "plain")
    shutil.copy(exhibit / "bent.E01", where / "inner" / "bent.E01")
    ext(exhibit / "outer.img", where / "inner", size=24 * MIB)
    run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", where / "raw", exhibit / "base.qcow2")
    run(
        "qemu-img", "create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", "base.qcow2", "top.qcow2", cwd=exhibit
    )
    return Made(exhibit, hashlib.md5(disk).hexdigest(), len(disk))


@pytest.fixture(scope="module")
def whole(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    bench = Bench(tmp_path_factory.mktemp("whole") / "case")
    bench.ingest(made.exhibit, "--workers", 2, code=1)
    return bench


def rows(bench: Bench) -> dict[str, Row]:
    return {row["path"]: row for row in bench.items()}


@pytest.mark.parametrize(
    "path",
    ["plain/case.E01", "set.zip/in/case.E01", "set.tar/case.E01", "outer.img/plain/case.E01"],
)
def test_the_facts_of_a_set_are_those_of_its_first_segment_wherever_it_lies(
    whole: Bench, made: Made, path: str
) -> None:
    found = rows(whole)
    row = found[path]
    assert (row["status"], row["reason"]) == ("parsed", None)
    assert row["meta"]["ewf"]["case_number"] == "K-7"
    assert row["meta"]["ewf"]["examiner"] == "Examiner Ä"
    assert row["meta"]["stored_hashes"] == {"md5": made.md5}
    assert row["meta"]["media"] == {"size": made.size, "md5": made.md5}
    assert {each.rpartition("/")[2] for each in found if each.startswith(f"{path}/")} >= NAMES
    second = found[path.replace("E01", "E02")]
    assert (second["status"], second["reason"]) == (
        "unsupported",
        "segment 2 of case.E01: its bytes are read with that file",
    )
    assert second["sha256"]


@pytest.mark.parametrize("path", ["bent.E01", "outer.img/bent.E01"])
def test_a_hash_that_is_not_the_disks_is_a_loss_of_that_item(whole: Bench, made: Made, path: str) -> None:
    row = rows(whole)[path]
    assert row["status"] == "parsed"  # its files were read, and may be others than the imager had
    assert "the imager noted md5" in row["reason"]
    assert made.md5 in row["reason"]
    (line,) = [
        each for each in whole.export("issues") if each["code"] == "hash_differs" and each["path"] == path
    ]
    assert line["reason"] == row["reason"]


def test_no_other_image_is_said_to_differ(whole: Bench) -> None:
    paths = {each["path"] for each in whole.export("issues") if each["code"] == "hash_differs"}
    assert paths == {"bent.E01", "outer.img/bent.E01"}
    assert not [each for each in whole.export("issues") if each["code"] == "segment_missing"]


def test_an_image_of_a_disk_that_nobody_knows_keeps_its_facts_and_is_compared(whole: Bench) -> None:
    meta = rows(whole)["blank.E01"]["meta"]
    assert meta["ewf"]["case_number"] == "K-7"
    assert meta["media"]["md5"] == meta["stored_hashes"]["md5"] == hashlib.md5(b"\1" * MIB).hexdigest()


def test_an_overlay_tells_of_itself_and_of_what_it_stands_on(whole: Bench) -> None:
    meta = rows(whole)["top.qcow2"]["meta"]
    assert meta["qcow2"]["backing"] == "base.qcow2"
    assert meta["parent"]["name"] == "base.qcow2"
    assert meta["parent"]["qcow2"]["version"] == 3


def test_what_the_imager_noted_is_found_by_the_search(whole: Bench) -> None:
    found = whole.search("server Examiner")
    assert {"plain/case.E01", "set.zip/in/case.E01"} <= {hit["path"] for hit in found["hits"]}


def test_the_case_is_whole_and_a_second_run_does_nothing(whole: Bench, made: Made) -> None:
    before = whole.exports()
    assert whole.verify()["ok"]
    done = whole.ingest(made.exhibit, code=1)
    assert "had been taken in before" in done.stdout + done.stderr
    same(whole.exports(), before)


@pytest.mark.parametrize("count", [1, 3])
def test_any_number_of_workers_gives_the_same(bench: Bench, whole: Bench, made: Made, count: int) -> None:
    bench.ingest(made.exhibit, "--workers", count, code=1)
    same(bench.exports(), whole.exports())


@pytest.mark.parametrize(
    ("target", "when", "number"),
    [
        ("actionday.pipeline.imaged:Imaged.told", "before", 2),
        ("actionday.pipeline.imaged:Imaged.told", "after", 5),
        ("actionday.pipeline.keeping:Keeping._disk_hashed", "before", 1),
        ("actionday.pipeline.keeping:Keeping._disk_hashed", "after", 2),
        ("actionday.pipeline.containers:Containers._release", "after", 5),
    ],
    ids=lambda each: str(each).rpartition(".")[2],
)
def test_killed_at_this_point_and_gone_on_it_is_the_same(
    bench: Bench, whole: Bench, made: Made, target: str, when: str, number: int
) -> None:
    words = ("ingest", bench.folder, made.exhibit, "--workers", "2")
    assert crashed(target, when, number, *words).returncode == -9
    bench.ingest(made.exhibit, "--workers", 1, code=1)
    same(bench.exports(), whole.exports())
    assert bench.verify()["ok"]


def test_the_disk_of_an_image_in_an_image_is_compared_by_the_layer_that_noted_it(
    bench: Bench, tmp_path: Path
) -> None:
    """An E01 of a QCOW2: what the imager hashed is the QCOW2, not the disk in it."""
    (tmp_path / "raw").write_bytes(ext(tmp_path / "ext", tree(tmp_path / "t"), size=8 * MIB).read_bytes())
    run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", tmp_path / "raw", tmp_path / "disk.qcow2")
    inner = (tmp_path / "disk.qcow2").read_bytes()
    inner += bytes(-len(inner) % 512)
    (tmp_path / "exhibit").mkdir()
    for place in (tmp_path / "exhibit" / "case.E01", tmp_path / "case.E01"):
        place.write_bytes(written(inner, 1)["case.E01"])
    bench.ingest(tmp_path / "exhibit")
    bench.ingest(tmp_path / "case.E01")
    meta = next(row["meta"] for row in bench.items() if row["path"] == "case.E01" and row["kind"] == "file")
    assert meta["media"] == {"size": len(inner), "md5": hashlib.md5(inner).hexdigest()}
    assert meta["qcow2"]["version"] == 3
    assert not [each for each in bench.export("issues") if each["code"] == "hash_differs"]
