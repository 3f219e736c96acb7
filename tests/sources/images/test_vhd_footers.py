"""Which of the footers in a file is that of a VHD: a fixed disk keeps one, at its end, and no copy at the start."""

import os
from pathlib import Path

import pytest
from disk_tools import needs, run
from footers import fixed_footer

from actionday.model import Claim, Damaged
from actionday.sources.images.vhd import IMAGE
from actionday.testing.context import Alone, Bytes, Glance

MIB = 1 << 20
FOOTER = fixed_footer(MIB)


@pytest.mark.parametrize("count", [1, 2, 26])
@pytest.mark.parametrize("behind", [b"", b"words behind them"], ids=["alone", "with words"])
def test_a_row_of_footers_of_fixed_disks_is_no_disk(count: int, behind: bytes) -> None:
    data = FOOTER * count + behind
    assert IMAGE.claims(Glance("behind the end", data)) is Claim.NO
    assert IMAGE.claims(Glance("short", FOOTER[:-1])) is Claim.NO
    with pytest.raises(Damaged, match="no copy of one at the start"):
        IMAGE.open(Bytes(FOOTER + bytes(600)), Alone("x.vhd"))


@pytest.mark.parametrize("footers", [1, 27])
def test_the_last_bytes_are_the_footer_and_the_disk_is_as_long_as_it_says(footers: int) -> None:
    disk = os.urandom(MIB)
    context = Alone("disk.vhd")
    assert IMAGE.claims(Glance("disk.vhd", disk + FOOTER * footers)) is Claim.STRUCTURE
    opened = IMAGE.open(Bytes(disk + FOOTER * footers), context)
    assert opened.read() == disk
    assert context.notes == []


def test_a_footer_without_its_last_byte_takes_none_from_the_disk() -> None:
    disk = os.urandom(MIB)
    context = Alone("disk.vhd")
    opened = IMAGE.open(Bytes(disk + FOOTER[:-1]), context)
    assert (opened.read(), context.notes) == (disk, [])


@pytest.mark.tools
@needs("qemu-img")
def test_the_parent_of_a_disk_is_known_by_the_copy_of_its_footer(tmp_path: Path) -> None:
    from actionday.sources.images.vhd import _identity

    (tmp_path / "raw").write_bytes(os.urandom(3 * MIB))
    run(
        "qemu-img",
        "convert",
        "-f",
        "raw",
        "-O",
        "vpc",
        "-o",
        "force_size=on",
        tmp_path / "raw",
        tmp_path / "d",
    )
    whole = (tmp_path / "d").read_bytes()
    assert IMAGE.claims(Glance("d", whole[:-512])) is Claim.STRUCTURE
    wanted = _identity(Bytes(whole))
    assert wanted is not None
    assert _identity(Bytes(whole[:-512])) == wanted
    assert _identity(Bytes(whole[:-1])) == wanted
    assert _identity(Bytes(FOOTER + os.urandom(MIB))) is None
