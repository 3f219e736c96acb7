"""Where removed files of FAT and exFAT lay, by their entries and the list of clusters. Standard library only.

FAT keeps the first cluster and the size, and wipes the chain. exFAT keeps also whether its clusters followed one
another; where they did not, Windows and Linux leave the chain in the table as it was.

Source: Microsoft, "FAT32 File System Specification" (2000), FAT directory structure; "exFAT file system
specification" (2019), 6.3.4 (NoFatChain), 7.4 and 7.6 (file, stream extension).
"""

from typing import NamedTuple

from actionday.sources.filesystems._left_over import GONE, in_use_of
from actionday.sources.filesystems._tsk_bytes import Missing, u16, u32, u64
from actionday.sources.filesystems._tsk_clusters import Clusters
from actionday.sources.filesystems._tsk_runs import Run

ENTRY = 32
STREAM, IN_A_ROW = 0x40, 2
"""The type of exFAT's second entry, less the bit of use; the flag of a file whose clusters follow one another."""
FREE = "deleted; where it lay is free"
FREE_ASSUMED = "deleted; assumes that its clusters followed one another; where it lay is free"
PASSED = "deleted; assumes that its clusters followed one another, those passed over that are in use now"
OVERRUN = "the volume ends after {there} of its {size} bytes"


class Kept(NamedTuple):
    """What the entry of a file keeps of where it lay; ``row`` where it says that its clusters follow one another."""

    first: int
    size: int
    row: bool = False
    chain: bool = False


def kept(clusters: Clusters, at: int) -> Kept | None:
    """Return what the entry at byte ``at`` keeps, None where it cannot be told. Raises Missing."""
    raw = clusters.reader.at(at, 2 * ENTRY)
    if len(raw) < ENTRY:
        return None
    if not clusters.bitmap[1]:
        return Kept(u16(raw, 26) | (u16(raw, 20) << 16 if clusters.bits == 32 else 0), u32(raw, 28))
    if len(raw) < 2 * ENTRY or raw[ENTRY] & 0x7F != STREAM:
        return None
    row = bool(raw[ENTRY + 1] & IN_A_ROW)
    return Kept(u32(raw, ENTRY + 20), u64(raw, ENTRY + 24), row, not row)


def removed(clusters: Clusters, entry: Kept, told: list[Run]) -> tuple[list[Run], str]:
    """Return where a removed file lay and what is to be said of it; of fewer bytes where the volume ends before.

    ``told`` is what the sleuthkit found: it passes over clusters in use, and gives one sector where the first is.
    No runs where nothing is kept. Raises Missing.
    """
    at = clusters.place(entry.first)
    there = min(entry.size, max(0, clusters.place(clusters.count + 2) - at))
    if entry.first < 2 or not there:
        return [], GONE
    whole = sum(length for _, length in told) == entry.size
    if entry.chain and (chain := clusters.chain(entry.first, entry.size)):
        return chain, _now(chain, clusters, assumed=False)
    if not entry.row and whole and len(told) > 1:
        return told, PASSED
    runs = [(at, there)]
    reason = _now(runs, clusters, assumed=not entry.row)
    if there < entry.size:
        reason += "; " + OVERRUN.format(there=there, size=entry.size)
    return runs, reason


def _now(runs: list[Run], clusters: Clusters, *, assumed: bool) -> str:
    """Return how much of ``runs`` is in use: a renamed file leaves its old entry, so that it may be its own."""
    total, used = in_use_of(runs, clusters.in_use)
    if not used:
        return FREE_ASSUMED if assumed else FREE
    if assumed:
        return (
            f"deleted; assumes that its clusters followed one another; of its first {total} bytes {used} "
            "lie in clusters in use now, by another file or under its new name"
        )
    return (
        f"deleted; of its first {total} bytes {used} "
        "lie in clusters in use now, by another file or under its new name"
    )


def taken_over(clusters: Clusters, first: int) -> bool:
    """Say whether the first cluster of a removed directory belongs to something else now."""
    try:
        return first >= 2 and clusters.in_use(clusters.place(first), 1) > 0
    except Missing:
        return False
