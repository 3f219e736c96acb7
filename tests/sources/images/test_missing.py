"""What of a disk cannot be had is told to the byte: each range, its share, and why no hash is compared."""

import random
from pathlib import Path

import pytest
from disk_tools import needs, run
from ewf_writer import CHUNK, written

from actionday.model import Damaged, NotThere, Stream
from actionday.sources.images._missing import MOST, tell, touching, uncovered
from actionday.sources.images.ewf import IMAGE as EWF
from actionday.sources.images.qcow2 import IMAGE as QCOW2
from actionday.sources.images.raw import IMAGE as RAW
from actionday.sources.images.vdi import IMAGE as VDI
from actionday.sources.images.vhd import IMAGE as VHD
from actionday.sources.images.vmdk import IMAGE as VMDK
from actionday.testing.context import Alone, Bytes

DATA = random.Random(14).randbytes(96 * CHUNK)


def opened(image: object, files: dict[str, bytes], name: str) -> tuple[Stream, Alone]:
    around = Alone(name, beside=files)
    return image.open(Bytes(files[name]), around), around  # type: ignore[attr-defined]


def ranges(around: Alone) -> list[list[int]]:
    told = around.facts.get("missing")
    return told["ranges"] if isinstance(told, dict) else []


def lost(disk: Stream, step: int = 512) -> int:
    """Count the bytes that cannot be read, sector by sector."""
    count = 0
    for at in range(0, disk.size, step):
        disk.seek(at)
        try:
            disk.read(step)
        except Damaged:
            count += min(step, disk.size - at)
    return count


KNOWN = {
    (2, 3, 4, 5, 6): [[16 * CHUNK, 96 * CHUNK - 1]],
    (6,): [[80 * CHUNK, 96 * CHUNK - 1]],
    (2,): [[16 * CHUNK, 32 * CHUNK - 1]],
    (2, 3): [[16 * CHUNK, 48 * CHUNK - 1]],
}
"""Segments taken away from a set of six, and what of the disk goes with them."""


@pytest.mark.parametrize("gone", KNOWN, ids=str)
def test_u14_the_ranges_of_segments_that_are_missing_are_told_to_the_byte(gone: tuple[int, ...]) -> None:
    files = written(DATA, 6)
    for number in gone:
        del files[f"case.E{number:02d}"]
    disk, around = opened(EWF, files, "case.E01")
    assert ranges(around) == KNOWN[gone]
    (start, last), *more = ranges(around)
    assert not more
    length = last + 1 - start
    assert around.facts["missing"]["bytes"] == length == lost(disk)  # type: ignore[index]
    (note,) = (each for each in around.notes if each.code == "range_missing")
    share = length * 1000 // len(DATA)
    said = f"bytes {start} to {last} of the disk cannot be had: {length} of its {len(DATA)} bytes, "
    assert note.reason.startswith(
        f"{said}{share // 10}.{share % 10} %; they lie in what is missing of the set"
    )


def test_u14_a_hash_that_stands_in_a_missing_segment_is_not_known() -> None:
    whole = written(DATA, 6)
    without_last = {name: data for name, data in whole.items() if name != "case.E06"}
    disk, around = opened(EWF, without_last, "case.E01")
    assert around.facts["ewf"]["hash_unknown"] == "the segment that would hold it is missing"  # type: ignore[index]
    assert "all that followed it" in around.notes[0].reason
    cut = whole | {"case.E06": whole["case.E06"][:-200]}
    _, around = opened(EWF, cut, "case.E01")
    assert "case.E06, which may hold it, is not whole" in str(around.facts["ewf"])
    _, around = opened(EWF, whole, "case.E01")
    assert not {"hash_unknown", "hash_not_compared"} & around.facts["ewf"].keys()  # type: ignore[attr-defined]
    assert "missing" not in around.facts
    del disk


