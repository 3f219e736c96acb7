"""What stands beside "the case is whole": how much of what was found is not in the case, or was never read."""

from typing import TYPE_CHECKING

from actionday.app.cli._common import Shown, counted, grouped
from actionday.model.progress import FAILED, SKIPPED

if TYPE_CHECKING:
    from actionday.storage.database.lacking import Lacking, Named

UNKNOWN = "What was found and not read cannot be told: the database cannot be read"
READ = "none was skipped and none failed"
EMPTY = "No item was found: nothing can be said of what the exhibits hold"
EMPTY_SO_FAR = "No item was found so far: nothing can be said of what the exhibits hold"
NOTHING = "; ".join(("the issue log tells no loss", READ, "all that has a content has its hash"))
"""No more than that is so: what no item stands for (free space, a journal) nobody counted."""


def sentence(lacking: "Lacking | None", *, so_far: bool = False) -> str:
    """Return the figures in one sentence, without its full stop; ``so_far``: not everything was gone through."""
    if lacking is None:
        return UNKNOWN
    if not lacking.items and lacking.nothing:
        return EMPTY_SO_FAR if so_far else EMPTY
    parts = [NOTHING, *_without_hash(lacking)] if lacking.nothing else list(_parts(lacking))
    found = f"{counted(lacking.items, 'item')} found"
    if so_far:
        return f"Of {found} so far, and of those alone: {'; '.join(parts)}; what is not gone through yet may hold more"
    return f"Of {found}: {'; '.join(parts)}"


def lines(lacking: "Lacking | None", shown: Shown = str, *, so_far: bool = False) -> list[str]:
    """Return the lines of a report: by name what an imager or the host tells otherwise, and the sentence last.

    ``shown`` is what becomes of names out of evidence: ``printable`` for a terminal.
    """
    if lacking is None:
        return [f"{UNKNOWN}."]
    return [
        *(f"imager's hash differs: {shown(_place(each))}" for each in lacking.hash_differs),
        *(f"changed while it was taken in: {shown(_place(each))}" for each in lacking.changed),
        f"{sentence(lacking, so_far=so_far)}.",
    ]


def _parts(lacking: "Lacking") -> list[str]:
    """Return what is said of sets of items, in the figures of the balance; where one lies in another it says so."""
    found = [_not_read(lacking.not_read)] if lacking.not_read else [READ]
    if lacking.with_text:
        found.append(
            f"a text of {grouped(sum(lacking.with_text.values()))} of those not read is kept and searched all the same "
            f"({_by(lacking.with_text)})"
        )
    cut = (lacking.missing_disks, lacking.missing_bytes, lacking.missing_of)
    found += of_disks(*cut, least=lacking.missing_least, untold=lacking.missing_untold)
    if lacking.unread_volumes:
        what = counted(lacking.unread_volumes, "partition or exhibit", "partitions or exhibits")
        found.append(f"among those not read {what} as a whole, of {counted(lacking.unread_bytes, 'byte')}")
    found += _without_hash(lacking)
    if lacking.folders:
        what = counted(lacking.folders, "folder or volume", "folders or volumes")
        found.append(f"{what} not listed whole, not counted among the items")
    if lacking.losses:
        lines = counted(sum(lacking.losses.values()), "line tells a loss", "lines tell a loss")
        found.append(f"in the issue log {lines} (by code: {_by(lacking.losses)}){_about(lacking.lost_of)}")
    return found


def of_disks(disks: int, lost: int, of: int, *, least: bool, untold: int) -> list[str]:
    """Return what is said of disks of which a part cannot be had: nothing where there is none."""
    found = []
    if disks:
        size = f"{'at least ' if least else ''}{grouped(lost)} of the {counted(of, 'byte')}"
        found.append(f"{size} of {counted(disks, 'disk')} cannot be had, and what lies there nobody counted")
    if untold:
        what = counted(untold, "further disk" if disks else "disk")
        found.append(f"of {what} a part cannot be had, and how much nobody can tell")
    return found


def _not_read(by_status: dict[str, int]) -> str:
    """Return the items not read by the two sums of the balance, each with the states that make it."""
    groups = []
    for name, states in (("skipped", SKIPPED), ("failed", FAILED)):
        if here := {state: number for state, number in by_status.items() if state in states}:
            groups.append(f"{grouped(sum(here.values()))} {name} ({_by(here)})")
    return f"{grouped(sum(by_status.values()))} not read or only in part = {' + '.join(groups)}"


WHY_NO_HASH = {
    "not_read": ("among those not read", "among those not read"),
    "deleted_content": (
        "deleted, and nothing leads to its content any more (a name, an inode or times are left; parsed in the "
        "balance)",
        "deleted, and nothing leads to their content any more (a name, an inode or times are left; parsed in the "
        "balance)",
    ),
    "deleted_folder": (
        "a deleted folder, which has no bytes of its own (what it still lists is below it; parsed in the balance)",
        "deleted folders, which have no bytes of their own (what they still list is below them; parsed in the balance)",
    ),
    "no_content": (
        "with no content by its kind (a link, device, volume's label or revisit)",
        "with no content by their kind (links, devices, volumes' labels, revisits)",
    ),
    "other": ("of another kind", "of another kind"),
}
"""Why one, or several, have none."""


def _without_hash(lacking: "Lacking") -> list[str]:
    """Return how many have no hash, the figure that search and export give, and why: in sets that add up to it."""
    why = [f"{grouped(n)} {WHY_NO_HASH[key][n != 1]}" for key, n in lacking.without_hash_of.items()]
    return [f"{grouped(lacking.without_hash)} without a hash: {', '.join(why)}"] if why else []


def _about(lost_of: dict[str, int]) -> str:
    """Return whom the lines are about, in sets that have nothing in common."""
    words = (
        ("not_read", "of those not read"),
        ("parsed", "read with losses"),
        ("uncounted", "not counted above (folders, volumes, exhibits that were opened)"),
    )
    said = [f"{grouped(lost_of[key])} {word}" for key, word in words if lost_of.get(key)]
    return f", about {counted(sum(lost_of.values()), 'item')}: {', '.join(said)}" if said else ""


def _by(counts: dict[str, int]) -> str:
    return ", ".join(f"{grouped(number)} {name}" for name, number in counts.items())


def _place(each: "Named") -> str:
    return ": ".join(filter(None, (each.exhibit, each.path, each.reason)))
