"""NTFS whose directories are damaged: files are listed by their own records, at the place those name."""

import struct
from contextlib import suppress
from pathlib import Path

import pytest
from damaged import Held, Listed, patched
from disk_makers import MIB, ntfs, tree
from disk_tools import around, companions, needs, run, sha256

from actionday.model import Damaged, Kind, Status
from actionday.sources.filesystems._marks import Marks
from actionday.sources.filesystems._tsk_ntfs import Table
from actionday.sources.filesystems._tsk_ntfs_records import Records
from actionday.sources.filesystems.ntfs import SOURCE
from actionday.testing.context import Bytes, content

pytestmark = [pytest.mark.tools, needs("mkntfs", "ntfscp")]
FEW = {"folder": b"to become one\n", "child.txt": b"below it\n", "big.bin": b"0123456789abcdef" * 2000}
MANY = {f"number {n:03}.txt": b"the Kestrel club, number %d\n" % n for n in range(150)}
ROOT, INDEX_ROOT, NAME = 5, 0x90, 0x30


def made(tmp_path: Path, files: dict[str, bytes]) -> tuple[bytes, Table]:
    path = ntfs(tmp_path / "d", tree(tmp_path / "t", files), size=8 * MIB)
    raw = path.read_bytes()
    return raw, Table(Held(raw))


def attribute(raw: bytes, record: int, kind: int) -> int:
    """Return the byte at which the content of a record's resident attribute begins."""
    at = record + struct.unpack_from("<H", raw, record + 20)[0]
    while struct.unpack_from("<I", raw, at)[0] != kind:
        at += struct.unpack_from("<I", raw, at + 4)[0]
    return at + int(struct.unpack_from("<H", raw, at + 20)[0])


def numbers(listed: Listed) -> dict[str, int]:
    return {each.name: int(str(each.meta["inode"])) for each in listed.found if "inode" in each.meta}


def test_one_bit_in_the_root_loses_no_file(tmp_path: Path) -> None:
    raw, table = made(tmp_path, FEW)
    at = attribute(raw, table._place(ROOT * 1024), INDEX_ROOT)
    listed = Listed(SOURCE, patched(raw, at, bytes([raw[at] ^ 1])))
    assert {name: listed.bodies[name] for name in FEW} == FEW
    assert all(listed.named(name).kind is Kind.FILE and listed.named(name).meta["unnamed"] for name in FEW)
    assert listed.named("$Extend/$Quota").kind is Kind.SYSTEM
    assert listed.ended is not None
    assert "root directory" in str(listed.ended)
    assert {"directory", "unnamed"} <= listed.codes()


@pytest.mark.parametrize("damage", ["signature", "zeros", "flip"])
def test_a_damaged_block_of_the_root_loses_no_file(damage: str, tmp_path: Path) -> None:
    """150 names do not fit into the record: they lie in blocks of their own."""
    raw, table = made(tmp_path, MANY)
    (blocks,) = (each for each in table.record(ROOT).attributes() if each.type == 0xA0)
    places = [
        at + n for at, length in table.mapping([blocks]).cut(blocks.size) for n in range(0, length, 4096)
    ]
    assert all(raw[at : at + 4] == b"INDX" for at in places)
    data = {"signature": b"XXXX", "zeros": bytes(4096), "flip": bytes(40)}[damage]
    listed = Listed(SOURCE, patched(raw, places[0], data))
    assert {sha256(body) for body in MANY.values()} <= listed.hashes()
    assert "directory" in listed.codes()  # the sleuthkit itself found the names by their records
    assert listed.ended is not None
    assert len({each.place for each in listed.found}) == len(listed.found)
    assert not [each for each in listed.found if each.kind is Kind.DELETED and each.name in MANY]


def test_a_folder_and_its_file_come_at_their_path(tmp_path: Path) -> None:
    """``folder`` is made one by its record alone, ``child.txt`` says that it lies in it; the root is gone."""
    raw, table = made(tmp_path, FEW)
    whole = numbers(Listed(SOURCE, raw))
    folder, child = (table._place(whole[name] * 1024) for name in ("folder", "child.txt"))
    sequence = struct.unpack_from("<H", raw, folder + 16)[0]
    raw = patched(raw, folder + 22, b"\x03\x00")
    raw = patched(raw, attribute(raw, child, NAME), struct.pack("<Q", sequence << 48 | whole["folder"]))
    raw = patched(raw, attribute(raw, table._place(ROOT * 1024), INDEX_ROOT), b"\x31")
    listed = Listed(SOURCE, raw)
    assert listed.bodies["folder/child.txt"] == FEW["child.txt"]
    assert listed.named("folder").status is Status.UNREADABLE  # it has no list of names at all
    stale = patched(
        raw, attribute(raw, child, NAME), struct.pack("<Q", (sequence + 1) << 48 | whole["folder"])
    )
    assert Listed(SOURCE, stale).bodies["$Unnamed/child.txt"] == FEW["child.txt"]


