"""The bytes of disks that cannot be had: every kind of disk is in the sum, each once, no byte twice."""

import json
import random
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sources"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sources" / "images"))

from disk_makers import MIB, ext, tree
from disk_tools import needs, run
from ewf_writer import CHUNK, written

from case_tools import Bench

pytestmark = [pytest.mark.tools, needs("mkfs.ext4"), needs("qemu-img")]
SIZE = 8 * MIB
START = 1 << 20


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("image")
    raw = ext(folder / "ext", tree(folder / "t"), size=SIZE).read_bytes()
    return raw[: -3 * MIB] + random.Random(15).randbytes(3 * MIB)


def partitioned(image: bytes) -> bytes:
    """Return a disk with one partition, which holds ``image``."""
    disk = bytearray(START) + image
    disk[446:462] = bytes([0, 0, 0, 0, 0x83, 0, 0, 0]) + (2048).to_bytes(4, "little") + (len(image) // 512).to_bytes(4, "little")  # fmt: skip
    disk[510:512] = b"\x55\xaa"
    return bytes(disk)


def lacking(bench: Bench) -> tuple[dict[str, object], str]:
    found = json.loads(bench.run("verify", bench.folder, "--json").stdout)
    return found["lacking"], " ".join(found["report"]["not_in_the_case"])


def figures(bench: Bench) -> tuple[object, object, object]:
    told, _ = lacking(bench)
    return told["missing_disks"], told["missing_bytes"], told["missing_of"]


def test_u15_disks_of_every_kind_are_in_the_sum(bench: Bench, tmp_path: Path, image: bytes) -> None:
    (tmp_path / "plain").write_bytes(image)
    cut = tmp_path / "cut"
    cut.mkdir()
    disks = [("qcow2", ""), ("vmdk", ""), ("vmdk", "subformat=streamOptimized"), ("vdi", ""), ("vpc", "force_size=on"), ("vhdx", "")]  # fmt: skip
    for number, (kind, options) in enumerate(disks):
        made = tmp_path / "made"
        flags = ["-o", options] if options else []
        run("qemu-img", "convert", "-f", "raw", "-O", kind, *flags, tmp_path / "plain", made)
        whole = made.read_bytes()
        (cut / f"{number}.{kind}").write_bytes(whole[: len(whole) - 2 * MIB])
    (cut / "short.dd").write_bytes(image[:-MIB])
    (cut / "whole.dd").write_bytes(image)
    said = bench.ingest(cut, code=1).stdout
    rows = {row["path"]: row["meta"].get("missing") for row in bench.items() if row.get("meta")}
    told = [rows[f"{number}.{kind}"] for number, (kind, _) in enumerate(disks)]
    assert all(MIB < each["bytes"] <= 3 * MIB + 512 for each in told)
    assert figures(bench) == (7, sum(each["bytes"] for each in told) + MIB, 7 * SIZE)
    _, sentence = lacking(bench)
    assert "of 7 disks cannot be had, and what lies there nobody counted" in sentence
    status = bench.run("status", bench.folder).stdout
    (line,) = (each for each in status.splitlines() if each.startswith("disks "))
    assert line.removeprefix("disks").strip() in sentence
    assert f"\ndisks: {line.removeprefix('disks').strip()}\n" in said
    assert "\ndisks: " not in bench.ingest(tmp_path / "plain").stdout  # of a run's own exhibits alone


def test_u15_a_partition_and_its_file_system_lack_no_byte_twice(
    bench: Bench, tmp_path: Path, image: bytes
) -> None:
    disk = partitioned(image)
    (tmp_path / "table.dd").write_bytes(disk[: -2 * MIB])
    bench.ingest(tmp_path / "table.dd", code=1)
    codes = [row["code"] for row in bench.export("issues")]
    assert codes.count("short") == 3, "the disk, its partition and the file system say so"
    assert figures(bench) == (1, 2 * MIB, START + SIZE)
    shown = bench.run("show", bench.folder, "table.dd").stdout.replace("\u202f", " ").replace("\u00a0", " ")
    assert "2 097 152 of 9 437 184 B of the disk (22.2 %)" in shown


def test_u15_a_file_system_in_a_cut_image_lacks_no_byte_twice(
    bench: Bench, tmp_path: Path, image: bytes
) -> None:
    (tmp_path / "plain").write_bytes(partitioned(image))
    made = tmp_path / "disk.vhd"
    options = "subformat=fixed,force_size=on"
    run("qemu-img", "convert", "-f", "raw", "-O", "vpc", "-o", options, tmp_path / "plain", made)
    whole = made.read_bytes()
    made.write_bytes(whole[: 4 * MIB] + whole[-512:])
    bench.ingest(made, code=1)
    assert figures(bench) == (1, START + SIZE - 4 * MIB, START + SIZE)


def test_u15_a_disk_without_its_base_is_in_the_sum(bench: Bench, tmp_path: Path, image: bytes) -> None:
    (tmp_path / "base.dd").write_bytes(image)
    alone = tmp_path / "alone"
    alone.mkdir()
    run(
        "qemu-img",
        "create",
        "-q",
        "-f",
        "qcow2",
        "-b",
        tmp_path / "base.dd",
        "-F",
        "raw",
        alone / "top.qcow2",
    )
    bench.ingest(alone, code=1)
    assert figures(bench) == (1, SIZE, SIZE)


def test_a_chunk_that_is_damaged_is_in_the_sum_with_its_bytes(
    bench: Bench, tmp_path: Path, image: bytes
) -> None:
    (tmp_path / "s").mkdir()
    for name, data in written(image, 6).items():
        bad = bytearray(data)
        if name == "case.E06":
            bad[data.index(image[-64:])] ^= 1  # random bytes are stored as they are
        (tmp_path / "s" / name).write_bytes(bad)
    bench.ingest(tmp_path / "s" / "case.E01", "--exhibit", "damaged", code=1)
    told, sentence = lacking(bench)
    assert told["folders"] == 0, "what is on it was listed to its end"
    assert "not listed whole" not in sentence
    assert "could not be listed" not in bench.run("search", bench.folder, "kestrel").stdout
    assert (told["missing_disks"], told["missing_bytes"], told["missing_of"]) == (1, CHUNK, SIZE)
    assert (told["missing_untold"], told["missing_least"]) == (0, False)
    assert "nobody can tell" not in sentence
    (tmp_path / "s" / "case.E03").unlink()
    assert len(image) % CHUNK == 0
