"""Whatever was written over what a file system keeps twice, the other copy gives every file."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from disk_makers import MIB, TREE, ext, fat, iso, ntfs, tree, xfs
from disk_samples import gpt, volume
from disk_tools import needs, run, sha256
from overwritten import FILLS, opened, over

from actionday.model.loss import is_loss
from actionday.sources.volumes._copied import copying
from actionday.sources.volumes._signs import u16, u32, u64
from actionday.testing.context import Bytes

pytestmark = [pytest.mark.tools, needs("mkfs.ext4", "mkfs.fat", "mcopy", "mkntfs", "ntfscp", "genisoimage")]
FILES = {
    name.rpartition("/")[2]: data
    for name, data in TREE.items()
    if data and name.isascii() and " " not in name
}
WANTED = {sha256(data) for data in FILES.values()}
MAKERS: dict[str, Callable[[Path, Path], Path]] = {
    "fat32": lambda path, source: fat(path, source, 32, 40 * MIB),
    "fat16": lambda path, source: fat(path, source, 16, 16 * MIB),
    "fat12": lambda path, source: fat(path, source, 12, 4 * MIB),
    "ntfs": lambda path, source: ntfs(path, source, size=8 * MIB),
    "xfs": lambda path, source: xfs(path, source, size=32 * MIB),
    "rock": lambda path, source: iso(path, source, "-R"),
    "joliet": lambda path, source: iso(path, source, "-J"),
}


def _tables(raw: bytes) -> list[tuple[int, int]]:
    first, length = u16(raw, 14) * 512, (u16(raw, 22) or u32(raw, 36)) * 512
    return [(first, 512), (first, length)]


PLACES: dict[str, Callable[[bytes], list[tuple[int, int]]]] = {
    "fat32": lambda raw: [(0, 512), (0, 1024), *_tables(raw)],
    "fat16": _tables,
    "fat12": _tables,
    "ntfs": lambda raw: [(0, 512), (0, 4096), (u64(raw, 48) * u16(raw, 11) * raw[13], 4096)],
    "xfs": lambda _: [(0, 512), (0, 4096)],
    "rock": lambda _: [(32768, 2048), (34816, 2048), (32768, 4096), (19 * 2048, 4096)],
    "joliet": lambda _: [(32768, 2048), (34816, 2048), (36864, 2048)],
}
"""Where what is kept twice (or, on a disc, can be found again) lies first, and how many bytes are written over."""


@pytest.fixture(scope="module", params=MAKERS)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, bytes]:
    where = tmp_path_factory.mktemp(request.param)
    try:
        return request.param, MAKERS[request.param](where / "d", tree(where / "t", FILES)).read_bytes()
    except FileNotFoundError as error:
        pytest.skip(f"not here: {error.filename}")


@pytest.mark.parametrize("fill", FILLS)
def test_every_file_comes_whatever_was_written_over_the_first_copy(
    fill: str, made: tuple[str, bytes]
) -> None:
    kind, raw = made
    for at, length in PLACES[kind](raw):
        bodies, _, chain = opened(over(raw, at, length, fill))
        assert bodies >= WANTED, (kind, at, length, chain.ended)
        assert not chain.ended
        assert len(bodies) < 2 * len(FILES) + 20  # nothing is made of what was written over it


@pytest.mark.parametrize("fill", FILLS)
def test_the_first_header_of_hfsplus_may_hold_anything(fill: str) -> None:
    files = {"a.txt": b"the club\n", "b.txt": b"meets\n"}
    raw = volume(files, 3000)
    for at, length in ((1024, 512), (0, 1536)):
        bodies, codes, _ = opened(over(raw, at, length, fill))
        assert bodies >= {sha256(data) for data in files.values()}
        assert "backup" in codes


@needs("mkfs.exfat")
@pytest.mark.parametrize("fill", FILLS)
def test_the_first_boot_region_of_exfat_may_hold_anything(fill: str, tmp_path: Path) -> None:
    (tmp_path / "d").write_bytes(bytes(8 * MIB))
    run("mkfs.exfat", "-L", "KESTREL", tmp_path / "d")
    raw = (tmp_path / "d").read_bytes()
    for length in (512, 12 * 512):
        bodies, codes, chain = opened(over(raw, 0, length, fill))
        assert len(opened(raw)[0] - bodies) <= 1  # the boot sector itself is listed
        assert "backup" in codes
        assert not chain.ended


@pytest.mark.parametrize("fill", FILLS)
def test_the_first_table_of_a_gpt_may_hold_anything(fill: str, tmp_path: Path) -> None:
    image = ext(tmp_path / "e", tree(tmp_path / "t", FILES), size=4 * MIB).read_bytes()
    raw = bytes(gpt([(2048, 2047 + len(image) // 512, "first")], sectors=2048 + len(image) // 512 + 34))
    raw = raw[:MIB] + image + raw[MIB + len(image) :]
    assert opened(raw)[0] >= WANTED
    for at, length in ((512, 512), (1024, 32 * 512), (512, 33 * 512), (0, 34 * 512), (0, MIB)):
        bodies, codes, chain = opened(over(raw, at, length, fill))
        assert bodies >= WANTED, (at, length, chain.opened, chain.ended)
        assert "backup" in codes
        assert not {code for code in codes if is_loss(code)} - {"checksum"}


def test_a_copy_left_over_from_what_was_on_the_disk_before_is_not_believed(tmp_path: Path) -> None:
    raw = fat(tmp_path / "d", tree(tmp_path / "t", FILES), 32, 40 * MIB).read_bytes()
    assert copying(Bytes(over(raw, 0, 512, "noise"))) is not None
    first = u16(raw, 14) * 512
    noise = random.Random(1).randbytes(len(raw) - first)
    assert copying(Bytes(over(raw[:first], 0, 512, "noise") + noise)) is None
