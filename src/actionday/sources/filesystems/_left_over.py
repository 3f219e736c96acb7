"""What is said of a deleted file: how much of where it lay belongs to other files now. Standard library only."""

from collections.abc import Callable

from actionday.sources.filesystems._tsk_runs import Run

CHECKED = 4 << 20
"""Bytes of a deleted file that are looked up in the bitmaps: an answer must not take long."""
GONE = "deleted; nothing of where its content lay is kept"
REUSED = "deleted; another name leads to its inode now, so that its content can no longer be told"
TAKEN = "deleted; its inode was used again since, so that its content can no longer be told"
MAYBE_TAKEN = "deleted; its clusters may have been used again"
IN_ITS_INODE = "deleted; kept in its inode"
IN_A_COPY = "deleted; kept in an older copy of its inode in the journal"
STILL = "a removed name of a file that is still there: listed under the name it has"
IN_USE = "its name looks removed, but its inode is in use and no other name leads to it"
OPEN = "deleted while it was open: whole"
UNNAMED = "in use, but no directory that could be read names it"
DIRECTORY = "deleted directory: what it still lists stands below it"
NAMES_TAKEN = (
    "deleted directory; where it lay is in use, maybe under its new name: only removed names stand below"
)


def left_over(runs: list[Run], in_use: Callable[[int, int], int]) -> str:
    """Return the reason of a deleted file.

    ``in_use(offset, length)`` returns bytes of a range in blocks in use. Only the first CHECKED bytes are looked
    up.
    """
    total, used = in_use_of(runs, in_use)
    if not used:
        return "deleted; where it lay is free"
    if total == 1:
        return "deleted; its only byte lies where another file is now"
    if used == 1:
        return f"deleted; of its first {total} bytes {used} lies where other files are now"
    return f"deleted; of its first {total} bytes {used} lie where other files are now"


def journaled(runs: list[Run], in_use: Callable[[int, int], int]) -> str:
    """Return the reason of a deleted file of which the journal tells where it lay; see ``left_over``."""
    total, used = in_use_of(runs, in_use)
    if not used:
        return "deleted; where it lay is free, by an older copy of its inode in the journal"
    return (
        "deleted; where it lay is told by an older copy of its inode in the journal; of its first "
        f"{total} bytes {used} lie where other files are now"
    )


def in_use_of(runs: list[Run], in_use: Callable[[int, int], int]) -> tuple[int, int]:
    """Return how many bytes were looked up, CHECKED at the most, and how many of them lie in blocks in use."""
    used = total = 0
    for at, length in runs:
        part = min(length, CHECKED - total)
        if at >= 0 and part > 0:
            used += min(part, in_use(at, part))
            total += part
    return total, used
