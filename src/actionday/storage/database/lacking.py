"""What of the exhibits a case does not hold, or holds unread: the figures that belong beside "the case is whole".

A proof says that what was stored is as it was stored; of what was never read it can say nothing but this.
"""

import sqlite3

import msgspec

from actionday.model import Loss
from actionday.model.loss import FAILED_CODES, disks_not_whole
from actionday.storage.database.balance import COUNTED
from actionday.storage.database.cut_disks import cut_disks
from actionday.storage.database.no_hash import WHY, WHY_NO_HASH

TELLS_LOSS = f"code IN ({','.join(repr(str(each)) for each in (*Loss, *sorted(FAILED_CODES)))})"
"""Condition on a row of ``issues``: it names something that is not in the case."""
AT_ITS_ENDS = f"code = '{Loss.GAP}' AND stage IN ('hash', 'open')"
LISTED = (
    f"EXISTS (SELECT 1 FROM issues WHERE item = {{item}} AND stage = 'hash' AND code = '{Loss.GAP}') AND NOT EXISTS "  # noqa: S608
    f"(SELECT 1 FROM issues WHERE item = {{item}} AND {TELLS_LOSS} AND NOT ({AT_ITS_ENDS}))"
)
"""Condition on a container that says that it was not read whole: ranges of its disk alone cannot be had, and who
listed what is on it met with none of them. Its files say what they lack."""
NOT_READ = ("unreadable", "quarantined", "encrypted", "queued", "unsupported")
"""States of items out of which nothing was read, the gravest first."""
WHOLES = (
    "SELECT COUNT(*), COALESCE(SUM(size), 0) FROM items WHERE id IN (SELECT item FROM issues WHERE code = ?)"
)
"""Partitions and whole exhibits that nobody reads: by the index on the code of an issue."""
AMONG_NOT_READ = f"status IN ({','.join(map(repr, NOT_READ))})"
WITH_TEXT = (
    "SELECT items.status, COUNT(*) FROM items CROSS JOIN contents USING (sha256, reading) "  # noqa: S608 - constant
    f"WHERE items.{AMONG_NOT_READ} AND contents.text IS NOT NULL AND {COUNTED} GROUP BY 1"
)
"""Items of those states of which a text is kept all the same: passages, or what stands before the damage."""
ABOUT = (
    f"SELECT CASE WHEN NOT {COUNTED} THEN 'uncounted' WHEN {AMONG_NOT_READ} THEN 'not_read' ELSE 'parsed' END, "  # noqa: S608
    f"COUNT(*) FROM items WHERE id IN (SELECT item FROM issues WHERE {TELLS_LOSS}) GROUP BY 1"
)
"""Whom the losses are about, in three sets that have nothing in common."""
OF_ROWS = frozenset({"ledger", "schema", "rows", "tables"})
"""Checks of a proof without which nobody vouches for these figures: they are counted from the rows."""
MOST_NAMED = 100
"""Of several thousand files that changed the log names each."""


class Named(msgspec.Struct, frozen=True):
    """Something that the issue log names: its exhibit, its path ("" is the exhibit as a whole) and what was said."""

    exhibit: str
    path: str
    reason: str


