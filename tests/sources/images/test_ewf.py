"""E01 sets made by ewfacquire and by a writer of our own, whole, with gaps, and damaged."""

import hashlib
import random
import struct
from pathlib import Path

import pytest
from disk_tools import needs, run
from ewf_writer import CHUNK, section, written
from hypothesis import given, settings
from hypothesis import strategies as st

from actionday.model import Claim, Damaged, Stream, Unsupported
from actionday.sources.images._ewf_segments import name_of
from actionday.sources.images._ewf_tables import COMPRESSED, _unfolded
from actionday.sources.images.ewf import IMAGE, EwfDisk
from actionday.testing.context import Alone, Bytes, Glance, content

MIXED = b"".join(
    random.Random(number).randbytes(CHUNK) if number % 3 == 0 else bytes([number]) * CHUNK
    for number in range(96)
)  # fmt: skip
"""3 MiB: every third chunk cannot be compressed."""


def opened(files: dict[str, bytes], name: str = "case.E01") -> tuple[EwfDisk, Alone]:
    context = Alone(name, beside=files)
    disk = IMAGE.open(Bytes(files[name]), context)
    assert isinstance(disk, EwfDisk)
    return disk, context


def whole(disk: Stream, step: int = 1 << 20) -> bytes:
    disk.seek(0)
    return b"".join(iter(lambda: disk.read(step), b""))


