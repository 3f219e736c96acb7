"""Which sources read a disk or a volume: what they do not read of it is said wherever one was opened."""

from actionday.app.web.exhibit.view import DISKS
from actionday.plugins import load
from actionday.storage.database.disks import DIVIDED

OTHERS = frozenset({"filesystem-unread", "lvm2", "md", "vma"})
"""Sources that name what is not read, and members of wholes, in which the disk is another container."""


def test_every_reader_of_a_file_system_or_a_partition_table_is_one() -> None:
    rooms = (load(f"actionday.sources.{room}", "SOURCE")[0] for room in ("filesystems", "volumes"))
    names = {each.name for room in rooms for each in room}
    assert names - DIVIDED <= OTHERS
    assert names >= DIVIDED
    assert DIVIDED - {"searched"} <= DISKS
