"""Clusters and blocks that their table says read as zeros, or are not there, while their bytes are still stored."""

import struct
from pathlib import Path
from uuid import UUID

import pytest
from disk_tools import needs, run
from test_beside_the_disk import MIB, beside

pytestmark = [pytest.mark.tools, needs("qemu-img", "qemu-io")]
WORDS = b"the kestrel meets us at the harbour\n" * 4000
BAT = UUID("2dc27766-f623-4200-9d64-115e9bfd4a08").bytes_le


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """A disk of words without a zero, with more words of their own from byte 4 MiB to 4.125 MiB."""
    disk = tmp_path / "made" / "plain.raw"
    disk.parent.mkdir()
    disk.write_bytes(b"\xa7" * (4 * MIB) + WORDS[: 128 << 10] + b"\xa7" * (4 * MIB - (128 << 10)))
    return disk


def image(plain: Path, kind: str, options: str = "") -> Path:
    (plain.parents[1] / "image").mkdir()
    path = plain.parents[1] / "image" / f"disk.{kind}"
    chosen = ["-o", options] if options else []
    run("qemu-img", "convert", "-f", "raw", "-O", kind, *chosen, plain, path)
    return path


@pytest.mark.parametrize(
    "options", ["", "cluster_size=4k", "cluster_size=2M", "extended_l2=on,cluster_size=128k"]
)
def test_a_cluster_that_was_written_over_with_zeros_and_keeps_its_place(options: str, plain: Path) -> None:
    path = image(plain, "qcow2", options)
    length = (2 << 20) if "2M" in options else 128 << 10
    assert beside(path, "qcow2") == ({}, [])
    run("qemu-io", "-f", "qcow2", "-c", f"write -q -z 4M {length}", path)
    ((name, found),) = beside(path, "qcow2")[0].items()
    assert name.startswith("between blocks @")
    assert found == (WORDS[: 128 << 10] + b"\xa7" * (length - (128 << 10)))


@pytest.mark.parametrize(("first", "count"), [(1, 30), (0, 1), (31, 1), (3, 5)])
def test_parts_of_a_cluster(first: int, count: int, plain: Path) -> None:
    path = image(plain, "qcow2", "extended_l2=on,cluster_size=128k")
    at, length = first * 4096, count * 4096
    run("qemu-io", "-f", "qcow2", "-c", f"write -q -z {4 * MIB + at} {length}", path)
    assert list(beside(path, "qcow2")[0].values()) == [WORDS[at : at + length]]


def test_what_a_snapshot_still_gives_is_no_left_over(plain: Path) -> None:
    path = image(plain, "qcow2")
    run("qemu-img", "snapshot", "-c", "one", path)
    run("qemu-io", "-f", "qcow2", "-c", "write -q -z 4M 128k", path)
    assert beside(path, "qcow2")[0] == {}


@pytest.mark.parametrize("state", [0, 1, 2, 3])
def test_blocks_of_a_vhdx_that_keep_their_place(state: int, plain: Path) -> None:
    path = image(plain, "vhdx", "block_size=1M")
    data = bytearray(path.read_bytes())
    regions = (196608 + 16 + 32 * index for index in range(struct.unpack_from("<I", data, 196608 + 8)[0]))
    at = next(
        struct.unpack_from("<Q", data, each + 16)[0] for each in regions if data[each : each + 16] == BAT
    )
    (entry,) = struct.unpack_from("<Q", data, at + 8 * 4)
    assert entry & 7 == 6
    struct.pack_into("<Q", data, at + 8 * 4, entry & ~7 | state)
    ((name, found),) = beside(path, "vhdx", bytes(data))[0].items()
    assert name.startswith("between blocks @")
    assert found == WORDS[: 128 << 10] + b"\xa7" * (MIB - (128 << 10))
