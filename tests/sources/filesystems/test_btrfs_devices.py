"""Btrfs as a kernel wrote it (recipes in ``samples/machine``): several devices, some of them missing, packed files."""

import json
import tarfile
from contextlib import suppress
from itertools import combinations
from pathlib import Path

import pytest
import zstandard
from disk_tools import sha256

from actionday.model import Damaged, Found, ItemError, Kind, Note, NotThere, Part, Stream
from actionday.sources.filesystems._btrfs_inode import Extent
from actionday.sources.filesystems._btrfs_log import over
from actionday.sources.filesystems._btrfs_lzo import unlzo
from actionday.sources.filesystems._btrfs_nodes import Item, Node
from actionday.sources.filesystems._tsk_runs import BadMap
from actionday.sources.filesystems.btrfs import ASSEMBLY, SOURCE
from actionday.sources.volumes._search import sign_at
from actionday.testing.context import Alone, Bytes, OpenFile, content

PACKED = Path(__file__).parents[1] / "machine" / "packed"
SPARED = {"btrfs_raid1": 1, "btrfs_raid1c3": 2, "btrfs_raid5": 1, "btrfs_raid6": 2, "btrfs_raid10": 1}
"""Devices that each can do without, whichever they are."""
ALL = (
    *SPARED,
    "btrfs_raid0",
    "btrfs_two_devices",
    "btrfs_single",
    "btrfs_zlib",
    "btrfs_lzo",
    "btrfs_zstd",
    "btrfs_removed",
)


def unpacked(name: str, where: Path) -> list[Path]:
    """Return the disks of a sample, or skip where it is not there."""
    packed = PACKED / f"{name}.tar.zst"
    if not packed.exists():
        pytest.skip(f"no sample {packed.name}: made by samples/machine")
    unpacking = zstandard.ZstdDecompressor(max_window_size=1 << 27)
    with packed.open("rb") as file, tarfile.open(fileobj=unpacking.stream_reader(file), mode="r|") as archive:
        archive.extractall(where, filter="data")
    return sorted(where.glob("disk*.raw"))


def truth(name: str) -> dict[str, str]:
    rows = json.loads((PACKED / f"{name}.json").read_text())["trees"]["volume"]
    return {row["path"]: row["sha256"] for row in rows if row["kind"] == "file"}


def put_together(disks: list[Path]) -> tuple[Stream, Alone]:
    """Return what the disks make, as the pipeline does."""
    around, parts, of = Alone("disk"), [], ""
    for path in disks:
        alone = Alone(path.name)
        assert list(SOURCE.items(OpenFile(path), alone)) == []
        assert alone.belongs is not None
        _, of, name = alone.belongs
        assert name == "club"
        parts.append(Part(OpenFile(path), path.name))
    return ASSEMBLY.assemble(parts, of, around), around


def read(disks: list[Path], *, several: bool) -> tuple[dict[str, str], list[Found], list[Note]]:
    stream, around = put_together(disks) if several else (OpenFile(disks[0]), Alone("disk"))
    found, bodies = [], {}
    for each in SOURCE.items(stream, around):
        found.append(each)
        if each.kind is Kind.FILE:
            try:
                bodies[each.name] = sha256(content(each, stream))
            except Damaged as error:
                bodies[each.name] = f"{error}"
    return bodies, found, around.notes


@pytest.mark.parametrize("name", ALL)
def test_every_file_has_the_bytes_that_the_kernel_showed(name: str, tmp_path: Path) -> None:
    disks = unpacked(name, tmp_path)
    bodies, _, notes = read(disks, several=len(disks) > 1)
    assert bodies == truth(name)
    assert not notes


@pytest.mark.parametrize("name", SPARED)
def test_what_a_profile_can_do_without_is_read_from_the_others(name: str, tmp_path: Path) -> None:
    disks = unpacked(name, tmp_path)
    for count in range(1, SPARED[name] + 1):
        for left in combinations(disks, len(disks) - count):
            bodies, _, notes = read(list(left), several=True)
            assert bodies == truth(name), [path.name for path in left]
            assert [note.code for note in notes] == ["degraded"]
            gone = [number + 1 for number, path in enumerate(disks) if path not in left]
            assert all(f"device {number}" in notes[0].reason for number in gone)


