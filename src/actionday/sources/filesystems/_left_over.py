"""What is said of a deleted file: how much of where it lay belongs to other files now. Standard library only."""

from collections.abc import Callable

from actionday.sources.filesystems._tsk_runs import Run

CHECKED = 4 << 20
"""Bytes of a deleted file that are looked up in the bitmaps: an answer must not take long."""
GONE = "deleted; nothing of where its content lay is kept"
REUSED = "deleted; another name leads to its inode now, so that its content can no longer be told"
TAKEN = "deleted; its inode was used again since, so that its content can no longer be told"
STILL = "a removed name of a file that is still there: listed under the name it has"
IN_USE = "its name looks removed, but its inode is in use and no other name leads to it"
OPEN = "deleted while it was open: whole"
UNNAMED = "in use, but no directory that could be read names it"
DIRECTORY = "deleted directory: what it still lists stands below it"


def left_over(runs: list[Run], in_use: Callable[[int, int], int]) -> str:
    """Return the reason of a deleted file.

    ``in_use(offset, length)`` returns bytes of a range in blocks in use. Only the first CHECKED bytes are looked
    up.
    """
    used = total = 0
    for at, length in runs:
        part = min(length, CHECKED - total)
        if at >= 0 and part > 0:
            used += min(part, in_use(at, part))
            total += part
    if not used:
        return "deleted; where it lay is free"
    if total == 1:
        return "deleted; its only byte lies where another file is now"
    if used == 1:
        return f"deleted; of its first {total} bytes {used} lies where other files are now"
    return f"deleted; of its first {total} bytes {used} lie where other files are now"
