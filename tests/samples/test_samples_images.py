"""Images and archives: right by their standards, the same each time, and refusing what they cannot hold."""

import os
import struct
import subprocess
import sys
import tarfile
import zipfile
from binascii import crc32
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_forms import ROOT
from samples.dice import Dice
from samples.documents.zipped import zipped
from samples.images.archives import packed, tar
from samples.images.disk import ESP, LINUX, LINUX_MBR, SECTOR, SWAP_MBR, gpt, mbr
from samples.images.ext4 import ext4
from samples.images.fat import fat
from samples.images.ntfs import ntfs
from samples.images.stage import folders
from samples.images.xfs import SMALLEST, xfs
from samples.made import Kind, Place, everything, made
from samples.tools import ToolError

from samples import tools

UUID = "11111111-2222-4333-8444-555555555555"
PLACES = [
    Place("a/b/c.txt", made(b"deep")),
    Place("empty", made(b"")),
    Place("a/\udcefname", made(b"raw"), raw=b"\xefname"),
    Place("a/gone", made(b"x" * 5000), Kind.DELETED),
    Place("link", made(b""), Kind.SYMLINK, target="a/b"),
]


def part(folder: Path, name: str, sectors: int) -> Path:
    path = folder / name
    path.write_bytes(Dice(name).bytes(sectors * SECTOR))
    return path


def header(data: bytes, sector: int) -> tuple[int, ...]:
    """The fields of a GPT header after its own checksum was found right."""
    raw = bytearray(data[sector * SECTOR : sector * SECTOR + 92])
    (stated,) = struct.unpack_from("<I", raw, 16)
    raw[16:20] = bytes(4)
    assert raw[:8] == b"EFI PART"
    assert crc32(raw) == stated
    return struct.unpack_from("<QQQQ", raw, 24) + struct.unpack_from("<QIII", raw, 72)


@given(st.lists(st.integers(1, 300), min_size=1, max_size=4))
@settings(max_examples=20, deadline=None)
def test_both_tables_of_a_gpt_disk_agree_and_point_at_the_partitions(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("gpt")
    parts = [(LINUX if n else ESP, f"part {n}", part(folder, f"p{n}", size)) for n, size in enumerate(sizes)]
    gpt(folder / "disk", parts, Dice("disk"))
    data = (folder / "disk").read_bytes()
    last = len(data) // SECTOR - 1
    here, other, first, usable, at, count, width, check = header(data, 1)
    backup = header(data, last)
    assert (here, other, backup[0], backup[1]) == (1, last, last, 1)
    assert (first, usable, check) == (34, last - 33, backup[7])
    for start in (at, backup[4]):
        table = data[start * SECTOR : start * SECTOR + count * width]
        assert crc32(table) == check
        for number, (_, _, image) in enumerate(parts):
            begin, end = struct.unpack_from("<QQ", table, number * width + 32)
            assert data[begin * SECTOR : (end + 1) * SECTOR] == image.read_bytes()
            assert first <= begin <= end <= usable


def test_an_mbr_disk_points_at_its_partitions(tmp_path: Path) -> None:
    parts = [(LINUX_MBR, part(tmp_path, "one", 20)), (SWAP_MBR, part(tmp_path, "two", 9))]
    mbr(tmp_path / "disk", parts, 0x01020304)
    data = (tmp_path / "disk").read_bytes()
    assert data[440:444] == b"\4\3\2\1"
    assert data[510:512] == b"\x55\xaa"
    for number, (kind, image) in enumerate(parts):
        row = data[446 + 16 * number : 462 + 16 * number]
        begin, sectors = struct.unpack("<II", row[8:])
        assert row[4] == kind
        assert data[begin * SECTOR :][: sectors * SECTOR] == image.read_bytes()
    assert len(data) == (64 + 29) * SECTOR


def tool_or_skip(*names: str) -> None:
    if absent := [name for name in names if name in tools.missing()]:
        pytest.skip(f"not installed: {', '.join(absent)}")


@pytest.mark.tools
def test_the_same_ext4_comes_out_twice_wherever_it_is_made(tmp_path: Path) -> None:
    tool_or_skip("mkfs.ext4", "debugfs")
    images = [tmp_path / "one", tmp_path / "a longer name" / "two"]
    images[1].parent.mkdir()
    for image in images:
        ext4(image, 1 << 20, PLACES, UUID)
    assert images[0].read_bytes() == images[1].read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a longer name", "one"], (
        "nothing is left over"
    )


