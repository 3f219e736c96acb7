"""UDF, alone and beside an ISO 9660 tree, against genisoimage and the list that 7z gives of the same disc."""

import struct
from binascii import crc_hqx
from pathlib import Path

import pytest
from disk_makers import HASHES, iso, tree, udf
from disk_tools import Descriptor, listing, needs, run, sha256

from actionday.model import Claim, Found, Loss, Status, Unsupported
from actionday.model.loss import is_loss
from actionday.sources.filesystems.iso9660 import SOURCE as ISO
from actionday.sources.filesystems.udf import SOURCE as UDF
from actionday.testing.context import Alone, Bytes, Glance

pytestmark = [pytest.mark.tools, needs("genisoimage")]
SECTOR = 2048
PARTITION = 257
"""The sector in which genisoimage lets its partition begin."""
FILES = {"README.TXT": b"This disc contains a UDF file system\n", "plans/plan.txt": b"the Kestrel plan\n",
         "plans/photo.bin": bytes(range(256)) * 20}  # fmt: skip
UTF8 = ("-input-charset", "utf-8")


def by_name(found: list[Found]) -> dict[str, Found]:
    return {each.name: each for each in found}


def sealed(body: bytes, kind: int, location: int) -> bytes:
    """Return ``body`` (from byte 16 on) behind a tag whose checksums fit."""
    head = struct.pack("<HHBBHHHI", kind, 2, 0, 0, 1, crc_hqx(body, 0), len(body), location)
    return head[:4] + bytes([(sum(head[:4]) + sum(head[5:])) & 0xFF]) + head[5:] + body


def losses(context: Alone) -> list[str]:
    return [note.reason for note in context.notes if is_loss(note.code)]


def test_what_only_udf_lists_of_a_bridge_disc_is_found(tmp_path: Path) -> None:
    disk = iso(tmp_path / "d", tree(tmp_path / "t", FILES), "-udf", "-hide", "plans")
    _, context, bodies = listing(ISO, Descriptor(disk))
    assert bodies == FILES
    assert not context.notes


def test_the_tree_that_comes_first_leaves_out_what_only_udf_lists(tmp_path: Path) -> None:
    disk = iso(tmp_path / "d", tree(tmp_path / "t", FILES), "-udf", "-R", "-hide", "plans")
    found, _, bodies = listing(ISO, Descriptor(disk))
    assert bodies == FILES
    assert "tree" not in by_name(found)["README.TXT"].meta
    assert by_name(found)["plans/plan.txt"].meta["tree"] == "udf"


def test_names_and_contents_are_those_of_the_folder(tmp_path: Path) -> None:
    disk = iso(tmp_path / "d", tree(tmp_path / "t"), "-udf", *UTF8)
    found, context, bodies = listing(ISO, Descriptor(disk))
    assert {name: sha256(data) for name, data in bodies.items()} == HASHES
    assert len({each.place for each in found}) == len(found)
    assert not context.notes


@needs("7z")
def test_udf_alone_is_claimed_and_read_as_7z_reads_it(tmp_path: Path) -> None:
    disk = udf(tmp_path / "d", tree(tmp_path / "t"))
    peek = Glance("d", disk.read_bytes()[:131072])
    assert (UDF.claims(peek), ISO.claims(peek)) == (Claim.STRUCTURE, Claim.NO)
    found, context, bodies = listing(UDF, Descriptor(disk))
    assert {name: sha256(data) for name, data in bodies.items()} == HASHES
    listed = run("7z", "l", "-slt", "-tUdf", disk).decode().split("Path = ")[2:]
    assert {each.splitlines()[0] for each in listed} == {each.name for each in found}
    assert not context.notes


def entry_of(raw: bytes, found: Found) -> int:
    block = found.meta["block"]
    assert isinstance(block, int)
    return (PARTITION + block) * SECTOR


def made(tmp_path: Path) -> tuple[bytearray, dict[str, Found]]:
    raw = udf(tmp_path / "d", tree(tmp_path / "t", FILES)).read_bytes()
    return bytearray(raw), by_name(listing(UDF, Bytes(raw))[0])


def test_a_changed_file_entry_is_unreadable_and_its_bytes_are_kept(tmp_path: Path) -> None:
    raw, named = made(tmp_path)
    raw[entry_of(raw, named["plans/plan.txt"]) + 36] ^= 1
    found, _, bodies = listing(UDF, Bytes(bytes(raw)))
    assert bodies == FILES
    assert by_name(found)["plans/plan.txt"].status is Status.UNREADABLE
    assert {note.code for note in by_name(found)["plans/plan.txt"].notes} == {Loss.CHECKSUM}


def test_a_file_entry_that_is_none_costs_its_file_alone(tmp_path: Path) -> None:
    raw, named = made(tmp_path)
    at = entry_of(raw, named["plans/plan.txt"])
    raw[at : at + 16] = bytes(16)
    found, _, bodies = listing(UDF, Bytes(bytes(raw)))
    assert set(bodies) == set(FILES) - {"plans/plan.txt"}
    assert by_name(found)["plans/plan.txt"].status is Status.UNREADABLE