def test_u14_the_hash_of_a_disk_that_is_not_whole_is_not_compared() -> None:
    files = written(DATA, 6)
    del files["case.E03"]
    disk, around = opened(EWF, files, "case.E01")
    told = around.facts["ewf"]
    assert isinstance(told, dict)
    assert told["md5"]
    assert told["hash_not_compared"] == "the disk is not whole"
    assert disk.stored == {}  # type: ignore[attr-defined]


def test_u14_a_set_without_its_first_segment_says_of_which_disk_nothing_is_read() -> None:
    files = written(DATA, 3)
    del files["case.E01"]
    for name, known in (("case.E02", {"hash_unknown"}), ("case.E03", {"hash_not_compared", "md5"})):
        around = Alone(name, beside=files)
        with pytest.raises(Damaged, match="first segment is missing") as told:
            EWF.open(Bytes(files[name]), around)
        facts = around.facts["ewf"]
        assert isinstance(facts, dict)
        assert facts.keys() & {"hash_unknown", "hash_not_compared", "md5"} == known
        assert f"nothing of its disk of {len(DATA)} bytes can be had from it" in str(told.value)


def test_u14_missing_parts_of_a_raw_disk_that_touch_are_one_range() -> None:
    part = DATA[:4096]
    files = {f"disk.00{number}": part for number in (1, 4, 6)}
    disk, around = opened(RAW, files, "disk.001")
    assert ranges(around) == [[4096, 3 * 4096 - 1], [4 * 4096, 5 * 4096 - 1]]
    assert lost(disk) == 3 * 4096 == around.facts["missing"]["bytes"]  # type: ignore[index]
    assert [note.code for note in around.notes].count("range_missing") == 2


def test_u14_extents_of_a_vmdk_that_are_missing_or_cut_off_are_told() -> None:
    names = [f'RW 8 FLAT "disk-f00{number}.vmdk" 0' for number in range(1, 5)]
    text = "\n".join(
        ["# Disk DescriptorFile", "CID=1", "parentCID=ffffffff", 'createType="twoGbMaxExtentFlat"', *names]
    )
    files = {"disk.vmdk": text.encode(), "disk-f001.vmdk": DATA[:4096], "disk-f002.vmdk": DATA[:1024]}
    files["disk-f004.vmdk"] = DATA[:4096]
    disk, around = opened(VMDK, files, "disk.vmdk")
    assert ranges(around) == [[4096 + 1024, 3 * 4096 - 1]]
    assert lost(disk) == 4096 - 1024 + 4096


@pytest.mark.tools
@needs("ewfacquire")
def test_u14_a_set_of_ewfacquire_without_its_end(tmp_path: Path) -> None:
    (tmp_path / "disk.raw").write_bytes(DATA)
    run("ewfacquire", "-u", "-q", "-t", tmp_path / "set", "-S", "1MiB", "-c", "fast", tmp_path / "disk.raw")
    disk, around = opened(EWF, {"set.E01": (tmp_path / "set.E01").read_bytes()}, "set.E01")
    ((start, last),) = ranges(around)
    assert last == len(DATA) - 1
    assert lost(disk) == len(DATA) - start > len(DATA) // 2


def test_ranges_are_joined_where_they_touch() -> None:
    assert list(touching([(0, 4), (4, 4), (4, 8), (9, 9), (10, 12), (11, 20)])) == [(0, 8), (10, 20)]
    assert uncovered([(4, 8), (6, 10), (20, 99)], 30) == [(0, 4), (10, 20)]
    assert uncovered([], 30) == [(0, 30)]


def test_thousands_of_ranges_are_counted_and_the_first_have_their_line() -> None:
    many = [(2 * number, 2 * number + 1) for number in range(5000)]
    around = Alone("disk")
    facts = tell(many, 10_000_000, around, "they lie elsewhere")
    assert len(around.notes) == MOST + 1
    assert around.notes[-1].reason.startswith(
        "4900 further ranges from byte 200 on cannot be had: 4900 of its"
    )
    assert "less than 0.1 %" in around.notes[-1].reason
    assert facts["missing"]["bytes"] == 5000  # type: ignore[index]


