"""What stands beside "the case is whole": how much of what was found is not in the case, or was never read."""

from typing import TYPE_CHECKING

from actionday.app.cli._common import Shown, counted, grouped

if TYPE_CHECKING:
    from actionday.storage.database.lacking import Lacking, Named

UNKNOWN = "What was found and not read cannot be told: the database cannot be read"
NOTHING = "; ".join(
    (
        "the issue log tells no loss",
        "none is unreadable, quarantined, encrypted, queued or unsupported",
        "all that has a content has its hash",
    )
)
"""No more than that is so: what no item stands for (free space, a journal) nobody counted."""


def sentence(lacking: "Lacking | None") -> str:
    """Return the figures in one sentence, without its full stop."""
    if lacking is None:
        return UNKNOWN
    parts = [NOTHING] if lacking.nothing else list(_parts(lacking))
    return f"Of {counted(lacking.items, 'item')} found: {'; '.join(parts)}"


def lines(lacking: "Lacking | None", shown: Shown = str) -> list[str]:
    """Return the lines of a report: by name what an imager or the host tells otherwise, and the sentence last.

    ``shown`` is what becomes of names out of evidence: ``printable`` for a terminal.
    """
    if lacking is None:
        return [f"{UNKNOWN}."]
    return [
        *(f"imager's hash differs: {shown(_place(each))}" for each in lacking.hash_differs),
        *(f"changed while it was taken in: {shown(_place(each))}" for each in lacking.changed),
        f"{sentence(lacking)}.",
    ]


def _parts(lacking: "Lacking") -> list[str]:
    found = []
    if lacking.losses:
        found.append(
            f"{counted(sum(lacking.losses.values()), 'loss', 'losses')} about {counted(lacking.lost, 'item')} "
            f"({_by(lacking.losses)})"
        )
    if lacking.missing_disks:
        disks = counted(lacking.missing_disks, "disk")
        size = f"{grouped(lacking.missing_bytes)} of the {counted(lacking.missing_of, 'byte')}"
        found.append(f"{size} of {disks} cannot be had, and what lies there nobody counted")
    if lacking.not_read:
        found.append(f"not read: {_by(lacking.not_read)}")
    if lacking.unread_volumes:
        what = counted(lacking.unread_volumes, "partition or exhibit", "partitions or exhibits")
        found.append(f"among them {what} as a whole, of {counted(lacking.unread_bytes, 'byte')}")
    if lacking.folders:
        found.append(f"{counted(lacking.folders, 'folder or volume', 'folders or volumes')} not listed whole")
    if lacking.without_hash:
        found.append(f"{grouped(lacking.without_hash)} without a hash")
    return found


def _by(counts: dict[str, int]) -> str:
    return ", ".join(f"{grouped(number)} {name}" for name, number in counts.items())


def _place(each: "Named") -> str:
    return ": ".join(filter(None, (each.exhibit, each.path, each.reason)))
