"""NTFS against disks made by mkntfs and ntfscp, and records written by hand."""

import os
import struct
from pathlib import Path

import pytest
from disk_makers import MIB, ntfs, tree
from disk_tools import Descriptor, around, companions, items, listing, needs, run, sha256

from actionday.model import Damaged, Found, Status
from actionday.pipeline.reading import pieces
from actionday.sources.filesystems._tsk_bytes import FileReader
from actionday.sources.filesystems._tsk_ntfs import DATA, Table, reparse
from actionday.sources.filesystems.ntfs import SOURCE
from actionday.testing.context import Bytes, content

pytestmark = [pytest.mark.tools, needs("mkntfs", "ntfscp")]
FILES = {
    "small.txt": b"resident\n",
    "edge.bin": bytes(range(250)) * 2,
    "big.bin": b"0123456789abcdef" * 20_000,
}


def made(tmp_path: Path, files: dict[str, bytes] = FILES, *options: str) -> Path:
    return ntfs(tmp_path / "d", tree(tmp_path / "t", files), *options)


def by_name(found: list[Found]) -> dict[str, Found]:
    return {each.name: each for each in found}


def record_of(raw: bytes, path: Path, number: int) -> int:
    """Return the byte at which a file record lies."""
    with path.open("rb") as file:
        return Table(FileReader(file.fileno(), 0, len(raw)))._place(number * 1024)


def test_every_file_with_its_hash_and_in_place(tmp_path: Path) -> None:
    disk = made(tmp_path)
    found, context, bodies = listing(SOURCE, Descriptor(disk))
    assert {name: data for name, data in bodies.items() if not name.startswith("$")} == FILES
    assert all(each.read is None for each in found), "nothing has to be unpacked"
    assert not context.notes
    assert len({each.place for each in found}) == len(found)


def test_system_files_are_of_kind_system(tmp_path: Path) -> None:
    named = by_name(listing(SOURCE, Descriptor(made(tmp_path)))[0])
    assert {named[name].kind for name in ("$MFT", "$LogFile", "$Bitmap", "$Boot", "$UpCase")} == {"system"}
    assert named["$Secure:$SDS"].kind == "stream"
    assert named["$Extend/$Quota"].kind == "system"
    assert named["$BadClus:$Bad"].size == 0


def test_resident_bytes_across_a_fixup_are_right(tmp_path: Path) -> None:
    """The last two bytes of a sector of a record stand elsewhere; 500 resident bytes are sure to cross them."""
    found, _, bodies = listing(SOURCE, Descriptor(made(tmp_path)))
    assert bodies["edge.bin"] == FILES["edge.bin"]
    assert len(by_name(found)["edge.bin"].runs or ()) == 3


def test_alternate_streams_are_items(tmp_path: Path) -> None:
    disk = made(tmp_path)
    (tmp_path / "zone").write_bytes(b"[ZoneTransfer]\r\nZoneId=3\r\n")
    run("ntfscp", "-q", "-N", "Zone.Identifier", disk, tmp_path / "zone", "small.txt")
    found, _, bodies = listing(SOURCE, Descriptor(disk))
    assert by_name(found)["small.txt:Zone.Identifier"].kind == "stream"
    assert bodies["small.txt:Zone.Identifier"] == b"[ZoneTransfer]\r\nZoneId=3\r\n"
    assert bodies["small.txt"] == FILES["small.txt"]


def _attribute(raw: bytearray, at: int, kind: int) -> int:
    """Return the byte at which the first attribute of ``kind`` of the record at ``at`` lies."""
    here = at + struct.unpack_from("<H", raw, at + 20)[0]
    while struct.unpack_from("<I", raw, here)[0] != kind:
        here += struct.unpack_from("<I", raw, here + 4)[0]
    return here


def test_behind_the_initialised_size_are_zeros(tmp_path: Path) -> None:
    disk = made(tmp_path)
    number = by_name(listing(SOURCE, Descriptor(disk))[0])["big.bin"].meta["inode"]
    raw = bytearray(disk.read_bytes())
    at = _attribute(raw, record_of(bytes(raw), disk, int(str(number))), DATA)
    struct.pack_into("<Q", raw, at + 56, 100_000)
    found, _, bodies = listing(SOURCE, Bytes(bytes(raw)))
    assert bodies["big.bin"] == FILES["big.bin"][:100_000] + bytes(220_000)
    assert by_name(found)["big.bin"].meta["initialised"] == 100_000


