"""Disks that end before their own tables say: a loss where bytes of a file system lack, a remark where none do."""

import struct
from pathlib import Path

import pytest
from disk_chain import Disk
from disk_makers import MIB, ext, fat, iso, mbr, ntfs, tree, udf, xfs
from disk_tools import companions, needs, run
from gpt_writer import gpt

from actionday.model import Source
from actionday.model.loss import ENDS_EARLY, Loss, is_loss
from actionday.sources.volumes.gpt import SOURCE as GPT
from actionday.sources.volumes.mbr import SOURCE as MBR
from actionday.testing.context import Alone, Bytes

pytestmark = [pytest.mark.tools, needs("mkfs.ext4", "genisoimage")]
MAKERS = {
    "ext": lambda path, source: ext(path, source, size=8 * MIB),
    "fat": lambda path, source: fat(path, source, 16, 16 * MIB),
    "ntfs": lambda path, source: ntfs(path, source, size=8 * MIB),
    "xfs": lambda path, source: xfs(path, source, size=16 * MIB),
    "iso": lambda path, source: iso(path, source, "-R", "-pad"),
    "udf": udf,
}


def codes(raw: bytes, name: str = "disk.dd") -> list[str]:
    """Return the codes of what is said of a disk and of all that lies in it."""
    with companions() as started:
        chain = Disk(started)
        rows = list(chain.rows(Bytes(raw), name))
        said = [note.code for context in chain.contexts for note in context.notes]
        return said + [note.code for row in rows for note in row.found.notes]


def noted(source: Source, raw: bytes) -> list[str]:
    context = Alone("disk.dd")
    found = list(source.items(Bytes(raw), context))
    return [note.code for each in found for note in each.notes] + [note.code for note in context.notes]


@pytest.mark.parametrize("kind", MAKERS)
def test_a_file_system_that_lacks_its_end_is_a_loss_and_a_whole_one_with_more_behind_is_none(
    kind: str, tmp_path: Path
) -> None:
    source = tree(tmp_path / "t", {"a.txt": b"wombat\n", "b.bin": bytes(range(256)) * 2000})
    try:
        raw = MAKERS[kind](tmp_path / "d", source).read_bytes()
    except FileNotFoundError as error:
        pytest.skip(f"not here: {error.filename}")
    assert is_loss(Loss.SHORT)
    assert Loss.SHORT in codes(raw[: len(raw) * 3 // 5])
    for whole in (raw, raw + bytes(100), raw + bytes(70000)):
        assert not {Loss.SHORT, ENDS_EARLY}.intersection(codes(whole))


@needs("mkfs.ntfs")
def test_the_copy_of_the_boot_sector_is_all_that_an_ntfs_may_lack(tmp_path: Path) -> None:
    raw = ntfs(tmp_path / "d", tree(tmp_path / "t", {"a.txt": b"wombat\n"}), size=8 * MIB).read_bytes()
    whole = mbr(tmp_path / "m", (0x07, tmp_path / "d")).read_bytes()
    end = MIB + len(raw)
    assert noted(MBR, whole[:end]) == []
    assert noted(MBR, whole[: end - 512]) == [ENDS_EARLY]
    assert Loss.SHORT in noted(MBR, whole[: end - 16 * 512])


def test_a_partition_past_the_end_is_a_loss_unless_its_file_system_ends_before(tmp_path: Path) -> None:
    image = ext(tmp_path / "d", tree(tmp_path / "t", {"a.txt": b"wombat\n"}), size=8 * MIB).read_bytes()
    entry = struct.pack("<B3xB3xII", 0, 0x83, 2048, 20480)  # 10 MiB for a file system of 8
    raw = (bytes(446) + entry + bytes(48) + b"\x55\xaa").ljust(MIB, b"\0") + image
    assert noted(MBR, raw + bytes(2 * MIB)) == []
    assert noted(MBR, raw + bytes(300)) == [ENDS_EARLY]
    assert noted(MBR, raw) == [ENDS_EARLY]
    assert noted(MBR, raw[:-1]) == [Loss.SHORT, Loss.SHORT]
    assert noted(MBR, raw[: MIB + 512]) == [Loss.SHORT, Loss.SHORT]  # nobody can say what it held
    assert Loss.SHORT in codes(raw[:-4096])


def test_a_disk_without_the_second_table_lacks_nothing_of_a_file_system() -> None:
    raw = bytes(gpt([(40, 1039, "first"), (1040, 2039, "second")], sectors=9000))
    assert noted(GPT, raw) == []
    assert noted(GPT, raw[:-512]) == [ENDS_EARLY]
    assert noted(GPT, raw[: -33 * 512]) == [ENDS_EARLY]
    assert noted(GPT, raw[: -33 * 512 - 300]) == [ENDS_EARLY]
    assert Loss.SHORT in noted(GPT, raw[: 4000 * 512])


@needs("xorriso")
@pytest.mark.parametrize("options", [(), ("-isohybrid-gpt-basdat",), ("-appended",)], ids=str)
def test_a_hybrid_disc_is_whole_and_one_without_its_padding_lacks_no_file(
    options: tuple[str, ...], tmp_path: Path
) -> None:
    source = tree(tmp_path / "t", {"a.txt": b"wombat\n", "b.bin": bytes(range(256)) * 2000})
    extra: tuple[object, ...] = ()
    if options:
        (tmp_path / "more").write_bytes(b"\xeb\x3c\x90MSDOS5.0" + bytes(MIB))
        extra = ("-append_partition", "2", "0xef", tmp_path / "more", "-partition_offset", "16")
    if options == ("-isohybrid-gpt-basdat",):
        extra += ("-appended_part_as_gpt",)
    run("xorriso", "-as", "mkisofs", "-quiet", "-R", "-pad", *extra, "-o", tmp_path / "d", source)
    raw = (tmp_path / "d").read_bytes()
    assert not {Loss.SHORT, ENDS_EARLY}.intersection(codes(raw, "disc.iso"))
    if not options:
        assert ENDS_EARLY in codes(raw[: -150 * 2048], "disc.iso")
        assert Loss.SHORT not in codes(raw[: -150 * 2048], "disc.iso")
    assert Loss.SHORT in codes(raw[: len(raw) // 4], "disc.iso")
