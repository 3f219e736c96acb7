"""The disks of which a part cannot be had: how many bytes of how many, each disk once, no byte twice.

A disk is told by the item it lies in: by its image, range by range, and by the tables on it, what lacks behind its end.
What a partition lacks, or the file system in it, is part of what its disk lacks, where that told anything.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from actionday.model import VOLUMES, Loss
from actionday.model.lacks import MISSING, SHORT
from actionday.model.loss import LACKING
from actionday.storage.database.disks import DIVIDED

LACKS, DISKS = tuple(sorted(map(str, LACKING))), tuple(sorted(DIVIDED))


def _marks(values: tuple[str, ...]) -> str:
    return ",".join("?" * len(values))


DEEPEST = 64
"""Volumes within one another; sources stop before."""
FIGURES = ", ".join(
    f"CAST(CASE WHEN json_valid(meta) THEN json_extract(meta, '$.{key}.{figure}') END AS INTEGER)"
    for key in (MISSING, SHORT)
    for figure in ("bytes", "of")
)
LEAST = f"CASE WHEN json_valid(meta) THEN json_extract(meta, '$.{MISSING}.at_least') END"
ROWS = (
    f"SELECT exhibit, id, parent, kind, {FIGURES}, {LEAST} FROM items WHERE id IN "  # noqa: S608 - constants
    f"(SELECT item FROM issues WHERE code IN ({_marks(LACKS)})) OR id IN "
    "(SELECT item FROM issues WHERE code = ?) AND id IN "
    f"(SELECT item FROM containers WHERE opener IN ({_marks(DISKS)}))"
)
"""By the index on the code of an issue; of a file that is no disk the log may say that there is a gap, too."""


class CutDisks(NamedTuple):
    """Disks with a figure, bytes that cannot be had of how many, and whether more may lack; disks without a figure."""

    disks: int
    bytes: int
    of: int
    least: bool
    untold: int


class _Row(NamedTuple):
    exhibit: int
    item: bytes
    parent: bytes | None
    kind: str
    lost: int | None
    size: int | None
    short: int | None
    told: int | None
    least: object

    @property
    def bytes(self) -> int:
        return max(0, self.lost or 0) + max(0, self.short or 0)


def cut_disks(database: sqlite3.Connection, *exhibits: int) -> CutDisks:
    """Return the sum of exhibits by number, or of the whole case, of the items that the issue log says lack a part.

    Raises sqlite3.Error.
    """
    asked = frozenset(exhibits)
    return _sum(database, [row for row in _cut(database) if not asked or row.exhibit in asked])


def cut_by_exhibit(database: sqlite3.Connection) -> dict[int, CutDisks]:
    """Return the same by the number of the exhibit that the disks lie in: in a folder as in an image of its own."""
    found: dict[int, list[_Row]] = defaultdict(list)
    for row in _cut(database):
        found[row.exhibit].append(row)
    return {exhibit: _sum(database, rows) for exhibit, rows in found.items()}


def _cut(database: sqlite3.Connection) -> list[_Row]:
    """Return the disks a part of which lacks, each once."""
    rows = {row[1]: _Row(*row) for row in database.execute(ROWS, (*LACKS, Loss.GAP, *DISKS))}
    return [row for row in rows.values() if not _within(database, row, rows)]


def _sum(database: sqlite3.Connection, own: list[_Row]) -> CutDisks:
    figured = [row for row in own if row.bytes]
    gaps = _with_gaps(database, {row.item for row in figured})
    return CutDisks(
        len(figured),
        sum(row.bytes for row in figured),
        sum(max(row.size or 0, row.told or 0) for row in figured),
        gaps or any(row.least for row in figured),
        len(own) - len(figured),
    )


def _within(database: sqlite3.Connection, row: _Row, rows: dict[bytes, _Row]) -> bool:
    """Say whether a volume lies on a disk, or in a volume, that is among ``rows`` itself."""
    kind, parent = row.kind, row.parent
    for _ in range(DEEPEST):
        if kind not in VOLUMES or parent is None:
            return False
        if parent in rows:
            return True
        found = database.execute("SELECT kind, parent FROM items WHERE id = ?", (parent,)).fetchone()
        if found is None:
            return False
        kind, parent = found
    return False


def _with_gaps(database: sqlite3.Connection, items: Iterable[bytes]) -> bool:
    """Say whether one of the items has a range besides that could not be read.

    One that has a line of its hashing, with figures, was gone through from end to end: they tell all of it.
    """
    query = "SELECT COUNT(*) > 0 AND MAX(stage = 'hash') = 0 FROM issues WHERE item = ? AND code = ?"
    return any(database.execute(query, (item, Loss.GAP)).fetchone()[0] for item in items)