def test_a_torn_record_is_unreadable_and_its_neighbours_are_not(tmp_path: Path) -> None:
    disk = made(tmp_path)
    number = by_name(listing(SOURCE, Descriptor(disk))[0])["big.bin"].meta["inode"]
    raw = bytearray(disk.read_bytes())
    raw[record_of(bytes(raw), disk, int(str(number))) + 1022] ^= 0xFF
    found, _, bodies = listing(SOURCE, Bytes(bytes(raw)))
    assert by_name(found)["big.bin"].status is Status.UNREADABLE
    assert bodies["small.txt"] == FILES["small.txt"]


def test_encrypted_files_are_said_to_be(tmp_path: Path) -> None:
    disk = made(tmp_path)
    number = by_name(listing(SOURCE, Descriptor(disk))[0])["big.bin"].meta["inode"]
    raw = bytearray(disk.read_bytes())
    at = _attribute(raw, record_of(bytes(raw), disk, int(str(number))), DATA)
    struct.pack_into("<H", raw, at + 12, 0x4000)
    assert by_name(listing(SOURCE, Bytes(bytes(raw)))[0])["big.bin"].status is Status.ENCRYPTED


def test_compressed_files_are_unpacked_on_request(tmp_path: Path) -> None:
    """A compression unit of stored clusters: flagged compressed, its sixteen clusters plain."""
    disk = made(tmp_path, {"packed.bin": b"P" * 65536 * 2}, "-c", "4096")
    number = by_name(listing(SOURCE, Descriptor(disk))[0])["packed.bin"].meta["inode"]
    raw = bytearray(disk.read_bytes())
    at = _attribute(raw, record_of(bytes(raw), disk, int(str(number))), DATA)
    struct.pack_into("<H", raw, at + 12, 1)
    raw[at + 34] = 4
    found, _, bodies = listing(SOURCE, Bytes(bytes(raw)))
    assert by_name(found)["packed.bin"].runs is None
    assert bodies["packed.bin"] == b"P" * 65536 * 2


def test_of_a_compressed_file_is_kept_what_lies_before_a_unit_that_cannot_be_unpacked(tmp_path: Path) -> None:
    """Sixteen clusters as they are, then one that says it holds sixteen, and points before its beginning."""
    disk = made(tmp_path, {"packed.bin": b"P" * 65536 + b"Q" * 65536}, "-c", "4096")
    number = by_name(listing(SOURCE, Descriptor(disk))[0])["packed.bin"].meta["inode"]
    raw = bytearray(disk.read_bytes())
    record = record_of(bytes(raw), disk, int(str(number)))
    at = _attribute(raw, record, DATA)
    pairs = at + struct.unpack_from("<H", raw, at + 32)[0]
    assert raw[pairs] & 15 == 1
    width = raw[pairs] >> 4
    where = int.from_bytes(raw[pairs + 2 : pairs + 2 + width], "little") * 4096
    told = bytes([raw[pairs], 16]) + bytes(raw[pairs + 2 : pairs + 2 + width]) + b"\x11\x01\x10\x01\x0f\0"
    length = pairs - at + (len(told) + 7) // 8 * 8
    raw[pairs : at + length + 8] = told.ljust(at + length - pairs, b"\0") + b"\xff" * 4 + bytes(4)
    struct.pack_into("<I", raw, at + 4, length)
    struct.pack_into("<I", raw, record + 24, at + length + 8 - record)
    struct.pack_into("<H", raw, at + 12, 1)
    raw[at + 34] = 4
    raw[where + 65536 : where + 65536 + 6] = b"\x05\xb0\x01\xff\xff\xff"
    assert at + length + 8 - record < 510, "no fixup is in the way"
    kept = b""
    with companions() as started:
        for each in SOURCE.items(Bytes(bytes(raw)), around("disk", started)):
            if each.name != "packed.bin" or each.read is None:
                continue
            with pytest.raises(Damaged, match="ntfs_uncompress_compunit"):
                for piece in pieces(each.read, lambda: None):
                    kept += piece
    assert kept == b"P" * 65536


def test_compressed_streams_are_unpacked_too(tmp_path: Path) -> None:
    """Two of one file, each by its name; the plain content beside them is read in place."""
    disk = made(tmp_path, {"carrier.txt": b"C" * 5000}, "-c", "4096")
    for name in ("first", "zweiter-\u00fc"):
        (tmp_path / "s").write_bytes(name[:1].encode() * 65536)
        run(
            "ntfscp",
            "-q",
            "-N",
            name,
            disk,
            tmp_path / "s",
            "carrier.txt",
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )
    number = by_name(listing(SOURCE, Descriptor(disk))[0])["carrier.txt"].meta["inode"]
    raw = bytearray(disk.read_bytes())
    at = _attribute(raw, record_of(bytes(raw), disk, int(str(number))), DATA)
    while struct.unpack_from("<I", raw, at)[0] == DATA:
        if raw[at + 9]:
            struct.pack_into("<H", raw, at + 12, 1)
            raw[at + 34] = 4
        at += struct.unpack_from("<I", raw, at + 4)[0]
    found, _, bodies = listing(SOURCE, Bytes(bytes(raw)))
    packed = [each for each in found if each.name.startswith("carrier.txt:")]
    assert [each.runs for each in packed] == [None, None]
    assert bodies["carrier.txt:first"] == b"f" * 65536
    assert bodies["carrier.txt:zweiter-\u00fc"] == b"z" * 65536
    assert bodies["carrier.txt"] == b"C" * 5000