def test_a_damaged_device_is_told_by_the_checksums_and_computed_from_the_others(tmp_path: Path) -> None:
    """Nobody says that a device is wrong: only the checksums do."""
    disks = unpacked("btrfs_raid6", tmp_path)
    raw = disks[1].read_bytes()
    disks[1].write_bytes(raw[: 1 << 20] + bytes(each ^ 0x5A for each in raw[1 << 20 :]))
    bodies, _, notes = read(disks, several=True)
    assert bodies == truth("btrfs_raid6")
    assert {note.code for note in notes} == {"backup"}


def test_two_damaged_parts_are_found_out_where_one_device_lacks(tmp_path: Path) -> None:
    disks = unpacked("btrfs_raid6", tmp_path)
    raw = disks[2].read_bytes()
    disks[2].write_bytes(raw[: 1 << 20] + bytes(each ^ 0x5A for each in raw[1 << 20 :]))
    bodies, *_ = read([disks[0], *disks[2:]], several=True)
    assert bodies == truth("btrfs_raid6")


def test_what_lies_on_a_missing_device_alone_is_named(tmp_path: Path) -> None:
    disks = unpacked("btrfs_two_devices", tmp_path)
    bodies, found, notes = read(disks[1:], several=True)
    assert [note.code for note in notes] == ["range_missing"]
    assert "device 1 (134217728 bytes) is missing" in notes[0].reason
    lost = {name for name, body in bodies.items() if body != truth("btrfs_two_devices")[name]}
    assert lost
    assert all("device 1 is missing" in bodies[name] for name in lost)
    assert len(found) > len(lost)


def test_too_few_devices_say_how_many_lack(tmp_path: Path) -> None:
    disks = unpacked("btrfs_raid5", tmp_path)
    with pytest.raises(NotThere, match="btrfs club of 3 devices, 2 devices are missing"):
        put_together(disks[:1])


def test_a_device_in_a_gap_of_a_disk_is_as_long_as_it_says_itself(tmp_path: Path) -> None:
    disk = unpacked("btrfs_two_devices", tmp_path)[0]
    sign = sign_at(OpenFile(disk), 0)
    assert sign is not None
    assert (sign.kind, sign.size) == ("Btrfs", disk.stat().st_size)  # not that of both


def test_a_device_that_is_given_twice_is_used_once(tmp_path: Path) -> None:
    disks = unpacked("btrfs_raid5", tmp_path)
    bodies, _, notes = read([*disks, disks[0]], several=True)
    assert bodies == truth("btrfs_raid5")
    assert [note.code for note in notes] == ["member_twice"]


def test_a_snapshot_says_of_what_and_when(tmp_path: Path) -> None:
    _, found, _ = read(unpacked("btrfs_removed", tmp_path), several=False)
    names = {each.name: each for each in found}
    sub, before = names["sub"].meta, names["before"].meta
    assert (before["snapshot"], before["snapshot_of"], before["read_only"]) == (True, sub["subvolume"], True)
    assert before["parent_uuid"] == sub["uuid"]
    assert str(before["subvolume_created"]).startswith("2026-03-02T09:00")
    assert names["before/tail.bin"].runs == names["sub/tail.bin"].runs


def test_a_file_whose_name_is_gone_is_there_while_it_is_open(tmp_path: Path) -> None:
    stream = OpenFile(unpacked("btrfs_open", tmp_path)[0])
    (gone,) = [each for each in SOURCE.items(stream, Alone("disk")) if each.name.startswith("$Unnamed")]
    assert gone.reason == "deleted while it was open: whole"
    assert gone.name == "$Unnamed/inode-266 of subvolume 5"
    assert content(gone, stream).startswith(b"00000 the kestrel hovers over field 0\n")


