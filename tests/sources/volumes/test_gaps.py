"""What lies outside of every partition: read through once, whatever the sector and however little it is."""

import os
import random
import struct
from pathlib import Path

import pytest
from disk_chain import Disk, Row
from disk_makers import MIB, ext, iso, mbr, tree
from disk_tools import Descriptor, companions, needs

from actionday.model import Claim, Damaged, Kind, Note, Status
from actionday.pipeline.streams import DescriptorStream
from actionday.sources.volumes._evident import evident
from actionday.sources.volumes._held import holding, next_data
from actionday.sources.volumes._search import gap, lost_volumes
from actionday.sources.volumes.searched import SOURCE as SEARCHED
from actionday.testing.context import Alone, Bytes, Glance

pytestmark = [pytest.mark.tools, needs("mkfs.ext4", "genisoimage")]
SECTOR = 512
TEXT = b"the kestrel's plain words that nobody shall find\n"


def went(raw: bytes, name: str = "disk.raw") -> tuple[list[Row], list[Note], dict[str, str]]:
    with companions() as started:
        chain = Disk(started)
        there = list(chain.rows(Bytes(raw), name))
        told = [note for context in chain.contexts for note in context.notes]
        return there, told, {path: str(error) for path, error in chain.ended.items()}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    where = tmp_path_factory.mktemp("made")
    return ext(where / "ext", tree(where / "t", {"lost.txt": b"wombat\n"}), size=8 * MIB).read_bytes()