def test_a_deleted_file_is_listed_with_what_is_left(tmp_path: Path) -> None:
    disk = made(tmp_path)
    number = int(str(by_name(listing(SOURCE, Descriptor(disk))[0])["big.bin"].meta["inode"]))
    raw = bytearray(disk.read_bytes())
    at = record_of(bytes(raw), disk, number)
    struct.pack_into("<H", raw, at + 22, 0)
    found, _, _ = listing(SOURCE, Bytes(bytes(raw)))
    gone = next(each for each in found if each.kind == "deleted" and each.name.endswith("big.bin"))
    assert content(gone, Bytes(bytes(raw))) == FILES["big.bin"]
    assert (
        "of its first 320000 bytes 320000 lie where other files are now" in gone.reason
    )  # the bitmap still says so


def removed(raw: bytearray, at: int, name: str) -> None:
    """Remove a file of the root as drivers do: its record free and counted on, its entry behind those in use."""
    written = name.encode("utf-16-le")
    for block in range(0, len(raw), 4096):
        index = raw[block : block + 4096]
        if index[:4] != b"INDX":
            continue
        fixups, count = struct.unpack_from("<2H", index, 4)
        ends = [slice(sector * 512 - 2, sector * 512) for sector in range(1, count)]
        kept = [slice(fixups + 2 * sector, fixups + 2 * sector + 2) for sector in range(1, count)]
        for there, here in zip(ends, kept, strict=True):
            index[there] = index[here]
        if written in index:
            break
    first, length = struct.unpack_from("<2I", index, 24)
    entry, end = 24 + first, 24 + length
    while written not in index[entry : entry + (size := struct.unpack_from("<H", index, entry + 8)[0])]:
        entry += size
    lives = struct.unpack_from("<H", index, entry + 6)[0]
    struct.pack_into("<2H", raw, at + 16, lives + 1, 0)
    struct.pack_into("<H", raw, at + 22, 0)
    index[entry:end] = index[entry + size : end] + index[entry : entry + size]
    struct.pack_into("<I", index, 28, length - size)
    for there, here in zip(ends, kept, strict=True):
        index[here], index[there] = index[there], index[fixups : fixups + 2]
    raw[block : block + 4096] = index


@pytest.mark.parametrize("name", ["big.bin", "small.txt"], ids=["in clusters", "in its record"])
def test_a_removed_file_is_read_though_its_record_was_counted_on(name: str, tmp_path: Path) -> None:
    """The sleuthkit leaves out a record whose number of lives is not that of the name: every one a driver freed."""
    disk = made(tmp_path)
    number = int(str(by_name(listing(SOURCE, Descriptor(disk))[0])[name].meta["inode"]))
    raw = bytearray(disk.read_bytes())
    removed(raw, record_of(bytes(raw), disk, number), name)
    found, _, _ = listing(SOURCE, Bytes(bytes(raw)))
    (gone,) = [each for each in found if each.kind == "deleted" and each.meta["inode"] == number]
    assert (gone.name, gone.status, gone.size) == (name, None, len(FILES[name]))
    assert content(gone, Bytes(bytes(raw))) == FILES[name]


