"""Whether each file and folder of an HFS+ catalogue has its thread record, and each thread its file or folder.

Files are sorted by the folder they lie in, threads by number, so that the two are met far apart. Sums tell whether
all agree, in memory that does not grow; only where they do not is the catalogue gone through again.

Source: Apple, Technical Note TN1150, "HFS Plus Volume Format", Catalog Thread Records. Standard library only.
"""

from actionday.sources.filesystems._tsk_hfs_leaf import FOLDER, FOLDER_THREAD, Record

SUMS = 1 << 14
"""Sums kept: what differs concerns one number in so many, of which the second pass keeps the records."""
MOST = 1 << 16
"""Records kept of those whose sums differ."""
MOST_NAMES = 20
"""Names told of what a thread leads to and is not there."""


class Threads:
    """What was met of both."""

    def __init__(self) -> None:
        self._sums = [0] * SUMS
        self._kept: dict[int, tuple[Record | None, Record | None]] = {}

    def add(self, record: Record) -> None:
        """Count a record in."""
        self._sums[record.number % SUMS] ^= hash(_same(record))

    @property
    def differ(self) -> bool:
        """Whether anything of what was counted in has no counterpart."""
        return any(self._sums)

    def keep(self, record: Record) -> None:
        """Take a record of the second pass."""
        number = record.number
        if not self._sums[number % SUMS] or (number not in self._kept and len(self._kept) >= MOST):
            return
        named, thread = self._kept.get(number, (None, None))
        self._kept[number] = (named, record) if record.thread else (record, thread)

    def told(self) -> list[tuple[bool, str]]:
        """Return what does not agree, after the second pass, and whether something is missing by it."""
        pairs = self._kept.values()
        lost = [thread for named, thread in pairs if named is None and thread is not None]
        bare = [named for named, thread in pairs if thread is None and named is not None]
        other = [(a, b) for a, b in pairs if a is not None and b is not None and _same(a) != _same(b)]
        said = list[tuple[bool, str]]()
        if lost:
            why = f"thread records of files or folders that are not in it: {len(lost)} ({_names(lost)})"
            said.append((True, why))
        if bare:
            said.append((False, f"files or folders without a thread record: {len(bare)} ({_names(bare)})"))
        for named, thread in other[:MOST_NAMES]:
            why = (
                f"number {named.number} is {named.shown!r} in folder {named.parent}, "
                f"by its thread record {thread.shown!r} in folder {thread.parent}"
            )
            said.append((False, why))
        if len(other) > MOST_NAMES:
            said.append((False, f"files or folders that differ from their thread record: {len(other)}"))
        return said


def _same(record: Record) -> tuple[int, int, bytes, bool]:
    """Return what a thread and what it leads to have in common."""
    folder = record.kind in (FOLDER, FOLDER_THREAD)
    return record.number, record.parent, record.name, folder


def _names(records: list[Record]) -> str:
    names = ", ".join(f"{each.shown!r}" for each in records[:MOST_NAMES])
    return f"{names}, …" if len(records) > MOST_NAMES else names
