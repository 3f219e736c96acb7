"""Each extent of a VMDK lies where its descriptor places it, whatever the files of the others hold."""

import os
import random
from pathlib import Path

import pytest
from disk_tools import needs, run

from actionday.model import Damaged, Stream, Unsupported
from actionday.sources.images._vmdk_descriptor import descriptor
from actionday.sources.images.vmdk import IMAGE
from actionday.testing.context import Alone, Bytes, content

MIB = 1 << 20
LENGTHS = (3 * MIB, 2 * MIB, 4 * MIB)
DATA = random.Random(27).randbytes(sum(LENGTHS))
STARTS = (0, LENGTHS[0], LENGTHS[0] + LENGTHS[1])
FLAT, SPARSE = "FLAT", "SPARSE"


def text(kind: str, names: list[str], lengths: tuple[int, ...] = LENGTHS) -> str:
    lines = [
        f'RW {length // 512} {kind} "{name}"{" 0" if kind == FLAT else ""}'
        for name, length in zip(names, lengths, strict=True)
    ]
    head = [
        "# Disk DescriptorFile",
        "version=1",
        "CID=00000001",
        "parentCID=ffffffff",
        f'createType="twoGbMaxExtent{kind.title()}"',
    ]
    return "\n".join([*head, *lines, 'ddb.adapterType = "ide"', ""])


def sparse(path: Path, data: bytes) -> None:
    """Write a sparse extent as qemu-img writes those of a split disk."""
    plain, made = path.with_suffix(".raw"), path.with_suffix(".d") / "disk.vmdk"
    made.parent.mkdir()
    plain.write_bytes(data)
    run("qemu-img", "convert", "-f", "raw", "-O", "vmdk", "-o", "subformat=twoGbMaxExtentSparse", plain, made)
    path.write_bytes((made.parent / "disk-s001.vmdk").read_bytes())
    plain.unlink()


def split(folder: Path, kind: str) -> dict[str, Path]:
    """Write a disk of three extents; return its files by name, that of the descriptor first."""
    names = [f"disk-{number}.vmdk" for number in (1, 2, 3)]
    (folder / "disk.vmdk").write_text(text(kind, names))
    for name, start, length in zip(names, STARTS, LENGTHS, strict=True):
        if kind == FLAT:
            (folder / name).write_bytes(DATA[start : start + length])
        else:
            sparse(folder / name, DATA[start : start + length])
    return {name: folder / name for name in ("disk.vmdk", *names)}


def opened(folder: Path, name: str = "disk.vmdk") -> tuple[Stream, Alone]:
    files = {each.name: each.read_bytes() for each in folder.iterdir() if each.is_file()}
    around = Alone(name, beside=files)
    return IMAGE.open(Bytes(files[name]), around), around


def read(disk: Stream) -> bytes:
    """Return the disk, what cannot be read as ``?``."""
    held = bytearray()
    for at in range(0, disk.size, 512):
        disk.seek(at)
        try:
            held += disk.read(512)
        except Damaged:
            held += b"?" * 512
    return bytes(held)


def without(*ranges: tuple[int, int]) -> bytes:
    data = bytearray(DATA)
    for start, end in ranges:
        data[start:end] = b"?" * (end - start)
    return bytes(data)


def missing(around: Alone) -> object:
    told = around.facts.get("missing")
    return told["ranges"] if isinstance(told, dict) else []


pytestmark = [pytest.mark.tools, needs("qemu-img")]


@pytest.mark.parametrize("kind", [FLAT, SPARSE])
def test_a_whole_set_reads_as_qemu_reads_it(kind: str, tmp_path: Path) -> None:
    files = split(tmp_path, kind)
    run("qemu-img", "convert", "-f", "vmdk", "-O", "raw", files["disk.vmdk"], tmp_path / "told")
    disk, around = opened(tmp_path)
    assert read(disk) == (tmp_path / "told").read_bytes() == DATA
    assert (around.notes, missing(around)) == ([], [])