@pytest.mark.tools
def test_an_ext4_that_is_too_small_is_an_error_and_not_a_file_cut_short(tmp_path: Path) -> None:
    tool_or_skip("mkfs.ext4", "debugfs")
    with pytest.raises(ToolError, match="debugfs"):
        ext4(tmp_path / "image", 1 << 20, [Place("large", made(Dice("l").bytes(2 << 20)))], UUID)


@pytest.mark.tools
def test_an_ext4_passes_its_own_check(tmp_path: Path) -> None:
    tool_or_skip("mkfs.ext4", "debugfs")
    ext4(tmp_path / "image", 1 << 20, PLACES, UUID)
    assert b"Pass 5" in tools.run(
        "e2fsck", "-fn", tmp_path / "image"
    )  # any fault is an exit code other than 0


@pytest.mark.tools
def test_the_same_fat_comes_out_twice(tmp_path: Path) -> None:
    tool_or_skip("mkfs.fat", "mcopy")
    places = [place for place in PLACES if not place.raw and place.kind is not Kind.SYMLINK]
    for name in ("one", "two"):
        fat(tmp_path / name, 256 << 10, places, 7, "TEST")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.tools
def test_a_fat_that_is_too_small_is_an_error(tmp_path: Path) -> None:
    tool_or_skip("mkfs.fat", "mcopy")
    with pytest.raises(ToolError, match="mcopy"):
        fat(tmp_path / "image", 64 << 10, [Place("large", made(bytes(128 << 10)))], 7, "TEST")


def test_a_form_that_cannot_write_a_name_says_so(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="space"):
        xfs(tmp_path / "image", SMALLEST, [Place("a b", made(b""))], UUID)
    with pytest.raises(ValueError, match="folder"):
        ntfs(tmp_path / "image", 4 << 20, [Place("a/b", made(b""))], "X")


def test_folders_come_parents_first() -> None:
    places = [Place(path, made(b"")) for path in ("a/b/c/d", "e", "a/x")]
    assert folders(places) == ["a", "a/b", "a/b/c"]


PATHS = st.from_regex(r"[a-zé夜]{1,40}(/[a-z]{1,120}){0,2}", fullmatch=True)


@given(st.dictionaries(PATHS, st.binary(max_size=2000), max_size=6))
@settings(max_examples=40, deadline=None)
def test_a_tar_and_a_zip_give_back_what_was_put_in(files: dict[str, bytes]) -> None:
    places = [Place(name, made(data), Kind.MEMBER) for name, data in files.items()]
    with tarfile.open(fileobj=BytesIO(tar(places))) as archive:
        assert {info.name: archive.extractfile(info).read() for info in archive} == files  # type: ignore[union-attr]
    with zipfile.ZipFile(BytesIO(zipped(list(files.items())))) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files


@pytest.mark.parametrize("suffix", ["gz", "bz2", "xz"])
def test_compressed_data_carries_no_time_and_no_name(suffix: str) -> None:
    assert packed(b"words" * 100, suffix) == packed(b"words" * 100, suffix)
    assert len(packed(b"words" * 100, suffix)) < 120
    if suffix == "gz":
        assert packed(b"x", "gz")[3:8] == bytes(5), "flags and time"


def test_paths_of_what_lies_inside_begin_with_their_container() -> None:
    leaf = Place("leaf", made(b"1"), Kind.MEMBER)
    inner = Place("inner.zip", made(b"2", inside=(leaf,)), Kind.MEMBER)
    outer = Place("x/outer.zip", made(b"3", inside=(inner,)))
    paths = [place.path for place in everything([outer])]
    assert paths == ["x/outer.zip", "x/outer.zip/inner.zip", "x/outer.zip/inner.zip/leaf"]


SCRIPT = """
import json, sys
from samples.exhibits.job import Job
from samples.network import make_network
from samples.truth import places, truth
job = Job(make_network(7))
sys.stdout.write(json.dumps(truth(job, places(job), {})))
"""


def test_the_truth_does_not_depend_on_hash_seed_locale_or_zone() -> None:
    def said(**environment: str) -> bytes:
        command, fixed = [sys.executable, "-c", SCRIPT], {**os.environ, **environment}
        return subprocess.run(command, capture_output=True, check=True, cwd=ROOT, env=fixed).stdout

    one = said(PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C")
    assert one == said(PYTHONHASHSEED="2", TZ="Asia/Tehran", LC_ALL="C.UTF-8")
    assert len(one) > 100_000