def readable(disk: Stream, data: bytes) -> list[int]:
    """Return the numbers of chunks that can be read, and check what they give."""
    good = []
    for number in range(len(data) // CHUNK):
        disk.seek(number * CHUNK)
        try:
            got = disk.read(CHUNK)
        except Damaged:
            continue
        assert got == data[number * CHUNK : (number + 1) * CHUNK], f"chunk {number} is wrong, silently"
        good.append(number)
    return good


def test_names_go_past_99_as_encase_counts() -> None:
    names = {1: "E01", 99: "E99", 100: "EAA", 101: "EAB", 125: "EAZ", 126: "EBA", 775: "EZZ", 776: "FAA"}
    assert {number: name_of("x.E01", number)[2:] for number in names} == names
    assert name_of("x.e01", 100) == "x.eaa"


@pytest.mark.parametrize("segments", [1, 4])
def test_the_disk_and_what_the_imager_wrote(segments: int) -> None:
    files = written(MIXED, segments)
    assert IMAGE.claims(Glance("case.E01", files["case.E01"])) is Claim.STRUCTURE
    disk, context = opened(files)
    assert whole(disk) == MIXED
    assert whole(disk, 10_001) == MIXED
    facts = context.facts["ewf"]
    assert isinstance(facts, dict)
    assert (facts["case_number"], facts["examiner"]) == ("K-7", "Examiner \u00c4")
    assert facts["acquired"] == "2023-11-14T22:13:20Z"
    assert disk.stored == {"md5": hashlib.md5(MIXED).hexdigest()}
    assert not context.notes


def test_a_set_of_more_than_a_hundred_segments() -> None:
    data = MIXED[: 120 * 512] * 1 + bytes(104 * CHUNK - 120 * 512)
    files = written(data, 104)
    assert "case.EAE" in files
    assert whole(opened(files)[0]) == data


@pytest.mark.tools
@needs("ewfacquire")
def test_a_set_of_ewfacquire_past_99_and_segments_missing_of_it(tmp_path: Path) -> None:
    """The smallest segments that it makes, 1 MiB: E01 to E99, EAA and so on; two seconds."""
    noise = random.Random(99).randbytes(104 << 20)
    (tmp_path / "disk.raw").write_bytes(noise)
    run("ewfacquire", "-u", "-q", "-t", tmp_path / "case", "-f", "encase6", "-S", "1MiB", "-c", "none", "-d",
        "sha1", tmp_path / "disk.raw")  # fmt: skip
    files = {path.name: path.read_bytes() for path in tmp_path.glob("case.E*")}
    assert {"case.E99", "case.EAA", "case.EAD"} <= files.keys()
    disk, context = opened(files)
    assert (whole(disk) == noise, context.notes) == (True, [])
    assert disk.stored["sha1"] == hashlib.sha1(noise).hexdigest()
    del files["case.EAB"]
    disk, context = opened(files)
    assert context.notes[0].reason == "missing of the set: case.EAB"
    ((first, behind),) = disk.missing
    disk.seek(first - 1)
    assert disk.read(1) == noise[first - 1 : first]
    disk.seek(behind)
    assert disk.read() == noise[behind:]


def test_of_a_set_that_lacks_its_end_a_text_beside_it_is_no_segment() -> None:
    files = written(MIXED, 4, "case.e01")
    del files["case.e04"]
    files["case.txt"] = b"what the imager printed"
    _, context = opened(files, "case.e01")
    said = "missing of the set: case.e04, and all that followed it: only the last segment tells how many there are"
    assert [note.reason for note in context.notes if note.code == "segment_missing"] == [said]


@pytest.mark.parametrize("gone", [{100}, {99, 100}, {102}, {104, 105}, set(range(50, 101))])
def test_missing_segments_past_99_are_named(gone: set[int]) -> None:
    files = written(bytes(110 * CHUNK), 110)
    for number in gone:
        del files[name_of("case.E01", number)]
    _, context = opened(files)
    names = ", ".join(name_of("case.E01", number) for number in sorted(gone))
    assert context.notes[0].reason == f"missing of the set: {names}"


@pytest.mark.tools
@needs("ewfacquire")
@pytest.mark.parametrize("form", ["encase5", "encase6", "ewfx", "smart", "ftk"])
def test_sets_of_ewfacquire(form: str, tmp_path: Path) -> None:
    (tmp_path / "disk.raw").write_bytes(MIXED)
    run("ewfacquire", "-u", "-q", "-t", tmp_path / "set", "-f", form, "-S", "1MiB", "-c", "fast", "-C", "K-7",
        "-e", "Examiner X", "-d", "sha1", tmp_path / "disk.raw")  # fmt: skip
    files = {path.name: path.read_bytes() for path in tmp_path.glob("set.*")}
    first = min(files)
    assert len(files) > 1 or form == "smart"
    disk, context = opened(files, first)
    assert whole(disk) == MIXED
    assert disk.stored["md5"] == hashlib.md5(MIXED).hexdigest()
    assert not context.notes
    assert beside(disk) == {}
    files[first] += b"hidden words"
    assert beside(opened(files, first)[0]) == {"behind the end": b"hidden words"}


def beside(disk: EwfDisk) -> dict[str, bytes]:
    """Return what stands in the files of a set beside the disk."""
    found = disk.beside(Alone("case.E01"), 1, lambda stream: stream, parents=True)
    return {each.name: content(each, Bytes(b"")) for each in found}


def test_what_is_appended_to_a_segment_is_an_item() -> None:
    files = written(MIXED, 3)
    assert beside(opened(files)[0]) == {}
    hidden = {"case.E01": b"hidden words", "case.E03": b"and more of them"}
    disk, context = opened({name: data + hidden.get(name, b"") for name, data in files.items()})
    assert beside(disk) == {"behind the end": b"hidden words", "case.E03 behind the end": b"and more of them"}
    assert not context.notes
    assert whole(disk) == MIXED


def test_a_section_of_a_type_that_there_is_not_is_an_item() -> None:
    data = written(MIXED, 1)["case.E01"]
    body = b"hidden words".ljust(1000, b"\0") + b"and more".ljust(200, b"\0")
    last = section(b"done", len(data) - 76 + 76 + len(body), b"", last=True)
    disk, _ = opened({"case.E01": data[:-76] + section(b"secret", len(data) - 76, body) + last})
    (found,) = beside(disk).values()
    assert found.startswith(body[:1008])
    assert whole(disk) == MIXED


def test_s06_a_missing_segment_is_said_first_and_costs_its_range() -> None:
    files = written(MIXED, 4)
    del files["case.E03"]
    disk, context = opened(files)
    assert context.notes[0].code == "segment_missing"
    assert "case.E03" in context.notes[0].reason
    assert readable(disk, MIXED) == [*range(48), *range(72, 96)]
    disk.seek(50 * CHUNK)
    with pytest.raises(Damaged, match=r"case\.E03"):
        disk.read(1)


def test_s06_a_missing_last_segment_is_said() -> None:
    files = written(MIXED, 4)
    del files["case.E04"]
    disk, context = opened(files)
    assert "case.E04" in context.notes[0].reason
    assert readable(disk, MIXED) == list(range(72))


def test_s06_a_truncated_last_segment_gives_what_it_holds() -> None:
    files = written(MIXED, 4)
    files["case.E04"] = files["case.E04"][:200_000]
    disk, context = opened(files)
    assert [note.code for note in context.notes][:1] == ["segment_short"]
    good = readable(disk, MIXED)
    assert good[:72] == list(range(72))
    assert len(good) > 78, "chunks before the cut are found though their table is gone"
    disk.seek(95 * CHUNK)
    with pytest.raises(Damaged, match=r"case\.E0"):
        disk.read(1)


def test_two_gaps_leave_what_lies_between_unplaced() -> None:
    files = written(MIXED, 6)
    del files["case.E02"], files["case.E04"]
    disk, context = opened(files)
    assert "case.E02, case.E04" in context.notes[0].reason
    assert "segment_unplaced" in [note.code for note in context.notes]
    assert readable(disk, MIXED) == [*range(16), *range(64, 96)]


def test_a_damaged_table_is_replaced_by_its_copy() -> None:
    files = written(MIXED, 1)
    raw = bytearray(files["case.E01"])
    raw[raw.index(b"table\0") + 76 + 24] ^= 1
    disk, _ = opened({"case.E01": bytes(raw)})
    assert whole(disk) == MIXED


def test_a_damaged_chunk_is_unreadable_by_itself() -> None:
    raw = bytearray(written(MIXED, 1)["case.E01"])
    start = raw.index(b"sectors\0") + 76
    raw[start + 100] ^= 1  # within chunk 0, which is stored
    disk, _ = opened({"case.E01": bytes(raw)})
    assert readable(disk, MIXED) == list(range(1, 96))
    disk.seek(0)
    with pytest.raises(Damaged, match=r"chunk 0 .*checksum"):
        disk.read(1)


def test_a_later_segment_alone_names_the_first() -> None:
    files = written(MIXED, 2)
    with pytest.raises(Unsupported, match=r"segment 2 of case\.E01"):
        IMAGE.open(Bytes(files["case.E02"]), Alone("case.E02", beside=files))
    with pytest.raises(Damaged, match="first segment is missing"):
        IMAGE.open(Bytes(files["case.E02"]), Alone("case.E02"))


def test_offsets_past_two_gigabytes_run_into_the_flag() -> None:
    raw = struct.pack("<5I", 0x80000000 | 0x7FFF0000, 0x7FFF8000, 0x80000004, 0x80008008, 0x8001000C)
    assert list(_unfolded(raw)) == [COMPRESSED | 0x7FFF0000, 0x7FFF8000, 0x80000004, 0x80008008, 0x8001000C]


SMALL = written(MIXED[: 12 * CHUNK], 2)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(SMALL["case.E01"]) - 1), st.integers(1, 255))
def test_a_flipped_byte_is_noticed_or_harmless(at: int, change: int) -> None:
    raw = bytearray(SMALL["case.E01"])
    raw[at] ^= change
    try:
        disk, _ = opened({**SMALL, "case.E01": bytes(raw)})
    except (Damaged, Unsupported):
        return
    readable(disk, MIXED[: disk.size // CHUNK * CHUNK])


def bent(files: dict[str, bytes], name: str, *places: int) -> dict[str, bytes]:
    raw = bytearray(files[name])
    for at in places:
        raw[at] ^= 0xFF
    return {**files, name: bytes(raw)}


FOUR = written(MIXED, 4)


@pytest.mark.parametrize("name", ["case.E01", "case.E02", "case.E04"])
@pytest.mark.parametrize("kind", ["", "header2", "volume", "data", "sectors", "table", "table2", "tables"])
def test_a_damaged_header_or_descriptor_costs_no_chunk_and_is_said(kind: str, name: str) -> None:
    """``""``: of the file; ``tables``: what stands in both."""
    data = FOUR[name]
    marks = {"": [0], "tables": [data.index(each) + 79 for each in (b"table\0", b"table2\0")]}
    places = marks.get(kind) or (
        [data.index(kind.encode() + b"\0") + 17] if kind.encode() + b"\0" in data else []
    )
    if not places:
        return
    files = bent(FOUR, name, *places)
    assert IMAGE.claims(Glance("case.E01", files["case.E01"])) is Claim.STRUCTURE
    disk, context = opened(files)
    assert whole(disk) == MIXED
    assert [note.code for note in context.notes] == ["checksum"]
    assert context.notes[0].reason.startswith(f"{name}: ")
    assert disk.stored == {"md5": hashlib.md5(MIXED).hexdigest()}, "the imager's hash is still compared"


def test_damage_in_every_segment_costs_no_chunk() -> None:
    files = FOUR
    for name, data in FOUR.items():
        files = bent(files, name, data.index(b"sectors\0") + 18, data.index(b"table2\0") + 30)
    assert whole(opened(files)[0]) == MIXED


def test_what_a_refused_segment_costs_is_told_by_its_range() -> None:
    """Chunks and all that tells of them: of those two segments alone nothing is had."""
    files = FOUR
    for name in ("case.E02", "case.E03"):
        data = bytearray(FOUR[name])
        data[13:-80] = bytes(len(data) - 93)
        files = {**files, name: bytes(data)}
    disk, context = opened(files)
    assert readable(disk, MIXED) == [*range(24), *range(72, 96)]
    assert disk.missing == ((24 * CHUNK, 72 * CHUNK),)
    assert "they lie in what is missing of the set: case.E02, case.E03" in context.notes[-1].reason


def test_a_set_within_the_disk_lends_no_section_to_the_one_around_it() -> None:
    inner = written(random.Random(5).randbytes(8 * CHUNK), 1)["case.E01"]
    data = inner + bytes(-len(inner) % CHUNK) + random.Random(6).randbytes(8 * CHUNK)
    (raw,) = written(data, 1).values()
    disk, context = opened(bent({"case.E01": raw}, "case.E01", raw.index(b"sectors\0") + 17))
    assert (whole(disk), [note.code for note in context.notes]) == (data, ["checksum"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(13, len(SMALL["case.E01"]) - 1), min_size=1, max_size=4), st.integers(1, 600))
def test_overwritten_ranges_give_right_chunks_or_none(places: list[int], length: int) -> None:
    raw = bytearray(SMALL["case.E01"])
    for at in places:
        raw[at : at + length] = bytes(min(length, len(raw) - at))
    try:
        disk, _ = opened({**SMALL, "case.E01": bytes(raw)})
    except (Damaged, Unsupported):
        return
    assert set(range(6, 12)) <= set(readable(disk, MIXED[: 12 * CHUNK]))


def test_a_later_segment_does_not_say_that_it_is_read_where_the_first_is_none() -> None:
    files = {**FOUR, "case.E01": bytes(5000)}
    with pytest.raises(Damaged, match=r"whose first segment, case\.E01, is none"):
        IMAGE.open(Bytes(files["case.E02"]), Alone("case.E02", beside=files))


@settings(max_examples=40, deadline=None)
@given(st.integers(13, len(SMALL["case.E02"]) - 1))
def test_every_cut_is_noticed_and_nothing_is_wrong(cut: int) -> None:
    disk, context = opened({**SMALL, "case.E02": SMALL["case.E02"][:cut]})
    assert {note.code for note in context.notes} >= {"segment_short"}
    assert set(range(6)) <= set(readable(disk, MIXED[: 12 * CHUNK]))
