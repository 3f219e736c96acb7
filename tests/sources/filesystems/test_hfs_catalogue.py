"""What a damaged HFS+ catalogue hides is said: each bit of it, against what is listed of the sound volume."""

import struct

import pytest
from damaged import Held, Listed, patched
from hfs_writer import BLOCK, _fork, _tree, volume

from actionday.sources.filesystems._tsk_hfs_forks import Forks
from actionday.sources.filesystems._tsk_hfs_leaf import Record
from actionday.sources.filesystems.hfsplus import SOURCE as HFSPLUS

FILES = {f"letter {number}.txt": f"weir {number} ".encode() * 700 for number in range(6)}
TREE, LEAF, END = 2 * BLOCK, 3 * BLOCK, 4 * BLOCK
CLEAN, FILE_COUNT = 1024 + 4, 1024 + 32


def reasons(listed: Listed) -> str:
    return "\n".join(note.reason for note in listed.context.notes)


def flipped(raw: bytes, at: int, bit: int) -> bytes:
    return patched(raw, at, bytes([raw[at] ^ 1 << bit]))


def test_a_sound_catalogue_has_no_line() -> None:
    listed = Listed(HFSPLUS, volume(FILES))
    assert not listed.context.notes
    assert {name: listed.bodies[name] for name in FILES} == FILES


def test_an_offset_that_hides_two_files_of_six() -> None:
    """The node, its byte, what it declares, which record; how many are missing and which."""
    listed = Listed(HFSPLUS, flipped(volume(FILES), END - 13, 4))
    assert [name for name in FILES if name not in listed.bodies] == ["letter 4.txt", "letter 5.txt"]
    assert not listed.ended
    assert [(note.code, note.reason.removeprefix("hfsplus: ")) for note in listed.context.notes] == [
        ("directory", "catalogue node 1 (byte 12288), which declares 14 records, is damaged: "
         "the record at its byte 980 is not as long as its type asks for"),
        ("directory", "catalogue: thread records of files or folders that are not in it: 1 ('letter 4.txt')"),
        ("directory", "files or folders of the catalogue that were not listed: 1 ('letter 5.txt')"),
        ("directory",
         "the volume header counts 6 files and 0 folders, 4 and 0 were listed: 2 missing"),
    ]  # fmt: skip


def test_a_count_that_differs_is_a_remark_where_the_volume_was_not_unmounted() -> None:
    raw = patched(volume(FILES), FILE_COUNT, struct.pack(">I", 9))
    listed = Listed(HFSPLUS, raw)
    assert listed.codes() == {"directory"}
    assert "9 files and 0 folders, 6 and 0 were listed: 3 missing" in reasons(listed)
    listed = Listed(HFSPLUS, patched(raw, CLEAN, bytes(4)))
    assert listed.codes() == {"dirty"}
    assert "not unmounted cleanly" in reasons(listed)


def test_more_files_than_were_counted_are_no_loss_of_names() -> None:
    listed = Listed(HFSPLUS, patched(volume(FILES), FILE_COUNT, struct.pack(">I", 5)))
    assert listed.codes() == {"checksum"}


def test_a_file_whose_thread_record_names_another() -> None:
    raw = volume(FILES)
    thread = raw.rindex("letter 3.txt".encode("utf-16-be"), LEAF, END)
    listed = Listed(HFSPLUS, patched(raw, thread, b"\0L"))
    assert "by its thread record 'Letter 3.txt' in folder 2" in reasons(listed)


def fork(raw: bytes, name: str) -> int:
    """Return the byte at which the data fork of a file's record begins."""
    return raw.index(name.encode("utf-16-be"), LEAF, END) + 2 * len(name) + 88


def test_a_fork_that_leads_elsewhere_is_said() -> None:
    raw = volume(FILES)
    at = fork(raw, "letter 3.txt")
    start, count = struct.unpack(">II", raw[at + 16 : at + 24])
    twice = Listed(HFSPLUS, patched(raw, at + 16, struct.pack(">I", start - count)))
    assert twice.codes() == {"claimed_twice"}
    assert "are claimed twice: 'letter 2.txt' (number 18), 'letter 3.txt' (number 19)" in reasons(twice)
    free = Listed(HFSPLUS, patched(raw, at + 16, struct.pack(">I", 50)))
    assert free.codes() == {"checksum"}
    assert "are free by the allocation file and belong to 'letter 3.txt' (number 19)" in reasons(free)
    more = Listed(HFSPLUS, patched(raw, at + 12, struct.pack(">I", count + 1)))
    assert f"its data fork declares {count + 1} blocks, its extents are {count}" in reasons(more)


def test_forks_that_each_claim_the_whole_disk_cost_what_the_disk_holds() -> None:
    raw = bytearray(volume({f"{number:03}": b"x" for number in range(9)}))
    struct.pack_into(">I", raw, 1024 + 44, 0xFFFFFFFF)
    head, extent = bytes(raw[1024:1536]), struct.pack(">QII16I", 1, 0, 1, *(0, 0xFFFFFFFF) * 8)
    forks = Forks(Held(bytes(raw)), head, clean=True)
    for number in range(1000):
        forks.add(Record(2, 2, b"\0a", 16 + number, bytes(88) + extent * 2))
    forks.allocated()
    assert forks.differ


def test_a_catalogue_that_goes_on_in_the_extents_overflow_file() -> None:
    disk = bytearray(volume(FILES))
    key = struct.pack(">HBBII", 10, 0, 0, 4, 1)
    _tree(disk, [key + struct.pack(">II", 3, 1).ljust(64, b"\0")], 4, 10, 2)
    raw = patched(bytes(disk), 1024 + 192, _fork(2 * BLOCK, 4, 2))
    listed = Listed(HFSPLUS, patched(raw, 1024 + 272 + 20, struct.pack(">I", 1)))
    assert not reasons(listed)
    assert {name: listed.bodies[name] for name in FILES} == FILES


@pytest.mark.parametrize("step", [13, pytest.param(1, marks=pytest.mark.soak)])
def test_each_flip_that_loses_a_name_or_a_content_is_said(step: int) -> None:
    """A bit of each byte in use of the head of the tree and of its leaf (of every 13th where that has to do).

    But for a size that differs within the last block: nothing else on the disk tells it.
    """
    raw = volume(FILES)
    used = [at for at in range(TREE, END) if raw[at]]
    for at in used[::step]:
        damaged = Listed(HFSPLUS, flipped(raw, at, at * 5 % 8))
        told = damaged.codes() or damaged.ended or any(each.status or each.notes for each in damaged.found)
        assert told or all(_kept(damaged.bodies.get(name, b""), body) for name, body in FILES.items()), at


def _kept(now: bytes, body: bytes) -> bool:
    """Say whether all is there, but for a size that is another one within the same last block."""
    same = body.startswith(now) or now.startswith(body)
    return same and -(-len(now) // BLOCK) == -(-len(body) // BLOCK)