@pytest.mark.parametrize("kind", [FLAT, SPARSE])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_short_extent_moves_none_behind_it(kind: str, number: int, tmp_path: Path) -> None:
    path = split(tmp_path, kind)[f"disk-{number}.vmdk"]
    start, held = STARTS[number - 1], MIB + 512
    path.unlink()
    if kind == FLAT:
        path.write_bytes(DATA[start : start + held])
    else:
        (tmp_path / f"disk-{number}.d" / "disk.vmdk").unlink()
        (tmp_path / f"disk-{number}.d" / "disk-s001.vmdk").unlink()
        (tmp_path / f"disk-{number}.d").rmdir()
        sparse(path, DATA[start : start + held])
    lost = (start + held, start + LENGTHS[number - 1])
    disk, around = opened(tmp_path)
    assert read(disk) == without(lost)
    assert missing(around) == [[lost[0], lost[1] - 1]]
    assert [note.code for note in around.notes] == ["segment_short", "range_missing"]


@pytest.mark.parametrize("kind", [FLAT, SPARSE])
@pytest.mark.parametrize(
    "left", [None, b"", b"no extent at all".ljust(4096, b".")], ids=["gone", "empty", "other"]
)
def test_an_extent_that_is_none_costs_its_range(kind: str, left: bytes | None, tmp_path: Path) -> None:
    path = split(tmp_path, kind)["disk-2.vmdk"]
    path.unlink()
    if left is not None:
        path.write_bytes(left)
    start = STARTS[1] + (len(left or b"") if kind == FLAT else 0)
    disk, around = opened(tmp_path)
    held = read(disk)
    assert (
        held[: STARTS[1]] + held[start:]
        == without((start, STARTS[2]))[: STARTS[1]] + without((start, STARTS[2]))[start:]
    )
    assert missing(around) == [[start, STARTS[2] - 1]]


@pytest.mark.parametrize("kind", [FLAT, SPARSE])
def test_what_an_extent_holds_beyond_its_range_is_beside_the_disk(kind: str, tmp_path: Path) -> None:
    path, more = (
        split(tmp_path, kind)["disk-1.vmdk"],
        b"m" + os.urandom(65536 + 511),
    )  # blanks in front are filling
    whole = DATA[: LENGTHS[0]] + more
    if kind == FLAT:
        path.write_bytes(whole)
    else:
        sparse(tmp_path / "longer.vmdk", whole)
        path.write_bytes((tmp_path / "longer.vmdk").read_bytes())
        (tmp_path / "longer.vmdk").unlink()
    disk, around = opened(tmp_path)
    assert read(disk) == DATA
    (item,) = disk.beside(around, 1, lambda stream: stream, parents=True)  # type: ignore[attr-defined]
    assert item.name == f"disk-1.vmdk {'' if kind == FLAT else 'grains '}behind the end"
    assert content(item, Bytes(b"")) == more
    assert [note.code for note in around.notes] == ["trailing"]


def embedded(folder: Path, name: str = "disk-1.vmdk", listed: str = "disk-1.vmdk") -> dict[str, Path]:
    """Write a disk whose descriptor lies in its first extent, where qemu-img leaves room for it."""
    files = split(folder, SPARSE)
    files.pop("disk.vmdk").unlink()
    data = bytearray(files.pop("disk-1.vmdk").read_bytes())
    words = text(SPARSE, [listed, "disk-2.vmdk", "disk-3.vmdk"]).encode()
    data[512 : 512 + len(words)] = words
    (folder / name).write_bytes(data)
    return {name: folder / name} | files


@pytest.mark.parametrize("name", ["disk-1.vmdk", "renamed.vmdk"])
def test_further_extents_of_an_embedded_descriptor_are_read(name: str, tmp_path: Path) -> None:
    embedded(tmp_path, name)
    disk, around = opened(tmp_path, name)
    assert read(disk) == DATA
    assert (around.notes, missing(around)) == ([], [])


