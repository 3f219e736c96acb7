"""A partition or a whole exhibit that nobody reads is counted, named, and fails the run: it holds what is in no case."""

import json
import random
import shutil
import struct
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from case_tools import Bench, balanced

SECTOR, MIB = 512, 1 << 20
NOISE = random.Random(3).randbytes(3 * MIB)


def lvm(size: int = 4 * MIB) -> bytes:
    """A physical volume by its specification: label header in sector 1, no metadata area."""
    label = b"LABELONE" + struct.pack("<QII", 1, 0, 32) + b"LVM2 001" + b"k7Pv0aXw" * 4
    return (bytes(SECTOR) + label).ljust(size - len(NOISE), b"\0") + NOISE


def swap(folder: Path) -> bytes:
    if shutil.which("mkswap") is None:
        pytest.skip("mkswap")
    path = folder / "swap.raw"
    path.write_bytes(bytes(2 * MIB))
    subprocess.run(["mkswap", path], check=True, capture_output=True)
    return path.read_bytes()


def ext4(folder: Path) -> bytes:
    if shutil.which("mke2fs") is None:
        pytest.skip("mke2fs")
    (folder / "t").mkdir()
    (folder / "t" / "a.txt").write_text("the heron is at the weir\n")
    path = folder / "ext.raw"
    subprocess.run(["mke2fs", "-q", "-t", "ext4", "-d", folder / "t", path, "4M"], check=True)
    return path.read_bytes()


def disk(path: Path, *parts: bytes) -> Path:
    """A disk with an MBR, its partitions one behind the other from 1 MiB on."""
    table, body, at = b"", b"", MIB
    for each in parts:
        table += struct.pack("<B3xB3xII", 0, 0x83, at // SECTOR, len(each) // SECTOR)
        body, at = body + each, at + len(each)
    path.write_bytes((bytes(446) + table.ljust(64, b"\0") + b"\x55\xaa").ljust(MIB, b"\0") + body)
    return path


def codes(bench: Bench) -> Counter[str]:
    return Counter(row["code"] for row in bench.export("issues"))


@pytest.mark.parametrize("kind", ["noise", "small", "words", "lvm", "swap", "f2fs", "md"])
def test_a_partition_that_nobody_reads_is_counted_and_a_loss(kind: str, bench: Bench, tmp_path: Path) -> None:
    made = {
        "noise": lambda: NOISE,
        "small": lambda: NOISE[:SECTOR],
        "words": lambda: b"the club meets on Thursdays".ljust(32) * (MIB // 32),
        "lvm": lvm,
        "swap": lambda: swap(tmp_path),
        "f2fs": lambda: bytes(0x400) + b"\x10\x20\xf5\xf2".ljust(MIB - 0x400, b"\1"),
        "md": lambda: bytes(4096) + struct.pack("<II", 0xA92B4EFC, 1).ljust(MIB - 4096, b"\2"),
    }[kind]()
    bench.ingest(disk(tmp_path / "disk.dd", ext4(tmp_path), made), code=1)
    rows = bench.items()
    (volume,) = [row for row in rows if row["path"] == "p2"]
    assert (volume["status"], volume["size"]) == ("unsupported", len(made))
    balanced(rows, bench.status())
    assert bench.status()["skipped"] >= 1
    (line,) = [row for row in bench.export("issues") if row["code"] == "volume_unread"]
    assert (line["path"], line["reason"]) == ("p2", volume["reason"])
    proof = json.loads(bench.run("verify", bench.folder, "--json").stdout)
    assert proof["ok"]
    assert proof["lacking"]["losses"]["volume_unread"] == 1
    assert (proof["lacking"]["unread_volumes"], proof["lacking"]["unread_bytes"]) == (1, len(made))
    assert bench.search("nowhereatall")["unsearched"]["unsupported"] >= 1
    said = " ".join(bench.run("verify", bench.folder).stdout.split())
    assert "among those not read 1 partition or exhibit as a whole, of " in said


@pytest.mark.parametrize("size", [SECTOR, MIB // 2, 3 * MIB])
def test_what_is_said_of_a_partition_in_which_nothing_is_recognised(
    size: int, bench: Bench, tmp_path: Path
) -> None:
    held = NOISE[: size // 2]
    bench.ingest(disk(tmp_path / "disk.dd", bytes(MIB), held.rjust(size, b"\0")), code=1)
    (line,) = [row for row in bench.export("issues") if row["code"] == "volume_unread"]
    place = f"partition p2 ({size} bytes from byte {2 * MIB} of the disk on)"
    count = -(-len(held) // SECTOR) * SECTOR
    assert line["reason"] == f"{place}: no file system is recognised in it; it holds {count} bytes of data"
    assert "unpartitioned" not in codes(bench)


@pytest.mark.parametrize("size", [SECTOR, 3 * MIB])
def test_a_partition_of_zeros_holds_nothing_and_is_no_loss(size: int, bench: Bench, tmp_path: Path) -> None:
    bench.ingest(disk(tmp_path / "disk.dd", ext4(tmp_path), bytes(size)))
    rows = bench.items()
    balanced(rows, bench.status())
    assert next(row for row in rows if row["path"] == "p2")["status"] == "parsed"
    assert (codes(bench)["volume_unread"], codes(bench)["holds_nothing"]) == (0, 1)


@pytest.mark.parametrize(("kind", "told"), [("lvm", "LVM2 physical volume"), ("swap", "Linux swap space")])
def test_a_whole_exhibit_that_is_known_and_not_read_is_no_unknown(
    kind: str, told: str, bench: Bench, tmp_path: Path
) -> None:
    (tmp_path / "bare.dd").write_bytes(lvm() if kind == "lvm" else swap(tmp_path))
    done = bench.ingest(tmp_path / "bare.dd", code=1)
    root, *_ = bench.items()
    assert (root["status"], told in root["reason"]) == ("unsupported", True)
    status = bench.status()
    assert (status["found"], status["skipped"], status["parsed"]) == (1, 1, 0)
    assert (codes(bench)["volume_unread"], codes(bench)["not_recognised"]) == (1, 0)
    assert f"exhibit 'bare.dd': {root['reason']}: nothing of what it holds is in the case" in done.stdout
    proof = json.loads(bench.run("verify", bench.folder, "--json").stdout)
    assert (proof["ok"], proof["lacking"]["unread_bytes"]) == (True, root["size"])


def test_a_partition_that_needs_a_key_is_counted(bench: Bench, tmp_path: Path) -> None:
    locked = b"LUKS\xba\xbe\0\x01".ljust(MIB, b"\3")
    bench.ingest(disk(tmp_path / "disk.dd", ext4(tmp_path), locked))
    balanced(bench.items(), bench.status())
    assert bench.status()["failed"] == 1
    assert bench.search("nowhereatall")["unsearched"]["encrypted"] == 1
    lacking = json.loads(bench.run("verify", bench.folder, "--json").stdout)["lacking"]
    assert (lacking["not_read"]["encrypted"], lacking["folders"], lacking["losses"]["encrypted"]) == (1, 0, 1)
