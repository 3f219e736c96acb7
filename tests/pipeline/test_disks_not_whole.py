"""How much of a disk is not there stands in the log, the proof and with the exhibit; no hash is compared with nothing."""

import json
import random
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sources"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sources" / "images"))

from disk_makers import MIB, ext, tree
from disk_tools import needs
from ewf_writer import CHUNK, written

from case_tools import Bench

pytestmark = [pytest.mark.tools, needs("mkfs.ext4")]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("image")
    raw = ext(folder / "ext", tree(folder / "t"), size=8 * MIB).read_bytes()
    return raw[:-CHUNK] + random.Random(3).randbytes(CHUNK)


def segments(folder: Path, raw: bytes, gone: str) -> Path:
    """Write a set of six without the one that is ``gone``, and those behind it where that ends with a plus."""
    folder.mkdir()
    for name, data in written(raw, 6).items():
        if name != gone.strip("+") and not (gone.endswith("+") and name > gone):
            (folder / name).write_bytes(data)
    return folder


def proof(bench: Bench) -> tuple[dict[str, object], str]:
    found = json.loads(bench.run("verify", bench.folder, "--json").stdout)
    return found["lacking"], " ".join(found["report"]["not_in_the_case"])


def test_u14_a_set_without_its_end(bench: Bench, tmp_path: Path, image: bytes) -> None:
    first = segments(tmp_path / "s", image, "case.E02+") / "case.E01"
    said = bench.ingest(first, code=1).stdout
    assert (
        "not read of disks (in case.E01): what lies in parts of a disk that cannot be had or listed, free space"
        in said
    )
    rows = bench.export("issues")
    (told,) = (row["reason"] for row in rows if row["code"] == "range_missing")
    size = len(image)
    start = int(told.split()[1])
    assert f"{size - start} of its {size} bytes, " in told
    assert not [row for row in rows if row["code"] in ("gap", "hash_differs")]
    lacking, sentence = proof(bench)
    assert (lacking["missing_disks"], lacking["missing_bytes"], lacking["missing_of"]) == (
        1,
        size - start,
        size,
    )
    assert "of 1 disk cannot be had, and what lies there nobody counted" in sentence
    shown = bench.run("show", bench.folder, "case.E01").stdout
    assert "not known: the segment that would hold it is missing" in shown
    assert "the imager noted none" not in shown
    assert f"of {size:,} B of the disk (".replace(",", " ") in shown.replace("\u202f", " ").replace(
        "\u00a0", " "
    )


def test_u14_a_gap_in_the_middle_is_no_hash_that_differs(bench: Bench, tmp_path: Path, image: bytes) -> None:
    bench.ingest(segments(tmp_path / "s", image, "case.E03") / "case.E01", code=1)
    codes = [row["code"] for row in bench.export("issues")]
    assert "range_missing" in codes
    assert not {"hash_differs", "gap"} & set(codes)
    lacking, _ = proof(bench)
    assert lacking["hash_differs"] == []
    shown = json.loads(bench.run("show", bench.folder, "case.E01", "--json").stdout)
    (one,) = shown["acquisition"]["compared"]
    assert (one["ours"], one["equal"], one["why"]) == (None, None, "the disk is not whole")
    assert "not to be compared: the imager's" in bench.run("show", bench.folder, "case.E01").stdout


def test_u14_a_damaged_chunk_is_a_gap_and_no_hash_that_differs(
    bench: Bench, tmp_path: Path, image: bytes
) -> None:
    folder = segments(tmp_path / "s", image, "none")
    last = folder / "case.E06"
    data = bytearray(last.read_bytes())
    data[data.index(image[-64:])] ^= 1  # random bytes are stored as they are
    last.write_bytes(data)
    bench.ingest(folder / "case.E01", code=1)
    rows = bench.export("issues")
    assert not [row for row in rows if row["code"] == "hash_differs"]
    said = [row["reason"] for row in rows if row["code"] == "gap"]
    assert any("so that the hash its imager noted is not compared" in each for each in said)
    assert "its checksum differs" in bench.run("show", bench.folder, "case.E01").stdout


def test_u14_a_set_in_a_folder_counts_in_the_proof_too(bench: Bench, tmp_path: Path, image: bytes) -> None:
    bench.ingest(segments(tmp_path / "s", image, "case.E06"), code=1)
    lacking, _ = proof(bench)
    assert lacking["missing_disks"] == 1
    assert lacking["missing_of"] == len(image)


def test_u14_a_whole_set_says_none_of_it(bench: Bench, tmp_path: Path, image: bytes) -> None:
    said = bench.ingest(segments(tmp_path / "s", image, "none") / "case.E01").stdout
    assert "not read of disks (in case.E01): free space" in said
    lacking, sentence = proof(bench)
    assert lacking["missing_disks"] == 0
    assert "cannot be had" not in sentence
    assert "the same: the imager's" in bench.run("show", bench.folder, "case.E01").stdout


def test_u14_a_volume_of_a_disk_that_is_not_whole_does_not_claim_all_its_files(
    bench: Bench, tmp_path: Path, image: bytes
) -> None:
    disk = bytearray(MIB) + image + bytes(MIB)
    disk[446:462] = bytes([0, 0, 0, 0, 0x83, 0, 0, 0]) + (2048).to_bytes(4, "little") + (len(image) // 512).to_bytes(4, "little")  # fmt: skip
    disk[510:512] = b"\x55\xaa"
    for name, gone, code in (("cut", "case.E05", 1), ("sound", "none", 0)):
        first = segments(tmp_path / name, bytes(disk), gone) / "case.E01"
        bench.ingest(first, "--exhibit", name, code=code)
        volume = next(row for row in bench.items() if row["kind"] == "volume" and row["exhibit"] == name)
        shown = bench.run("show", bench.folder, volume["id"]).stdout
        lacks = re.search(r"^not read +what lies in parts of a disk that cannot be had", shown, re.MULTILINE)
        assert bool(lacks) is bool(code)
        assert "free space" in shown
