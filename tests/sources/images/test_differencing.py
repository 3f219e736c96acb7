"""Disks that stand on a parent sector by sector: merged with it, and what is stored where they say it is the parent's."""

import os
import struct
import time
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

import pytest
from disk_tools import needs, run
from hypothesis import given
from hypothesis import strategies as st
from test_beside_the_disk import MIB, beside
from test_conversions import all_of, opened, vhd_child

from actionday.model import Damaged, NotThere, Stream
from actionday.sources.images import vhd, vhdx
from actionday.sources.images._bits import is_set, stretch, stretches
from actionday.sources.images._vhdx_layout import BAT, LOCATOR, METADATA, PARAMETERS
from actionday.testing.context import Alone

WORDS = b"the kestrel meets us at the harbour\n" * 40
SECTOR = 512
TYPE = UUID("b04aefb7-d19e-4a81-b789-25b8e9445913")
"""What the locator of a parent is. Source: [MS-VHDX] 2.6.2.6."""


@pytest.mark.parametrize("order", ["big", "little"])
@given(bits=st.binary(min_size=1, max_size=40), data=st.data())
def test_stretches_are_what_the_bits_say(order: str, bits: bytes, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(bits) * 8 - 1))
    count = data.draw(st.integers(1, len(bits) * 8 - first))
    told = [
        bool(bits[at // 8] >> (7 - at % 8 if order == "big" else at % 8) & 1) for at in range(len(bits) * 8)
    ]
    assert [is_set(bits, order, at) for at in range(len(bits) * 8)] == told  # type: ignore[arg-type]
    for own in (True, False):
        marked = set[int]()
        for at, length in stretches(bits, order, first, count, own=own):  # type: ignore[arg-type]
            marked |= set(range(first + at, first + at + length))
        assert marked == {at for at in range(first, first + count) if told[at] == own}
    own, end = stretch(bits, order, first, first + count - 1)  # type: ignore[arg-type]
    assert own == told[first]
    assert end == next((at for at in range(first, first + count) if told[at] != own), first + count)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A disk that ends within a block."""
    disk = tmp_path_factory.mktemp("plain") / "plain.raw"
    disk.write_bytes(os.urandom(5 * MIB) + bytes(MIB) + os.urandom(2 * MIB + 3 * SECTOR))
    return disk


def vhdx_child(
    base: bytes, empty: bytes, name: str, blocks: Mapping[int, Mapping[int, bytes]], hide: bytes = b""
) -> bytes:
    """A differencing VHDX over ``base``, made of an ``empty`` one of its size by hand: qemu-img makes none.

    ``blocks``: the sectors of a block by number; ``hide`` is stored in the last sector of each, which is the parent's.
    """
    data = bytearray(empty)
    regions = dict[bytes, int]()
    for at in (0x30000, 0x40000):
        for index in range(struct.unpack_from("<I", data, at + 8)[0]):
            regions[bytes(data[at + 16 + 32 * index :][:16])] = struct.unpack_from(
                "<Q", data, at + 32 + 32 * index
            )[0]
    table, items = regions[BAT.bytes_le], regions[METADATA.bytes_le]
    (count,) = struct.unpack_from("<H", data, items + 10)
    keys = {bytes(data[items + 32 + 32 * index :][:16]): items + 32 + 32 * index for index in range(count)}
    told = items + struct.unpack_from("<I", data, keys[PARAMETERS.bytes_le] + 16)[0]
    block, flags = struct.unpack_from("<II", data, told)
    assert block == MIB
    struct.pack_into("<I", data, told + 4, flags | 2)
    head = max(
        (base[at : at + 4096] for at in (0x10000, 0x20000)), key=lambda raw: struct.unpack_from("<Q", raw, 8)
    )
    linkage = f"{{{UUID(bytes_le=head[32:48])}}}"
    locator = _locator({"parent_linkage": linkage, "relative_path": f".\\{name}"})
    struct.pack_into("<H", data, items + 10, count + 1)
    entry = LOCATOR.bytes_le + struct.pack("<III4x", 0x18000, len(locator), 4)
    data[items + 32 + 32 * count : items + 64 + 32 * count] = entry
    data[items + 0x18000 : items + 0x18000 + len(locator)] = locator
    data += bytes(-len(data) % MIB)
    ratio = (1 << 23) * SECTOR // block
    bits, at = bytearray(MIB), len(data) // MIB
    struct.pack_into("<Q", data, table + 8 * ratio, at << 20 | 6)
    bodies = bytearray()
    for number, sectors in sorted(blocks.items()):
        at += 1
        struct.pack_into("<Q", data, table + 8 * number, at << 20 | 7)
        body = bytearray(MIB)
        body[-SECTOR:] = hide.ljust(SECTOR, b"\0")
        for sector, content in sectors.items():
            body[sector * SECTOR : (sector + 1) * SECTOR] = content
            place = number * (MIB // SECTOR) + sector
            bits[place // 8] |= 1 << place % 8
        bodies += body
    return bytes(data + bits + bodies)


def _locator(said: Mapping[str, str]) -> bytes:
    head = TYPE.bytes_le + struct.pack("<HH", 0, len(said))
    at, entries, body = len(head) + 12 * len(said), b"", b""
    for key, value in said.items():
        one, two = key.encode("utf-16-le"), value.encode("utf-16-le")
        entries += struct.pack("<IIHH", at + len(body), at + len(body) + len(one), len(one), len(two))
        body += one + two
    return head + entries + body


def made_vhdx(
    plain: Path, folder: Path, blocks: Mapping[int, Mapping[int, bytes]], hide: bytes = b""
) -> Path:
    base, empty, top = folder / "base.vhdx", folder / "empty.vhdx", folder / "child.vhdx"
    run("qemu-img", "convert", "-f", "raw", "-O", "vhdx", "-o", "block_size=1M", plain, base)
    run(
        "qemu-img",
        "create",
        "-q",
        "-f",
        "vhdx",
        "-o",
        "block_size=1M,block_state_zero=off",
        empty,
        plain.stat().st_size,
    )
    top.write_bytes(vhdx_child(base.read_bytes(), empty.read_bytes(), base.name, blocks, hide))
    empty.unlink()
    return top


def merged(plain: Path, blocks: Mapping[int, Mapping[int, bytes]]) -> bytes:
    wanted = bytearray(plain.read_bytes())
    for number, sectors in blocks.items():
        for sector, content in sectors.items():
            at = number * MIB + sector * SECTOR
            wanted[at : at + SECTOR] = content
    return bytes(wanted)


BLOCKS = {0: {0: b"a" * 512, 1: b"b" * 512, 700: b"c" * 512}, 5: {9: b"d" * 512}, 8: {2: b"e" * 512}}


@pytest.mark.tools
@needs("qemu-img")
def test_a_differencing_vhdx_is_merged_sector_by_sector(plain: Path, tmp_path: Path) -> None:
    top = made_vhdx(plain, tmp_path, BLOCKS)
    disk, around = opened(vhdx.IMAGE, top)
    assert all_of(disk) == merged(plain, BLOCKS)
    assert not around.notes
    assert beside(top, "vhdx") == ({}, [])
    (tmp_path / "base.vhdx").unlink()
    with pytest.raises(NotThere, match=r"needs backing file base\.vhdx"):
        opened(vhdx.IMAGE, top)


@pytest.mark.tools
@needs("qemu-img")
def test_a_parent_that_was_written_to_is_not_merged(plain: Path, tmp_path: Path) -> None:
    top = made_vhdx(plain, tmp_path, BLOCKS)
    run(
        "qemu-img", "convert", "-f", "raw", "-O", "vhdx", "-o", "block_size=1M", plain, tmp_path / "base.vhdx"
    )
    with pytest.raises(Damaged, match=r"base\.vhdx is not as it was"):
        opened(vhdx.IMAGE, top)


@pytest.mark.tools
@needs("qemu-img")
def test_bytes_stored_where_a_vhdx_gives_those_of_its_parent(plain: Path, tmp_path: Path) -> None:
    top = made_vhdx(plain, tmp_path, {number: BLOCKS[number] for number in (0, 5)}, WORDS[:300])
    found, codes = beside(top, "vhdx")
    assert [each.rstrip(b"\0") for each in found.values()] == [WORDS[:300]] * 2
    assert all(name.startswith("between blocks @") for name in found)
    assert codes == ["unclaimed"] * 2


@pytest.mark.tools
@needs("qemu-img")
def test_bytes_stored_where_a_vhd_gives_those_of_its_parent(plain: Path, tmp_path: Path) -> None:
    base, top = tmp_path / "base.vhd", tmp_path / "child.vhd"
    run("qemu-img", "convert", "-f", "raw", "-O", "vpc", "-o", "force_size=on", plain, base)
    child = bytearray(
        vhd_child(base.read_bytes(), base.name, {3: b"3" * 512, 4: b"4" * 512, 9000: b"9" * 512})
    )
    top.write_bytes(child)
    before = all_of(opened(vhd.IMAGE, top)[0])
    assert beside(top, "vpc") == ({}, [])
    at = child.index(b"3" * 512) + 6 * 512
    child[at : at + 700] = WORDS[:700]
    top.write_bytes(child)
    assert all_of(opened(vhd.IMAGE, top)[0]) == before
    ((name, found),) = beside(top, "vpc")[0].items()
    assert (name, found.rstrip(b"\0")) == (f"between blocks @{at}", WORDS[:700])
    base.unlink()  # the same where the parent is not there
    with pytest.raises(Damaged) as error:
        opened(vhd.IMAGE, top)
    assert [(span.start, span.end) for span in error.value.disk.rest(parents=True)][:1]  # type: ignore[union-attr]


def test_sectors_that_take_turns_are_told_in_linear_time() -> None:
    bits = b"\x55" * (1 << 16)
    begun, at, turns = time.process_time(), 0, 0
    while at < 1 << 19:
        _, at = stretch(bits, "little", at, (1 << 19) - 1)
        turns += 1
    assert turns == 1 << 19
    assert time.process_time() - begun < 20


def told_and_unread(disk: Stream, around: Alone) -> tuple[set[int], set[int]]:
    """Return the sectors that the ranges of a disk touch, and those that cannot be read."""
    facts = around.facts["missing"]
    assert isinstance(facts, dict)
    told = {at for first, last in facts["ranges"] for at in range(first // SECTOR, last // SECTOR + 1)}
    unread = set[int]()
    for number in range(-(-disk.size // SECTOR)):
        disk.seek(number * SECTOR)
        try:
            disk.read(min(SECTOR, disk.size - number * SECTOR))
        except Damaged:
            unread.add(number)
    return told, unread


@pytest.mark.tools
@needs("qemu-img")
def test_u15_a_differencing_disk_that_was_cut_lacks_its_own_sectors_and_none_of_its_parent(
    plain: Path, tmp_path: Path
) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "v").mkdir()
    top = made_vhdx(plain, tmp_path / "x", BLOCKS)
    whole = top.read_bytes()
    top.write_bytes(whole[: whole.index(b"c" * 512) + 100])  # in the middle of sector 700 of block 0
    told, unread = told_and_unread(*opened(vhdx.IMAGE, top))
    assert told == unread >= {700}
    assert not unread & {0, 1}
    base, top = tmp_path / "v/base.vhd", tmp_path / "v/child.vhd"
    run("qemu-img", "convert", "-f", "raw", "-O", "vpc", "-o", "force_size=on", plain, base)
    child = vhd_child(base.read_bytes(), base.name, {3: b"3" * 512, 4: b"4" * 512, 9000: b"9" * 512})
    top.write_bytes(child[: child.index(b"4" * 512) + 100])
    disk, around = opened(vhd.IMAGE, top)
    told, unread = told_and_unread(disk, around)
    assert told == unread >= {4}
    assert 3 not in unread
