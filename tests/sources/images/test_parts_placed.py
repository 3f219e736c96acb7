"""No later byte of a disk is moved because an earlier part of its set is short: raw parts, EWF, external data."""

import random
from itertools import accumulate
from pathlib import Path

import pytest
from disk_makers import MIB, ext, tree
from disk_tools import needs, run
from ewf_writer import CHUNK, written

from actionday.model import Damaged, Stream
from actionday.sources.images.ewf import IMAGE as EWF
from actionday.sources.images.qcow2 import IMAGE as QCOW2
from actionday.sources.images.raw import IMAGE as RAW
from actionday.testing.context import Alone, Bytes, content

SIZE, PART = 20 * 4096, 4 * 4096
DATA = random.Random(27).randbytes(SIZE - 1024)


def opened(image: object, files: dict[str, bytes], name: str) -> tuple[Stream, Alone]:
    around = Alone(name, beside=files)
    return image.open(Bytes(files[name]), around), around  # type: ignore[attr-defined]


def parts(*sizes: int) -> dict[str, bytes]:
    files, at = {}, 0
    for number, size in enumerate(sizes or (PART,) * 5, 1):
        files[f"disk.{number:03d}"] = DATA[at : at + size]
        at += size
    return files


def moved(disk: Stream, data: bytes) -> list[int]:
    """Return the sectors that give other bytes than those of the disk; one that raises gives none."""
    wrong = []
    for at in range(0, disk.size, 512):
        disk.seek(at)
        try:
            held = disk.read(512)
        except Damaged:
            continue
        if held != data[at : at + 512]:
            wrong.append(at)
    return wrong


def missing(around: Alone) -> object:
    told = around.facts.get("missing")
    return told["ranges"] if isinstance(told, dict) else []


@pytest.mark.parametrize(
    ("number", "left"),
    [(1, 512), (1, 4096), (1, 5000), *((number, left) for number in (2, 4) for left in (0, 512, 5000))],
)
def test_a_raw_part_that_was_cut_off_moves_none_behind_it(number: int, left: int) -> None:
    files = parts()
    name = f"disk.00{number}"
    files[name] = files[name][:left]
    disk, around = opened(RAW, files, "disk.001")
    assert (disk.size, moved(disk, DATA)) == (len(DATA), [])
    assert missing(around) == [[(number - 1) * PART + left, number * PART - 1]]
    assert [note.code for note in around.notes] == ["segment_short", "range_missing"]


def test_a_gap_of_most_raw_parts_is_told_and_a_date_is_no_part() -> None:
    files = {f"disk.{number:03d}": DATA[:4096] for number in (1, 10)} | {"disk.20240": b"notes"}
    disk, around = opened(RAW, files, "disk.001")
    assert disk.size == 10 * 4096
    assert missing(around) == [[4096, 9 * 4096 - 1]]


def test_one_of_three_raw_parts() -> None:
    files = {f"disk.00{number}": DATA[at : at + 8192] for number, at in ((1, 0), (2, 8192), (3, 16384))}
    files["disk.002"] = files["disk.002"][:700]
    disk, around = opened(RAW, files, "disk.001")
    assert moved(disk, DATA[: 3 * 8192]) == []
    assert missing(around) == [[8192 + 700, 2 * 8192 - 1]]


def test_what_was_appended_to_a_raw_part_is_beside_the_disk() -> None:
    files = parts()
    files["disk.003"] += b"the kestrel meets us at the harbour"
    disk, around = opened(RAW, files, "disk.001")
    assert (disk.size, moved(disk, DATA), missing(around)) == (len(DATA), [], [])
    (item,) = disk.beside(around, 1, lambda stream: stream, parents=True)  # type: ignore[attr-defined]
    assert (item.name, content(item, Bytes(b""))) == (
        "disk.003 behind the end",
        b"the kestrel meets us at the harbour",
    )


@pytest.mark.parametrize("sizes", [(4096, 8192, 12288, 5120), (8192, 12288), (4096, 4096, 8192, 8192, 512)])
def test_raw_parts_of_sizes_that_tell_nothing_are_read_as_they_are_and_it_is_said(
    sizes: tuple[int, ...],
) -> None:
    disk, around = opened(RAW, parts(*sizes), "disk.001")
    assert (disk.size, moved(disk, DATA), missing(around)) == (sum(sizes), [], [])
    assert [note.code for note in around.notes] == ["part_sizes"]


def test_a_missing_part_is_as_large_as_the_others_where_the_first_is_short() -> None:
    files = parts()
    files["disk.001"] = files["disk.001"][:512]
    del files["disk.003"]
    disk, around = opened(RAW, files, "disk.001")
    assert moved(disk, DATA) == []
    assert missing(around) == [[512, PART - 1], [2 * PART, 3 * PART - 1]]