def test_u15_a_disk_of_which_nothing_is_read_lacks_all_its_bytes_once() -> None:
    files = written(DATA, 3)
    del files["case.E01"]
    told = []
    for name in files:
        around = Alone(name, beside=files)
        with pytest.raises(Damaged):
            EWF.open(Bytes(files[name]), around)
        told += [around.facts["missing"]] if "missing" in around.facts else []
    (one,) = told
    assert (one["bytes"], one["of"]) == (len(DATA), len(DATA))  # type: ignore[index]


@pytest.mark.tools
@needs("qemu-img")
@pytest.mark.parametrize(
    ("kind", "options"), [("qcow2", ""), ("vmdk", ""), ("vmdk", "subformat=streamOptimized"), ("vdi", ""),
                          ("vpc", "force_size=on")]
)  # fmt: skip
def test_u15_a_disk_whose_first_table_is_behind_the_cut_lacks_all_its_bytes(
    kind: str, options: str, tmp_path: Path
) -> None:
    readers = {"qcow2": QCOW2, "vmdk": VMDK, "vdi": VDI, "vpc": VHD}
    (tmp_path / "raw").write_bytes(DATA)
    flags = ["-o", options] if options else []
    run("qemu-img", "convert", "-f", "raw", "-O", kind, *flags, tmp_path / "raw", tmp_path / "disk")
    whole = (tmp_path / "disk").read_bytes()
    first = int.from_bytes(whole[40:48], "big")
    places = {"qcow2": first, "vpc": 1536, "vdi": 512, "vmdk": 512}
    around = Alone("disk")
    with pytest.raises(Damaged):
        readers[kind].open(Bytes(whole[: places[kind] + 4]), around)
    told = around.facts["missing"]
    assert isinstance(told, dict)
    assert (told["bytes"], told["of"]) == (len(DATA), len(DATA))
    (note,) = (each for each in around.notes if each.code == "range_missing")
    assert f"{len(DATA)} of its {len(DATA)} bytes, 100.0 %; nothing of it is read: " in note.reason


@pytest.mark.tools
@needs("qemu-img")
@pytest.mark.parametrize("kind", ["qcow2", "vmdk"])
def test_u15_an_overlay_without_its_base_lacks_all_its_bytes(kind: str, tmp_path: Path) -> None:
    readers = {"qcow2": QCOW2, "vmdk": VMDK}
    run("qemu-img", "create", "-q", "-f", kind, tmp_path / "base", "4M")
    run("qemu-img", "create", "-q", "-f", kind, "-b", tmp_path / "base", "-F", kind, tmp_path / "top")
    around = Alone("top")
    with pytest.raises(NotThere, match="needs backing file base"):
        readers[kind].open(Bytes((tmp_path / "top").read_bytes()), around)
    told = around.facts["missing"]
    assert isinstance(told, dict)
    assert told["bytes"] == told["of"] == 4 << 20
    assert [note.reason.split("nothing of it is read: ")[1] for note in around.notes if note.code == "range_missing"] == [
        "needs backing file base, which is not beside it"
    ]  # fmt: skip


@pytest.mark.tools
@needs("qemu-img")
def test_u15_a_parent_that_was_cut_keeps_all_its_facts_below_those_of_its_child(tmp_path: Path) -> None:
    (tmp_path / "raw").write_bytes(DATA)
    base, top = tmp_path / "base", tmp_path / "top"
    run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", tmp_path / "raw", base)
    run("qemu-img", "create", "-q", "-f", "qcow2", "-b", base, "-F", "qcow2", top)
    whole = base.read_bytes()
    _, around = opened(QCOW2, {"base": whole[: len(whole) // 2], "top": top.read_bytes()}, "top")
    told = around.facts["parent"]
    assert isinstance(told, dict)
    assert told.keys() >= {"name", "qcow2", "missing"}
    assert "missing" not in around.facts, "whose ranges are those of the parent alone"
    said = [note.reason for note in around.notes if note.code == "range_missing"]
    assert [each.startswith("base: bytes ") for each in said] == [True]