def table(length: int) -> bytes:
    entry = struct.pack("<B3xB3xII", 0, 0x83, 2048, length // SECTOR)
    return bytes(446) + entry + bytes(48) + b"\x55\xaa"


def put(raw: bytes, at: int, data: bytes) -> bytes:
    return raw[:at].ljust(at, b"\0") + data + raw[at + len(data) :]


def test_a_file_system_at_an_odd_sector_and_text_in_a_gap_are_not_missed(made: bytes) -> None:
    raw = put(put(bytes(60 * MIB), 0, table(len(made))), MIB, made)
    lost, text = 40001 * SECTOR, 45 * MIB + 12345
    raw = put(put(raw, lost, made), text, TEXT * 25000)
    there, told, ended = went(raw)
    volumes = {row.path: row.found.runs for row in there if row.found.kind is Kind.VOLUME}
    assert volumes == {"p1": ((MIB, len(made)),), "unpartitioned1": ((lost, len(made)),)}
    assert [row.path for row in there if row.body == b"wombat\n"] == [
        "p1/lost.txt",
        "unpartitioned1/lost.txt",
    ]
    first, last = text // SECTOR * SECTOR, -(-(text + 25000 * len(TEXT)) // SECTOR) * SECTOR
    assert [note.reason for note in told if note.code == "unpartitioned"][1:] == [
        f"bytes {first} to {last - 1}, in no partition, hold {last - first} bytes of data in no file system"
    ]
    assert not ended


def test_a_few_words_in_a_large_gap_are_noted_and_the_tables_are_not(made: bytes, tmp_path: Path) -> None:
    image = tmp_path / "image"
    image.write_bytes(made)
    raw = mbr(tmp_path / "disk", (0x83, image), logical=((0x83, image), (0x83, image))).read_bytes()
    assert went(raw + bytes(20 * MIB))[1] == []
    ((code, reason),) = ((note.code, note.reason) for note in went(put(raw, len(raw) + 3333333, TEXT))[1])
    assert code in ("unpartitioned", "unclaimed")
    assert str((len(raw) + 3333333) // SECTOR * SECTOR) in reason


@pytest.mark.parametrize("sector", [4001, 63, 2047])
def test_a_disk_without_a_table_is_damaged_wherever_its_file_system_begins(sector: int, made: bytes) -> None:
    raw = put(bytes(30 * MIB), sector * SECTOR, made)
    assert SEARCHED.claims(Glance("disk.dd", raw, Kind.EXHIBIT)) is Claim.NAME
    with pytest.raises(Damaged, match="no partition table"):
        list(SEARCHED.items(Bytes(raw), Alone("disk.dd")))
    found = list(lost_volumes(Bytes(raw), [], Alone("disk.dd")))
    assert [each.runs for each in found] == [((sector * SECTOR, len(made)),)]


@pytest.mark.parametrize(
    "words", [b"\xff" * 4096, b"y\n" * 4096, TEXT * 11_000], ids=["0xFF", "y", "half a megabyte"]
)
@pytest.mark.parametrize("more", [0, 1, -1, 300])
def test_neither_words_over_its_first_sectors_nor_a_torn_last_one_hide_what_a_disk_holds(
    words: bytes, more: int, made: bytes
) -> None:
    raw = put(put(bytes(20 * MIB), 0, words), 5 * MIB, made)
    raw = raw[:more] if more < 0 else raw + bytes(more)
    assert SEARCHED.claims(Glance("disk.dd", raw, Kind.EXHIBIT)) is Claim.NAME
    with pytest.raises(Damaged, match="no partition table"):
        list(SEARCHED.items(Bytes(raw), Alone("disk.dd")))
    assert [each.runs for each in lost_volumes(Bytes(raw), [], Alone("disk.dd"))] == [((5 * MIB, len(made)),)]


@pytest.mark.parametrize("name", ["disk.dd", "disk.DD", "disk.bin", "sda", "M.002", "notes.txt"])
def test_what_a_disk_holds_decides_and_not_what_it_is_called(name: str, made: bytes) -> None:
    words = TEXT * 5000
    disk = put(put(put(bytes(16 * MIB), 0, words), 5 * MIB + 7 * SECTOR, made), 16 * MIB - len(words), words)
    assert SEARCHED.claims(Glance(name, disk, Kind.EXHIBIT)) is Claim.NAME
    assert SEARCHED.claims(Glance(name, disk, Kind.FILE)) is Claim.NO
    noise = random.Random(7).randbytes(2 * MIB)
    for other in (noise, noise[:-1], b"MZ" + disk[2:], words * 5, bytes(2 * MIB)):
        assert SEARCHED.claims(Glance(name, other, Kind.EXHIBIT)) is Claim.NO


def test_far_behind_a_file_system_is_looked_for_at_every_mib(made: bytes, tmp_path: Path) -> None:
    path = tmp_path / "sda"
    with path.open("wb") as file:
        file.truncate(3000 * MIB)
        file.seek(2900 * MIB)
        file.write(made[:MIB])
    stream = DescriptorStream(os.open(path, os.O_RDONLY), 3000 * MIB)
    assert evident(stream)
    with path.open("r+b") as file:
        file.seek(2900 * MIB + 1024)
        file.write(bytes(1024))
    assert not evident(stream)


def test_a_text_that_is_called_like_a_part_of_a_disk_is_a_text() -> None:
    assert SEARCHED.claims(Glance("messages.001", TEXT * 40_000, Kind.EXHIBIT)) is Claim.NO


def test_a_file_system_behind_the_end_of_another_is_a_volume(made: bytes) -> None:
    there, told, _ = went(made + bytes(2 * MIB + 7 * SECTOR) + made + TEXT)
    assert [row.path for row in there if row.body == b"wombat\n"] == ["lost.txt", "unpartitioned1/lost.txt"]
    assert [row.path for row in there if row.body == TEXT]
    assert any(note.reason.startswith("ext at byte") for note in told)


def test_what_claims_no_end_hides_nothing_behind_it(made: bytes) -> None:
    raw = put(put(bytes(40 * MIB), 0, table(MIB)), 5 * MIB + SECTOR, b"LUKS\xba\xbe\0\1")
    there, _, _ = went(put(raw, 20 * MIB + 3 * SECTOR, made))
    assert "unpartitioned2/lost.txt" in {row.path for row in there}
    assert next(row.found.size for row in there if row.path == "unpartitioned1") == 15 * MIB + 2 * SECTOR


def test_a_disc_and_what_is_not_read_here_are_found_by_their_marks(tmp_path: Path) -> None:
    disc = iso(tmp_path / "iso", tree(tmp_path / "t", {"a.txt": b"on disc\n"})).read_bytes()
    raw = put(put(bytes(20 * MIB), 0, table(SECTOR)), 3 * MIB + 5 * SECTOR, disc)
    at = 12 * MIB + SECTOR
    raw = put(put(raw, at + 0x400, b"\x10\x20\xf5\xf2" + bytes(60)), at + 0x800, TEXT)
    there, _, _ = went(raw)
    kinds = {row.path: row.found.meta["type_name"] for row in there if row.path.startswith("unpart") and
             row.found.kind is Kind.VOLUME}  # fmt: skip
    assert kinds == {"unpartitioned1": "ISO 9660", "unpartitioned2": "F2FS file system"}
    assert b"on disc\n" in {row.body for row in there}


def test_noise_is_no_file_system_and_no_end_of_volumes_is_read() -> None:
    noise = random.Random(7).randbytes(4 * MIB)
    told = Alone("d")
    assert list(lost_volumes(Bytes(bytes(SECTOR) + noise), [], told)) == []
    assert [note.code for note in told.notes] == ["unpartitioned"]
    boot = b"\xeb\x3c\x90MSDOS5.0" + struct.pack("<HBHBHHBH", 512, 4, 1, 2, 16, 128, 0xF8, 8)
    many = (boot.ljust(510, b"\0") + b"\x55\xaa").ljust(64 << 10, b"\0") * 1100
    told = Alone("d")
    assert len(list(lost_volumes(Bytes(bytes(SECTOR) + many), [], told))) == 1000
    assert told.notes[-1].code == "parts_limit"


def test_holes_of_a_sparse_file_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "sparse"
    with path.open("wb") as file:
        file.truncate(1 << 40)
        file.seek(900 << 30)
        file.write(TEXT)
    stream = DescriptorStream(os.open(path, os.O_RDONLY), 1 << 40)
    assert holding(stream, 0, stream.size)[0] == 900 << 30
    assert next_data(stream, (900 << 30) + MIB, stream.size) == stream.size
    opened = Descriptor(path)
    opened.seek((900 << 30) + 4)
    assert next_data(opened, 0, opened.size) <= 900 << 30
    assert opened.read(7) == TEXT[4:11]  # its place is the same as before


class Torn(Bytes):
    """A stream whose one sector cannot be read."""

    def read(self, length: int | None = -1, /) -> bytes:
        start = self.tell()
        if start <= 3 * MIB + 100 < start + (length or 0):
            raise OSError(5, "bad sector")
        return super().read(length)


def test_what_cannot_be_read_may_hold_data_and_hides_nothing_beside_it(made: bytes) -> None:
    raw = put(bytes(20 * MIB), 4 * MIB + SECTOR, made)
    told = Alone("d")
    found = list(lost_volumes(Torn(raw), [], told, quiet=0))
    assert [each.runs for each in found] == [((4 * MIB + SECTOR, len(made)),)]
    assert found[0].status is not Status.UNREADABLE
    assert f"bytes {3 * MIB} to {3 * MIB + (64 << 10) - 1}, in no" in " ".join(
        note.reason for note in told.notes
    )


class Gone(Bytes):
    """A disk of which a range is missing."""

    first, last = 4 * MIB, 6 * MIB

    def read(self, length: int = -1, /) -> bytes:
        at = self.tell()
        if at < self.last and at + length > self.first:
            raise Damaged("its part is missing")
        return super().read(length)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (bytes(8 * MIB), f"bytes {4 * MIB} to {6 * MIB - 1}, in no partition: 2097152 bytes cannot be read, "
         "and what they hold is not known"),
        (
            put(bytes(8 * MIB), 2 * MIB, TEXT * 10),
            f"bytes {2 * MIB} to {6 * MIB - 1}, in no partition, hold 512 bytes of data in no file system; "
            "2097152 bytes there cannot be read",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_not_called_data(raw: bytes, said: str) -> None:
    held = holding(Gone(raw), 0, len(raw))
    assert held
    assert gap(held, "in no partition") == said
