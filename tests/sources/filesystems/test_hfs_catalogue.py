"""What a damaged HFS+ catalogue hides is said: each bit of it, against what is listed of the sound volume."""

import struct

from damaged import Listed, patched
from hfs_writer import BLOCK, volume

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


def test_a_file_whose_thread_record_names_another() -> None:
    raw = volume(FILES)
    thread = raw.rindex("letter 3.txt".encode("utf-16-be"), LEAF, END)
    listed = Listed(HFSPLUS, patched(raw, thread, b"\0L"))
    assert "by its thread record 'Letter 3.txt' in folder 2" in reasons(listed)
