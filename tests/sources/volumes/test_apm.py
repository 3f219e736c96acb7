"""Apple partition maps by parted, whole, damaged and in a disk image."""

import sys
from pathlib import Path

import pytest
from disk_chain import Disk
from disk_tools import companions, needs, run

from actionday.model import Claim, Damaged, Found, Loss
from actionday.sources.volumes.apm import SOURCE
from actionday.testing.context import Alone, Bytes, Glance

HERE = Path(__file__).resolve().parent
for folder in (HERE.parent / "filesystems", HERE.parent / "images"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from dmg_writer import dmg
from hfs_writer import volume

pytestmark = [pytest.mark.tools, needs("parted")]
FILES = {"readme.txt": b"The Kestrel club meets on Thursdays.\n", "zeros": bytes(5000)}
SECTOR, FIRST, SECOND = 512, 64, 8192


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path, inside = tmp_path_factory.mktemp("apm") / "d", volume(FILES)
    with path.open("wb") as file:
        file.truncate(8 << 20)
    run("parted", "-s", path, "mklabel", "mac", "mkpart", "Kestrel", "hfs+", f"{FIRST}s", "4095s",
        "mkpart", "second", "hfs+", f"{SECOND}s", "12287s")  # fmt: skip
    with path.open("r+b") as file:
        file.seek(FIRST * SECTOR)
        file.write(inside)
    return path.read_bytes()


def found_in(raw: bytes) -> tuple[list[Found], Alone]:
    around = Alone("disk")
    return list(SOURCE.items(Bytes(raw), around)), around


def test_partitions_are_volumes(disk: bytes) -> None:
    assert SOURCE.claims(Glance("disk", disk)) is Claim.STRUCTURE
    found, around = found_in(disk)
    assert [(each.name, each.runs) for each in found] == [
        ("p2", ((FIRST * SECTOR, 4032 * SECTOR),)),
        ("p3", ((SECOND * SECTOR, 4096 * SECTOR),)),
    ]
    assert found[0].meta["label"] == "Kestrel"
    assert found[0].meta["type_name"] == "Apple_HFS"
    assert not around.notes


@pytest.mark.parametrize("packed", [False, True], ids=["alone", "in a disk image"])
def test_it_is_read_to_its_files(packed: bool, disk: bytes) -> None:
    with companions() as started:
        chain = Disk(started)
        rows = {row.path: row.body for row in chain.rows(Bytes(dmg(disk) if packed else disk), "disk")}
    assert chain.opened[-2:] == ["apm", "hfsplus"]
    assert {name: rows[f"p2/{name}"] for name in FILES} == FILES


def test_a_damaged_entry_is_said_and_what_it_named_is_found(disk: bytes) -> None:
    raw = bytearray(disk)
    raw[2 * SECTOR : 2 * SECTOR + 4] = b"\0\1\2\3"
    found, around = found_in(bytes(raw))
    assert Loss.TABLE in {note.code for note in around.notes}
    assert [each.runs[0][0] for each in found if each.runs][:1] == [FIRST * SECTOR]


def test_a_cut_disk_says_what_is_gone(disk: bytes) -> None:
    found, around = found_in(disk[: SECOND * SECTOR + 4096])
    assert [note.code for note in found[1].notes] == [Loss.SHORT]
    assert Loss.SHORT in {note.code for note in around.notes}


def test_without_a_map_there_is_nothing(disk: bytes) -> None:
    with pytest.raises(Damaged, match="no partition map"):
        found_in(bytes(4096) + disk[4096:])
