"""How far a disk reaches by its own tables, however little of it is there."""

import pytest
from gpt_writer import gpt

from actionday.sources.volumes._told_end import told_end
from actionday.testing.context import Bytes

SECTORS, LAST = 8192, 6000
LINUX = "0fc63daf-8483-4772-8e79-3d69d8477de4"


@pytest.mark.parametrize("sector", [512, 4096])
def test_a_gpt_tells_the_end_of_its_disk_or_of_its_last_partition(sector: int) -> None:
    disk = bytes(gpt([(100, LAST, LINUX)], SECTORS, sector)).ljust(SECTORS * sector, b"\0")
    assert told_end(Bytes(disk)) == (LAST + 1) * sector
    assert told_end(Bytes(disk[: 200 * sector])) == SECTORS * sector
    assert told_end(Bytes(disk[: (SECTORS - 33) * sector])) == (LAST + 1) * sector


def test_zeros_and_words_tell_nothing() -> None:
    assert told_end(Bytes(bytes(1 << 20))) == told_end(Bytes(b"kestrel " * 9000)) == told_end(Bytes(b"")) == 0
