"""Damaged disks through the real command: what is there comes out, what is not is named, and the exit code says so."""

import io
import shutil
import struct
import sys
import tarfile
from collections import Counter
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sources"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sources" / "images"))

from disk_makers import HASHES, MIB, ext, fat, mbr, tree
from disk_tools import run
from ewf_writer import written

from case_tools import Bench, balanced

pytestmark = [
    pytest.mark.tools,
    pytest.mark.skipif(
        not all(map(shutil.which, ("mkfs.ext4", "mkfs.fat", "mcopy", "qemu-img"))), reason="disk tools"
    ),
]


def came(bench: Bench) -> dict[str, str]:
    """The SHA-256 of every regular file that was read, by the last part of its path."""
    items = bench.items()
    balanced(items, bench.status())
    return {
        row["path"].rpartition("/")[2]: row["sha256"]
        for row in items
        if row["kind"] == "file" and row["sha256"]
    }


WANTED = {name.rpartition("/")[2]: digest for name, digest in HASHES.items()}


def codes(bench: Bench) -> Counter[str]:
    return Counter(row["code"] for row in bench.export("issues"))


def root(bench: Bench) -> dict[str, str]:
    return next(row for row in bench.items() if row["kind"] == "exhibit")


@pytest.fixture
def image(tmp_path: Path) -> bytes:
    return ext(tmp_path / "ext", tree(tmp_path / "t"), size=8 * MIB).read_bytes()


def segments(folder: Path, raw: bytes, count: int) -> list[Path]:
    paths = []
    for name, data in written(raw, count).items():
        paths.append(folder / name)
        paths[-1].write_bytes(data)
    return paths


def test_a_flipped_bit_in_the_last_chunk_of_an_e01_costs_that_chunk(
    bench: Bench, tmp_path: Path, image: bytes
) -> None:
    (path,) = segments(tmp_path, image[:-4096] + bytes(range(256)) * 16, 1)
    whole = bytearray(path.read_bytes())
    last = bytes(range(1, 200))
    at = whole.rfind(last)
    if at < 0:  # compressed: its last chunk ends where the sectors section does
        at = whole.index(b"table") - 60
    whole[at] ^= 1
    path.write_bytes(whole)
    bench.ingest(path, code=1)
    assert came(bench) == WANTED
    assert root(bench)["status"] == "unreadable"
    assert {"gap", "hash_differs"} & set(codes(bench))
    assert bench.verify()["ok"]


def test_a_set_without_its_last_segment_gives_what_the_others_hold(
    bench: Bench, tmp_path: Path, image: bytes
) -> None:
    paths = segments(tmp_path, image, 6)
    paths[-1].unlink()
    bench.ingest(paths[0], code=1)
    assert came(bench) == WANTED
    assert root(bench)["status"] == "unreadable"
    assert paths[-1].name in root(bench)["reason"]


def test_a_raw_disk_cut_short_is_not_whole_though_every_file_came(
    bench: Bench, tmp_path: Path, image: bytes
) -> None:
    (tmp_path / "p").write_bytes(image)
    raw = mbr(tmp_path / "disk.dd", (0x83, tmp_path / "p")).read_bytes()
    (tmp_path / "disk.dd").write_bytes(raw[: MIB + 6 * MIB])
    bench.ingest(tmp_path / "disk.dd", code=1)
    assert came(bench) == WANTED
    assert root(bench)["status"] == "unreadable"
    assert root(bench)["reason"].startswith("not whole: p1 is 8388608 bytes long")
    assert codes(bench)["short"] == 3  # the disk, the partition, and the file system in it


@pytest.mark.parametrize("kind", ["vhdx", "qcow2", "vdi", "vmdk"])
def test_an_image_cut_at_its_end_gives_what_is_there(
    kind: str, bench: Bench, tmp_path: Path, image: bytes
) -> None:
    (tmp_path / "raw").write_bytes(image + bytes(range(256)) * 4 * 4096)
    path = tmp_path / f"disk.{kind}"
    run("qemu-img", "convert", "-f", "raw", "-O", kind, tmp_path / "raw", path)
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - (6 if kind == "vhdx" else 2) * MIB)  # its blocks are of 8 MiB
    bench.ingest(path, code=1)
    assert came(bench) == WANTED
    assert root(bench)["status"] == "unreadable"
    assert (
        codes(bench)["range_missing"] == codes(bench)["short"] == 1
    )  # a range that is told is no gap besides
    assert not codes(bench)["gap"]


def test_a_directory_of_zeros_is_unreadable_and_the_run_fails(
    bench: Bench, tmp_path: Path, image: bytes
) -> None:
    at = image.index(b"schedule.html") // 1024 * 1024
    (tmp_path / "disk.dd").write_bytes(image[:at] + bytes(1024) + image[at + 1024 :])
    bench.ingest(tmp_path / "disk.dd", code=1)
    items = bench.items()
    assert next(row for row in items if row["path"] == "docs")["status"] == "unreadable"
    assert set(HASHES.values()) <= {row["sha256"] for row in items}
    assert {"directory", "unnamed"} <= set(codes(bench))


