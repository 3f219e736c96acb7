"""What an exhibit is as a whole, once everything of it is stored: the same folder as another one, or nothing at all."""

import sqlite3

from actionday.model import Loss
from actionday.model.counted import counted
from actionday.model.lacks import ZEROS_ALONE

ROWS = "SELECT path, kind, size, sha256 FROM items WHERE exhibit = ? AND parent IS NOT NULL"
COUNTS = "SELECT COUNT(*), COUNT(sha256) FROM items WHERE exhibit = ?"
FOLDERS = "SELECT number, id FROM exhibits WHERE number < ? AND json_extract(sources, '$[0].folder') ORDER BY number"
OTHERS = "SELECT 1 FROM items WHERE exhibit = ? AND parent IS NOT NULL LIMIT 1"
ROOT = (
    "SELECT kind = 'directory' OR opened, status, CASE WHEN size > 0 THEN reason ELSE '' END FROM items "
    "WHERE exhibit = ? AND parent IS NULL"
)
WHOLE = (
    "SELECT s.reason FROM issues s JOIN items i ON i.id = s.item "
    "WHERE s.code = ? AND i.exhibit = ? AND i.parent IS NULL LIMIT 1"
)


def same_folder(database: sqlite3.Connection, number: int) -> str:
    """Return which folder with a lower number holds what this one holds, "" for none.

    The same is what has the same paths, kinds, sizes and SHA-256, whatever the times are; one without a file with a
    content is like any other such.
    """
    ours = database.execute(COUNTS, (number,)).fetchone()
    if not ours[1]:
        return ""
    for other, name in database.execute(FOLDERS, (number,)).fetchall():
        if database.execute(COUNTS, (other,)).fetchone() == ours and not _differ(database, number, other):
            files = counted(ours[1], "content")
            return f"it holds what exhibit {name!r} holds: {files} at the same paths, with the same SHA-256"
    return ""


def _differ(database: sqlite3.Connection, one: int, other: int) -> bool:
    query = f"{ROWS} EXCEPT {ROWS} LIMIT 1"
    return any(database.execute(query, pair).fetchone() for pair in ((one, other), (other, one)))


def not_recognised(database: sqlite3.Connection, number: int) -> bool:
    """Say whether an exhibit is one content of which nobody knows what it is."""
    root = _alone(database, number)
    return root is not None and root[1] == "unsupported" and not known_unread(database, number)


def known_unread(database: sqlite3.Connection, number: int) -> str:
    """Return what an exhibit is as a whole that was recognised and is not read, "" where it is none such."""
    row = database.execute(WHOLE, (Loss.VOLUME_UNREAD, number)).fetchone()
    return "" if row is None else str(row[0])


def holds_nothing(database: sqlite3.Connection, number: int) -> str:
    """Say that an exhibit has no byte, or was listed to its end and not one item was in it; "" of any other."""
    root = _alone(database, number)
    if root is None or root[1] not in ("parsed", "empty"):
        return ""
    if root[0]:
        return "it was listed to its end and holds nothing: no file, no folder"
    if root[2]:
        return str(root[2]) if root[1] == "empty" and str(root[2]).startswith(ZEROS_ALONE) else ""
    return "it has no byte: a file of 0 bytes" if root[1] == "empty" else ""


def _alone(database: sqlite3.Connection, number: int) -> tuple[int, str, str | None] | None:
    """Return whether an exhibit's own row is of what holds others, its status, and the reason of one that has bytes.

    None where others are below it.
    """
    if database.execute(OTHERS, (number,)).fetchone() is not None:
        return None
    root: tuple[int, str, str | None] | None = database.execute(ROOT, (number,)).fetchone()
    return root