def test_further_extents_that_are_not_there_are_a_loss(tmp_path: Path) -> None:
    files = embedded(tmp_path)
    files["disk-3.vmdk"].unlink()
    disk, around = opened(tmp_path, "disk-1.vmdk")
    assert read(disk) == without((STARTS[2], len(DATA)))
    files["disk-2.vmdk"].unlink()
    disk, around = opened(tmp_path, "disk-1.vmdk")
    assert disk.size == len(DATA)
    assert read(disk) == without((STARTS[1], len(DATA)))
    assert missing(around) == [[STARTS[1], len(DATA) - 1]]
    (said,) = (note.reason for note in around.notes if note.code == "range_missing")
    assert f"{6 * MIB} of its {9 * MIB} bytes, 66.6 %; they lie in extents that are missing" in said


def test_a_further_extent_is_not_read_twice(tmp_path: Path) -> None:
    embedded(tmp_path)
    with pytest.raises(Unsupported, match=r"an extent of disk-1\.vmdk: its bytes are read with that file"):
        opened(tmp_path, "disk-2.vmdk")


def test_an_extent_whose_name_ends_as_another_is_named_is_read(tmp_path: Path) -> None:
    files = split(tmp_path, SPARSE)
    (tmp_path / "1.vmdk").write_bytes(files["disk-1.vmdk"].read_bytes())
    disk, _ = opened(tmp_path, "1.vmdk")
    assert read(disk) == DATA[: LENGTHS[0]]


def test_a_header_that_gives_less_than_the_text_in_the_same_file(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(DATA)
    image = tmp_path / "disk.vmdk"
    run("qemu-img", "convert", "-f", "raw", "-O", "vmdk", tmp_path / "plain", image)
    data = image.read_bytes()
    image.write_bytes(data.replace(b"RW 18432 SPARSE", b"RW 36864 SPARSE"))
    disk, around = opened(tmp_path)
    assert missing(around) == [[len(DATA), 2 * len(DATA) - 1]]
    assert read(disk) == DATA + b"?" * len(DATA)


@pytest.mark.parametrize("line", ['RW 8 FLAT "a.vmdk" 0 partitionUUID "b"', 'RW 8 FLAT "a.vmdk" 0 # first'])
def test_an_extent_with_words_behind_it_moves_none(line: str) -> None:
    told = descriptor(text(FLAT, ["x"], (512,)).replace("RW 1 ", f"{line}\nRW 1 ").encode())
    assert [(each.file, each.length) for each in told.extents] == [("a.vmdk", 4096), ("x", 512)]


@pytest.mark.parametrize("line", ['RW many FLAT "a.vmdk" 0', "RW", 'RDONLY -8 FLAT "a"'])
def test_an_extent_that_cannot_be_understood_is_said(line: str) -> None:
    with pytest.raises(Damaged, match="an extent in the descriptor cannot be understood"):
        descriptor(text(FLAT, ["x"], (512,)).replace("RW 1 ", f"{line}\nRW 1 ").encode())


@needs("qemu-io")
def test_extents_of_two_gigabytes_of_which_the_second_is_gone(tmp_path: Path) -> None:
    image, at = tmp_path / "disk.vmdk", (MIB, 3000 * MIB, 4200 * MIB)
    run("qemu-img", "create", "-q", "-f", "vmdk", "-o", "subformat=twoGbMaxExtentSparse", image, "4500M")
    for number, place in enumerate(at, 1):
        run("qemu-io", "-f", "vmdk", "-c", f"write -q -P {number} {place} 4096", image)
    disk, around = opened(tmp_path)
    assert (disk.size, missing(around)) == (4500 * MIB, [])
    for number, place in enumerate(at, 1):
        disk.seek(place)
        assert disk.read(4096) == bytes([number]) * 4096
    (tmp_path / "disk-s002.vmdk").unlink()
    disk, around = opened(tmp_path)
    ((start, last),) = missing(around)  # type: ignore[attr-defined]
    assert start < at[1] < last < at[2]
    for number, place in ((1, at[0]), (3, at[2])):
        disk.seek(place)
        assert disk.read(4096) == bytes([number]) * 4096