def test_one_bad_entry_of_a_partition_table_is_named(bench: Bench, tmp_path: Path) -> None:
    disk = bytearray(
        mbr(tmp_path / "disk.dd", (0x06, fat(tmp_path / "fat", tree(tmp_path / "t")))).read_bytes()
    )
    struct.pack_into("<B3xB3xII", disk, 462, 0, 0x83, 0, 5000)
    (tmp_path / "disk.dd").write_bytes(disk)
    bench.ingest(tmp_path / "disk.dd", code=1)
    assert WANTED.items() <= came(bench).items()
    volumes = {row["path"]: row["status"] for row in bench.items() if row["kind"] == "volume"}
    assert volumes == {"p1": "parsed", "p2": "unreadable"}


def test_a_disk_that_nobody_can_open_is_a_failure(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "disk.dd").write_bytes(bytes(446) + bytes(64) + b"\x55\xaa" + bytes(range(256)) * 8192)
    bench.ingest(tmp_path / "disk.dd", code=1)
    assert (root(bench)["status"], "holds data" in root(bench)["reason"]) == ("unreadable", True)


def test_a_disk_that_begins_and_ends_with_words_is_no_text_whatever_it_is_called(
    bench: Bench, tmp_path: Path, image: bytes
) -> None:
    words = b"the club meets on Thursdays and nobody may know of it\n" * 4000
    (tmp_path / "sda").write_bytes(words.ljust(2 * MIB, b"\0") + image + bytes(MIB) + words)
    bench.ingest(tmp_path / "sda", code=1)
    assert came(bench) == WANTED
    assert "no partition table" in root(bench)["reason"]


def test_a_disk_whose_table_is_lost_gives_its_file_systems(
    bench: Bench, tmp_path: Path, image: bytes
) -> None:
    (tmp_path / "disk.dd").write_bytes(bytes(MIB) + image)
    bench.ingest(tmp_path / "disk.dd", code=1)
    assert came(bench) == WANTED
    assert root(bench)["status"] == "unreadable"
    assert [row["path"] for row in bench.items() if row["kind"] == "volume"] == ["unpartitioned1"]
    assert bench.verify()["ok"]


def test_a_lost_super_block_in_a_partition_is_made_good_by_its_copy(bench: Bench, tmp_path: Path) -> None:
    whole = ext(tmp_path / "ext", tree(tmp_path / "t"), "-b", "1024", size=12 * MIB).read_bytes()
    (tmp_path / "part").write_bytes(whole[:1024] + bytes(1024) + whole[2048:])
    bench.ingest(mbr(tmp_path / "disk.dd", (0x83, tmp_path / "part")))
    assert WANTED.items() <= came(bench).items()
    assert codes(bench)["backup"] == 1


def vdi(raw: bytes, identity: bytes, parent: bytes = bytes(16)) -> bytes:
    """A VDI of 1 MiB blocks written by hand; with a ``parent`` it holds its first block alone."""
    count = len(raw) // MIB
    header = bytearray(2 * MIB)
    header[:64] = b"<<< Sample disk image >>>\n".ljust(64, b"\0")
    struct.pack_into("<IIIII", header, 64, 0xBEDA107F, 0x00010001, 400, 4 if any(parent) else 1, 0)
    struct.pack_into("<II", header, 0x154, MIB, 2 * MIB)
    struct.pack_into("<I4xQIIII", header, 0x168, 512, len(raw), MIB, 0, count, count)
    header[0x188:0x198], header[0x1A8:0x1B8] = identity, parent
    blocks = range(1) if any(parent) else range(count)
    entries = [number if number in blocks else 0xFFFFFFFF for number in range(count)]
    header[MIB : MIB + 4 * count] = struct.pack(f"<{count}I", *entries)
    return bytes(header) + raw[: len(blocks) * MIB]


def packed(tmp_path: Path, files: dict[str, bytes]) -> Path:
    with tarfile.open(tmp_path / "machine.tar.gz", "w:gz") as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return tmp_path / "machine.tar.gz"


@pytest.mark.parametrize("order", [("base.vdi", "child.vdi"), ("child.vdi", "base.vdi")])
def test_a_parent_that_is_known_by_its_number_alone_is_found_in_the_archive(
    order: tuple[str, str], bench: Bench, tmp_path: Path, image: bytes
) -> None:
    one, two = bytes(range(16)), bytes(range(16, 32))
    images = {"base.vdi": vdi(image, one), "child.vdi": vdi(image, two, one)}
    bench.ingest(
        packed(tmp_path, {f"vm/{name}": images[name] for name in order} | {"vm/notes.txt": b"notes\n"})
    )
    items = bench.items()
    for name in order:
        got = {
            row["path"].removeprefix(f"vm/{name}/"): row["sha256"]
            for row in items
            if row["path"].startswith(f"vm/{name}/") and row["kind"] == "file" and row["sha256"]
        }
        assert got == HASHES, name


def test_an_overlay_in_an_archive_stands_on_the_base_beside_it(
    bench: Bench, tmp_path: Path, image: bytes
) -> None:
    (tmp_path / "raw").write_bytes(image)
    run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", tmp_path / "raw", tmp_path / "base.qcow2")
    run(
        "qemu-img",
        "create",
        "-q",
        "-f",
        "qcow2",
        "-b",
        "base.qcow2",
        "-F",
        "qcow2",
        "over.qcow2",
        cwd=tmp_path,
    )
    files = {f"vm/{name}": (tmp_path / name).read_bytes() for name in ("over.qcow2", "base.qcow2")}
    bench.ingest(packed(tmp_path, files))
    rows = [row["path"] for row in bench.items() if row["path"].endswith("readme.txt")]
    assert sorted(rows) == ["vm/base.qcow2/readme.txt", "vm/over.qcow2/readme.txt"]
