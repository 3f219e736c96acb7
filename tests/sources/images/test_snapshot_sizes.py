"""What snapshots of a QCOW2 name beyond their disk is part of nothing; thousands that share a table cost one."""

import struct
import time
from pathlib import Path

import pytest
from disk_tools import needs, run
from test_beside_the_disk import MIB, beside

pytestmark = [pytest.mark.tools, needs("qemu-img", "qemu-io")]
WORDS = (b"the kestrel meets us at the harbour\n" * 4000)[: 128 << 10]


def made(folder: Path) -> Path:
    """A disk of 8 MiB whose snapshot alone holds the words at 4 MiB."""
    plain, path = folder / "plain.raw", folder / "image" / "disk.qcow2"
    path.parent.mkdir()
    plain.write_bytes(b"\xa7" * (4 * MIB) + WORDS + b"\xa7" * (4 * MIB - len(WORDS)))
    run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", plain, path)
    run("qemu-img", "snapshot", "-c", "one", path)
    run("qemu-io", "-f", "qcow2", "-c", "write -q -z -u 4M 128k", path)
    return path


def test_a_snapshot_that_says_it_is_smaller_than_what_it_names(tmp_path: Path) -> None:
    path = made(tmp_path)
    assert beside(path, "qcow2") == ({}, ["snapshot"])
    data = bytearray(path.read_bytes())
    (at,) = struct.unpack_from(">Q", data, 64)
    struct.pack_into(">Q", data, at + 48, 3 * MIB)
    assert list(beside(path, "qcow2", bytes(data))[0].values()) == [WORDS]


def test_thousands_of_snapshots_that_share_a_sparse_table_hide_nothing(tmp_path: Path) -> None:
    path = made(tmp_path)
    data = bytearray(path.read_bytes())
    data += WORDS + bytes(-len(data) % 65536)
    start, table = len(data), bytearray()
    for number in range(4096):
        entry = struct.pack(">QIHHIIQII", 0, 4 << 20, 4, 4, 0, 0, 0, 0, 16) + struct.pack(">QQ", 0, 8 * MIB)
        table += (entry + b"%04d%04d" % (number, number)).ljust(64, b"\0")
    first = start + len(table)
    for number in range(4096):
        struct.pack_into(">Q", table, 64 * number, first)
    struct.pack_into(">IQ", data, 60, 4096, start)
    began = time.perf_counter()
    found, codes = beside(path, "qcow2", bytes(data + table) + bytes(32 << 20))
    assert time.perf_counter() - began < 20
    assert WORDS in b"".join(found.values())
    assert "damaged" not in codes