def test_a_whole_volume_has_nothing_unnamed(tmp_path: Path) -> None:
    raw, _ = made(tmp_path, FEW | MANY)
    listed = Listed(SOURCE, raw)
    assert not listed.context.notes
    assert not [each for each in listed.found if each.meta.get("unnamed")]


def test_a_damaged_record_of_the_root_loses_no_file(tmp_path: Path) -> None:
    raw, table = made(tmp_path, FEW)
    try:
        listed = Listed(SOURCE, patched(raw, table._place(ROOT * 1024), b"BAAD"))
    except OSError:
        pytest.fail("a damaged record is no error of ours")
    assert {sha256(body) for body in FEW.values()} <= listed.hashes() or listed.ended is not None


class Gapped(Bytes):
    """A disk of which some bytes cannot be had."""

    def __init__(self, raw: bytes, at: int, length: int) -> None:
        super().__init__(raw)
        self.gap = at, at + length

    def read(self, length: int = -1, /) -> bytes:
        end = self.size if length < 0 else min(self.tell() + length, self.size)
        if self.tell() < self.gap[1] and self.gap[0] < end:
            raise Damaged(f"bytes {self.gap[0]} to {self.gap[1]} are not there")
        return super().read(length)


def listed_of(stream: Bytes) -> tuple[dict[str, bytes], list[str]]:
    """Return the contents by name and the losses of a volume whose root cannot be read."""
    bodies = dict[str, bytes]()
    with companions() as started:
        context = around("disk", started)
        with pytest.raises(Damaged):
            for each in SOURCE.items(stream, context):
                if each.runs is not None or each.read is not None:
                    with suppress(Damaged):  # the table itself, which is an item
                        bodies[each.name] = content(each, stream)
    return bodies, [note.reason for note in context.notes if note.code == "damaged"]


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        ("torn", "a file record torn in writing (its sectors do not belong together)"),
        ("marked", "damaged file record"),
        ("overwritten", "damaged file record"),
        ("gap", "are not there"),
    ],
)
def test_a_record_that_cannot_be_read_and_that_no_directory_names_is_told(
    damage: str, why: str, tmp_path: Path
) -> None:
    """The root is gone: its files are found by their records, one of which cannot be read. Its neighbours are."""
    raw, table = made(tmp_path, FEW | MANY)
    number = numbers(Listed(SOURCE, raw))["number 077.txt"]
    record = table._place(number * 1024)
    raw = patched(raw, attribute(raw, table._place(ROOT * 1024), INDEX_ROOT), b"\x31")
    before, losses = listed_of(Bytes(raw))
    assert (FEW | MANY).items() <= before.items()
    assert losses == []
    data = {
        "torn": raw[record : record + 1022] + b"??",
        "marked": b"BAAD",
        "overwritten": b"\xe5" * 1024,
        "gap": b"",
    }
    hurt = patched(raw, record, data[damage])
    bodies, losses = listed_of(Gapped(hurt, record, 512) if damage == "gap" else Bytes(hurt))
    lacking = {name: body for name, body in (FEW | MANY).items() if bodies.get(name) != body}
    assert lacking == {"number 077.txt": MANY["number 077.txt"]}
    (said,) = losses
    assert said.startswith(
        "ntfs: file records in use, or that cannot be had, that could not be read: 1 (1024 bytes), "
    )
    assert f"the first is number {number} (" in said
    assert why in said


def test_a_file_whose_further_record_is_torn_is_listed_by_its_name(tmp_path: Path) -> None:
    """Thirty streams do not fit into one record: what the further ones tell is gone, the file is named."""
    path = ntfs(tmp_path / "d", tree(tmp_path / "t", FEW), size=8 * MIB)
    for each in range(30):
        (tmp_path / "note").write_bytes(b"a note of the Kestrel club, number %d\n" % each)
        run(
            "ntfscp",
            "-f",
            "-N",
            f"a rather long name of a stream, number {each}",
            path,
            tmp_path / "note",
            "big.bin",
        )
    raw = path.read_bytes()
    table = Table(Held(raw))
    number = numbers(Listed(SOURCE, raw))["big.bin"]
    own = table.record(number)
    further = {each.record.number for each in table.attributes(own)} - {number}
    assert further
    raw = patched(raw, attribute(raw, table._place(ROOT * 1024), INDEX_ROOT), b"\x31")
    raw = patched(raw, table._place(max(further) * 1024) + 1022, b"??")
    listed = Listed(SOURCE, raw)
    assert listed.named("big.bin").status is Status.UNREADABLE
    assert "torn" in listed.named("big.bin").reason


def test_a_table_that_is_cut_says_how_much_of_it_is_not_there(tmp_path: Path) -> None:
    raw, table = made(tmp_path, FEW | MANY)
    ((at, length),) = table.runs
    records = Records(Table(Held(raw[: at + length - 40 * 1024])))
    there = length // 1024 - 40
    assert [found.record.number for found in records.in_use(Marks()) if found] == [
        number for number in range(there) if raw[at + number * 1024 + 22] & 1
    ]
    assert records.said() == [
        ("damaged", "of the file table, 40960 bytes lie behind the end of what is there")
    ]
