"""What file systems say of a file in doubt, of tables that differ, and of times."""

from collections.abc import Callable, Collection

from msgspec.structs import replace

from actionday.model import Context, Found, Loss, Note, Status
from actionday.model.counted import counted

MOST_DIFFER = 20
"""Tables of a file system whose checksum differs that are named one by one."""


def doubted(found: Found, why: str) -> Found:
    """Return ``found`` as unreadable: its bytes, where there are any, may not be those it had; they are kept."""
    reason = "; ".join(filter(None, (why, found.reason)))
    status = found.status if found.status is Status.ENCRYPTED else Status.UNREADABLE
    return replace(found, status=status, reason=reason, notes=(*found.notes, Note(Loss.CHECKSUM, why)))


def differing(tables: Collection[str], kind: str, around: Context) -> None:
    """Note the tables of a file system whose checksum differs."""
    for table in list(tables)[:MOST_DIFFER]:
        around.note(Loss.CHECKSUM, f"{kind}: the checksum of {table} differs: it was altered or damaged")
    if len(tables) > MOST_DIFFER:
        around.note(
            Loss.CHECKSUM, f"{kind}: {counted(len(tables), 'table')} in all with a checksum that differs"
        )


def dated(times: dict[str, int], moment: Callable[[int], str | None]) -> tuple[dict[str, object], str | None]:
    """Return facts out of times in nanoseconds since 1970, and the time of the last change of content.

    A time no calendar has stays a number; that of the content as ``mtime_raw``. The zero of the clock is not set: the
    makers of a file system leave it where they know no time, and the sleuthkit shows it as none too.
    """
    told: dict[str, object] = {
        key: moment(value) or value for key, value in times.items() if value and key != "mtime"
    }
    changed = times.get("mtime")
    mtime = moment(changed) if changed else None
    if changed and mtime is None:
        told["mtime_raw"] = changed
    return told, mtime
