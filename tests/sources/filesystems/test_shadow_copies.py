"""Shadow copies of NTFS: older states of a volume out of what its stores keep."""

import random
import struct
from pathlib import Path

import pytest
from disk_tools import Descriptor, around, companions, needs
from shadow_writer import BLOCK, HEAD, NEXT, OLD, PLACE, SECTOR, STEADY, Room, Store, finished, of_news

from actionday.model import Damaged, Found, Kind, Status, Stream
from actionday.sources.filesystems.ntfs import SOURCE
from actionday.sources.volumes._vss import State, States, shadows
from actionday.testing.context import Alone, Bytes, content

SIZE = 256
"""Blocks of a volume of which nothing but its shadow copies is looked at."""


def raw_volume(
    *stores: list[tuple[int, int, int, int, int]], bitmap: bytes = b"", version: int = 1
) -> bytearray:
    """Return a volume whose blocks hold their numbers, and those of its stores 1,000 more."""
    disk = bytearray(b"".join(struct.pack("<I", number) * (BLOCK // 4) for number in range(SIZE)))
    room = Room(disk, SIZE // 2 * BLOCK, SIZE * BLOCK)
    finished(room, len(disk), [Store(each, bitmap) for each in stores], version=version)
    return disk


def word(state: State, at: int) -> int:
    state.seek(at)
    (found,) = struct.unpack("<I", state.read(4))
    return int(found)


def found_in(stream: Stream) -> tuple[list[Found], Alone]:
    context = Alone("disk")
    return list(shadows(stream, context)), context


def state_of(disk: bytes, number: int = 0) -> State:
    stream = Bytes(disk)
    return States(stream).state(found_in(stream)[0][number].place)


@pytest.mark.tools
@needs("mkntfs", "ntfscp")
def test_each_shadow_copy_is_the_volume_as_it_was(tmp_path: Path) -> None:
    disk, states = of_news(tmp_path)
    with companions() as started:
        found = [
            each
            for each in SOURCE.items(Descriptor(disk), around("disk", started))
            if each.kind is Kind.SHADOW
        ]
    assert [each.name for each in found] == [
        "shadow copy 1 of 2020-09-13T12:26:40Z", "shadow copy 2 of 2020-09-14T12:26:40Z"]  # fmt: skip
    facts = found[0].meta["shadow_copy"]
    assert isinstance(facts, dict)
    assert facts["machine"] == "KESTREL-NEWS"
    assert facts["attributes"] == ["no auto recovery", "client accessible", "no auto release", "differential"]
    stream = Descriptor(disk)
    for each, text, more in zip(found, (OLD, NEXT), ((), ("added-0.txt",)), strict=True):
        with companions() as started:
            context = around("disk", started)
            context.earlier = True
            state = SOURCE.earlier(stream).state(each.place)
            listed = {one.name: one for one in SOURCE.items(state, context)}
            assert not [one for one in listed.values() if one.kind is Kind.SHADOW], (
                "they are those of the volume"
            )
            assert content(listed["news.txt"], state) == text
            assert content(listed["steady.bin"], state) == STEADY
            assert [name for name in listed if name.startswith("added")] == list(more)
            assert state.as_now(listed["steady.bin"].runs or ())
            assert not state.as_now(listed["news.txt"].runs or ())
    assert len(states) == 3


def test_a_volume_without_shadow_copies_names_none() -> None:
    found, context = found_in(Bytes(bytes(1 << 20)))
    assert not found
    assert not context.notes


def test_an_older_state_stands_on_the_newer_ones() -> None:
    disk = raw_volume(
        [(2 * BLOCK, 0, 9 * BLOCK, 0, 0)],
        [(2 * BLOCK, 0, 10 * BLOCK, 0, 0), (3 * BLOCK, 0, 11 * BLOCK, 0, 0)],
    )
    oldest, newest = state_of(disk, 0), state_of(disk, 1)
    assert [word(oldest, at * BLOCK) for at in (2, 3, 4)] == [9, 11, 4]
    assert [word(newest, at * BLOCK) for at in (2, 3, 4)] == [10, 11, 4]


def test_blocks_that_moved_are_read_where_they_went() -> None:
    """A forwarder leads to the place in the next state; what is kept of that place later is what had moved there."""
    moved = state_of(raw_volume([(2 * BLOCK, 5 * BLOCK, 0, 1, 0)], [(5 * BLOCK, 0, 20 * BLOCK, 0, 0)]))
    assert word(moved, 2 * BLOCK) == 20
    kept = state_of(raw_volume([(2 * BLOCK, 5 * BLOCK, 0, 1, 0), (5 * BLOCK, 0, 20 * BLOCK, 0, 0)]))
    assert [word(kept, at * BLOCK) for at in (2, 5)] == [20, 5]
    back = state_of(raw_volume([(2 * BLOCK, 5 * BLOCK, 0, 1, 0), (5 * BLOCK, 2 * BLOCK, 0, 1, 0)]))
    assert word(back, 5 * BLOCK) == 5


def test_single_sectors_lie_over_a_block_in_their_own_state_alone() -> None:
    over = [(2 * BLOCK, 1, 20 * BLOCK, 2, 0b1), (2 * BLOCK, 1, 20 * BLOCK, 2, 0b100)]
    disk = raw_volume([(4 * BLOCK, 0, 30 * BLOCK, 0, 0)], over)
    newest, oldest = state_of(disk, 1), state_of(disk, 0)
    assert [word(newest, 2 * BLOCK + each * SECTOR) for each in range(4)] == [20, 2, 20, 2]
    assert [word(oldest, 2 * BLOCK + each * SECTOR) for each in range(4)] == [2, 2, 2, 2]


def test_what_nobody_used_then_is_zeros_in_the_newest() -> None:
    """What stands there now is of later; what stood there then is not kept."""
    bitmap = bytes([0b1000]).ljust(SIZE // 8 + 8, b"\0")
    disk = raw_volume([], [], bitmap=bitmap)
    assert word(state_of(disk, 1), 3 * BLOCK) == 0
    assert word(state_of(disk, 0), 3 * BLOCK) == 3
    assert not state_of(disk, 1).as_now([(3 * BLOCK, 10)])


def test_what_is_marked_as_unused_is_passed_over() -> None:
    assert word(state_of(raw_volume([(2 * BLOCK, 0, 9 * BLOCK, 4, 0)])), 2 * BLOCK) == 2


def test_windows_8_writes_another_version() -> None:
    assert word(state_of(raw_volume([(2 * BLOCK, 0, 9 * BLOCK, 0, 0)], version=2)), 2 * BLOCK) == 9


@pytest.mark.tools
@needs("mkntfs", "ntfscp")
def test_s09_a_stale_header_is_a_warning_and_costs_no_file(tmp_path: Path) -> None:
    """PITFALLS S09: the header leads to a catalogue that is not there any more."""
    disk, _ = of_news(tmp_path)
    raw = bytearray(disk.read_bytes())
    (at,) = struct.unpack_from("<Q", raw, PLACE + 48)
    raw[at : at + BLOCK] = b"\xa5" * BLOCK
    disk.write_bytes(raw)
    with companions() as started:
        context = around("disk", started)
        found = list(SOURCE.items(Descriptor(disk), context))
    assert {"news.txt", "steady.bin", "added-1.txt"} <= {each.name for each in found}
    assert not [each for each in found if each.kind is Kind.SHADOW]
    assert [each.code for each in context.notes if "shadow" in each.reason] == ["damaged"]


def test_a_catalogue_that_breaks_off_names_what_it_can() -> None:
    disk = raw_volume([(2 * BLOCK, 0, 9 * BLOCK, 0, 0)])
    (at,) = struct.unpack_from("<Q", disk, PLACE + 48)
    struct.pack_into("<Q", disk, at + 40, at)
    found, context = found_in(Bytes(disk))
    assert len(found) == 1
    assert "go round" in context.notes[0].reason


def test_a_state_whose_list_of_blocks_is_lost_is_not_guessed() -> None:
    disk = raw_volume([], [(2 * BLOCK, 0, 9 * BLOCK, 0, 0)])
    (catalogue,) = struct.unpack_from("<Q", disk, PLACE + 48)
    (blocks,) = struct.unpack_from("<Q", disk, catalogue + HEAD + 3 * 128 + 8)
    disk[blocks : blocks + 16] = bytes(16)
    for number in (0, 1):
        with pytest.raises(Damaged, match=r"shadow copy 2: the block at byte"):
            state_of(disk, number)


def test_one_without_a_store_makes_older_ones_unreadable() -> None:
    disk = raw_volume([], [], [])
    (catalogue,) = struct.unpack_from("<Q", disk, PLACE + 48)
    second = catalogue + HEAD + 3 * 128
    disk[second : second + 128] = struct.pack("<Q", 1).ljust(128, b"\0")
    found, _ = found_in(Bytes(disk))
    assert [(each.status, each.earlier) for each in found] == [
        (Status.UNSUPPORTED, False), (Status.UNSUPPORTED, False), (None, True)]  # fmt: skip
    assert found[0].reason == "shadow copy: the volume names no store of shadow copy 2"


def test_hostile_bytes_end_in_notes_and_damage_alone() -> None:
    whole = raw_volume(
        [(2 * BLOCK, 5 * BLOCK, 0, 1, 0)],
        [(2 * BLOCK, 1, 20 * BLOCK, 2, 0b1), (3 * BLOCK, 0, 11 * BLOCK, 0, 0)],
    )
    chance = random.Random(4711)
    used = [
        at
        for at in range(SIZE // 2 * BLOCK, len(whole), 8)
        if any(whole[at : at + 8]) and whole[at + 2 : at + 4] != b"\0\0"
    ]
    for _ in range(400):
        disk = bytearray(whole)
        at = chance.choice([*used, *range(PLACE, PLACE + 64, 4)])
        disk[at : at + 4] = chance.choice([b"\xff" * 4, bytes(4), chance.randbytes(4)])
        for each in found_in(Bytes(disk))[0]:
            if each.earlier:
                try:
                    state = States(Bytes(disk)).state(each.place)
                    assert len(state.read(8 * BLOCK)) <= 8 * BLOCK
                except Damaged as error:
                    assert "shadow copy" in str(error)