def test_a_removed_folder_is_found_in_blocks_that_no_tree_leads_to(tmp_path: Path) -> None:
    stream = OpenFile(unpacked("btrfs_removed", tmp_path)[0])
    gone = {
        each.name: each for each in SOURCE.items(stream, Alone("disk")) if each.name.startswith("$Deleted")
    }
    assert list(gone) == ["$Deleted/log", "$Deleted/log/hovering.txt"]
    file = gone["$Deleted/log/hovering.txt"]
    assert (file.kind, file.reason, file.meta["deleted"]) == (
        Kind.DELETED,
        "deleted; where it lay is free",
        True,
    )
    assert sha256(content(file, stream)) == truth("btrfs_removed")["before/log/hovering.txt"]
    assert gone["$Deleted/log"].reason.startswith("deleted directory")


def test_a_removed_subvolume_is_found_with_all_its_files(tmp_path: Path) -> None:
    stream = OpenFile(unpacked("btrfs_open", tmp_path)[0])
    bodies = {}
    for each in SOURCE.items(stream, Alone("disk")):
        if each.kind is Kind.DELETED and each.name.startswith("$Deleted/subvolume-256/"):
            bodies[each.name.removeprefix("$Deleted/subvolume-256/")] = sha256(content(each, stream))
    whole = {name: body for name, body in truth("btrfs_removed").items() if name.startswith("sub/")}
    assert bodies == {name.removeprefix("sub/"): body for name, body in whole.items()}


def test_what_is_in_the_log_alone_is_listed_and_said(tmp_path: Path) -> None:
    disk = unpacked("btrfs_open", tmp_path)
    bodies, found, notes = read(disk, several=False)
    assert {note.code for note in notes} == {"journal"}
    forced = {each.name: each for each in found}["$Log/forced.txt"]
    assert bodies["$Log/forced.txt"] == truth("btrfs_open")["forced.txt"]
    assert (forced.meta["log"], forced.meta["directory"]) == (True, 256)
    assert {name: body for name, body in bodies.items() if name[0] != "$"} == {
        name: body for name, body in truth("btrfs_open").items() if name != "forced.txt"
    }


def test_extents_of_the_log_take_the_place_of_those_in_the_trees() -> None:
    item = Item((1, 108, 0), Node(0, 0, 0, 0, [], [], b"", 0, True), 0, 0)

    def extent(at: int, length: int, logical: int) -> Extent:
        return Extent(at, length, logical, 4096, 0, 4096, 0, False, False, item)

    before = [extent(0, 100, 1000), extent(100, 100, 2000), extent(200, 50, 3000)]
    made = over(before, [extent(50, 80, 9000), extent(240, 5, 9100)])
    assert [(each.at, each.length, each.logical, each.offset, own) for each, own in made] == [
        (0, 50, 1000, 0, False),
        (50, 80, 9000, 0, True),
        (130, 70, 2000, 30, False),
        (200, 40, 3000, 0, False),
        (240, 5, 9100, 0, True),
        (245, 5, 3000, 45, False),
    ]


def test_a_joined_stream_that_is_cut_or_altered_raises_nothing_but_item_errors(tmp_path: Path) -> None:
    stream, _ = put_together(unpacked("btrfs_two_devices", tmp_path))
    stream.seek(0)
    head = stream.read(1 << 20)
    for at in range(0, len(head), 4999):
        patched = bytearray(head)
        patched[at] ^= 0xFF
        assert _ends(bytes(patched))
    for cut in (10, 30, 0x10040, 0x11000, 0x11010):
        assert _ends(head[:cut])


def _ends(data: bytes) -> bool:
    with suppress(ItemError):
        list(SOURCE.items(Bytes(data), Alone("x")))
    return True


def test_lzo_is_unpacked_by_its_instructions() -> None:
    block = bytes([17 + 4]) + b"abcd" + bytes([0x40 | 3 << 2, 0]) + b"\x11\0\0"  # then 3 bytes from 4 before
    framed = (4 + 4 + len(block)).to_bytes(4, "little") + len(block).to_bytes(4, "little") + block
    assert unlzo(framed, 100, 4096) == b"abcdabc"
    for cut in range(9, len(framed)):
        with pytest.raises(BadMap):
            unlzo(framed[:cut].ljust(8, b"\1"), 100, 4096)