def test_an_extended_entry_with_its_bytes_inside_and_a_named_stream(tmp_path: Path) -> None:
    raw, named = made(tmp_path)
    plan, photo = (entry_of(raw, named[name]) for name in ("plans/plan.txt", "plans/photo.bin"))
    photo_block = photo // SECTOR - PARTITION
    content_at = (named["README.TXT"].runs or ())[0][0]
    text, spare = b"kept in the entry", content_at // SECTOR - PARTITION
    extent = struct.pack("<IIH6x", SECTOR, spare, 0)
    body = bytearray(200) + text
    struct.pack_into("<IHHHBB6xH", body, 0, 0, 4, 0, 1, 0, 5, 3)
    struct.pack_into("<Q", body, 40, len(text))
    body[136:152] = extent
    struct.pack_into("<II", body, 192, 0, len(text))
    raw[plan : plan + SECTOR] = sealed(bytes(body), 266, plan // SECTOR - PARTITION).ljust(SECTOR, b"\0")
    name = b"\x10" + "notiz".encode("utf-16-be")
    identifier = struct.pack("<HBBIIH6xH", 1, 0, len(name), SECTOR, photo_block, 0, 0) + name
    inner = sealed(identifier, 257, 0)
    inner += bytes(-len(inner) % 4)
    folder = bytearray(160) + inner
    struct.pack_into("<IHHHBB6xH", folder, 0, 0, 4, 0, 1, 0, 13, 3)
    struct.pack_into("<Q", folder, 40, len(inner))
    struct.pack_into("<II", folder, 152, 0, len(inner))
    at = (PARTITION + spare) * SECTOR
    raw[at : at + SECTOR] = sealed(bytes(folder), 261, spare).ljust(SECTOR, b"\0")
    found, context, bodies = listing(UDF, Bytes(bytes(raw)))
    assert bodies["plans/plan.txt"] == text
    assert bodies["plans/plan.txt:notiz"] == FILES["plans/photo.bin"]
    assert by_name(found)["plans/plan.txt:notiz"].kind == "stream"
    assert not context.notes


def test_a_removed_name_gives_what_its_entry_still_holds(tmp_path: Path) -> None:
    raw, named = made(tmp_path)
    at = raw.index(b"\x08plan.txt") - 38
    body = bytearray(raw[at + 16 : at + 16 + struct.unpack_from("<H", raw, at + 10)[0]])
    body[2] |= 4
    raw[at : at + 16 + len(body)] = sealed(bytes(body), 257, struct.unpack_from("<I", raw, at + 12)[0])
    found = by_name(listing(UDF, Bytes(bytes(raw)))[0])["plans/plan.txt"]
    assert found.kind == "deleted"
    assert found.runs == named["plans/plan.txt"].runs


def virtual(raw: bytes) -> bytes:
    """Return the disc with a virtual partition among those of its logical volume."""
    changed = bytearray(raw)
    for at in range(0, 256 * SECTOR, SECTOR):
        if raw[at : at + 2] == b"\x06\0" and raw[at + 84 : at + 85] == b"\x08":
            body = bytearray(raw[at + 16 : at + 512])
            struct.pack_into("<II", body, 264 - 16, 70, 2)
            second = b"\x02\x40\0\0\0*UDF Virtual Partition".ljust(64, b"\0")
            body[446 - 16 : 446 - 16 + 64] = second
            changed[at : at + 512] = sealed(bytes(body), 6, at // SECTOR)
    return bytes(changed)


def test_a_virtual_partition_is_named_as_not_read(tmp_path: Path) -> None:
    source = tree(tmp_path / "t", FILES)
    with pytest.raises(Unsupported, match="virtual partition"):
        listing(UDF, Bytes(virtual(udf(tmp_path / "d", source).read_bytes())))
    bridge = virtual(iso(tmp_path / "e", source, "-udf", "-hide", "plans").read_bytes())
    _, context, bodies = listing(ISO, Bytes(bridge))
    assert set(bodies) == {"README.TXT"}
    assert any("UDF tree" in reason and "virtual partition" in reason for reason in losses(context))


def test_a_bridge_disc_whose_udf_is_damaged_says_so(tmp_path: Path) -> None:
    raw = bytearray(iso(tmp_path / "d", tree(tmp_path / "t", FILES), "-udf", "-hide", "plans").read_bytes())
    for sector in (256, len(raw) // SECTOR - 1, len(raw) // SECTOR - 257):
        raw[sector * SECTOR : sector * SECTOR + 512] = bytes(512)
    _, context, bodies = listing(ISO, Bytes(bytes(raw)))
    assert set(bodies) == {"README.TXT"}
    assert any("UDF tree" in reason for reason in losses(context))