@pytest.fixture(scope="module")
def fs(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A bare file system with data to its end: it tells how long the disk is."""
    where = tmp_path_factory.mktemp("fs")
    disk = ext(where / "disk.raw", tree(where / "t"), size=4 * MIB)
    data = bytearray(disk.read_bytes())
    data[-MIB:] = DATA.ljust(MIB, b"x")[:MIB]
    return bytes(data)


def cut(fs: bytes, *sizes: int) -> dict[str, bytes]:
    ends = list(accumulate(sizes))
    assert ends[-1] == len(fs)
    return {
        f"disk.{n:03d}": fs[end - size : end]
        for n, (size, end) in enumerate(zip(sizes, ends, strict=True), 1)
    }


@needs("mkfs.ext4")
@pytest.mark.parametrize("sizes", [(MIB // 2, MIB // 4, MIB, 2 * MIB + MIB // 4), (MIB, MIB, 2 * MIB)])
def test_behind_a_missing_part_of_unknown_size_nothing_is_placed_and_all_is_kept(
    fs: bytes, sizes: tuple[int, ...]
) -> None:
    files = cut(fs, *sizes)
    del files["disk.002"]
    disk, around = opened(RAW, files, "disk.001")
    assert moved(disk, fs) == []
    assert missing(around) == [[sizes[0], disk.size - 1]]
    codes = [note.code for note in around.notes]
    assert codes == ["segment_missing", "segment_unplaced", "range_missing"]
    assert "how long disk.002 was" in around.notes[1].reason
    assert around.notes[1].reason.endswith(": disk.003 to disk.004" if len(sizes) > 3 else ": disk.003")
    items = {
        item.name: content(item, Bytes(b""))
        for item in disk.beside(around, 1, lambda stream: stream, parents=True)  # type: ignore[attr-defined]
    }
    assert items == {name: data for name, data in files.items() if name > "disk.002"}


@needs("mkfs.ext4")
@pytest.mark.parametrize(("count", "left"), [(2, 1), (4, 1), (4, 3)])
def test_a_last_part_that_is_larger_shows_that_the_others_were_cut(fs: bytes, count: int, left: int) -> None:
    size = len(fs) // count
    files = cut(fs, *[size] * count)
    for number in range(1, left + 1):
        files[f"disk.{number:03d}"] = files[f"disk.{number:03d}"][: size - 4096]
    disk, around = opened(RAW, files, "disk.001")
    assert (disk.size, moved(disk, fs)) == (len(fs), [])
    assert missing(around) == [[number * size - 4096, number * size - 1] for number in range(1, left + 1)]


@needs("mkfs.ext4")
def test_parts_of_unequal_sizes_are_read_where_the_disk_is_as_long_as_its_tables_say(fs: bytes) -> None:
    for sizes in ((MIB, 3 * MIB), (MIB, MIB // 2, 2 * MIB, MIB // 2)):
        disk, around = opened(RAW, cut(fs, *sizes), "disk.001")
        assert (disk.size, moved(disk, fs)) == (len(fs), [])
        assert [note.code for note in around.notes] == ["part_sizes"]


@needs("mkfs.ext4")
def test_behind_the_first_of_unequal_parts_nothing_is_placed_where_the_disk_is_longer(fs: bytes) -> None:
    files = cut(fs, MIB, MIB // 2, 2 * MIB, MIB // 2)
    files["disk.003"] = files["disk.003"][:-512]
    disk, around = opened(RAW, files, "disk.001")
    assert moved(disk, fs) == []
    assert missing(around) == [[MIB, disk.size - 1]]
    assert "which of them was cut off cannot be told" in around.notes[0].reason


@pytest.mark.parametrize("number", [1, 2, 4, 6])
def test_an_ewf_segment_cut_anywhere_moves_no_chunk(number: int) -> None:
    data = random.Random(3).randbytes(24 * CHUNK)
    whole, name = written(data, 6), f"case.E{number:02d}"
    length = len(whole[name])
    edges = [
        whole[name].find(kind.ljust(16, b"\0"))
        for kind in (b"sectors", b"table", b"table2", b"next", b"done")
    ]
    for left in {*range(3000, length, length // 7), *(edge for edge in edges if edge > 1500), length - 1}:
        disk, around = opened(EWF, whole | {name: whole[name][:left]}, "case.E01")
        assert (disk.size, moved(disk, data)) == (len(data), []), left
        assert any(note.code == "segment_short" for note in around.notes), left


@pytest.mark.tools
@needs("qemu-img")
@pytest.mark.parametrize("options", ["", ",data_file_raw=on"])
def test_an_external_data_file_that_was_cut_moves_nothing(options: str, tmp_path: Path) -> None:
    plain, image, kept = tmp_path / "plain", tmp_path / "disk.qcow2", tmp_path / "disk.data"
    data = random.Random(5).randbytes(1 << 20)
    plain.write_bytes(data)
    run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", "-o", f"data_file={kept}{options}", plain, image)
    files = {image.name: image.read_bytes(), kept.name: kept.read_bytes()[: 300 * 1024]}
    _, around = opened(QCOW2, files | {kept.name: kept.read_bytes()}, image.name)
    assert around.notes == []
    disk, around = opened(QCOW2, files, image.name)
    assert [note.code for note in around.notes] == ["short", "range_missing"]
    assert "disk.data: its tables place bytes" in around.notes[0].reason
    assert (disk.size, moved(disk, data)) == (len(data), [])
    disk.seek(300 * 1024)
    with pytest.raises(Damaged):
        disk.read(512)