class Lacking(msgspec.Struct, frozen=True, kw_only=True):
    """What was found and is not in the case, not read, or not what somebody noted before."""

    items: int
    """Items found, as the balance counts them."""
    losses: dict[str, int]
    """Lines of the issue log that tell a loss, by code."""
    lost: int
    """Items that those lines are about, folders and volumes too; one may have several."""
    lost_of: dict[str, int]
    """Those by what they are: ``not_read`` (counted there too), ``parsed``, ``uncounted`` (no item of the balance)."""
    not_read: dict[str, int]
    """Items by state, of those in ``NOT_READ``: the figures of the balance."""
    with_text: dict[str, int]
    """Of those, by state: a text of theirs is kept and found by words, though no parser read them to the end."""
    folders: int
    """Folders and volumes that could not be listed whole: what is in them nobody counted."""
    unread_volumes: int
    """Of the items not read: partitions and whole exhibits, of which nobody counted what they hold."""
    unread_bytes: int
    """Bytes of those."""
    missing_disks: int
    """Disks of whose bytes a part cannot be had: not in what is there of their images, or behind their end."""
    missing_bytes: int
    """Bytes of that part."""
    missing_of: int
    """Bytes of those disks."""
    missing_least: bool = False
    """Whether more of them may lack than could be told."""
    missing_untold: int = 0
    """Further disks of which a part cannot be had, and nobody can tell how many bytes."""
    without_hash: int
    """Items that have no SHA-256, as a search and an export count them."""
    without_hash_of: dict[str, int]
    """Those by why (``WHY``): not read (counted there too), deleted ones of which nothing leads to a content, deleted
    folders, what has no content by its kind, others."""
    unread_without_hash: int
    """How many of those are among ``not_read``, and have a content."""
    hash_differs: tuple[Named, ...]
    """Exhibits whose imager noted another hash than ours, each by name."""
    changed: tuple[Named, ...]
    """Files that changed while they were read or between two runs; the first hundred."""

    @property
    def disks_not_whole(self) -> bool:
        """Say whether a part of a disk is not there, or could not be listed: not all its files are known."""
        return disks_not_whole(self.losses)

    @property
    def nothing(self) -> bool:
        """Say whether all that was found was read, and is what was noted of it."""
        bare = self.without_hash - self.without_hash_of.get("no_content", 0)
        unread = sum(self.not_read.values()) + self.folders + bare + self.missing_disks
        unread += self.missing_untold
        return not (self.losses or unread or self.hash_differs or self.changed)


def lacking(database: sqlite3.Connection) -> Lacking:
    """Return what a case does not hold of its exhibits. Goes once through the items. Raises sqlite3.Error."""
    why = f"CASE WHEN sha256 IS NULL THEN {WHY_NO_HASH} END"
    query = f"SELECT status, {why}, COUNT(*) FROM items WHERE {COUNTED} GROUP BY 1, 2"  # noqa: S608
    counts = database.execute(query).fetchall()
    unlisted = (
        "SELECT COUNT(*) FROM items WHERE status IN ('encrypted', 'unreadable', 'quarantined') "  # noqa: S608
        f"AND NOT ({COUNTED}) AND NOT ({LISTED.format(item='items.id')})"  # in the words of the index items_failed
    )
    volumes, size = database.execute(WHOLES, (Loss.VOLUME_UNREAD,)).fetchone()
    cut = cut_disks(database)
    by_status = {status: sum(number for each, _, number in counts if each == status) for status in NOT_READ}
    codes = f"SELECT code, COUNT(*) FROM issues WHERE {TELLS_LOSS} GROUP BY code ORDER BY code"  # noqa: S608
    about = dict(database.execute(ABOUT))
    bare = {each: sum(number for _, reason, number in counts if reason == each) for each in WHY}
    return Lacking(
        items=sum(number for *_, number in counts),
        losses=dict(database.execute(codes)),
        lost=sum(about.values()),
        lost_of=about,
        not_read={status: number for status, number in by_status.items() if number},
        with_text=dict(database.execute(WITH_TEXT)),
        folders=int(database.execute(unlisted).fetchone()[0]),
        unread_volumes=int(volumes),
        unread_bytes=int(size),
        missing_disks=cut.disks,
        missing_bytes=cut.bytes,
        missing_of=cut.of,
        missing_least=cut.least,
        missing_untold=cut.untold,
        without_hash=sum(bare.values()),
        without_hash_of={each: number for each, number in bare.items() if number},
        unread_without_hash=bare["not_read"],
        hash_differs=_named(database, Loss.HASH_DIFFERS),
        changed=_named(database, Loss.CHANGED),
    )


def _named(database: sqlite3.Connection, code: Loss) -> tuple[Named, ...]:
    query = (
        "SELECT COALESCE((SELECT id FROM exhibits WHERE number = exhibit), ''), path, reason FROM issues "
        "WHERE code = ? ORDER BY n LIMIT ?"
    )
    return tuple(Named(*row) for row in database.execute(query, (str(code), MOST_NAMED)))