def test_s16_a_sparse_gigabyte_is_holes(tmp_path: Path) -> None:
    """ntfscp keeps no holes: the run list is rewritten as one page, a gigabyte of nothing, one page."""
    disk = made(tmp_path, {"sparse": b"s" * 8192}, "-c", "4096")
    named = by_name(listing(SOURCE, Descriptor(disk))[0])
    ((start, _),) = named["sparse"].runs or ()
    raw = bytearray(disk.read_bytes())
    at = _attribute(raw, record_of(bytes(raw), disk, int(str(named["sparse"].meta["inode"]))), DATA)
    cluster = start // 4096
    pairs = struct.pack("<BBH", 0x21, 1, cluster) + struct.pack("<BI", 0x04, 262_142) + b"\x11\x01\x01\x00"
    place = at + struct.unpack_from("<H", raw, at + 32)[0]
    room = struct.unpack_from("<I", raw, at + 4)[0] - (place - at)
    grown = -(-(len(pairs) - room) // 8) * 8 if len(pairs) > room else 0
    end = at + struct.unpack_from("<I", raw, at + 4)[0]
    raw[end + grown : end + grown + 8] = raw[end : end + 8]
    struct.pack_into("<I", raw, at + 4, struct.unpack_from("<I", raw, at + 4)[0] + grown)
    raw[place : place + len(pairs)] = pairs
    struct.pack_into(
        "<QQQQ", raw, at + 24, 262_143, *(struct.unpack_from("<Q", raw, at + 32)[0],), 1 << 30, 1 << 30
    )
    struct.pack_into("<Q", raw, at + 56, 1 << 30)
    found = items(SOURCE, Bytes(bytes(raw)))
    runs = by_name(found)["sparse"].runs or ()
    assert sum(length for _, length in runs) == 1 << 30
    assert sum(length for offset, length in runs if offset >= 0) == 8192


def test_s09_a_volume_one_sector_short_is_opened_and_noted(tmp_path: Path) -> None:
    raw = made(tmp_path).read_bytes()
    _, context, bodies = listing(SOURCE, Bytes(raw[:-512]))
    assert bodies["big.bin"] == FILES["big.bin"]
    assert all(note.code == "short" for note in context.notes)


def test_a_time_of_zero_is_not_set(tmp_path: Path) -> None:
    """``$MFT`` of a new volume and one file whose change of content is 0: 1601 is nobody's date."""
    disk = made(tmp_path)
    number = by_name(listing(SOURCE, Descriptor(disk))[0])["small.txt"].meta["inode"]
    raw = bytearray(disk.read_bytes())
    at = _attribute(raw, record_of(bytes(raw), disk, int(str(number))), 0x10)
    struct.pack_into("<QQQQ", raw, at + 24, 0, 0, 1 << 57, 0)
    found = listing(SOURCE, Bytes(bytes(raw)))[0]
    small = by_name(found)["small.txt"]
    assert small.mtime is None
    assert "mtime_raw" not in small.meta
    assert [key for key in ("created", "ctime", "atime") if key in small.meta] == ["ctime"]
    assert not [each for each in found if (each.mtime or "").startswith("1601") or "1601-" in str(each.meta)]


def test_times_out_of_range_are_null_and_kept_raw(tmp_path: Path) -> None:
    disk = made(tmp_path)
    number = by_name(listing(SOURCE, Descriptor(disk))[0])["small.txt"].meta["inode"]
    raw = bytearray(disk.read_bytes())
    at = _attribute(raw, record_of(bytes(raw), disk, int(str(number))), 0x10)
    struct.pack_into("<Q", raw, at + 24 + 8, (1 << 64) - 1)
    small = by_name(listing(SOURCE, Bytes(bytes(raw)))[0])["small.txt"]
    assert small.mtime is None
    assert small.meta["mtime_raw"] == ((1 << 64) - 1 - 116444736000000000) * 100


def test_a_name_that_is_no_unicode_is_kept(tmp_path: Path) -> None:
    disk = made(tmp_path, {"odd-name.txt": b"odd\n"})
    raw = disk.read_bytes().replace("odd-name".encode("utf-16-le"), b"o\0d\0\x00\xd8-\0n\0a\0m\0e\0")
    found, _, bodies = listing(SOURCE, Bytes(raw))
    odd = [each for each in found if each.name.endswith("name.txt")]
    assert len(odd) == 1
    assert bodies[odd[0].name] == b"odd\n"


def test_reparse_points_tell_their_target() -> None:
    target = "\\??\\C:\\Data".encode("utf-16-le")
    body = (
        struct.pack("<IHHHHHHI", 0xA000000C, len(target) + 12, 0, 0, len(target), 0, len(target), 0) + target
    )
    tag, told = reparse([_Resident(body)], _Reads())  # type: ignore[list-item, arg-type]
    assert (tag, told) == (0xA000000C, "\\??\\C:\\Data")


class _Resident:
    type = 0xC0

    def __init__(self, body: bytes) -> None:
        self.body = body


class _Reads:
    def content(self, attribute: _Resident, most: int) -> bytes:
        return attribute.body[:most]


def test_the_listing_is_the_same_in_any_zone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = made(tmp_path)
    here = listing(SOURCE, Descriptor(disk))[0]
    monkeypatch.setitem(os.environ, "TZ", "Asia/Kathmandu")
    assert listing(SOURCE, Descriptor(disk))[0] == here


def test_many_files_beyond_one_index_block(tmp_path: Path) -> None:
    files = {f"file-{number:03d}.txt": f"{number}\n".encode() * 30 for number in range(60)}
    _, _, bodies = listing(SOURCE, Descriptor(made(tmp_path, files)))
    got = {name: sha256(data) for name, data in bodies.items() if name.startswith("file-")}
    assert got == {name: sha256(data) for name, data in files.items()}
    assert MIB == 1048576
