"""Where disks were opened: of them files alone are read, and that has to be said."""

import sqlite3

DIVIDED = frozenset(
    [
        *(
            "ext",
            "xfs",
            "btrfs",
            "ntfs",
            "fat",
            "exfat",
            "hfsplus",
            "iso9660",
            "udf",
            "squashfs",
            "ufs",
            "apfs",
        ),
        *("gpt", "mbr", "apm", "bsdlabel", "searched"),
    ]
)
"""Sources that read the files of a disk or of a volume, and nothing of what belongs to no file, or divide a disk."""


def holds_disk(database: sqlite3.Connection, exhibit: int) -> bool:
    """Say whether a disk or a volume was opened anywhere in an exhibit: in a folder, an archive, a mail."""
    marks = ",".join("?" * len(DIVIDED))
    query = f"SELECT EXISTS (SELECT 1 FROM containers WHERE exhibit = ? AND opener IN ({marks}))"  # noqa: S608
    return bool(database.execute(query, (exhibit, *sorted(DIVIDED))).fetchone()[0])


def is_disk(database: sqlite3.Connection, item: str) -> bool:
    """Say whether an item, by its id in hex, was opened as a disk or a volume."""
    row = database.execute("SELECT opener FROM containers WHERE item = ?", (bytes.fromhex(item),)).fetchone()
    return row is not None and row[0] in DIVIDED


def with_disks(database: sqlite3.Connection) -> frozenset[int]:
    """Return the numbers of the exhibits anywhere in which a disk or a volume was opened; reads all containers."""
    marks = ",".join("?" * len(DIVIDED))
    query = f"SELECT DISTINCT exhibit FROM containers WHERE opener IN ({marks})"  # noqa: S608 - marks alone
    return frozenset(number for (number,) in database.execute(query, sorted(DIVIDED)))
